"""Replies kept, and judged again without a router."""

import pytest
from lxml import etree

from multihome.device.recorded import RecordedSession, keep, replay
from multihome.errors import BadReply, RpcFailed, Unreachable
from multihome.state.request import Request

ROUTES = Request.of("get-route-information", table="inet.0", destination="10.0.0.0/8")
PEERS = Request.of("get-bgp-summary-information")
REPLY = (
    '<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://j/18.1R1/j">'
    '<bgp-information xmlns="http://j/18.1R1/junos-routing" junos:style="brief">%s</bgp-information>'
    "</rpc-reply>"
)


def test_what_is_kept_is_found_again_without_its_secrets(tmp_path):
    payload = etree.fromstring('<route-information a="1"><key>$9$canary</key></route-information>')
    keep(tmp_path, "juno", ROUTES, payload)
    found = RecordedSession("juno", tmp_path).call(ROUTES)
    assert (found.tag, found.get("a")) == ("route-information", "1")
    assert "canary" not in next((tmp_path / "juno").iterdir()).read_text()


def test_a_recording_from_elsewhere_is_found_under_the_name_of_its_rpc(tmp_path):
    (tmp_path / "juno").mkdir()
    (tmp_path / "juno" / "get-bgp-summary-information.xml").write_text(REPLY % "<a/>")
    found = RecordedSession("juno", tmp_path).call(PEERS)
    assert (found.tag, found.get("style")) == ("bgp-information", "brief")


def test_what_was_not_recorded_could_not_be_asked(tmp_path):
    with pytest.raises(Unreachable, match="juno: no recorded reply to get-bgp-summary-information"):
        RecordedSession("juno", tmp_path).call(PEERS)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("no xml", BadReply),
        (
            "<rpc-reply><rpc-error><error-message>x</error-message></rpc-error></rpc-reply>",
            RpcFailed,
        ),
    ],
)
def test_a_recorded_failure_fails_again(tmp_path, text, error):
    (tmp_path / "juno").mkdir()
    (tmp_path / "juno" / "get-bgp-summary-information.xml").write_text(text)
    (outcome,) = replay(tmp_path, {"juno": [PEERS]}).values()
    assert type(outcome) is error
