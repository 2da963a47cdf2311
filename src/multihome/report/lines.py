"""Lines between the boxes of a picture: straight where nothing is in between, else around it.

A line that cannot be straight follows lanes beside the boxes (A* over a grid of lanes), so that
no line ever runs behind a router or a title that it has nothing to do with.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from multihome.report.layout import Box, Plan

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = tuple[Point, ...]
_Cell: TypeAlias = tuple[int, int]
_State: TypeAlias = tuple[_Cell, int]
"""A crossing of lanes, and the direction in which it was reached: 0 across, 1 down, -1 none."""

_CLEAR = 5.0
"""How far from a box of another router a line stays."""
_LANES = (7.0, 12.0)
"""Beside each box."""
_BEND = 60.0
"""Pixels of detour that a bend is worth."""
_FAR = float("inf")
_HASTE = 1.4
_SHARED = 2.0
"""How much longer a lane counts that another line takes already."""


class Liner:
    """Draws lines one after the other, each beside those before it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._boxes = plan.boxes
        self._titles = [frame.heading for frame in plan.frames]
        obstacles = [*self._boxes.values(), *self._titles]
        self._xs = _lanes(((each.x, each.width) for each in obstacles), plan.width)
        self._ys = _lanes(((each.y, each.height) for each in obstacles), plan.height)
        self._used: set[frozenset[Point]] = set()

    def line(self, one: str, other: str) -> Line:
        """From the middle of one box to that of the other."""
        others = [box for name, box in self._boxes.items() if name not in (one, other)]
        foreign = [*others, *self._titles]
        start, end = self._ports(one, other)
        if not any(crosses(start, end, box, _CLEAR) for box in foreign):
            return start, end
        found = self._around(start, end, foreign)
        self._used.update(frozenset(step) for step in pairwise(found))
        return _without_detail(found)

    def _ports(self, one: str, other: str) -> tuple[Point, Point]:
        """The middles; at a LAN, the point that faces the other box."""
        start, end = self._boxes[one].centre, self._boxes[other].centre
        if one in self._plan.lans:
            start = _facing(self._boxes[one], end)
        if other in self._plan.lans:
            end = _facing(self._boxes[other], start)
        return start, end

    def _around(self, start: Point, end: Point, foreign: Sequence[Box]) -> Line:
        xs = sorted({*self._xs, start[0], end[0]})
        ys = sorted({*self._ys, start[1], end[1]})
        grid = _Grid(xs, ys, foreign, self._used)
        return grid.shortest(start, end) or (start, end)


class _Grid:
    def __init__(
        self,
        xs: list[float],
        ys: list[float],
        foreign: Sequence[Box],
        used: Collection[frozenset[Point]],
    ) -> None:
        self._xs, self._ys, self._used = xs, ys, used
        self._blocked = {
            (i, j)
            for box in foreign
            for i in _inside(xs, box.x, box.width)
            for j in _inside(ys, box.y, box.height)
        }

    def shortest(self, start: Point, end: Point) -> Line:
        """A way with few bends and little detour; empty if there is none."""
        first = self._xs.index(start[0]), self._ys.index(start[1])
        last = self._xs.index(end[0]), self._ys.index(end[1])
        queue: list[tuple[float, float, _Cell, int]] = [(0.0, 0.0, first, -1)]
        came: dict[_State, _State] = {}
        best: dict[_State, float] = {(first, -1): 0.0}
        while queue:
            _, cost, at, heading = heappop(queue)
            if at == last:
                return self._back(came, (at, heading))
            if cost > best[at, heading]:
                continue
            for after, way, length in self._next(at):
                new = cost + length + (_BEND if heading not in (-1, way) else 0.0)
                if new < best.get((after, way), _FAR):
                    best[after, way] = new
                    came[after, way] = (at, heading)
                    heappush(queue, (new + self._left(after, end), new, after, way))
        return ()

    def _next(self, at: _Cell) -> Iterator[tuple[_Cell, int, float]]:
        """The free neighbours of a crossing: which, in which direction, at what cost."""
        i, j = at
        x, y = self._xs[i], self._ys[j]
        for after, way in (((i + 1, j), 0), ((i - 1, j), 0), ((i, j + 1), 1), ((i, j - 1), 1)):
            if after in self._blocked or not (
                0 <= after[0] < len(self._xs) and 0 <= after[1] < len(self._ys)
            ):
                continue
            there = self._xs[after[0]], self._ys[after[1]]
            length = abs(x - there[0]) + abs(y - there[1])
            shared = frozenset(((x, y), there)) in self._used
            yield after, way, length * (1 + _SHARED) if shared else length

    def _point(self, at: _Cell) -> Point:
        return self._xs[at[0]], self._ys[at[1]]

    def _left(self, at: _Cell, end: Point) -> float:
        """How far it still is, somewhat overrated: a good way at once, not the best one late."""
        x, y = abs(self._xs[at[0]] - end[0]), abs(self._ys[at[1]] - end[1])
        return (x + y) * _HASTE + (_BEND if x and y else 0.0)

    def _back(
        self,
        came: dict[_State, _State],
        state: _State,
    ) -> Line:
        found = [self._point(state[0])]
        while state in came:
            state = came[state]
            found.append(self._point(state[0]))
        return tuple(reversed(found))


