"""What one router does with one packet: its tables asked, the packet changed, nothing sent.

IP (RFC 1812), MPLS (RFC 3031, 3032) and their TTLs (RFC 3443): uniform unless
`no-propagate-ttl` hides the label-switched path from IP.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.label import EXPLICIT_NULL, inner_prefix
from multihome.twin.routing.route import NextHop, NextHopKind, Protocol, Route, label_prefix

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.routing.host import Host

_FULL_TTL = 255
_FLOW_PRIME = 0x9E3779B1

_LOOPBACK = 127


class Verdict(Enum):
    """What becomes of the packet at this router."""

    DELIVER = auto()
    SEND = auto()
    EXPIRED = auto()
    NO_ROUTE = auto()
    REJECTED = auto()
    DROPPED = auto()


@dataclass(slots=True)
class Packet:
    """One packet on its way; the label stack is bottom first, each label with its TTL."""

    source: Address
    destination: Address
    ttl: int = 64
    flow: int = 0
    """Equal for all packets of one flow: chooses among equal paths."""
    stack: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict; `gateway` and `interface` say where to, `instance` whose table decided."""

    verdict: Verdict
    instance: str
    gateway: Address | None = None
    interface: str = ""
    lookups: tuple[tuple[str, Address], ...] = ()
    """Tables asked and for what, so that a watcher knows when to ask again."""


def originate(host: Host, instance: str, packet: Packet) -> Decision:
    """The router sends a packet of its own."""
    return _route(host, instance, packet, originated=True)


def arrive(host: Host, interface: str, packet: Packet) -> Decision:
    """A packet came in by an interface."""
    if packet.stack:
        return _switch(host, interface, packet)
    return _route(host, host.instance_of(interface), packet)


def selected(route: Route, flow: int | None = None) -> NextHop | None:
    """The next hop a packet takes; without a flow, the one Junos marks with `>`.

    Junos installs one of several equal next hops per prefix, unless a forwarding-table
    export policy says `load-balance per-packet`, which hashes flows.
    """
    hops = route.next_hops
    if len(hops) < 2:
        return hops[0] if hops else None
    spread = _mix(int(route.prefix.network) + route.prefix.length if flow is None else flow)
    total = sum(hop.weight for hop in hops)
    point = spread % total
    for hop in hops:
        point -= hop.weight
        if point < 0:
            return hop
    return hops[-1]


def flow_of(source: Address, destination: Address, protocol: int) -> int:
    """The hash of a flow: equal for every packet of it, and for every run."""
    return _mix(_mix(int(source)) ^ int(destination) ^ protocol << 24)


def _mix(number: int) -> int:
    number = (number ^ number >> 16) * _FLOW_PRIME & 0xFFFFFFFF
    return number ^ number >> 13


def _choose(host: Host, instance: str, route: Route, packet: Packet) -> NextHop | None:
    if len(route.next_hops) < 2:
        return route.next_hops[0] if route.next_hops else None
    configured = host.config.instances.get(instance)
    master = host.config.instances.get(MASTER)
    balanced = any(found and found.forwarding_export for found in (configured, master))
    return selected(route, packet.flow if balanced else None)


# --- IP --------------------------------------------------------------------------


def _route(host: Host, instance: str, packet: Packet, *, originated: bool = False) -> Decision:
    configured = host.config.instances.get(instance)
    table = configured.table if configured else "inet.0"
    return _lookup(host, instance, table, packet, originated=originated)


def _lookup(
    host: Host, instance: str, table: str, packet: Packet, *, originated: bool = False
) -> Decision:
    target = packet.destination
    lookups: tuple[tuple[str, Address], ...] = ()
    for _ in host.ribs:
        lookups = (*lookups, (table, target))
        route = host.rib(table).lookup(target)
        if (route is not None and is_own(route, target)) or (originated and is_loopback(target)):
            return Decision(Verdict.DELIVER, instance, lookups=lookups)
        if (accepts := host.claim_on(target, instance)) is not None:
            verdict = Verdict.DELIVER if accepts else Verdict.DROPPED
            return Decision(verdict, instance, lookups=lookups)
        if not originated and packet.ttl <= 1:
            return Decision(Verdict.EXPIRED, instance, lookups=lookups)
        if route is None:
            return Decision(Verdict.NO_ROUTE, instance, lookups=lookups)
        hop = _choose(host, instance, route, packet)
        if hop is not None and hop.table is not None:
            table, instance = hop.table, _instance_of_table(hop.table)
            continue
        return _by_route(host, instance, route, hop, packet, lookups, originated=originated)
    return Decision(Verdict.DROPPED, instance, lookups=lookups)


def _by_route(  # noqa: PLR0913 - one step of _lookup, with all it knows
    host: Host,
    instance: str,
    route: Route,
    hop: NextHop | None,
    packet: Packet,
    lookups: tuple[tuple[str, Address], ...],
    *,
    originated: bool,
) -> Decision:
    if route.kind is NextHopKind.REJECT:
        return Decision(Verdict.REJECTED, instance, lookups=lookups)
    if hop is None or hop.via is None or not host.up(hop.via):
        return Decision(Verdict.DROPPED, instance, lookups=lookups)
    if not originated:
        packet.ttl -= 1
    _push(host, hop.labels, packet)
    gateway = hop.to if hop.to is not None else packet.destination
    return Decision(Verdict.SEND, instance, gateway, hop.via, lookups)


