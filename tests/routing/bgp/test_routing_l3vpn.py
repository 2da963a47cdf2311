"""VRFs: what leaves them, what enters them, with which labels, and between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.route import NextHopKind, Protocol, label_prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network
    from multihome.twin.routing.route import Route

P = Prefix.parse
V = "set routing-instances v"
CORE = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{n}/30
set interfaces ge-0/0/0 unit 0 family mpls
set interfaces lo0 unit 0 family inet address {n}.{n}.{n}.{n}/32
set routing-options autonomous-system 1
set routing-options router-id {n}.{n}.{n}.{n}
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0
set protocols ospf area 0.0.0.0 interface lo0.0 passive
set protocols ldp interface ge-0/0/0.0
set protocols mpls interface ge-0/0/0.0
set protocols bgp group i type internal
set protocols bgp group i local-address {n}.{n}.{n}.{n}
set protocols bgp group i family inet-vpn unicast
set protocols bgp group i neighbor {far}.{far}.{far}.{far}
"""
VRF = """
set interfaces ge-0/0/1 unit 0 family inet address 172.16.{n}.1/30
set interfaces lo0 unit 1 family inet address 9.9.9.{n}/32
set routing-instances v instance-type vrf
set routing-instances v interface ge-0/0/1.0
set routing-instances v interface lo0.1
set routing-instances v route-distinguisher 1:{n}
set routing-instances v vrf-target target:1:1
set routing-instances v vrf-table-label
set routing-instances v routing-options static route 192.168.{n}.0/24 next-hop 172.16.{n}.2
"""
CE = """
set interfaces ge-0/0/1 unit 0 family inet address 172.16.{n}.2/30
set interfaces lo0 unit 0 family inet address 192.168.{n}.1/32
set routing-options static route 0.0.0.0/0 next-hop 172.16.{n}.1
"""


def backbone(one: str = "", two: str = "") -> dict[str, str]:
    """Two PEs back to back, a VRF and a CE on each."""
    return {
        "pe1": CORE.format(n=1, far=2) + VRF.format(n=1) + one,
        "pe2": CORE.format(n=2, far=1) + VRF.format(n=2) + two,
        "ce1": CE.format(n=1),
        "ce2": CE.format(n=2),
    }


def at(made: Network, name: str, prefix: str, table: str = "v.inet.0") -> Route | None:
    return made.nodes[name].rib(table).active(P(prefix))


def reach(made: Network, source: str = "192.168.1.1", target: str = "192.168.2.1") -> bool:
    view = made.ping("ce1", Address.parse(target), source=Address.parse(source), count=1)
    return all(probe.reached for probe in view.probes)


def test_direct_static_and_loopback_routes_cross_the_backbone_and_local_ones_do_not(
    network: Callable[..., Network],
) -> None:
    made = network(**backbone())
    copies = {
        str(entry.prefix)
        for entry in made.nodes["pe2"].rib("v.inet.0").entries()
        if entry.active.primary_table == "bgp.l3vpn.0"
    }
    assert copies == {"172.16.1.0/30", "9.9.9.1/32", "192.168.1.0/24"}
    assert reach(made)


def test_a_copy_says_where_it_came_from_and_pushes_the_vpn_label(
    network: Callable[..., Network],
) -> None:
    route = at(network(**backbone()), "pe2", "192.168.1.0/24")
    assert route.protocol is Protocol.BGP
    assert (route.bgp.route_distinguisher, route.bgp.vpn_label) == ("1:1", 16)
    assert route.bgp.communities == ("target:1:1",)
    assert [(str(hop.to), hop.labels) for hop in route.next_hops] == [("10.0.0.1", (16,))]


def test_a_table_label_is_looked_up_in_the_table(network: Callable[..., Network]) -> None:
    made = network(**backbone())
    route = made.nodes["pe1"].rib("mpls.0").active(label_prefix(16))
    assert (route.protocol, route.kind) == (Protocol.VPN, NextHopKind.TABLE)
    assert (route.next_hops[0].table, route.next_hops[0].pop) == ("v.inet.0", True)


