"""Whatever the pieces the bytes arrive in, the messages are the same."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.twin.netconf.framing import (
    Deframer,
    FramingError,
    chunks,
    end_of_message,
)

MESSAGES = st.lists(
    st.binary(min_size=1, max_size=200).filter(
        lambda message: b"]]>]]" not in message and message.strip(b" \t\r\n") == message
    ),
    max_size=6,
)
CUTS = st.lists(st.integers(0, 2000), max_size=30)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(bounds)]


def drain(deframer: Deframer, parts: list[bytes]) -> list[bytes]:
    messages = []
    for part in parts:
        deframer.feed(part)
        while (message := deframer.next_message()) is not None:
            messages.append(message)
    return messages


@given(MESSAGES, CUTS)
def test_delimited_messages_survive_any_split(messages, cuts):
    stream = b"".join(end_of_message(message) for message in messages)
    assert drain(Deframer(), pieces(stream, cuts)) == messages


@given(MESSAGES, CUTS, st.integers(1, 50))
def test_chunked_messages_survive_any_split_and_any_chunk_size(messages, cuts, size):
    stream = b"".join(chunks(message, size) for message in messages)
    deframer = Deframer()
    deframer.chunked = True
    assert drain(deframer, pieces(stream, cuts)) == messages
    assert deframer.pending == 0


@given(st.binary(max_size=300), st.booleans())
def test_any_garbage_is_messages_or_a_framing_error_and_ends(data, chunked):
    deframer = Deframer(limit=100)
    deframer.chunked = chunked
    try:
        drain(deframer, [data])
    except FramingError:
        return
    assert deframer.pending <= 100 + len(b"]]>]]>") + 13


@given(MESSAGES.filter(bool), CUTS)
def test_the_first_message_is_delimited_and_the_rest_are_chunked(messages, cuts):
    stream = end_of_message(b"<hello/>") + b"".join(chunks(message) for message in messages)
    deframer, seen = Deframer(), []
    for part in pieces(stream, cuts):
        deframer.feed(part)
        while (message := deframer.next_message()) is not None:
            seen.append(message)
            deframer.chunked = True
    assert seen == [b"<hello/>", *messages]


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"\n#0\n", id="a size of zero"),
        pytest.param(b"\n#01\na", id="a leading zero"),
        pytest.param(b"\n#12345678901\n", id="eleven digits"),
        pytest.param(b"\n#4294967296\n", id="beyond 32 bits"),
        pytest.param(b"\n#x\n", id="no number"),
        pytest.param(b"\n##\n", id="no chunk"),
        pytest.param(b"<rpc/>", id="no header"),
        pytest.param(b"\n#3\nabcd\n##\n", id="too long for its size"),
    ],
)
def test_a_broken_frame_ends_the_session(stream):
    deframer = Deframer()
    deframer.chunked = True
    with pytest.raises(FramingError):
        drain(deframer, [stream])


@pytest.mark.parametrize("chunked", [False, True], ids=["delimited", "chunked"])
def test_a_message_beyond_the_limit_is_refused_before_it_is_whole(chunked):
    deframer = Deframer(limit=10)
    deframer.chunked = chunked
    with pytest.raises(FramingError, match="larger than 10 bytes"):
        drain(deframer, [b"\n#11\n" if chunked else b"x" * 11])


def test_blank_lines_between_messages_are_forgiven():
    deframer = Deframer()
    deframer.chunked = True
    assert drain(deframer, [b"\r\n\n#1\na\n##\n", b"#1\nb\n##\n\n"]) == [b"a", b"b"]


def test_empty_delimited_messages_are_skipped():
    assert drain(Deframer(), [b"]]>]]>\n]]>]]><rpc/>]]>]]>"]) == [b"<rpc/>"]