def is_loopback(target: Address) -> bool:
    """This host, whatever its tables say of it (RFC 1122 section 3.2.1.3)."""
    return target >> 24 == _LOOPBACK


def is_own(route: Route, target: Address) -> bool:
    """An address of this router: a Local route, or the host route of a loopback."""
    if route.kind in {NextHopKind.LOCAL, NextHopKind.RECEIVE}:
        return True
    return (
        route.protocol is Protocol.DIRECT
        and route.prefix.length == 32
        and route.prefix.network == target
    )


def _instance_of_table(table: str) -> str:
    return table.removesuffix(".inet.0") if table.endswith(".inet.0") else MASTER


def _push(host: Host, labels: tuple[int, ...], packet: Packet) -> None:
    if not labels:
        return
    mpls = host.config.mpls
    if packet.stack:
        ttl = packet.stack[-1][1]
    else:
        ttl = _FULL_TTL if mpls is not None and mpls.no_propagate_ttl else packet.ttl
    packet.stack.extend((label, ttl) for label in labels)


# --- MPLS ------------------------------------------------------------------------


def _switch(host: Host, interface: str, packet: Packet) -> Decision:
    if not switches(host, interface):
        return Decision(Verdict.DROPPED, MASTER)
    label = packet.stack[-1][0]
    lookups = (("mpls.0", label_prefix(label).network),)
    route = _label_route(host, label, inner=len(packet.stack) > 1)
    hop = None if route is None else _choose(host, MASTER, route, packet)
    if label == EXPLICIT_NULL:
        hop = NextHop(table="inet.0", pop=True)
    if hop is None:
        return Decision(Verdict.DROPPED, MASTER, lookups=lookups)
    if hop.table is not None:
        _pop(packet)
        return _after_pop(host, interface, hop.table, packet, lookups)
    instance = _instance_of_hop(host, hop)
    leaves = hop.pop and instance != MASTER
    if not _age(packet, leaves=leaves):
        return Decision(Verdict.EXPIRED, instance, lookups=lookups)
    if hop.swap is not None:
        packet.stack[-1] = (hop.swap, packet.stack[-1][1])
    elif hop.pop and not leaves:
        _pop(packet)
    _push(host, hop.labels, packet)
    return _send_on(host, instance, hop, packet, lookups)


def _age(packet: Packet, *, leaves: bool) -> bool:
    """One hop older; False if that was the last.

    A packet that leaves the path for a customer is popped first and ages as IP, so that
    the egress counts as one hop whether or not the path is hidden (RFC 3443 section 3).
    """
    if leaves:
        _pop(packet)
        packet.ttl -= 1
        return packet.ttl > 0
    label, ttl = packet.stack[-1]
    packet.stack[-1] = (label, ttl - 1)
    return ttl > 1


def _send_on(
    host: Host,
    instance: str,
    hop: NextHop,
    packet: Packet,
    lookups: tuple[tuple[str, Address], ...],
) -> Decision:
    if hop.via is None or not host.up(hop.via):
        return Decision(Verdict.DROPPED, instance, lookups=lookups)
    gateway = hop.to if hop.to is not None else packet.destination
    return Decision(Verdict.SEND, instance, gateway, hop.via, lookups)


def _after_pop(
    host: Host,
    interface: str,
    table: str,
    packet: Packet,
    lookups: tuple[tuple[str, Address], ...],
) -> Decision:
    """The label named a table: more labels are switched, a bare packet is routed there."""
    if packet.stack:
        return _switch(host, interface, packet)
    decision = _lookup(host, _instance_of_table(table), table, packet)
    return Decision(
        decision.verdict,
        decision.instance,
        decision.gateway,
        decision.interface,
        lookups + decision.lookups,
    )


def switches(host: Host, interface: str) -> bool:
    """Whether labelled packets are taken on an interface: `family mpls` and `protocols mpls`."""
    unit, mpls = host.unit(interface), host.config.mpls
    if unit is None or mpls is None or "mpls" not in unit.families:
        return False
    return interface in mpls.interfaces or "all" in mpls.interfaces


def _label_route(host: Host, label: int, *, inner: bool) -> Route | None:
    rib = host.rib("mpls.0")
    if inner:
        route = rib.active(inner_prefix(label))
        if route is not None:
            return route
    return rib.active(label_prefix(label))


def _instance_of_hop(host: Host, hop: NextHop) -> str:
    if hop.table is not None:
        return _instance_of_table(hop.table)
    return host.instance_of(hop.via) if hop.via else MASTER


def _pop(packet: Packet) -> None:
    """The lower TTL goes on; one that was hidden at the ingress starts from 255 and loses."""
    _, ttl = packet.stack.pop()
    if packet.stack:
        label, inner = packet.stack[-1]
        packet.stack[-1] = (label, min(inner, ttl))
    else:
        packet.ttl = min(packet.ttl, ttl)
