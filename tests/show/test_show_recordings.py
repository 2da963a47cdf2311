"""Our XML beside recorded real replies: the same names, in the same order, with the same attributes."""

import re

import pytest
from lxml import etree

from multihome.twin.routing.route import Protocol
from multihome.twin.views import PingView, Probe, TracerouteView

pytestmark = pytest.mark.reference

CASES = [
    ("core", "<get-isis-adjacency-information/>", "get-isis-adjacency-information/jsas*"),
    (
        "core",
        "<get-isis-adjacency-information><detail/></get-isis-adjacency-information>",
        "get-isis-adjacency-information/rado120p*",
    ),
    (
        "core",
        "<get-isis-interface-information><detail/></get-isis-interface-information>",
        "get-isis-information/rado120p_vmx_isis-interface*",
    ),
    ("core", "<get-isis-overview-information/>", "get-isis-information/rado120p_vmx_isis-over*"),
    ("core", "<get-ldp-neighbor-information/>", "get-ldp-neighbor-information/*brief*"),
    (
        "core",
        "<get-ldp-neighbor-information><detail/></get-ldp-neighbor-information>",
        "get-ldp-neighbor-information/*detail*",
    ),
    ("core", "<get-ldp-session-information/>", "get-ldp-session-information/*brief*"),
    (
        "core",
        "<get-ldp-session-information><detail/></get-ldp-session-information>",
        "get-ldp-session-information/centreon*",
    ),
    (
        "core",
        "<get-bfd-session-information><detail/></get-bfd-session-information>",
        "get-bfd-session-information/*_detail_25*",
    ),
    (
        "core",
        "<get-bfd-session-information><extensive/></get-bfd-session-information>",
        "get-bfd-session-information/pyez*",
    ),
    ("core", "<get-instance-information/>", "get-instance-information/napalm*neighbors_normal*"),
    (
        "core",
        "<get-instance-information><detail/></get-instance-information>",
        "get-instance-information/toby*",
    ),
    (
        "chassis",
        "<get-bgp-summary-information/>",
        "get-bgp-summary-information/napalm*normal*master*",
    ),
    ("chassis", "<get-bgp-summary-information/>", "get-bgp-summary-information/suzieq*"),
    ("chassis", "<get-bgp-neighbor-information/>", "get-bgp-neighbor-information/suzieq_vmx*"),
    (
        "chassis",
        "<get-vrrp-information><summary/></get-vrrp-information>",
        "get-vrrp-information/librenms-netconf_show*",
    ),
    (
        "chassis",
        "<get-interface-information><terse/></get-interface-information>",
        "get-interface-information/yandex*",
    ),
    ("chassis", "<get-interface-information/>", "get-interface-information/OESS*"),
    ("chassis", "<get-software-information/>", "get-software-information/pyez_facts_sw*"),
    ("chassis", "<get-system-information/>", "get-system-information/OESS*"),
    (
        "chassis",
        "<get-route-information><table>inet.0</table></get-route-information>",
        "get-route-information/suzieq_vmx_TOR1BBN*",
    ),
    (
        "chassis",
        "<get-route-information><protocol>isis</protocol></get-route-information>",
        "get-route-information/djg*",
    ),
    (
        "chassis",
        "<get-route-information><protocol>bgp</protocol><detail/></get-route-information>",
        "get-route-information/hyperglass_detail_indirect*",
    ),
    (
        "chassis",
        "<get-route-information><protocol>bgp</protocol><extensive/></get-route-information>",
        "get-route-information/napalm*",
    ),
    ("chassis", "<ping><host>8.8.8.8</host><count>2</count></ping>", "ping/napalm*"),
    ("chassis", "<traceroute><host>8.8.8.8</host></traceroute>", "traceroute/napalm*"),
]


