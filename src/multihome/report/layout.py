"""Where routers stand in the picture: columns by distance from the source, few crossings."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multihome.report.model import Topology

_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Column from the left, and height in rows from the top (a fraction where columns differ)."""

    column: int
    row: float


def layout(topology: Topology, source: str, tallest: int = 8) -> Mapping[str, Place]:
    """A place for every router of the topology.

    A column with more routers than `tallest` is split, so that the picture fits a page.
    """
    names = [name for name, _ in topology.nodes]
    if not names:
        return {}
    near = neighbors(topology)
    distance = _distances(near, source if source in near else names[0])
    last = max(distance.values(), default=0) + 1
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for name in names:
        columns[distance.get(name, last)].append(name)
    columns = [part for column in columns if column for part in _split(column, tallest)]
    _untangle(columns, near)
    longest = max(len(column) for column in columns)
    return {
        name: Place(number, row + (longest - len(column)) / 2)
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


def _split(column: list[str], tallest: int) -> list[list[str]]:
    parts = -(-len(column) // tallest)
    size = -(-len(column) // parts)
    return [column[start : start + size] for start in range(0, len(column), size)]


def _untangle(columns: list[list[str]], near: Mapping[str, set[str]]) -> None:
    """Sort columns by where the neighbours before or behind stand; keep the best of all tries."""
    best, fewest = [list(column) for column in columns], _crossings(columns, near)
    for sweep in range(_SWEEPS):
        order = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for number in order:
            beside = columns[:number] if sweep % 2 == 0 else columns[number + 1 :]
            _sort(columns[number], beside, near)
        if (found := _crossings(columns, near)) < fewest:
            best, fewest = [list(column) for column in columns], found
    columns[:] = best


def _sort(column: list[str], beside: Sequence[Sequence[str]], near: Mapping[str, set[str]]) -> None:
    """By the middle of the neighbours' heights (barycentre heuristic)."""
    heights = _heights(beside)
    own = _heights([column])

    def middle(name: str) -> float:
        around = [heights[each] for each in near[name] if each in heights]
        return sum(around) / len(around) if around else own[name]

    column.sort(key=lambda name: (middle(name), own[name], name))


def _heights(columns: Sequence[Sequence[str]]) -> dict[str, float]:
    """Rows from the middle of each column."""
    return {
        name: row - (len(column) - 1) / 2 for column in columns for row, name in enumerate(column)
    }


def _crossings(columns: Sequence[Sequence[str]], near: Mapping[str, set[str]]) -> int:
    """How many pairs of links cross, among links that join the same two columns."""
    heights = _heights(columns)
    column_of = {name: number for number, column in enumerate(columns) for name in column}
    links: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for name, others in near.items():
        for other in others:
            if column_of[name] < column_of[other]:
                pair = (column_of[name], column_of[other])
                links.setdefault(pair, []).append((heights[name], heights[other]))
    return sum(
        (one[0] - two[0]) * (one[1] - two[1]) < 0
        for each in links.values()
        for one, two in combinations(each, 2)
    )
