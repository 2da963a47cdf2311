"""What an area floods and computes, and what it asks of the protocol that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.routing.linkstate.database import Lsa
    from multihome.twin.routing.linkstate.spf import Key, Reach
    from multihome.twin.routing.route import NextHop, Route


class Flood(NamedTuple):
    """LSAs on their way over one link; `secret` must be the receiver's too."""

    area: int | str
    lsas: tuple[Lsa, ...]
    secret: tuple[str, str] | None = None
    complete: bool = False
    """Everything the sender has: a receiver that has more sends it (as after a CSNP)."""


@dataclass(frozen=True, slots=True)
class LocalLsa:
    """What a router says of one vertex of its own, before it gets a sequence number."""

    key: Key
    links: tuple[tuple[Key, int], ...]
    prefixes: tuple[Reach, ...] = ()
    overload: bool = False
    attached: bool = False


class Total(NamedTuple):
    """A prefix as the shortest paths reach it."""

    prefix: Prefix
    kind: int
    metric: int
    tag: int | None
    next_hops: tuple[NextHop, ...]


class Speaker(Protocol):
    """The protocol that runs an area."""

    protocol: str
    """The process lsas are sent to."""
    area: int | str
    area_name: str
    """As lsas carry it."""
    table: str
    """Where routes go."""

    @property
    def host_name(self) -> str:
        """As lsas carry it."""
        ...

    @property
    def serves_ces(self) -> bool:
        """Whether this is a PE, which has the routes of other PEs from the backbone itself."""
        ...

    @property
    def lifetime(self) -> float:
        """Of an lsa, in seconds."""
        ...

    @property
    def spf_delay(self) -> float:
        """From the first change to the computation, in seconds."""
        ...

    def statements(self) -> Iterator[LocalLsa]:
        """What this router says now, its own vertex first."""
        ...

    def flooding(self) -> Iterable[str]:
        """The interfaces with a neighbour to flood to."""
        ...

    def teaches(self, interface: str) -> bool:
        """Whether this router sends the full database on a link: on a LAN, one router does."""
        ...

    def secret(self) -> tuple[str, str] | None:
        """What authenticates a batch."""
        ...

    def gateways(self, neighbor: Key, lan: Key | None) -> tuple[NextHop, ...]:
        """How to send to a neighbouring router, directly or over a LAN."""
        ...

    def route(self, total: Total) -> Route | None:
        """The route for the table; None: this prefix is not wanted there."""
        ...

    def computed(self) -> None:
        """Routes have been computed and written."""
        ...

    def reconcile(self, held: Lsa, received: Lsa) -> Lsa:
        """What to keep of two of another router's that differ under one number."""
        ...
