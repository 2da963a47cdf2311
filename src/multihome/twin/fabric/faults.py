"""What is broken on purpose, as data: the network asks it of every light, packet and message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.routing.host import End


KINDS: Mapping[str, str] = {
    "link": (
        "link A B: pull the cable between two routers; link A INTERFACE: at one end; a further "
        "word 'silent' loses packets while the link stays up."
    ),
    "router": "router A: power off; router A frozen: it does nothing, its links stay up.",
    "interface": "interface A INTERFACE: a port breaks, physical or logical.",
    "session": "session A ADDRESS: TCP between A and that address is lost.",
    "process": (
        "process A NAME: a process (bfd, bgp, isis, ldp, ospf, routing or vrrp) is gone until the "
        "fault is removed."
    ),
}
"""Every kind of fault, and how it is asked for: help and completion are made from this."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was broken, in the words it was asked for."""

    kind: str
    args: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.kind, *self.args))


@dataclass(frozen=True, slots=True)
class Damage:
    """What a fault does, or the sum of all faults."""

    cut: frozenset[End] = field(default=frozenset())
    """Ends whose cable is pulled."""
    lost: frozenset[tuple[End, End]] = field(default=frozenset())
    """From one end to another every packet is lost without a trace."""
    sessions: frozenset[tuple[str, Address]] = field(default=frozenset())
    """A router's TCP to an address is dropped, in both directions."""

    def __or__(self, other: Damage) -> Damage:
        return Damage(self.cut | other.cut, self.lost | other.lost, self.sessions | other.sessions)


def cable(ends: Iterable[End]) -> Damage:
    """A cable pulled at these ends."""
    return Damage(cut=frozenset(ends))


def silence(pairs: Iterable[tuple[End, End]]) -> Damage:
    """Between these ends packets vanish, in both directions."""
    return Damage(lost=frozenset(pair for one, two in pairs for pair in ((one, two), (two, one))))
