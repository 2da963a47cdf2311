"""Messages survive the wire however it cuts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.device.framing import BadFraming, Unframer, frame


def _ends_where_it_ends(text):
    """No delimiter within, nor across the end, as in `]]>` before a delimiter: XML has neither."""
    return f"{text}]]>]]>".find("]]>]]>") == len(text)


MESSAGES = st.lists(
    st.text(alphabet="aé#\n]>0", min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda text: text and _ends_where_it_ends(text))
    .map(str.encode),
    max_size=5,
)


@given(messages=MESSAGES, cut=st.integers(1, 7), chunked=st.booleans())
def test_messages_come_out_as_they_went_in_whatever_the_cuts(messages, cut, chunked):
    stream = b"".join(frame(message, chunked=chunked) for message in messages)
    unframer = Unframer()
    unframer.chunked = chunked
    out = []
    for start in range(0, len(stream), cut):
        out += unframer.feed(stream[start : start + cut])
    assert out == messages


def test_a_message_in_many_chunks_is_one_message():
    unframer = Unframer()
    unframer.chunked = True
    assert unframer.feed(b"\n#3\n<a>\n#4\n</a>\n##\n") == [b"<a></a>"]


@pytest.mark.parametrize(
    "garbage", [b"hello, this is no chunk", b"\n#x\n<a/>\n##\n", b"\n#0\n\n##\n"]
)
def test_a_stream_without_chunk_headers_is_refused(garbage):
    unframer = Unframer()
    unframer.chunked = True
    with pytest.raises(BadFraming):
        unframer.feed(garbage + b" " * 20)


def test_a_large_message_in_small_pieces_costs_linear_time():
    unframer = Unframer(limit=2000 * 4096)
    piece = b"x" * 4096
    for _ in range(2000):
        assert unframer.feed(piece) == []
    assert len(unframer.feed(b"]]>]]>")[0]) == 2000 * 4096
