"""The article's lab: its figures, its routes, its drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.route import InactiveReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.network import Network

pytestmark = pytest.mark.reference

GENIUS = Prefix.parse("10.0.0.3/32")
SATURN = Prefix.parse("10.0.0.12/32")
CUT = "\ndeactivate routing-instances ipvpn protocols bgp group CPE neighbor 4.0.0.21"


def counts(network: Network, router: str, table: str) -> tuple[int, int, int]:
    return network.nodes[router].rib(table).counts()[:3]


def path(network: Network) -> list[str]:
    view = network.traceroute(
        "saturn", Address.parse("10.0.0.3"), source=Address.parse("10.0.0.12")
    )
    return [str(hop[0].responder) for hop in view.hops]


@pytest.mark.parametrize(
    ("router", "table", "destinations", "routes"),
    [
        ("luna", "inet.0", 19, 21),
        ("orcus", "inet.0", 19, 33),
        ("liber", "ipvpn.inet.0", 20, 33),
        ("ceres", "ipvpn.inet.0", 19, 33),
        ("janus", "ipvpn.inet.0", 19, 31),
    ],
)
def test_every_table_holds_as_many_routes_as_the_lab(
    lab: Network, router: str, table: str, destinations: int, routes: int
) -> None:
    assert counts(lab, router, table) == (destinations, routes, destinations)


def test_every_session_is_established(lab: Network) -> None:
    states = {
        (name, peer.address): peer.state
        for name, node in lab.nodes.items()
        for peer in node.bgp.peers()
    }
    assert len(states) == 16
    assert set(states.values()) == {"Established"}


def test_luna_and_orcus_reach_genius_by_the_lower_med(lab: Network) -> None:
    luna = lab.nodes["luna"].rib("inet.0").entry(GENIUS)
    [only] = luna.routes
    assert (only.bgp.med, only.bgp.local_preference, only.bgp.as_path) == (10, 100, (1,))
    [hop] = only.next_hops
    assert (str(hop.to), hop.via) == ("4.0.0.22", "xe-2/0/0.105")
    active, inactive = lab.nodes["orcus"].rib("inet.0").entry(GENIUS).routes
    assert (active.bgp.med, str(active.next_hops[0].to)) == (10, "192.168.1.3")
    assert (inactive.bgp.med, str(inactive.next_hops[0].to)) == (150, "4.0.0.46")


def test_orcus_is_sent_nothing_that_came_from_its_own_site(lab: Network) -> None:
    bgp = lab.nodes["orcus"].bgp
    ceres = next(peer for peer in bgp.peers() if str(peer.address) == "4.0.0.46")
    received = list(bgp.received(ceres))
    assert len(received) == 14
    assert {route.bgp.med for route in received} == {150}
    assert {route.bgp.local_preference for route in received} == {None}
    assert not any("origin:1000:1000" in route.bgp.communities for route in received)
    rib = lab.nodes["orcus"].rib("inet.0")
    active = [r.prefix for r in received if rib.active(r.prefix).source == "4.0.0.46"]
    assert active == [Prefix.parse("4.0.0.20/30")]


def test_liber_reaches_saturn_through_juno_as_ceres_says(lab: Network) -> None:
    active, other = lab.nodes["liber"].rib("ipvpn.inet.0").entry(SATURN).routes
    assert (str(active.learned_from), active.bgp.local_preference) == ("10.0.0.2", 150)
    assert str(active.bgp.originator_id) == "10.0.0.5"
    assert active.bgp.communities == ("target:1:1", "origin:1000:1000")
    assert active.bgp.vpn_label == 16
    [hop] = active.next_hops
    assert (str(hop.to), hop.via, hop.labels) == ("4.0.0.58", "xe-2/0/0.114", (16,))
    assert str(other.learned_from) == "10.0.0.4"


def test_ceres_knows_saturn_three_ways(lab: Network) -> None:
    entry = lab.nodes["ceres"].rib("ipvpn.inet.0").entry(SATURN)
    assert [str(route.learned_from) for route in entry.routes] == [
        "10.0.0.5",
        "10.0.0.4",
        "4.0.0.45",
    ]
    assert [entry.inactive[route] for route in entry.routes[1:]] == [
        InactiveReason.GROUP_CLUSTER_LIST,
        InactiveReason.LOCAL_PREFERENCE,
    ]
    [hop] = entry.active.next_hops
    assert (str(hop.to), hop.via, hop.labels[0]) == ("4.0.0.18", "xe-2/0/0.104", 16)
    assert len(hop.labels) == 2


def test_every_pe_hands_out_label_16(lab: Network) -> None:
    labels = {
        route.bgp.vpn_label
        for name in ("liber", "ceres", "juno", "janus")
        for entry in lab.nodes[name].rib("bgp.l3vpn.0").entries()
        for route in entry.routes
    }
    assert labels == {16}


def test_the_drill_moves_traffic_to_orcus_and_back(
    lab: Network, lab_texts: dict[str, str], router: Callable[[str], Router]
) -> None:
    steady = ["192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3"]
    assert path(lab) == steady
    lab.configure("juno", router(lab_texts["juno"] + CUT))
    lab.converge()
    assert path(lab) == ["192.168.1.3", "192.168.1.2", "4.0.0.46", "4.0.0.98", "10.0.0.3"]
    assert counts(lab, "luna", "inet.0") == (18, 19, 18)
    active = lab.nodes["luna"].rib("inet.0").active(GENIUS)
    assert (active.bgp.med, str(active.next_hops[0].to)) == (150, "192.168.1.2")
    liber = lab.nodes["liber"].rib("ipvpn.inet.0").active(SATURN)
    assert str(liber.bgp.next_hop) == "10.0.0.2"
    lab.configure("juno", router(lab_texts["juno"]))
    lab.converge()
    assert path(lab) == steady
    assert counts(lab, "luna", "inet.0") == (19, 21, 19)
    assert counts(lab, "liber", "ipvpn.inet.0") == (20, 33, 20)


@pytest.mark.parametrize(
    ("swapped", "hops"),
    [
        ("metric-out", ["192.168.1.3", "192.168.1.2", "4.0.0.46", "4.0.0.98", "10.0.0.3"]),
        ("nothing", ["192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3"]),
    ],
)
def test_swapped_meds_turn_the_traffic_round(
    lab: Network,
    lab_texts: dict[str, str],
    router: Callable[[str], Router],
    swapped: str,
    hops: list[str],
) -> None:
    for name, mine, other in (("juno", "10", "150"), ("ceres", "150", "10")):
        text = lab_texts[name].replace(f"{swapped} {mine}", f"{swapped} {other}")
        lab.configure(name, router(text))
    lab.converge()
    assert path(lab) == hops


def test_swapped_local_preferences_turn_the_return_traffic_round(
    lab: Network, lab_texts: dict[str, str], router: Callable[[str], Router]
) -> None:
    for name, mine, other in (("juno", "150", "10"), ("ceres", "10", "150")):
        text = lab_texts[name].replace(f"local-preference {mine}", f"local-preference {other}")
        lab.configure(name, router(text))
    lab.converge()
    liber = lab.nodes["liber"].rib("ipvpn.inet.0").active(SATURN)
    assert str(liber.bgp.next_hop) == "10.0.0.2"


def test_routers_that_boot_in_another_order_end_with_the_same_tables(
    lab: Network,
    lab_texts: dict[str, str],
    router: Callable[[str], Router],
    network: Callable[..., Network],
) -> None:
    other = network(**dict(reversed(lab_texts.items())))
    for name, node in lab.nodes.items():
        assert _tables(other, name) == _tables(lab, name), name
        assert node.ribs.keys() == other.nodes[name].ribs.keys()


def _tables(network: Network, name: str) -> dict[str, object]:
    return {
        rib.name: [
            (entry.prefix, [(r.source, r.bgp, r.hidden, len(r.next_hops)) for r in entry.routes])
            for entry in rib.entries()
        ]
        for rib in network.nodes[name].ribs.values()
        if rib.name != "mpls.0"  # label values follow the order of boot
    }
