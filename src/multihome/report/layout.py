"""Where routers stand in the picture: columns by distance from the source, few crossings."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multihome.report.model import Topology

_SWEEPS = 6
_TALLEST = 5
"""A column with more routers than this is split, so that the picture fits a page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Column from the left, and height in rows from the top (a fraction where columns differ)."""

    column: int
    row: float


def layout(topology: Topology, source: str) -> Mapping[str, Place]:
    """A place for every router of the topology."""
    names = [name for name, _ in topology.nodes]
    if not names:
        return {}
    near = neighbors(topology)
    distance = _distances(near, source if source in near else names[0])
    last = max(distance.values(), default=0) + 1
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for name in names:
        columns[distance.get(name, last)].append(name)
    columns = [part for column in columns if column for part in _split(column)]
    _untangle(columns, near)
    tallest = max(len(column) for column in columns)
    return {
        name: Place(number, row + (tallest - len(column)) / 2)
        for number, column in enumerate(columns)
        for row, name in enumerate(column)
    }


def neighbors(topology: Topology) -> dict[str, set[str]]:
    """Who is linked with whom."""
    near: dict[str, set[str]] = {name: set() for name, _ in topology.nodes}
    for one, other in topology.links:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    return near


def _distances(near: Mapping[str, set[str]], source: str) -> dict[str, int]:
    found = {source: 0}
    queue = deque([source])
    while queue:
        name = queue.popleft()
        for each in sorted(near[name] - found.keys()):
            found[each] = found[name] + 1
            queue.append(each)
    return found


def _split(column: list[str]) -> list[list[str]]:
    parts = -(-len(column) // _TALLEST)
    size = -(-len(column) // parts)
    return [column[start : start + size] for start in range(0, len(column), size)]


def _untangle(columns: list[list[str]], near: Mapping[str, set[str]]) -> None:
    """Sort each column by where its neighbours stand, over and over (barycentre heuristic)."""
    for _ in range(_SWEEPS):
        for column in columns:
            heights = {
                name: row / max(len(other) - 1, 1)
                for other in columns
                for row, name in enumerate(other)
            }
            column.sort(key=lambda name: (_middle(near[name], heights, heights[name]), name))


def _middle(names: set[str], heights: Mapping[str, float], own: float) -> float:
    around: Sequence[float] = [heights[name] for name in names]
    return sum(around) / len(around) if around else own
