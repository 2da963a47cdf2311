"""A reply has an end within its limit, and no DTD: whatever a router sends, memory stays flat."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.device import transport
from multihome.device.framing import MAX_HELLO, Passthrough, TooLong, Unframer, frame
from multihome.device.pyez import connect
from multihome.device.recorded import RecordedSession
from multihome.device.reply import HasDocumentType, parse
from multihome.errors import BadReply, Unreachable, UsageError
from multihome.inventory.size import MAX_REPLY, max_reply, shown, size
from multihome.state.request import Request
from multihome.state.snapshot import routes
from multihome.state.snapshot.routes import stream_routes

LIMIT = 10_000
PIECE = 4096
FOREVER = 400
"""Pieces that stand for a reply without end: a hundred times the limit."""


def unframer(chunked):
    made = Unframer(LIMIT)
    made.chunked = chunked
    return made


@pytest.mark.parametrize(
    ("chunked", "piece"),
    [
        (False, b"x" * PIECE),
        (True, b"\n#4096\n" + b"x" * PIECE),
        (True, b"\n#1\nx" * 800),
        (True, (b"\n#1\nx" * 800 + b"\n#4001\ny")),
        (True, b"\n#4294967295\n" + b"x" * PIECE),
    ],
    ids=["delimited", "chunks", "tiny chunks", "cut chunks", "one announced chunk"],
)
def test_a_message_without_end_is_refused_and_never_held(chunked, piece):
    cutter = unframer(chunked)
    most = 0

    def feed():
        nonlocal most
        for _ in range(FOREVER):
            cutter.feed(piece)
            most = max(most, cutter.held)

    with pytest.raises(TooLong):
        feed()
    assert most <= LIMIT + len(piece) + 16
    assert cutter.held == 0


@given(length=st.integers(LIMIT - 40, LIMIT + 40), cut=st.integers(1, 4000), chunked=st.booleans())
def test_a_message_of_just_the_limit_is_taken_and_a_longer_one_refused(length, cut, chunked):
    cutter, out = unframer(chunked), []
    stream = frame(b"x" * length, chunked=chunked)
    try:
        for start in range(0, len(stream), cut):
            out += cutter.feed(stream[start : start + cut])
    except TooLong:
        assert length > LIMIT
    else:
        assert length <= LIMIT
        assert out == [b"x" * length]


def test_small_messages_may_go_on_for_ever():
    cutter = unframer(chunked=False)
    for _ in range(FOREVER):
        assert len(cutter.feed(frame(b"x" * PIECE, chunked=False))) == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_a_streamed_message_has_an_end_as_well(chunked):
    passed = []
    passage = Passthrough(passed.append, chunked=chunked, limit=LIMIT)

    def feed():
        for _ in range(FOREVER):
            passage.feed((b"\n#4096\n" if chunked else b"") + b"x" * PIECE)

    with pytest.raises(TooLong):
        feed()
    assert sum(map(len, passed)) <= LIMIT


def long_answer(_):
    return b"<output>" + b"x" * 40 * LIMIT + b"</output>"


@pytest.fixture
def talk(serve):
    """Open sessions to a server that behaves so, with a limit of so many bytes."""
    opened = []

    def start(answer=long_answer, limit=LIMIT, **script):
        server = serve(answer=answer, **script)
        opened.append(connect(server.target(max_reply=limit), known=server.known()))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_long_reply_is_refused_by_name_and_nothing_of_it_is_kept(talk, chunked):
    session = talk(chunked=chunked)
    with pytest.raises(BadReply, match=r"longer than 10000: refused.*--max-reply"):
        session.call(Request.of("get-software-information"))
    assert not session.alive
    assert session.device._session._unframer.held == 0


def test_a_longer_limit_lets_it_through(talk):
    session = talk(limit=100 * LIMIT)
    assert len(session.call(Request.of("get-software-information")).text) == 40 * LIMIT


def test_a_long_stream_is_refused_too(talk, monkeypatch):
    monkeypatch.setattr(transport, "STREAMED", 2)
    session = talk()

    def read():
        with session.stream(Request.of("get-route-information")) as source:
            while source.read(1000):
                pass

    with pytest.raises(BadReply, match="longer than 20000: refused"):
        read()
    assert not session.alive


def test_a_hello_without_end_is_refused(talk):
    with pytest.raises((Unreachable, BadReply), match="hello is longer than 1M"):
        talk(stall="hello without end")
    assert MAX_HELLO == 1 << 20


BOMB = (
    '<?xml version="1.0"?>\n<!-- a comment -->\n<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
    "<rpc-reply><output>&c;</output></rpc-reply>"
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB.encode(),
        b"\xef\xbb\xbf" + BOMB.encode(),
        BOMB.replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"),
        b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><rpc-reply/>",
        b"<!DOCTYPE x><rpc-reply/>",
    ],
)
def test_a_document_type_is_refused_in_whatever_form(text, tmp_path):
    with pytest.raises(HasDocumentType, match="RFC 6241"):
        parse(text)
    (tmp_path / "r1").mkdir()
    (tmp_path / "r1" / "get-software-information.xml").write_bytes(text)
    with pytest.raises(BadReply, match="DTD"):
        RecordedSession("r1", tmp_path).call(Request.of("get-software-information"))
    if b"\x00" not in text:
        with pytest.raises(BadReply, match="DTD"):
            list(stream_routes("r1", io.BytesIO(text)))


def test_words_about_a_document_type_are_none():
    text = b"<rpc-reply><output>&lt;!DOCTYPE x&gt;</output><!-- <!DOCTYPE y> --></rpc-reply>"
    assert parse(text).findtext("output") == "<!DOCTYPE x>"


def test_an_entity_without_a_declaration_is_no_reply(talk):
    session = talk(lambda _: b"<output>&secret;</output>")
    with pytest.raises(BadReply):
        session.call(Request.of("get-software-information"))


def test_a_document_type_from_a_router_ends_the_session(talk):
    session = talk(lambda _: b"RAW" + BOMB.encode())
    with pytest.raises(BadReply, match="DTD, which NETCONF forbids"):
        session.call(Request.of("get-software-information"))
    assert not session.alive


class Endless(io.RawIOBase):
    """A file that says the same for ever, and counts what was taken."""

    def __init__(self, start, again):
        self.taken, self._start, self._again = 0, start, again

    def read(self, _size=-1):
        piece, self._start = self._start or self._again, b""
        self.taken += len(piece)
        return piece


@pytest.mark.parametrize(
    "again", [b"x" * PIECE, b"<junk/>" * 600, b"<rt-entry><nh/></rt-entry>" * 99]
)
def test_a_stream_that_never_comes_to_a_route_is_refused(monkeypatch, again):
    monkeypatch.setattr(routes, "LONGEST_ENTRY", 100_000)
    source = Endless(
        b"<rpc-reply><route-information><route-table><table-name>inet.0</table-name><rt>", again
    )
    with pytest.raises(BadReply, match="without a route"):
        list(stream_routes("r1", source))
    assert source.taken < 100_000 + 3 * PIECE


@pytest.mark.parametrize(
    ("text", "value"),
    [("65536", 65536), ("64k", 64 << 10), ("64M", 64 << 20), ("1 G", 1 << 30), ("8MiB", 8 << 20)],
)
def test_sizes_as_people_type_them(text, value):
    assert size(text) == value
    assert size(shown(value)) == value


def test_what_is_no_size_is_refused_where_it_was_typed():
    assert max_reply({}) is None
    assert max_reply({"MULTIHOME_MAX_REPLY": "1M"}) == 1 << 20
    assert max_reply({"MULTIHOME_MAX_REPLY": "1M"}, "2M") == 2 << 20
    assert shown(MAX_REPLY) == "64M"
    with pytest.raises(UsageError, match="--max-reply: 'much'"):
        max_reply({}, "much")
    with pytest.raises(UsageError, match="MULTIHOME_MAX_REPLY: '3' is less than 64K"):
        max_reply({"MULTIHOME_MAX_REPLY": "3"})
