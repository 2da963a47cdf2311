"""Which routes a router keeps: what a change makes of it is what a cold start would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.network import Network

LEFT = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
set interfaces ge-0/0/0 unit 0 family mpls
set interfaces ge-0/0/1 unit 0 family inet address 20.0.0.1/30
set routing-options autonomous-system 1
set protocols bgp group i type internal
set protocols bgp group i family inet-vpn unicast
set protocols bgp group i neighbor 10.0.0.2
set routing-instances v instance-type vrf
set routing-instances v interface ge-0/0/1.0
set routing-instances v route-distinguisher 1:1
set routing-instances v vrf-target target:1:1
set routing-instances v vrf-table-label
"""
RIGHT = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30
set interfaces ge-0/0/0 unit 0 family mpls
set routing-options autonomous-system 1
set routing-options rib inet.3 static route 10.0.0.1/32 next-hop 10.0.0.1
set policy-options policy-statement all then accept
set protocols bgp group i type internal
set protocols bgp group i family inet-vpn unicast
set protocols bgp group i neighbor 10.0.0.1
"""
GROUP = "set protocols bgp group"
REFLECTOR = f"{GROUP} c cluster 2.2.2.2\n{GROUP} c type internal\n{GROUP} c neighbor 10.9.9.9"
OTHER = """
set routing-instances w instance-type vrf
set routing-instances w route-distinguisher 1:2
set routing-instances w"""
CHANGES = {
    "nobody": ("", []),
    "a reflector": (f"{GROUP} i cluster 2.2.2.2", ["20.0.0.0/30"]),
    "a reflector of other routes": (REFLECTOR, []),
    "a reflector elsewhere": (
        f"{REFLECTOR}\n{GROUP} c family inet-vpn unicast",
        ["20.0.0.0/30"],
    ),
    "who keeps all": (f"{GROUP} i keep all", ["20.0.0.0/30"]),
    "another target": (
        f"{OTHER} vrf-target target:1:2",
        [],
    ),
    "the target": (
        f"{OTHER} vrf-target target:1:1",
        ["20.0.0.0/30"],
    ),
}


def kept(made: Network) -> list[str]:
    return [str(entry.prefix) for entry in made.nodes["right"].rib("bgp.l3vpn.0").entries()]


@pytest.mark.parametrize("before", CHANGES)
@pytest.mark.parametrize("after", CHANGES)
def test_a_change_keeps_what_a_cold_start_keeps(
    network: Callable[..., Network], router: Callable[[str], Router], before: str, after: str
) -> None:
    (old, had), (new, has) = CHANGES[before], CHANGES[after]
    made = network(left=LEFT, right=RIGHT + old)
    assert kept(made) == had
    received = made.nodes["right"].bgp
    made.configure("right", router(RIGHT + new))
    made.converge()
    assert kept(made) == has
    assert len([*received.received(received.peers()[0])]) == len(has)


def test_a_router_that_leaves_a_cluster_takes_what_has_been_there(
    network: Callable[..., Network], router: Callable[[str], Router]
) -> None:
    """The session that brings it goes on: the cluster is another group's."""
    port = "set interfaces ge-0/0/{} unit 0 family inet address 10.0.{}.{}/30\n"
    start = f"set routing-options autonomous-system 1\n{GROUP} i type internal\n"
    origin = (
        "set routing-options static route 5.0.0.0/8 discard\n"
        "set policy-options policy-statement s from protocol static\n"
        "set policy-options policy-statement s then accept\n"
    )
    texts = {
        "a": f"{port.format(1, 1, 1)}{start}{origin}{GROUP} i export s\n{GROUP} i neighbor 10.0.1.2\n",
        "b": f"{port.format(1, 1, 2)}{port.format(2, 2, 1)}{start}{GROUP} i neighbor 10.0.1.1\n"
        f"{GROUP} i neighbor 10.0.2.2\n{GROUP} i cluster 7.7.7.7\n"
        "set policy-options policy-statement self then next-hop self\n"
        f"{GROUP} i export self\n",
        "c": f"{port.format(2, 2, 2)}{start}{GROUP} i neighbor 10.0.2.1\n",
    }
    other = f"{GROUP} j type internal\n{GROUP} j neighbor 10.9.9.9\n{GROUP} j cluster 7.7.7.7\n"
    made = network(**{**texts, "c": texts["c"] + other})
    five = Prefix.parse("5.0.0.0/8")
    assert made.nodes["c"].rib("inet.0").active(five) is None
    made.configure("c", router(texts["c"]))
    made.converge()
    assert made.nodes["c"].rib("inet.0").active(five) is not None
    made.configure("c", router(texts["c"] + other))
    made.converge()
    assert made.nodes["c"].rib("inet.0").active(five) is None