def crosses(start: Point, end: Point, box: Box, clear: float = 0.0) -> bool:
    """Whether a straight line touches a box, or comes nearer to it than `clear`."""
    (x1, y1), (x2, y2) = start, end
    enter, leave = 0.0, 1.0
    for at, step, low, high in (
        (x1, x2 - x1, box.x - clear, box.x + box.width + clear),
        (y1, y2 - y1, box.y - clear, box.y + box.height + clear),
    ):
        if step == 0:
            if not low < at < high:
                return False
            continue
        one, other = sorted(((low - at) / step, (high - at) / step))
        enter, leave = max(enter, one), min(leave, other)
    return enter < leave


def middle(line: Line, boxes: Iterable[Box], clear: float) -> Point:
    """The point of a line for a mark: as near its middle as boxes leave room for it."""
    known = list(boxes)
    for share in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8):
        x, y = _at(line, share)
        if not any(_is_near(x, y, box, clear) for box in known):
            return x, y
    return _at(line, 0.5)


def _is_near(x: float, y: float, box: Box, clear: float) -> bool:
    return (
        box.x - clear < x < box.x + box.width + clear
        and box.y - clear < y < box.y + box.height + clear
    )


def _at(line: Line, share: float) -> Point:
    lengths = [hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(line)]
    left = sum(lengths) * share
    for ((x1, y1), (x2, y2)), length in zip(pairwise(line), lengths, strict=True):
        if left <= length and length:
            return x1 + (x2 - x1) * left / length, y1 + (y2 - y1) * left / length
        left -= length
    return line[-1]


def _facing(box: Box, other: Point) -> Point:
    """The point of a bar from which another box is straight above or below, if there is one."""
    x = min(max(other[0], box.x + 8), box.x + box.width - 8)
    return x, box.centre[1]


def _lanes(spans: Iterable[tuple[float, float]], size: float) -> set[float]:
    found = {6.0, 14.0, size - 6.0, size - 14.0}
    for start, length in spans:
        found.add(start + length / 2)
        for lane in _LANES:
            found |= {start - lane, start + length + lane}
    return {each for each in found if 0 < each < size}


def _inside(lanes: Sequence[float], start: float, length: float) -> list[int]:
    low, high = start - _CLEAR, start + length + _CLEAR
    return [number for number, each in enumerate(lanes) if low < each < high]


def _without_detail(line: Line) -> Line:
    """Only the ends and the bends."""
    kept = [line[0]]
    for before, at, after in zip(line, line[1:], line[2:], strict=False):
        straight = before[0] == at[0] == after[0] or before[1] == at[1] == after[1]
        if not straight:
            kept.append(at)
    return (*kept, line[-1])