def test_each_vrf_has_the_next_table_label(network: Callable[..., Network]) -> None:
    second = VRF.format(n=1).replace("instances v", "instances w").replace("1:1", "1:5")
    second = second.replace("ge-0/0/1", "ge-0/0/2").replace("lo0 unit 1", "lo0 unit 2")
    second = second.replace("interface lo0.1", "interface lo0.2").replace("172.16.1", "172.16.9")
    made = network(**backbone(one=second))
    tables = {
        label: made.nodes["pe1"].rib("mpls.0").active(label_prefix(label)).next_hops[0].table
        for label in (16, 17)
    }
    assert tables == {16: "v.inet.0", 17: "w.inet.0"}


NO_TABLE_LABEL = "delete routing-instances v vrf-table-label\n"


def test_without_a_table_label_each_way_out_has_a_label_of_its_own(
    network: Callable[..., Network],
) -> None:
    made = network(**backbone(one=NO_TABLE_LABEL))
    route = at(made, "pe2", "192.168.1.0/24")
    label = route.bgp.vpn_label
    assert label >= 299776
    popped = made.nodes["pe1"].rib("mpls.0").active(label_prefix(label))
    assert [(str(hop.to), hop.via, hop.pop) for hop in popped.next_hops] == [
        ("172.16.1.2", "ge-0/0/1.0", True)
    ]
    assert reach(made)


