"""Every element that is answered has a name that Juniper's own schema (17.1) has in its place."""

import re

import pytest
from lxml import etree

from multihome.twin.show import registry
from multihome.twin.show.answer import answer

pytestmark = pytest.mark.reference
LAYOUTS = {
    *("summary", "brief", "detail", "extensive", "terse", "normal", "tagged", "stacked"),
    *("bgp-brief", "bgp-detail", "brief-mpls-fwd", "terse-mpls-fwd"),
}
"""The schema's names for layouts, which are no elements: their children stand in their place."""
NEWER = {
    "bgp-path-attributes",
    "ldp-local-transport-address",
    "local-address",
    "snmp-index",
}
"""In recordings of later releases than the schema's."""
LEVELS = ("", "<terse/>", "<brief/>", "<detail/>", "<extensive/>", "<summary/>")
PEER = "<{0}-name>bgp</{0}-name><{1}>4.0.0.22</{1}>"
CHASSIS = {
    "get-vrrp-information": LEVELS,
    "get-bgp-summary-information": LEVELS[:1],
    "get-bgp-neighbor-information": LEVELS[:1],
    "get-instance-information": LEVELS,
    "get-software-information": LEVELS[:1],
    "get-route-information": (
        *LEVELS[:-1],
        PEER.format("receive-protocol", "peer"),
        PEER.format("receive-protocol", "peer") + "<extensive/>",
        PEER.format("advertising-protocol", "neighbor"),
        PEER.format("advertising-protocol", "neighbor") + "<extensive/>",
    ),
}
CORE = {
    "get-isis-adjacency-information": LEVELS,
    "get-isis-interface-information": LEVELS,
    "get-ldp-neighbor-information": LEVELS,
    "get-ldp-session-information": LEVELS,
    "get-bfd-session-information": LEVELS,
}


def read_schema(path):
    """Names below names: {name: {name: ...}}, what stands in several layouts together."""
    root, stack = {}, []
    lines = path.read_text().split("\n")
    for line in lines[lines.index(" output") + 1 :]:
        name = re.match(r"\s*([\w.-]+)", line)
        if name is None:
            continue
        depth = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= depth:
            stack.pop()
        below = stack[-1][1] if stack else root
        is_layout = name[1] in LAYOUTS and " : " not in line
        stack.append((depth, below if is_layout else below.setdefault(name[1], {})))
    return root


def strangers(element, below, path=""):
    name = etree.QName(element).localname
    if name not in below:
        return [] if name in NEWER else [f"{path}/{name}"]
    children = (child for child in element if isinstance(child.tag, str))
    return [each for child in children for each in strangers(child, below[name], f"{path}/{name}")]


def takes(rpc, inside):
    """Whether the RPC has such a level of detail."""
    arguments = registry.operation(rpc).arguments
    return inside not in LEVELS[1:] or any(
        inside.strip("</>") in argument.names for argument in arguments
    )


def asked(table):
    pairs = [(rpc, inside) for rpc, insides in table.items() for inside in insides]
    return [pair for pair in pairs if takes(*pair)]


def every_name_is_known(device, reference, rpc, inside):
    schema = read_schema(reference / "junos-schema" / f"{rpc}.17.1.txt")
    [element] = answer(device, etree.fromstring(f"<{rpc}>{inside}</{rpc}>")).elements
    assert strangers(element, schema) == []


@pytest.mark.parametrize(("rpc", "inside"), asked(CHASSIS))
def test_an_edge_router_says_nothing_that_the_schema_does_not_know(chassis, reference, rpc, inside):
    every_name_is_known(chassis, reference, rpc, inside)


@pytest.mark.parametrize(("rpc", "inside"), asked(CORE))
def test_a_core_router_says_nothing_that_the_schema_does_not_know(core, reference, rpc, inside):
    every_name_is_known(core, reference, rpc, inside)
