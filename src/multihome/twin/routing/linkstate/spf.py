"""Shortest paths over a link-state database (Dijkstra, with every equal path kept).

Routers of one area hold the same lsas, by reference; what is computed from the lsas
alone (the graph, the table of prefixes) is computed once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Prefix

UNREACHABLE: Final = 1 << 40
_SHARED_GRAPHS: Final = 8


class Key(NamedTuple):
    """A router (`circuit` 0), or a LAN by the router and circuit that speak for it."""

    system: str
    circuit: int = 0


class Reach(NamedTuple):
    """One prefix a vertex reaches; the lower `kind` wins whatever the metric."""

    prefix: Prefix
    metric: int
    kind: int = 0
    """0 inside the domain, 1 external (path and metric add up), 2 external (metric first)."""
    tag: int | None = None
    down: bool = False
    """A PE has it from the backbone: other PEs do not listen (RFC 4577 section 4.2.5)."""


@dataclass(frozen=True, slots=True, eq=False)
class Vertex:
    """What an lsa says of the topology; compared by identity, shared by reference."""

    key: Key
    links: tuple[tuple[Key, int], ...]
    overload: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Vertices by number; an edge exists only if both ends report it."""

    keys: tuple[Key, ...]
    index: dict[Key, int]
    edges: tuple[tuple[tuple[int, int], ...], ...]
    lan: tuple[bool, ...]
    no_transit: tuple[bool, ...]


class FirstHop(NamedTuple):
    """The way out of the root: a neighbour, directly or over a LAN (-1: no LAN)."""

    neighbor: int
    lan: int


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Distance and first hops of every vertex, seen from one; hops are bits of a mask."""

    graph: Graph
    root: int
    distance: list[int]
    mask: list[int]
    first_hops: tuple[FirstHop, ...]

    def hops(self, mask: int) -> Iterator[FirstHop]:
        """The first hops of a mask."""
        for bit, hop in enumerate(self.first_hops):
            if mask >> bit & 1:
                yield hop


@lru_cache(maxsize=_SHARED_GRAPHS)
def graph_of(vertices: frozenset[Vertex]) -> Graph:
    """The graph these vertices make, with the two-way check of ISO 10589 section 7.2.8.1."""
    ordered = sorted(vertices, key=lambda vertex: vertex.key)
    index = {vertex.key: number for number, vertex in enumerate(ordered)}
    said = [{key for key, _ in vertex.links} for vertex in ordered]
    edges = tuple(
        tuple(
            (index[far], metric)
            for far, metric in vertex.links
            if far in index and vertex.key in said[index[far]]
        )
        for vertex in ordered
    )
    return Graph(
        keys=tuple(index),
        index=index,
        edges=edges,
        lan=tuple(key.circuit != 0 for key in index),
        no_transit=tuple(vertex.overload for vertex in ordered),
    )


def tree_of(graph: Graph, root: int) -> Tree:
    """Shortest paths from one vertex to all."""
    return _Search(graph, root).run()


class _Search:
    """One run of Dijkstra's algorithm.

    A LAN is settled before routers at the same distance, as the step from it to its
    routers costs nothing and must not come too late for those behind them.
    """

    def __init__(self, graph: Graph, root: int) -> None:
        self._graph, self._root = graph, root
        self._distance = [UNREACHABLE] * len(graph.keys)
        self._mask = [0] * len(graph.keys)
        self._bits: dict[FirstHop, int] = {}

    def run(self) -> Tree:
        graph, distance = self._graph, self._distance
        distance[self._root] = 0
        heap = [(0, True, self._root)]
        done = bytearray(len(graph.keys))
        while heap:
            _, _, here = heappop(heap)
            if done[here]:
                continue
            done[here] = True
            if here == self._root or not graph.no_transit[here]:
                for far in self._relax(here):
                    heappush(heap, (distance[far], not graph.lan[far], far))
        return Tree(graph, self._root, distance, self._mask, tuple(self._bits))

    def _relax(self, here: int) -> Iterator[int]:
        distance, mask = self._distance, self._mask
        so_far = distance[here]
        splits = here == self._root or self._graph.lan[here]
        for far, metric in self._graph.edges[here]:
            total = so_far + metric
            if total > distance[far]:
                continue
            hops = self._hops_over(here, far) if splits else mask[here]
            if total < distance[far]:
                distance[far], mask[far] = total, hops
                yield far
            else:
                mask[far] |= hops

    def _hops_over(self, here: int, far: int) -> int:
        """First hops at the root itself, or over a LAN: one that the root is on names the router."""
        if here == self._root:
            return self._bit(FirstHop(-1, far) if self._graph.lan[far] else FirstHop(far, -1))
        direct = FirstHop(-1, here)
        if direct not in self._bits or not self._mask[here] & self._bit(direct):
            return self._mask[here]
        return self._mask[here] & ~self._bit(direct) | self._bit(FirstHop(far, here))

    def _bit(self, hop: FirstHop) -> int:
        return 1 << self._bits.setdefault(hop, len(self._bits))
