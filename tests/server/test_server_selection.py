"""Operational RPCs with a subtree filter: as much of the answer as it selects, and no blanks."""

import json
import re

import pytest

ROUTES = """\
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24
set routing-options static route 192.0.2.0/24 discard
"""


@pytest.fixture
def client(box):
    client = box.client()
    client.load(ROUTES)
    client.commit()
    return client


def names(element):
    """The names of an element and of what stands below it."""
    return [element.tag, [names(child) for child in element.iterchildren("*")]]


def ask(client, rpc, chosen, attributes=""):
    return client.ask(f'<{rpc}{attributes}><filter type="subtree">{chosen}</filter></{rpc}>')


def test_a_container_comes_whole(client):
    chosen = "<system-uptime-information><system-booted-time/></system-uptime-information>"
    reply = ask(client, "get-system-uptime-information", chosen)
    assert names(reply) == [
        "rpc-reply",
        [
            [
                "system-uptime-information",
                [["system-booted-time", [["date-time", []], ["time-length", []]]]],
            ]
        ],
    ]


def test_an_entry_is_found_by_what_it_holds(client):
    chosen = (
        "<route-information><route-table><table-name>inet.0</table-name><rt>"
        "<rt-destination>192.0.2.0/24</rt-destination>"
        "<rt-entry><protocol-name/></rt-entry></rt></route-table></route-information>"
    )
    reply = ask(client, "get-route-information", chosen)
    assert names(reply) == [
        "rpc-reply",
        [
            [
                "route-information",
                [
                    [
                        "route-table",
                        [
                            ["table-name", []],
                            ["rt", [["rt-destination", []], ["rt-entry", [["protocol-name", []]]]]],
                        ],
                    ]
                ],
            ]
        ],
    ]
    assert reply.findtext(".//protocol-name") == "Static"


def test_an_entry_that_is_named_and_no_more_comes_whole(client):
    chosen = (
        "<interface-information><physical-interface><name>ge-0/0/1</name>"
        "</physical-interface></interface-information>"
    )
    reply = ask(client, "get-interface-information", chosen)
    [port] = reply.findall("interface-information/physical-interface")
    assert port.findtext("name").strip() == "ge-0/0/1"
    assert port.find("logical-interface/name") is not None


def test_a_leaf_comes_of_every_entry(client):
    chosen = (
        "<interface-information><physical-interface><name/></physical-interface>"
        "</interface-information>"
    )
    reply = ask(client, "get-interface-information", chosen)
    found = [each.text.strip() for each in reply.iter("name")]
    assert found[:2] == ["ge-0/0/0", "ge-0/0/1"]
    assert {each.tag for each in reply.iter()} == {
        "rpc-reply",
        "interface-information",
        "physical-interface",
        "name",
    }


@pytest.mark.parametrize(
    "chosen",
    [
        "",
        "<bgp-information/>",
        "<route-information><route-table><x/></route-table></route-information>",
    ],
)
def test_a_filter_that_selects_nothing_leaves_nothing(client, chosen):
    assert names(ask(client, "get-route-information", chosen)) == ["rpc-reply", []]


def test_text_is_not_filtered(client):
    chosen = "<software-information><host-name/></software-information>"
    reply = ask(client, "get-software-information", chosen, ' format="text"')
    assert "Junos: 21.4R3.15" in reply.findtext("output")
    assert names(ask(client, "get-software-information", chosen)) == [
        "rpc-reply",
        [["software-information", [["host-name", []]]]],
    ]


def test_no_other_filter_is_known(client):
    reply = client.ask(
        '<get-route-information><filter type="xpath" select="//rt"/></get-route-information>'
    )
    assert reply.findtext("rpc-error/error-info/bad-element") == "filter"


@pytest.mark.parametrize(
    "rpc", ["get-configuration", "get-route-information", "get-config><source><running/></source"]
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_nothing_but_blanks_goes_where_none_are_wanted(client, rpc, form):
    client.load('set system login message "two  words: {a, b}"')
    client.commit()
    name, _, rest = rpc.partition(">")
    whole, short = (
        client.raw(f'<{name} format="{each}"' + (f">{rest}></{name}>" if rest else "/>"))
        for each in (form, f"{form}-minified")
    )
    short, whole = (
        re.search(r"<rpc-reply[^>]*>(.*)</rpc-reply>", each, re.DOTALL)[1]
        for each in (short, whole)
    )
    if form == "json":
        inner = [each[each.find("{") : each.rfind("}") + 1] for each in (short, whole)]
        assert inner[0] == json.dumps(json.loads(inner[1]), separators=(",", ":"))
    else:
        assert short.strip() == re.sub(r">\s+<", "><", whole).strip()
