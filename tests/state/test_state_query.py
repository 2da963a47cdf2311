"""Requests as they are sent, and evidence as it is parsed: once, or why not."""

import pytest
from lxml import etree

from multihome.errors import BadReply, Unreachable
from multihome.state import configuration
from multihome.state.query import Evidence, Query
from multihome.state.request import Request


def test_a_request_is_an_element_with_its_arguments_in_order():
    request = Request.of("get-route-information", table="inet.0", active_path=False, detail=True)
    assert etree.tostring(request.element()) == (
        b"<get-route-information><table>inet.0</table><detail/></get-route-information>"
    )
    stored = configuration.STATEMENTS.request.element()
    assert etree.tostring(stored) == b'<get-configuration database="committed" format="set"/>'


def test_evidence_parses_once_and_says_why_there_is_none():
    seen = []

    def parse(_router, element):
        seen.append(element)
        return element.tag

    query = Query(Request("a"), parse)
    evidence = Evidence({("r1", query.request): etree.Element("x")})
    assert evidence.table("r1", query) == evidence.table("r1", query) == "x"
    assert len(seen) == 1
    more = evidence.joined(Evidence({("r2", query.request): Unreachable("r2", "gone")}))
    assert more.table("r1", query) == "x"
    assert len(seen) == 1
    with pytest.raises(Unreachable):
        more.table("r2", query)
    with pytest.raises(BadReply, match="was not asked"):
        more.table("r3", query)
