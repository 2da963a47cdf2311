"""What is broken on purpose, as data: the network asks it of every light, packet and message.

link A B | link A INTERFACE [silent]    the cable is pulled; silent: packets vanish in it
router A [frozen]                       power off; frozen: it does nothing, links stay lit
interface A INTERFACE                   a port breaks, physical or logical
session A ADDRESS                       TCP between A and the address vanishes
process A NAME                          a process is gone until the fault is removed
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.addressing import Address
    from multihome.twin.routing.host import End


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
