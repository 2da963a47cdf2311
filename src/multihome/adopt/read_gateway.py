"""The LAN of a multihomed site: VRRP between its CPEs, and the customer behind it."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from multihome.adopt.read_core import given
from multihome.adopt.source import Tree, below, only

if TYPE_CHECKING:
    from multihome.adopt.network import FoundNetwork, FoundPort

Lan = tuple[dict[str, Any], dict[str, Any], int | None]
"""Gateway and customer as the intent writes them, and what a lost uplink costs."""
Member = tuple["FoundPort", str, Tree]
"""A CPE's port, the number of its VRRP group, and that group."""


def read_gateway(network: FoundNetwork, origin: str, uplinks: list[FoundPort]) -> Lan | None:
    """What is in front of the CPEs with these uplinks; None, with a remark, if it is no gateway."""
    judge = network.judgement
    found: dict[str, list[Member]] = {}
    cpes = {port.router: port for port in uplinks}
    for port in network.ports:
        if port.router in cpes:
            for number, group in port.groups.items():
                label = f"{port.address.network} vlan {port.vlan} vrrp-group {number}"
                found.setdefault(label, []).append((port, number, group))
    shared = {k: v for k, v in found.items() if {m[0].router for m in v} == set(cpes)}
    chosen = judge.choose(f"gateway of {origin}", [*shared])
    if chosen is None:
        judge.remarks.append(
            f"{', '.join(cpes)}: no VRRP group that all CPEs of {origin} share: no site is made of it"
        )
        return None
    members = shared[chosen]
    customer = _customer(network, origin, members)
    if customer is None:
        judge.remarks.append(
            f"{', '.join(cpes)}: no static routes into the LAN of {origin}: no site is made of it"
        )
        return None
    costs = {port.router: _cost(group, cpes[port.router]) for port, _, group in members}
    return (
        _gateway(network, origin, members),
        customer,
        judge.number(f"track-uplink of {origin}", costs),
    )


def _gateway(network: FoundNetwork, origin: str, members: list[Member]) -> dict[str, Any]:
    port, number, _ = members[0]
    virtual = {p.router: only(below(group, "virtual-address")) for p, _, group in members}
    routers = {
        # 100 is what a router has without the statement (RFC 5798 section 5.2.4).
        p.router: p.end() | {"priority": int(only(below(group, "priority")) or 100)}
        for p, _, group in members
    }
    found = {
        "subnet": str(port.address.network),
        "vlan": port.vlan,
        "group": int(number),
        "virtual-address": network.judgement.agreed(f"virtual-address of {origin}", virtual),
        "routers": routers,
    }
    return given(found)


def _cost(group: Tree, uplink: FoundPort) -> str | None:
    return only(below(group, "track", "interface", uplink.interface, "priority-cost"))


def _customer(network: FoundNetwork, origin: str, members: list[Member]) -> dict[str, Any] | None:
    """Behind the next hop of the CPEs' static routes into the LAN."""
    lan = members[0][0].address.network
    routes: dict[str, dict[str, None]] = {}
    for port, _, _ in members:
        statics = network.sources[port.router].at("routing-options", "static", "route")
        for prefix, route in statics.items():
            hop = only(below(route, "next-hop"))
            if hop and _is_address(hop) and IPv4Address(hop) in lan:
                routes.setdefault(hop, {})[prefix] = None
    hop = network.judgement.choose(f"customer of {origin}", [*routes])
    if hop is None:
        return None
    behind = [p for p in network.facing(members[0][0]) if str(p.address.ip) == hop]
    found = {"address": f"{hop}/{lan.prefixlen}", "prefixes": [*routes[hop]]}
    if not behind:
        return found
    port = behind[0]
    virtual = below(members[0][2], "virtual-address")
    back = network.sources[port.router].at(
        "routing-options", "static", "route", "0.0.0.0/0", "next-hop"
    )
    default = None if set(virtual) & set(back) else False
    return given({**port.attachment(), **found, "default-route": default})


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
