"""A session over real SSH: what it says, what it raises, how long it waits."""

import threading
import time
from ipaddress import ip_address

import pytest
from lxml import etree

from multihome.device.pyez import connect
from multihome.device.session import RouterWarning, Timeouts
from multihome.errors import (
    BadReply,
    CommitUnknown,
    ConfigurationRefused,
    LockDenied,
    RpcFailed,
    RpcTimeout,
    Unreachable,
)
from multihome.state.ping import ping
from multihome.state.query import Evidence
from multihome.state.request import Request

QUICK = Timeouts(open=60, rpc=0.25, commit=0.25)
VERSION = Request.of("get-software-information")
ERROR = (
    b"<rpc-error><error-type>protocol</error-type><error-tag>%s</error-tag>"
    b"<error-severity>%s</error-severity><error-message>\n%s\n</error-message>"
    b"<error-info><bad-element>%s</bad-element></error-info></rpc-error>"
)
WARNING = ERROR % (b"operation-failed", b"warning", b"%s", b"bgp")


@pytest.mark.parametrize("chunked", [False, True], ids=["netconf-1.0", "netconf-1.1"])
def test_a_reply_comes_without_namespaces_and_with_every_letter(session, chunked):
    body = (
        '<software-information xmlns="http://xml.juniper.net/junos/18.1R1/junos-x">'
        '<host-name junos:style="brief">jüno</host-name><!-- keepalive --></software-information>'
    ).encode()
    payload = session(lambda _: body, chunked=chunked).call(VERSION)
    assert etree.tostring(payload, encoding="unicode") == (
        '<software-information><host-name style="brief">jüno</host-name></software-information>'
    )


def test_the_session_knows_its_number_and_that_it_lives(session):
    talking = session(lambda _: b"<ok/>")
    assert talking.identity == "4711"
    assert talking.alive
    talking.close()
    assert not talking.alive


def test_an_rpc_error_is_told_in_the_routers_words(session):
    body = ERROR % (b"operation-failed", b"error", b"syntax error", b"lldp")
    with pytest.raises(RpcFailed, match="juno: get-software-information: lldp: syntax error"):
        session(lambda _: body).call(VERSION)


def test_every_error_of_a_refused_load_is_told_cause_first(session):
    body = b"<load-configuration-results>%s%s</load-configuration-results>" % (
        ERROR % (b"operation-failed", b"error", b"syntax error", b"lldp"),
        ERROR % (b"operation-failed", b"error", b"error recovery ignores input", b"}"),
    )
    with pytest.raises(ConfigurationRefused, match=r"lldp: syntax error; }: error recovery"):
        session(lambda _: body).load("set protocols lldp")


def test_deleting_what_is_not_there_is_no_warning_and_everything_else_is(session):
    body = b"<load-configuration-results>%s%s<ok/></load-configuration-results>" % (
        WARNING % b"statement not found",
        WARNING % b"statement not found in the usual place",
    )
    assert session(lambda _: body).load("delete x") == (
        RouterWarning("", "bgp", "statement not found in the usual place"),
    )


def test_an_error_among_warnings_is_an_error(session):
    body = b"<load-configuration-results>%s%s<ok/></load-configuration-results>" % (
        WARNING % b"statement not found",
        ERROR % (b"operation-failed", b"error", b"syntax error", b"protcols"),
    )
    with pytest.raises(ConfigurationRefused, match="protcols: syntax error"):
        session(lambda _: body).load("set protcols")


@pytest.mark.parametrize("place", ["beside the ok", "in the results"])
def test_a_warning_beside_a_commit_that_happened_is_surfaced(session, place):
    warning = WARNING % b"mgd: requires 'bgp' license"
    body = {
        "beside the ok": b"<commit-results></commit-results>%s<ok/>" % warning,
        "in the results": b"<commit-results>%s</commit-results><ok/>" % warning,
    }[place]
    warnings = session(lambda _: body).commit(comment="why")
    assert [warning.message for warning in warnings] == ["mgd: requires 'bgp' license"]


def test_a_commit_whose_routing_engine_is_never_closed_is_a_commit(session):
    body = b"<commit-results><routing-engine><name>node1</name><commit-success/><ok/>"
    assert session(lambda _: body).commit(comment="why") == ()


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 1), (-5, 1), (1, 1), (60, 1), (61, 2), (300, 5)], ids=str
)
def test_a_confirmed_commit_never_becomes_a_permanent_one(serve, seconds, minutes):
    server = serve()
    with connect(server.target(), known=server.known()) as talking:
        talking.commit_confirmed(seconds=seconds, comment="multihome apply 1a2b3c")
    sent = next(text for text in server.script.requests if "commit-configuration" in text)
    assert "confirmed" in sent
    assert f"confirm-timeout>{minutes}<" in sent
    assert "log>multihome apply 1a2b3c<" in sent


