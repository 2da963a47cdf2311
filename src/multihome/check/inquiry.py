"""Look for the cause of a failure: ask what is not known yet, as often as it takes.

An explanation reads tables as a check does.  What has not been collected is noted and the
explanation put off; the engine collects what all of them want at once and asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, ip_interface
from typing import TYPE_CHECKING, TypeVar

from multihome.errors import DeviceError
from multihome.intent.wiring_plan import IntendedWiring
from multihome.state import interface

if TYPE_CHECKING:
    from collections.abc import Collection

    from multihome.state.query import Evidence, Query
    from multihome.state.reply import Address, Prefix
    from multihome.state.request import Request

T = TypeVar("T")
_NOBODY = IPv4Address(0)  # no router has it


class NotYet(Exception):
    """What is needed has not been collected; it is on the list now."""


@dataclass(frozen=True, slots=True)
class Place:
    """A router, and what it has no good route to."""

    router: str
    target: Prefix | Address
    table: str = ""
    """Empty: whichever table it is."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something failed, in words; failures of one cause carry the same `cause`."""

    why: str
    cause: str = ""
    next: str = ""
    certain: bool = False
    """The cause is broken itself, and does not merely follow from something else."""
    blames: tuple[Place, ...] = ()
    """Where the cause lies that this is only the effect of, the likeliest first."""


def silence(router: str) -> str:
    """The cause of whatever fails because a router does not answer at all."""
    return f"{router} could not be asked"


class Inquiry:
    """What explanations may look at, and what they still want."""

    def __init__(
        self, evidence: Evidence, routers: Collection[str], chart: IntendedWiring | None = None
    ) -> None:
        self._evidence, self._routers = evidence, routers
        self.chart = chart or IntendedWiring()
        self._owners: dict[Address, str] = {}
        self.wanted: dict[tuple[str, Request], None] = {}

    def table(self, router: str, query: Query[T]) -> T | None:
        """A table; None if the router did not say or is not to be asked.

        Raises NotYet if it was not asked yet.
        """
        if router not in self._routers:
            return None
        if (router, query.request) not in self._evidence:
            self.wanted[router, query.request] = None
            raise NotYet
        try:
            return self._evidence.table(router, query)
        except DeviceError:
            return None

    def silent(self, router: str) -> bool:
        """Whether a router did not answer; raises NotYet if it was not asked yet."""
        self.table(router, interface.TERSE)
        return router in self._evidence.silent

    def owner(self, address: Address) -> str | None:
        """The router that an address belongs to; of one that is silent, as the intent has it."""
        if not self._owners:
            self._owners = {**self.chart.owners, **self._all_addresses()}
        return self._owners.get(address)

    def named(self, address: Address) -> str:
        """An address with its router's name, where that is known: `4.0.0.22 (juno)`."""
        owner = self.owner(address)
        return f"{address} ({owner})" if owner else str(address)

    def local_interface(self, router: str, peer: Address) -> interface.Status | None:
        """The interface whose subnet a neighbour is in."""
        found = self.table(router, interface.TERSE)
        for each in _interfaces(found):
            if any(peer in ip_interface(text).network for text in each.addresses):
                return each
        return None

    def opposite(self, router: str, name: str) -> list[tuple[str, str]]:
        """Routers and interfaces that share a subnet with an interface, silent ones as well."""
        self.owner(_NOBODY)
        table = self.table(router, interface.TERSE)
        status = table.get(name) if table else None
        subnets = _subnets(status) if status else frozenset()
        charted = self.chart.opposite.get((router, name), ())
        heard = [
            (other, each.name)
            for other in self._routers
            if other != router
            for each in _interfaces(self.table(other, interface.TERSE))
            if subnets & _subnets(each)
        ]
        return heard + [end for end in charted if end[0] in self._evidence.silent]

    def toward(self, router: str, peer: Address) -> str | None:
        """The interface of a link to a neighbour: by its subnet, or as the intent has it."""
        if local := self.local_interface(router, peer):
            return local.name
        ends = ((name, wire) for (owner, name), wire in self.chart.wires.items() if owner == router)
        own = self.chart.loopbacks.get(router)
        found = (name for name, wire in ends if name != own and peer in wire.address.network)
        return next(found, None)

    def links(self, router: str) -> list[tuple[str, str]]:
        """A router's interfaces, each with a router at the other end."""
        table = self.table(router, interface.TERSE)
        return [
            (each.name, other)
            for each in _interfaces(table)
            for other, _ in self.opposite(router, each.name)
        ]

    def _all_addresses(self) -> dict[Address, str]:
        """Every router's addresses; asks all routers that have not been asked."""
        missing = [
            router
            for router in self._routers
            if (router, interface.TERSE.request) not in self._evidence
        ]
        if missing:
            self.wanted.update(dict.fromkeys((r, interface.TERSE.request) for r in missing))
            raise NotYet
        return {
            ip_interface(text).ip: router
            for router in self._routers
            for each in _interfaces(self.table(router, interface.TERSE))
            for text in each.addresses
        }


def _subnets(status: interface.Status) -> frozenset[object]:
    """The subnets of an interface that others can be in, too."""
    networks = (ip_interface(text).network for text in status.addresses)
    return frozenset(each for each in networks if each.num_addresses > 1)


def _interfaces(table: interface.Interfaces | None) -> Collection[interface.Status]:
    return table.by_name.values() if table else ()
