"""Shortest paths through the core, from the links that the intent names."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import permutations
from typing import TYPE_CHECKING

from multihome.intent.core import DEFAULT_METRIC

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    from multihome.intent.expect.states import Failures
    from multihome.intent.model import Intent


@dataclass(frozen=True, slots=True)
class Hop:
    """One way out of a router towards another."""

    router: str
    """The neighbour."""
    interface: str
    address: IPv4Address
    """The neighbour's."""
    metric: int


class Igp:
    """Distances and first hops; with no link named, everybody reaches everybody somehow."""

    def __init__(self, intent: Intent, failures: Failures) -> None:
        self._hops: dict[str, list[Hop]] = {}
        self._opaque = not intent.core.links
        self._failures = failures
        self._distances: dict[str, dict[str, int]] = {}
        for link in intent.core.links:
            if not all(failures.works(name, end.interface) for name, end in link.ends.items()):
                continue
            for (name, end), (other, far) in permutations(link.ends.items(), 2):
                hop = Hop(other, end.interface, far.address.ip, end.metric or DEFAULT_METRIC)
                self._hops.setdefault(name, []).append(hop)

    def neighbors(self, router: str) -> tuple[Hop, ...]:
        """Every adjacency of a router."""
        return tuple(self._hops.get(router, ()))

    def cost(self, start: str, end: str) -> int | None:
        """The metric from one router to another; None if there is no way."""
        if {start, end} & self._failures.routers:
            return None
        if start == end or self._opaque:
            return 0
        return self._from(start).get(end)

    def first_hops(self, start: str, end: str) -> tuple[Hop, ...]:
        """Every first hop of a shortest path; none if the links are not known."""
        total = self.cost(start, end)
        if total is None or start == end:
            return ()
        found = []
        for hop in self.neighbors(start):
            rest = self.cost(hop.router, end)
            if rest is not None and hop.metric + rest == total:
                found.append(hop)
        return tuple(found)

    def _from(self, start: str) -> dict[str, int]:
        if start not in self._distances:
            self._distances[start] = self._dijkstra(start)
        return self._distances[start]

    def _dijkstra(self, start: str) -> dict[str, int]:
        distances: dict[str, int] = {}
        waiting = [(0, start)]
        while waiting:
            distance, router = heappop(waiting)
            if router in distances:
                continue
            distances[router] = distance
            for hop in self.neighbors(router):
                heappush(waiting, (distance + hop.metric, hop.router))
        return distances