@pytest.fixture
def asked(chassis, make):
    """Luna with an internal route, an IS-IS route and somebody to ping."""
    router = chassis.router
    internal = make.bgp(
        "172.16.0.0/16", "4.0.0.18", "xe-2/0/0.104", 16, 300144, peer="10.0.0.5", external=False,
        next_hop="10.0.0.9", metric2=20, communities=("14525:0",),
    )  # fmt: skip
    isis = make.plain("10.0.0.2/32", Protocol.ISIS, "4.0.0.22", "xe-2/0/0.105", metric=10)
    tagged = make.plain("10.0.0.4/32", Protocol.ISIS, "4.0.0.22", "xe-2/0/0.105", metric=10, tag=7)
    router.table("inet.0", internal, isis, tagged)
    far, way = make.address("8.8.8.8"), make.address("4.0.0.22")
    probe = Probe(far, 0.010, 61, reached=True)
    chassis.network.pings["Luna", far] = PingView(far, None, 56, (probe, probe))
    first = Probe(way, 0.001, 255, reached=False, icmp="time-exceeded")
    last = Probe(far, 0.002, 61, reached=True, icmp="port-unreachable")
    hops = ((first,) * 3, (last,) * 3)
    chassis.network.traces["Luna", far] = TracerouteView(far, None, 30, hops)
    return chassis


def recorded(reference, pattern, root):
    [file] = (reference / "junos-replies").glob(pattern)
    tree = etree.fromstring(file.read_bytes(), etree.XMLParser(remove_comments=True))
    found = [tree] if local(tree) == root else [e for e in tree.iter() if local(e) == root]
    return found[0]


def local(element):
    return etree.QName(element).localname


def kinds(element):
    return list(dict.fromkeys(local(child) for child in element.iterchildren("*")))


def differences(ours, theirs, path=""):
    """Where the order of names or the attributes differ, of the kinds both have."""
    path = f"{path}/{local(ours)}"
    mine, yours = kinds(ours), kinds(theirs)
    both = set(mine) & set(yours)
    mine, yours = [k for k in mine if k in both], [k for k in yours if k in both]
    if mine != yours:
        yield f"{path}: {mine} but recorded {yours}"
    for kind in both:
        candidates = [child for child in theirs.iterchildren("*") if local(child) == kind]
        for child in ours.iterchildren("*"):
            if local(child) == kind:
                best = min((list(differences(child, c, path)) for c in candidates), key=len)
                yield from best
                yield from attribute_differences(child, candidates, path)


def attribute_differences(ours, candidates, path):
    mine = {etree.QName(str(name)).localname for name in ours.attrib}
    known = {etree.QName(str(name)).localname for each in candidates for name in each.attrib}
    if "junos_specific" in known or "format" in mine:
        return
    if mine - known:
        yield f"{path}/{local(ours)}: attributes {mine} but recorded {known}"


@pytest.mark.parametrize(("where", "rpc", "pattern"), CASES, ids=[c[2] + c[1] for c in CASES])
def test_names_order_and_attributes_are_as_recorded(request, reference, asked, where, rpc, pattern):
    device = request.getfixturevalue("core") if where == "core" else asked
    ours = etree.fromstring(device.xml(rpc), etree.XMLParser(remove_comments=True))
    assert list(differences(ours, recorded(reference, pattern, local(ours)))) == []


@pytest.mark.parametrize(("where", "rpc", "pattern"), CASES, ids=[c[2] + c[1] for c in CASES])
def test_the_namespace_is_that_of_the_recorded_module(
    request, reference, asked, where, rpc, pattern
):
    device = request.getfixturevalue("core") if where == "core" else asked
    ours = etree.QName(etree.fromstring(device.xml(rpc)))
    theirs = etree.QName(recorded(reference, pattern, ours.localname)).namespace or ""
    module = re.search(r"/(junos-\w+)$", theirs)
    if module is not None:  # else the recording lost its namespace on its way to us
        assert ours.namespace == f"http://xml.juniper.net/junos/18.2R3/{module[1]}"