def test_a_lock_that_somebody_holds_names_the_holder(session):
    text = b"configuration database locked by:\n  ops terminal  (pid 50198) on since 2026-01-01"
    body = ERROR % (b"lock-denied", b"error", text, b"")
    with pytest.raises(LockDenied, match="locked by: ops terminal") as caught:
        session(lambda _: body).lock()
    assert caught.value.holder == "50198"


def test_a_candidate_that_somebody_left_modified_is_a_lock_denied(session):
    body = ERROR % (b"operation-failed", b"error", b"configuration database modified", b"")
    with pytest.raises(LockDenied, match="configuration database modified"):
        session(lambda _: body).lock()


def test_a_request_that_is_not_answered_in_time_leaves_the_session_usable(session):
    late = threading.Event()
    talking = session(lambda _: late.wait(60) and b"<ok/>", Timeouts(rpc=1.5))
    with pytest.raises(RpcTimeout, match="get-software-information: no answer in time"):
        talking.call(VERSION)
    assert talking.alive
    late.set()
    assert talking.call(VERSION).tag == "ok"


def test_a_lock_that_is_not_answered_is_a_timeout_and_not_a_refusal(session):
    with pytest.raises(RpcTimeout, match="lock: no answer in time"):
        session(lambda _: time.sleep(0.45) or b"<ok/>", QUICK).lock()


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: None,
        lambda _: time.sleep(0.45) or b"<ok/>",
        lambda _: b"RAW%% this is no XML",
    ],
    ids=["session lost", "answered late", "garbage"],
)
def test_a_commit_without_an_answer_is_neither_done_nor_undone(session, answer):
    talking = session(answer, QUICK)
    with pytest.raises(CommitUnknown, match="whether it was committed is not known yet"):
        talking.commit_confirmed(seconds=60, comment="x")
    assert not talking.alive


def test_a_commit_on_a_lost_session_was_never_sent(session):
    talking = session(lambda _: None)
    with pytest.raises(Unreachable, match="the session was lost"):
        talking.call(VERSION)
    with pytest.raises(Unreachable, match="not sent"):
        talking.commit(comment="x")


def test_garbage_ends_the_session_with_a_named_error(session):
    talking = session(lambda _: b"RAW<rpc-reply message-id='1'><broken></rpc-reply>")
    with pytest.raises(BadReply, match="the reply is not XML"):
        talking.call(VERSION)
    assert not talking.alive


def test_an_answer_of_another_kind_is_a_bad_reply(session):
    with pytest.raises(BadReply):
        session(lambda _: b"<something-else/>").diff()


def test_a_configuration_in_a_style_the_router_does_not_know_is_a_bad_reply(session):
    with pytest.raises(BadReply, match="got <configuration>"):
        session(lambda _: b"<configuration/>").configuration()


def test_a_router_that_is_a_logical_system_is_asked_as_one(serve):
    server = serve()
    target = server.target(logical_system="JUNO")
    with connect(target, known=server.known()) as talking:
        talking.call(Request.of("get-route-information", table="inet.0"))
        talking.call(Request.of("get-system-information"))
    route, system, _ = server.script.requests
    assert "<logical-system>JUNO</logical-system>" in route
    assert "logical-system" not in system


def test_no_secret_is_in_an_error_or_in_what_it_remembers(session):
    body = ERROR % (b"operation-failed", b"error", b"syntax error", b'"$9$canary.secret"')
    with pytest.raises(ConfigurationRefused) as caught:
        session(lambda _: b"<r>%s</r>" % body).load('set x authentication-key "$9$canary.secret"')
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_closing_never_raises(session):
    talking = session(lambda _: time.sleep(0.45) or b"<ok/>", QUICK)
    with pytest.raises(RpcTimeout):
        talking.call(VERSION)
    talking.close()
    talking.close()


def test_a_router_that_answers_for_another_target_is_not_believed(session):
    lie = (
        b"<ping-results><target-host>9.9.9.9</target-host><target-ip>9.9.9.9</target-ip>"
        b"<probe-results-summary><probes-sent>3</probes-sent><responses-received>3"
        b"</responses-received></probe-results-summary></ping-results>"
    )
    talking = session(lambda _: lie)
    query = ping(ip_address("10.0.0.3"))
    evidence = Evidence({("juno", query.request): talking.call(query.request)})
    with pytest.raises(BadReply, match=r"asked for host 10\.0\.0\.3.* is about 9\.9\.9\.9"):
        evidence.table("juno", query)
