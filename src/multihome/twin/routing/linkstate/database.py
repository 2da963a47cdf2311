"""A link-state database: lsas, which is newer, and what they say together.

IS-IS (ISO 10589) and OSPF (RFC 2328) differ in how neighbours meet and what an lsa is
called; what they keep and compute is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.linkstate.spf import Graph, Key, Reach, Vertex, graph_of

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_ROUTE = Prefix(Address(0), 0)
_SHARED_TABLES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Lsa:
    """An LSP or LSA of one vertex; passed on by reference, never changed."""

    vertex: Vertex
    sequence: int
    prefixes: tuple[Reach, ...]
    host_name: str
    area: str
    attached: bool
    born: float
    lifetime: float
    """0: a purge."""

    @property
    def key(self) -> Key:
        """The vertex it speaks of."""
        return self.vertex.key

    @property
    def checksum(self) -> int:
        """Of everything it says: tells two of one number apart, after a router forgot its own."""
        flags = [name for name, on in self._flags() if on]
        said = (self.key, self.sequence, self.vertex.links, self.prefixes, *flags)
        return crc32(repr(said).encode()) & 0xFFFF

    def _flags(self) -> tuple[tuple[str, bool], ...]:
        return ("overload", self.vertex.overload), ("attached", self.attached)


def confused(held: Lsa, received: Lsa) -> bool:
    """Whether two have one number and differ, as a router and what is left of its earlier life."""
    return (
        received is not held
        and received.sequence == held.sequence
        and min(received.lifetime, held.lifetime) > 0
        and received.checksum != held.checksum
    )


class Database:
    """The lsas one router holds of one area."""

    def __init__(self) -> None:
        self._adverts: dict[Key, Lsa] = {}
        self._snapshot: frozenset[Lsa] | None = None

    def install(self, lsa: Lsa) -> bool:
        """Keep an lsa if it is newer than what is there; whether it was.

        A purge is newer than what it purges, at the same number (ISO 10589 section 7.3.16.3).
        """
        held = self._adverts.get(lsa.key)
        newer = held is None or _rank(lsa) > _rank(held)
        if newer:
            self.put(lsa)
        return newer

    def outnumbers(self, lsa: Lsa) -> bool:
        """Whether what is there is newer than an lsa."""
        held = self._adverts.get(lsa.key)
        return held is not None and _rank(held) > _rank(lsa)

    def put(self, lsa: Lsa) -> None:
        """Keep an lsa in the place of what is there."""
        self._adverts[lsa.key] = lsa
        self._snapshot = None

    def get(self, key: Key) -> Lsa | None:
        """The lsa held of a vertex, a purge included."""
        return self._adverts.get(key)

    def everything(self) -> tuple[Lsa, ...]:
        """Every lsa, purges included, for a new neighbour."""
        return tuple(self._adverts.values())

    def live(self) -> frozenset[Lsa]:
        """Every lsa that is not a purge."""
        if self._snapshot is None:
            self._snapshot = frozenset(a for a in self._adverts.values() if a.lifetime > 0)
        return self._snapshot


def _rank(lsa: Lsa) -> tuple[int, bool]:
    return lsa.sequence, lsa.lifetime == 0


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """What a set of lsas says: the graph, and who reaches each prefix."""

    graph: Graph
    reaches: dict[Prefix, tuple[tuple[int, Reach], ...]]


@lru_cache(maxsize=_SHARED_TABLES)
def topology_of(lsas: frozenset[Lsa]) -> Topology:
    """The topology of a database; one for all routers that hold the same lsas."""
    graph = graph_of(frozenset(lsa.vertex for lsa in lsas))
    reaches: dict[Prefix, list[tuple[int, Reach]]] = {}
    for lsa in sorted(lsas, key=lambda lsa: lsa.key):
        number = graph.index[lsa.key]
        for reach in lsa.prefixes:
            reaches.setdefault(reach.prefix, []).append((number, reach))
        if lsa.attached:
            reaches.setdefault(DEFAULT_ROUTE, []).append((number, Reach(DEFAULT_ROUTE, 0)))
    return Topology(graph, {prefix: tuple(found) for prefix, found in reaches.items()})


def same_links(vertex: Vertex, links: Iterable[tuple[Key, int]], *, overload: bool) -> bool:
    """Whether a vertex already says this, so that its graph need not be made again."""
    return vertex.links == tuple(links) and vertex.overload == overload