def test_without_a_table_label_a_lan_is_advertised_once_somebody_is_on_it(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    silent = NO_TABLE_LABEL + "delete routing-instances v routing-options\n"
    texts = backbone(one=silent)
    made = network(**texts)
    assert at(made, "pe2", "172.16.1.0/30") is None
    assert at(made, "pe2", "9.9.9.1/32") is not None
    made.configure("pe1", router(backbone(one=NO_TABLE_LABEL)["pe1"]))
    made.converge()
    assert at(made, "pe2", "172.16.1.0/30") is not None


def test_another_target_keeps_vpns_apart(network: Callable[..., Network]) -> None:
    other = f"delete routing-instances v vrf-target\n{V} vrf-target target:1:2\n"
    made = network(**backbone(two=other))
    assert at(made, "pe2", "192.168.1.0/24") is None
    assert made.nodes["pe2"].rib("bgp.l3vpn.0").counts()[0] == 0  # not wanted, not kept
    assert not reach(made)


def test_a_target_wanted_later_is_asked_for(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    other = f"delete routing-instances v vrf-target\n{V} vrf-target target:1:2\n"
    made = network(**backbone(two=other))
    later = other + f"{V} vrf-target import target:1:1\n"
    made.configure("pe2", router(backbone(two=later)["pe2"]))
    made.converge()
    assert at(made, "pe2", "192.168.1.0/24") is not None
    made.configure("pe2", router(backbone(two=other)["pe2"]))
    made.converge()
    assert at(made, "pe2", "192.168.1.0/24") is None
    [peer] = made.nodes["pe2"].bgp.peers()
    assert peer.flaps == 0


def test_an_import_policy_may_add_the_target_that_a_vrf_wants(
    network: Callable[..., Network],
) -> None:
    texts = backbone()
    texts["pe2"] = texts["pe2"].replace("vrf-target target:1:1", "vrf-target target:9:9")
    assert at(network(**texts), "pe2", "192.168.1.0/24") is None
    texts["pe2"] += """
    set protocols bgp group i import translate
    set policy-options policy-statement translate then community add nine
    set policy-options community nine members target:9:9
    """
    found = at(network(**texts), "pe2", "192.168.1.0/24")
    assert found.bgp.communities == ("target:1:1", "target:9:9")


def test_keep_all_keeps_what_nobody_wants(network: Callable[..., Network]) -> None:
    other = f"delete routing-instances v vrf-target\n{V} vrf-target target:1:2\n"
    made = network(**backbone(two=other + "set protocols bgp group i keep all\n"))
    assert made.nodes["pe2"].rib("bgp.l3vpn.0").counts()[0] == 3
    assert at(made, "pe2", "192.168.1.0/24") is None


POLICIES = f"""
delete routing-instances v vrf-target
{V} vrf-import in
{V} vrf-export out
set policy-options community t members target:1:1
set policy-options community soo members origin:1:7
set policy-options policy-statement in term a from community t
set policy-options policy-statement in term a then local-preference 300
set policy-options policy-statement in term a then accept
set policy-options policy-statement out term a from protocol static
set policy-options policy-statement out term a then community add t
set policy-options policy-statement out term a then community add soo
set policy-options policy-statement out term a then accept
"""


def test_import_and_export_policies_take_the_place_of_the_target(
    network: Callable[..., Network],
) -> None:
    made = network(**backbone(one=POLICIES, two=POLICIES))
    route = at(made, "pe2", "192.168.1.0/24")
    assert route.bgp.communities == ("target:1:1", "origin:1:7")
    assert route.bgp.local_preference == 300
    assert at(made, "pe2", "172.16.1.0/30") is None  # no term exports direct routes
    assert reach(made, "192.168.1.1")


def test_without_a_tunnel_the_routes_are_hidden_in_both_tables(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    texts = backbone()
    made = network(**texts)
    made.configure("pe2", router(texts["pe2"] + "delete protocols ldp\n"))
    made.converge()
    for table in ("bgp.l3vpn.0", "v.inet.0"):
        rib = made.nodes["pe2"].rib(table)
        hidden = [r.hidden for entry in rib.entries() for r in entry.routes if r.hidden]
        assert hidden == ["unusable path"] * 3, table
    made.configure("pe2", router(texts["pe2"]))
    made.converge()
    assert reach(made)


def test_a_deactivated_instance_takes_its_routes_with_it(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    texts = backbone()
    made = network(**texts)
    made.configure("pe1", router(texts["pe1"] + "deactivate routing-instances v\n"))
    made.converge()
    assert at(made, "pe2", "192.168.1.0/24") is None
    assert made.nodes["pe1"].rib("mpls.0").active(label_prefix(16)) is None
    made.configure("pe1", router(texts["pe1"]))
    made.converge()
    assert reach(made)


REFLECTOR = "set protocols bgp group i cluster 1.1.1.1\n"


def test_a_reflector_advertises_its_own_vrf_from_the_main_table(
    network: Callable[..., Network],
) -> None:
    made = network(**backbone(one=REFLECTOR))
    main = made.nodes["pe1"].rib("bgp.l3vpn.0")
    own = [e.active for e in main.entries() if e.active.primary_table == "v.inet.0"]
    assert {str(route.prefix) for route in own} == {"172.16.1.0/30", "9.9.9.1/32", "192.168.1.0/24"}
    assert {route.protocol for route in own} == {Protocol.DIRECT, Protocol.STATIC}
    assert reach(made)
    assert at(made, "pe1", "192.168.1.0/24").protocol is Protocol.STATIC


SECOND = """
set interfaces ge-0/0/2 unit 0 family inet address 172.16.7.1/30
set routing-instances w instance-type vrf
set routing-instances w interface ge-0/0/2.0
set routing-instances w route-distinguisher 1:7
set routing-instances w vrf-target target:1:1
set routing-instances w vrf-table-label
"""
LEAK = """
set routing-instances v routing-options auto-export
set routing-instances w routing-options auto-export
"""


def test_auto_export_joins_vrfs_of_one_router(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    apart = network(**backbone(one=SECOND))
    assert at(apart, "pe1", "192.168.1.0/24", "w.inet.0") is None
    texts = backbone(one=SECOND + LEAK)
    made = network(**texts)
    leaked = at(made, "pe1", "192.168.1.0/24", "w.inet.0")
    assert (leaked.protocol, leaked.primary_table) == (Protocol.STATIC, "v.inet.0")
    assert at(made, "pe1", "172.16.7.0/30", "v.inet.0").protocol is Protocol.DIRECT
    # ... and the backbone still brings the far site to both.
    assert at(made, "pe1", "192.168.2.0/24", "w.inet.0").primary_table == "bgp.l3vpn.0"
    made.configure("pe1", router(backbone(one=SECOND)["pe1"]))
    made.converge()
    assert at(made, "pe1", "192.168.1.0/24", "w.inet.0") is None


def test_what_auto_export_brings_needs_no_label_and_keeps_its_next_hop(
    network: Callable[..., Network],
) -> None:
    """No neighbour is known on the LAN of `w`: the backbone is not told of it, `v` is."""
    one = (SECOND + LEAK).replace("set routing-instances w vrf-table-label\n", "")
    one += f"{V} protocols bgp group ce neighbor 172.16.1.2 peer-as 65000\n"
    texts = backbone(one=one)
    texts["ce1"] += """
    set routing-options autonomous-system 65000
    set protocols bgp group pe export mine
    set protocols bgp group pe neighbor 172.16.1.1 peer-as 1
    set policy-options policy-statement mine from interface lo0.0
    set policy-options policy-statement mine then accept
    """
    made = network(**texts)
    assert at(made, "pe1", "172.16.7.0/30", "v.inet.0").protocol is Protocol.DIRECT
    assert at(made, "pe2", "172.16.7.0/30") is None
    leaked = at(made, "pe1", "192.168.1.1/32", "w.inet.0")
    assert (str(leaked.bgp.next_hop), leaked.primary_table) == ("172.16.1.2", "v.inet.0")


def test_a_vrf_may_keep_its_routes_from_the_backbone(network: Callable[..., Network]) -> None:
    quiet = "set routing-instances v no-vrf-advertise\n"
    made = network(**backbone(one=SECOND + LEAK + quiet))
    assert at(made, "pe2", "192.168.1.0/24") is None
    assert at(made, "pe1", "192.168.1.0/24", "w.inet.0") is not None
    assert at(made, "pe1", "192.168.2.0/24") is not None


def test_two_distinguishers_of_one_prefix_are_two_paths(network: Callable[..., Network]) -> None:
    """Both PEs reach the same network; with a distinguisher each, both paths are known."""
    shared = f"{V} routing-options static route 7.0.0.0/8 next-hop 172.16.{{n}}.2\n"
    texts = backbone(one=shared.format(n=1), two=shared.format(n=2))
    made = network(**texts)
    entry = made.nodes["pe1"].rib("v.inet.0").entry(P("7.0.0.0/8"))
    assert [route.protocol for route in entry.routes] == [Protocol.STATIC, Protocol.BGP]


@pytest.mark.parametrize("override", [True, False])
def test_ces_of_one_as_need_as_override(network: Callable[..., Network], *, override: bool) -> None:
    texts = backbone()
    for n in (1, 2):
        group = f"{V} protocols bgp group ce"
        texts[f"pe{n}"] += f"{group} type external\n{group} neighbor 172.16.{n}.2 peer-as 65000\n"
        if override:
            texts[f"pe{n}"] += f"{group} as-override\n"
        texts[f"ce{n}"] += f"""
        set routing-options autonomous-system 65000
        set protocols bgp group pe type external
        set protocols bgp group pe neighbor 172.16.{n}.1 peer-as 1
        set protocols bgp group pe export mine
        set policy-options policy-statement mine from protocol static
        set policy-options policy-statement mine then accept
        set routing-options static route 20.0.{n}.0/24 discard
        """
    made = network(**texts)
    assert at(made, "pe2", "20.0.1.0/24").bgp.as_path == (65000,)
    route = at(made, "ce2", "20.0.1.0/24", "inet.0")
    if override:
        assert route.bgp.as_path == (1, 1)
        assert route.bgp.vpn_label is None
        assert route.bgp.route_distinguisher is None
    else:
        assert route is None


REFLECTOR_WITHOUT_LABELS = {
    "rr": CORE.format(n=3, far=1)
    + """
    delete protocols ldp
    set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.3/24
    delete interfaces ge-0/0/0
    set protocols ospf area 0.0.0.0 interface ge-0/0/1.0
    set protocols bgp group i neighbor 2.2.2.2
    set protocols bgp group i cluster 3.3.3.3
    """,
    **{
        f"pe{n}": CORE.format(n=n, far=3)
        + VRF.format(n=n)
        + f"""
        set interfaces ge-0/0/5 unit 0 family inet address 10.0.1.{n}/24
        set protocols ospf area 0.0.0.0 interface ge-0/0/5.0
        """
        for n in (1, 2)
    },
}


@pytest.mark.parametrize(
    ("statement", "works"),
    [
        ("", False),
        ("set routing-options rib inet.3 static route 0.0.0.0/0 discard\n", True),
        ("set routing-options resolution rib bgp.l3vpn.0 resolution-ribs inet.0\n", True),
    ],
)
def test_a_reflector_without_labels_must_resolve_some_other_way(
    network: Callable[..., Network], statement: str, *, works: bool
) -> None:
    texts = REFLECTOR_WITHOUT_LABELS | {"rr": REFLECTOR_WITHOUT_LABELS["rr"] + statement}
    made = network(**texts)
    assert (at(made, "pe2", "9.9.9.1/32") is not None) is works
    hidden = made.nodes["rr"].rib("bgp.l3vpn.0").counts()[4]
    assert (hidden == 0) is works


VRF_MULTIPATH = f"{V} routing-options multipath"


@pytest.mark.parametrize(
    ("names", "statement", "metric", "ways"),
    [
        ((1, 1), "", 1, 2),
        ((1, 2), "", 1, 1),
        ((1, 2), VRF_MULTIPATH, 1, 2),
        ((1, 2), VRF_MULTIPATH, 9, 1),
        ((1, 2), f"{VRF_MULTIPATH} vpn-unequal-cost", 9, 2),
    ],
)
def test_paths_share_load_under_one_name_or_as_the_vrf_says(
    network: Callable[..., Network],
    names: tuple[int, int],
    statement: str,
    metric: int,
    ways: int,
) -> None:
    """Junos OS Layer 3 VPNs User Guide: between distinguishers the VRF needs its own `multipath`."""
    mesh = "set protocols bgp group i neighbor {far}.{far}.{far}.{far}\n"
    shared = f"{V} routing-options static route 7.0.0.0/8 next-hop 172.16.{{n}}.2\n"
    texts = {}
    for n in (1, 2, 3):
        far, other = {1, 2, 3} - {n}
        core = CORE.format(n=n, far=far).replace(f"10.0.0.{n}/30", f"10.0.0.{n}/24")
        texts[f"pe{n}"] = core + VRF.format(n=n) + mesh.format(far=other)
    for n, name in zip((1, 2), names, strict=True):
        named = f"route-distinguisher 1:{name}"
        texts[f"pe{n}"] = texts[f"pe{n}"].replace(f"route-distinguisher 1:{n}", named)
        texts[f"pe{n}"] += shared.format(n=n)
    texts["pe3"] += f"set protocols bgp group i multipath\n{statement}\n"
    if metric > 1:
        texts["pe2"] += f"set protocols ospf area 0.0.0.0 interface lo0.0 metric {metric}\n"
    texts["pe3"] += "set protocols ldp track-igp-metric\n"
    assert len(at(network(**texts), "pe3", "7.0.0.0/8").next_hops) == ways


OSPF_CE = """
set interfaces ge-0/0/1 unit 0 family inet address 172.16.1.2/30
set interfaces ge-0/0/2 unit 0 family inet address 172.16.2.2/30
set interfaces lo0 unit 0 family inet address 192.168.7.1/32
set protocols ospf area 0.0.0.0 interface all
"""
OSPF_PE = """
set routing-instances v protocols ospf area 0.0.0.0 interface ge-0/0/1.0
set routing-instances v protocols ospf export backbone
set policy-options policy-statement backbone from protocol bgp
set policy-options policy-statement backbone then accept
"""


def test_a_pe_does_not_learn_from_a_ce_what_another_pe_told_it(
    network: Callable[..., Network],
) -> None:
    """A site on two PEs hands round what they know of a third: the DN bit stops that."""
    mesh = "set protocols bgp group i neighbor {far}.{far}.{far}.{far}\n"
    texts = {}
    for n in (1, 2, 3):
        far, other = {1, 2, 3} - {n}
        core = CORE.format(n=n, far=far).replace(f"10.0.0.{n}/30", f"10.0.0.{n}/24")
        texts[f"pe{n}"] = core + VRF.format(n=n) + mesh.format(far=other)
    for n in (1, 2):
        texts[f"pe{n}"] += OSPF_PE
    made = network(**texts, site=OSPF_CE)
    for broken in (True, False):  # who comes late hears the CE first
        made.fault("session", "pe1", "3.3.3.3", on=broken)
        made.converge()
    for n in (1, 2):
        assert at(made, f"pe{n}", "192.168.7.1/32").protocol is Protocol.OSPF
        assert at(made, f"pe{n}", "192.168.3.0/24").protocol is Protocol.BGP
    far = at(made, "site", "192.168.3.0/24", "inet.0")
    assert sorted(str(hop.to) for hop in far.next_hops) == ["172.16.1.1", "172.16.2.1"]
