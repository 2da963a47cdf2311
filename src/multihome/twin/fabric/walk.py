"""A packet's way through the network, router by router, until it ends somewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from multihome.twin.routing import forwarding
from multihome.twin.routing.forwarding import Decision, Packet, Verdict
from multihome.twin.routing.host import End

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.routing.host import Host

_MAX_HOPS = 300
"""More than a TTL lasts."""


class Fate(StrEnum):
    """How a packet ended."""

    DELIVERED = "delivered"
    EXPIRED = "time-exceeded"
    NO_ROUTE = "net-unreachable"
    NO_HOST = "host-unreachable"
    LOST = "lost"
    """No answer: discarded, or sent to where no one listens."""


_FATES = {
    Verdict.DELIVER: Fate.DELIVERED,
    Verdict.EXPIRED: Fate.EXPIRED,
    Verdict.NO_ROUTE: Fate.NO_ROUTE,
    Verdict.REJECTED: Fate.NO_ROUTE,
    Verdict.DROPPED: Fate.LOST,
}


class Wires(Protocol):
    """What a packet needs of the network between the routers."""

    def host(self, node: str) -> Host:
        """The router of that name."""
        ...

    def owner(self, sender: End, address: Address) -> End | None:
        """Whose address it is on the sender's link, reachable or not."""
        ...

    def carries(self, sender: End, receiver: End) -> bool:
        """Whether a packet sent now arrives."""
        ...

    def delay(self, sender: End) -> float:
        """One way over the sender's link, in seconds."""
        ...


@dataclass(slots=True)
class Way:
    """Where a packet went and what became of it."""

    fate: Fate
    node: str
    """The last router that had it."""
    instance: str
    """Whose table decided there."""
    arrived_by: str = ""
    """The interface it came in by; empty at its origin."""
    labelled: bool = False
    """Whether it came in with labels."""
    left_by: str = ""
    """The interface it left its origin by."""
    hops: int = 0
    delay: float = 0.0
    nodes: list[str] = field(default_factory=list)
    labels: tuple[int, ...] = ()
    """On the packet when it ended."""
    lookups: list[tuple[str, str, Address]] = field(default_factory=list)
    """Router, table and address or label, of each look into a table."""


def walk(wires: Wires, node: str, instance: str, packet: Packet) -> Way:
    """Send a packet from a router's own instance and follow it."""
    way = Way(Fate.LOST, node, instance)
    host = wires.host(node)
    return _follow(wires, way, host, forwarding.originate(host, instance, packet), packet)


def walk_on(wires: Wires, node: str, interface: str, packet: Packet) -> Way:
    """Follow a packet as if it had just come in by an interface."""
    host = wires.host(node)
    way = Way(Fate.LOST, node, host.instance_of(interface))
    return _follow(wires, way, host, forwarding.arrive(host, interface, packet), packet)


def _follow(wires: Wires, way: Way, host: Host, decision: Decision, packet: Packet) -> Way:
    for _ in range(_MAX_HOPS):
        _note(way, host, decision)
        if decision.verdict is not Verdict.SEND or decision.gateway is None:
            way.fate = _FATES[decision.verdict]
            way.labels = tuple(label for label, _ in packet.stack)
            return way
        sender = End(host.name, decision.interface)
        receiver = wires.owner(sender, decision.gateway)
        if receiver is None:
            way.fate = Fate.NO_HOST
            return way
        if not wires.carries(sender, receiver):
            way.nodes.append(receiver.node)
            return way
        _cross(way, wires, sender, receiver, packet)
        host = wires.host(receiver.node)
        decision = forwarding.arrive(host, receiver.interface, packet)
    return way


def _note(way: Way, host: Host, decision: Decision) -> None:
    way.node, way.instance = host.name, decision.instance
    way.nodes.append(host.name)
    way.lookups.extend((host.name, table, address) for table, address in decision.lookups)


def _cross(way: Way, wires: Wires, sender: End, receiver: End, packet: Packet) -> None:
    way.left_by = way.left_by or sender.interface
    way.arrived_by, way.labelled = receiver.interface, bool(packet.stack)
    way.hops += 1
    way.delay += wires.delay(sender)
