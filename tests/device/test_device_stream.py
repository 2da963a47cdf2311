"""A reply read as it comes: framing taken off, nothing lost, never whole in memory."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.device.framing import BadFraming, Passthrough, frame
from multihome.device.session import Timeouts
from multihome.device.stream import ReplyStream
from multihome.errors import RpcTimeout, Unreachable
from multihome.state.request import Request

QUICK = Timeouts(open=60, rpc=0.3, commit=0.3)
ROUTES = Request.of("get-route-information")
BODIES = st.binary(min_size=1, max_size=60).filter(
    lambda raw: (raw + b"]]>]]>").find(b"]]>]]>") == len(raw)
)


@given(body=BODIES, rest=st.sampled_from([b"", b"\n", b"more"]), cut=st.integers(1, 9))
@pytest.mark.parametrize("chunked", [False, True], ids=["netconf-1.0", "netconf-1.1"])
def test_a_message_passes_as_it_is_whatever_the_cuts(body, rest, cut, chunked):
    wire = frame(body, chunked=chunked) + rest
    pieces, after = [], None
    passage = Passthrough(pieces.append, chunked=chunked)
    for start in range(0, len(wire), cut):
        data = wire[start : start + cut]
        if after is not None:
            after += data
        else:
            after = passage.feed(data)
    assert b"".join(pieces) == body
    assert after == rest


def test_a_chunk_is_handed_over_before_it_is_complete():
    pieces = []
    passage = Passthrough(pieces.append, chunked=True)
    assert passage.feed(b"\n#1000\nabc") is None
    assert pieces == [b"abc"]


@pytest.mark.parametrize("garbage", [b"hello, this is no chunk", b"\n#x\n<a/>"])
def test_what_is_no_chunk_is_refused(garbage):
    with pytest.raises(BadFraming):
        Passthrough(lambda _: None, chunked=True).feed(garbage + b" " * 20)


def test_a_slow_reader_holds_the_session_back_and_one_who_left_lets_it_go():
    stream = ReplyStream("r1", chunked=False, limit=5)
    fed = []

    def feed():
        for number in range(64):
            stream.feed(b"x" * 100)
            fed.append(number)

    session = threading.Thread(target=feed)
    session.start()
    session.join(0.3)
    assert session.is_alive()
    assert len(fed) <= 17
    stream.close()
    session.join(60)
    assert not session.is_alive()


@pytest.mark.parametrize("chunked", [False, True], ids=["netconf-1.0", "netconf-1.1"])
def test_a_session_streams_and_then_goes_on_as_before(session, chunked):
    body = b"<route-information>" + b"<rt>jupiter</rt>" * 100_000 + b"</route-information>"
    talking = session(lambda text: body if "route" in text else b"<version/>", chunked=chunked)
    for _ in range(2):
        with talking.stream(ROUTES) as source:
            raw = source.read()
        assert raw.count(b"<rt>") == 100_000
        assert raw.rstrip().endswith(b"</rpc-reply>")
        assert talking.call(Request.of("get-software-information")).tag == "version"


def test_a_reply_left_unread_ends_the_session(session):
    body = b"<route-information>" + b"<rt/>" * 1_000_000 + b"</route-information>"
    talking = session(lambda _: body)
    with talking.stream(ROUTES) as source:
        assert source.read(10)
    assert not talking.alive


def test_a_router_that_falls_silent_is_not_waited_for(session):
    talking = session(lambda _: b"RAW<rpc-reply>", stall="")
    gate = threading.Event()
    waiting = session(lambda _: gate.wait(60) and b"<ok/>", QUICK)
    with (
        pytest.raises(RpcTimeout, match=r"nothing came for 0\.3 s"),
        waiting.stream(ROUTES) as source,
    ):
        source.read()
    gate.set()
    assert not waiting.alive
    with talking.stream(ROUTES) as source:
        assert source.read() == b"<rpc-reply>"


def test_a_session_lost_in_the_middle_is_unreachable(session):
    talking = session(lambda _: None)
    with pytest.raises(Unreachable, match="lost in the middle"), talking.stream(ROUTES) as source:
        source.read()
