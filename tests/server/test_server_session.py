"""One session: greeting, framing, what is echoed, what is refused, and how it ends."""

import pytest
from lxml import etree

from multihome.twin.netconf.framing import Deframer, chunks

HELLO = (
    '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
    "<capability>urn:ietf:params:netconf:base:{}</capability></capabilities></hello>]]>]]>"
)


def test_the_greeting_offers_what_junos_offers_and_a_session_id(box):
    client = box.client()
    hello = etree.fromstring(client.greeting.split("]]>]]>")[0].encode())
    said = [node.text for node in hello.iter("{*}capability")]
    assert "urn:ietf:params:netconf:capability:candidate:1.0" in said
    assert "http://xml.juniper.net/netconf/junos/1.0" in said
    assert hello.findtext("{*}session-id") == str(client.session.number)


@pytest.mark.parametrize(
    ("configured", "always", "offered"),
    [
        pytest.param("", False, False, id="Junos by itself"),
        pytest.param("set system services netconf rfc-compliant\n", False, False, id="half"),
        pytest.param(
            "set system services netconf rfc-compliant\nset system services netconf version-1.1\n",
            False,
            True,
            id="configured",
        ),
        pytest.param("", True, True, id="the lab's default"),
    ],
)
def test_netconf_11_is_offered_where_it_is_configured_or_wanted(
    make_box, configured, always, offered
):
    greeting = make_box(configured, always_chunked=always).client().greeting
    assert ("netconf:base:1.1<" in greeting) is offered


def test_a_client_of_11_is_spoken_to_in_chunks(box):
    client = box.client()
    assert client.send(HELLO.format("1.1")) == ""
    answer = b"".join(client.session.receive(chunks(b"<rpc><get-foo/></rpc>", 3)))
    deframer = Deframer()
    deframer.chunked = True
    deframer.feed(answer)
    assert b"syntax error" in deframer.next_message()


def test_a_client_of_10_is_spoken_to_as_before(box):
    client = box.client()
    client.send(HELLO.format("1.0"))
    assert client.raw("<get-foo/>").endswith("]]>]]>\n")


def test_attributes_and_prefixes_of_the_request_come_back(box):
    answer = box.client().raw("<get-foo/>", 'message-id="a&lt;b" x:y="1" xmlns:x="urn:x"')
    root = etree.fromstring(answer.split("]]>]]>")[0].encode())
    assert root.get("message-id") == "a<b"
    assert root.get("{urn:x}y") == "1"


def test_requests_that_arrive_together_are_answered_one_by_one(box):
    answers = box.client().send('<rpc message-id="1"><a/></rpc>]]>]]><rpc message-id="2"><b/>')
    assert answers.count("]]>]]>") == 1
    assert 'message-id="1"' in answers


@pytest.mark.parametrize(
    ("sent", "bad"),
    [
        pytest.param("<rpc><oops></rpc>", None, id="not well-formed"),
        pytest.param("no xml at all", None, id="no XML"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><rpc><a>&b;</a></rpc>', None, id="doctype"),
        pytest.param("<rpc/>", "rpc", id="nothing asked"),
        pytest.param("<foo><bar/></foo>", "foo", id="no rpc"),
        pytest.param("<rpc><get-nothing/></rpc>", "get-nothing", id="unknown RPC"),
    ],
)
def test_what_is_no_request_is_a_syntax_error_and_the_session_goes_on(box, sent, bad):
    client = box.client()
    root = etree.fromstring(client.send(f"{sent}]]>]]>").split("]]>]]>")[0].encode())
    assert root.findtext("{*}rpc-error/{*}error-message").strip() == "syntax error"
    assert root.findtext(".//{*}bad-element") == bad
    assert client.ask("<get-software-information/>").find("software-information") is not None


@pytest.mark.parametrize("inner", ["", "<get-system-information>", "<a></b>", "\x01"])
def test_whoever_waits_for_an_answer_gets_it_under_its_number(box, inner):
    answer = box.client().send(f'<rpc message-id="7">{inner}</rpc>]]>]]>')
    assert 'message-id="7"' in answer
    assert "syntax error" in answer


def test_a_broken_frame_ends_a_chunked_session(box):
    client = box.client()
    client.send(HELLO.format("1.1"))
    assert client.send("<rpc/>") == ""
    assert client.session.closed


@pytest.mark.parametrize(
    ("operation", "said"),
    [("<close-session/>", "ok"), ("<request-end-session/>", "end-session")],
)
def test_a_session_may_end_itself(box, operation, said):
    client = box.client()
    answer = client.raw(operation)
    assert f"<{said}/>" in answer
    assert answer.rstrip().endswith("-->")
    assert client.session.closed
    assert box.chassis.logins() == ()


def test_killing_frees_what_the_other_session_held(box):
    victim, killer = box.client(), box.client("boss")
    victim.ask("<lock-configuration/>")
    refused = killer.ask("<lock-configuration/>")
    assert refused.findtext(".//error-tag") == "lock-denied"
    assert refused.findtext(".//session-id") == str(victim.session.number)
    killer.ask(f"<kill-session><session-id>{victim.session.number}</session-id></kill-session>")
    assert victim.hung_up
    assert killer.ask("<lock-configuration/>").find("ok") is not None


@pytest.mark.parametrize("number", ["", "x", "1", "own"])
def test_only_another_living_session_can_be_killed(box, number):
    client = box.client()
    wanted = client.session.number if number == "own" else number
    answer = client.ask(f"<kill-session><session-id>{wanted}</session-id></kill-session>")
    assert answer.find("rpc-error") is not None
    assert not client.session.closed


def test_a_defect_answers_one_rpc_with_an_error_and_is_logged(box, monkeypatch):
    client = box.client()
    monkeypatch.setattr(type(box.chassis.database), "lock", lambda *_: 1 // 0)
    answer = client.ask("<lock-configuration/>")
    assert answer.findtext(".//error-message") == "internal error; see the log"
    assert "ZeroDivisionError" in str(box.journal.lines()[-1])


def test_a_compliant_session_is_told_annotations_too(make_box):
    box = make_box("set system host-name a\nset system services netconf rfc-compliant\n")
    client = box.client()
    client.load('annotate system "who did it"')
    for compare in ("", 'compare="rollback" rollback="0"'):
        reply = client.ask(f'<get-configuration {compare} format="xml"/>')
        assert "who did it" in "".join(reply.itertext())


def test_a_compliant_session_carries_prefixes_and_no_warnings(make_box):
    compliant = make_box("set system host-name a\nset system services netconf rfc-compliant\n")
    client = compliant.client()
    assert client.greeting.count("<nc:hello xmlns:nc=") == 1
    answer = client.raw("<lock><target><candidate/></target></lock>")
    assert answer.startswith("<nc:rpc-reply xmlns:nc=")
    assert "<nc:ok/>" in answer
    error = client.raw("<get-nothing/>", f'xmlns:nc="{"urn:ietf:params:xml:ns:netconf:base:1.0"}"')
    assert error.count("xmlns:nc=") == 1
    root = etree.fromstring(error.split("]]>]]>")[0].encode())
    assert root.find("{urn:ietf:params:xml:ns:netconf:base:1.0}rpc-error") is not None
    loaded = client.load("delete system domain-name")
    assert loaded.find(".//rpc-error") is None
    plain = make_box().client().load("delete system domain-name")
    assert plain.findtext(".//error-severity") == "warning"
