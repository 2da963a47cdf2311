"""Look for the cause of a failure: ask what is not known yet, as often as it takes.

An explanation reads tables as a check does.  What has not been collected is noted and the
explanation put off; the engine collects what all of them want at once and asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_interface
from typing import TYPE_CHECKING, TypeVar

from multihome.errors import DeviceError
from multihome.state import interface

if TYPE_CHECKING:
    from collections.abc import Collection

    from multihome.state.query import Evidence, Query
    from multihome.state.reply import Address
    from multihome.state.request import Request

T = TypeVar("T")


class NotYet(Exception):
    """What is needed has not been collected; it is on the list now."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something failed, in words; failures of one cause carry the same `cause`."""

    why: str
    cause: str = ""
    next: str = ""


class Inquiry:
    """What explanations may look at, and what they still want."""

    def __init__(self, evidence: Evidence, routers: Collection[str]) -> None:
        self._evidence, self._routers = evidence, routers
        self._owners: dict[Address, str] = {}
        self.wanted: dict[tuple[str, Request], None] = {}

    def table(self, router: str, query: Query[T]) -> T | None:
        """A table; None if the router did not say.  Raises NotYet if it was not asked."""
        if (router, query.request) not in self._evidence:
            self.wanted[router, query.request] = None
            raise NotYet
        try:
            return self._evidence.table(router, query)
        except DeviceError:
            return None

    def owner(self, address: Address) -> str | None:
        """The router that an address belongs to."""
        if not self._owners:
            self._owners = self._all_addresses()
        return self._owners.get(address)

    def named(self, address: Address) -> str:
        """An address with its router's name, where that is known: `4.0.0.22 (juno)`."""
        owner = self.owner(address)
        return f"{address} ({owner})" if owner else str(address)

    def local_interface(self, router: str, peer: Address) -> interface.Status | None:
        """The interface whose subnet a neighbour is in."""
        found = self.table(router, interface.TERSE)
        for each in found.by_name.values() if found else ():
            if any(peer in ip_interface(text).network for text in each.addresses):
                return each
        return None

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


def _interfaces(table: interface.Interfaces | None) -> Collection[interface.Status]:
    return table.by_name.values() if table else ()
