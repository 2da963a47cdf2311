"""VRFs: what leaves them, what enters them, with which labels, and between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from vpn_texts import VRF, P, V, at, backbone, reach

from multihome.twin.routing.route import NextHopKind, Protocol, label_prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network


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
