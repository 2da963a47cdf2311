"""The topology as SVG, with the way that packets take in one state."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

from lxml import etree

from multihome.report.layout import layout, neighbors
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from lxml.etree import _Element

    from multihome.report.model import Topology, TracedPath

    Point: TypeAlias = tuple[float, float]

_WIDTH, _HEIGHT = 96, 40
"""Of a router's box."""
_EDGE = 16
_BENDS = (0, 56, -56, 96, -96, 144, -144)
"""How far a line is pulled aside so that it passes no router that it does not belong to."""
_SAMPLES = 24
"""All in pixels of the picture's own scale, but for the points of a line that are looked at."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How routers stand: in columns from left to right, or in rows downwards."""

    column: float
    """From one router to the next across the picture."""
    row: float
    """The same downwards."""
    upright: bool
    abreast: int
    """How many stand at most at one distance from the source."""


_WIDE = Grid(132, 66, upright=False, abreast=8)
_NARROW = Grid(112, 76, upright=True, abreast=3)
"""For a screen that is held upright: three boxes fill its width."""


def draw(
    topology: Topology,
    path: TracedPath | None,
    silent: Collection[str] = (),
    left: str = "",
    *,
    narrow: bool = False,
) -> str:
    """One picture; the classes are styled by the page around it.

    `silent` routers, which could not be asked, are marked; `left` stands leftmost, or on top of
    a `narrow` picture.
    """
    grid = _NARROW if narrow else _WIDE
    centres = _centres(topology, left or (path.source if path else ""), grid)
    width = max((x for x, _ in centres.values()), default=0) + _WIDTH / 2 + _EDGE
    height = max((y for _, y in centres.values()), default=0) + _HEIGHT / 2 + _EDGE
    root = etree.Element("svg", viewBox=f"0 0 {width:g} {height:g}", role="img")
    root.set("class", "narrow" if narrow else "wide")
    root.set("style", f"max-width: {width:g}px")
    title = etree.SubElement(root, "title")
    title.text = safe(
        f"path in state {path.state}: {' > '.join(path.routers)}" if path else "network"
    )
    _links(root, topology, centres)
    if path:
        _way(root, topology, path, centres)
    for name, role in topology.nodes:
        on = path is not None and name in path.routers
        marks = [word for word, holds in (("on", on), ("silent", name in silent)) if holds]
        _router(root, name, role, centres[name], marks)
    return etree.tostring(root, encoding="unicode")


def _centres(topology: Topology, source: str, grid: Grid) -> dict[str, Point]:
    """The middle of each router's box."""
    found = {}
    for name, place in layout(topology, source, grid.abreast).items():
        across, down = (place.row, place.column) if grid.upright else (place.column, place.row)
        x = _EDGE + _WIDTH / 2 + grid.column * across
        found[name] = (x, _EDGE + _HEIGHT / 2 + grid.row * down)
    return found


def _links(root: _Element, topology: Topology, centres: Mapping[str, Point]) -> None:
    group = etree.SubElement(root, "g", {"class": "links"})
    for one, other in topology.links:
        _line(group, one, other, "link", centres)


def _way(
    root: _Element, topology: Topology, path: TracedPath, centres: Mapping[str, Point]
) -> None:
    """Each step of the way; dashed where routers between do not show themselves."""
    group = etree.SubElement(root, "g", {"class": "way"})
    near = neighbors(topology)
    for one, other in _steps(path.routers):
        kind = "step" if other in near.get(one, ()) else "step hidden"
        _line(group, one, other, kind, centres)


def _steps(names: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return ((one, other) for one, other in pairwise(names) if one != other)


def _line(group: _Element, one: str, other: str, kind: str, centres: Mapping[str, Point]) -> None:
    """Straight if it can be, else bent around the routers that stand in its way."""
    if one not in centres or other not in centres:
        return
    (x1, y1), (x2, y2) = sorted((centres[one], centres[other]))
    others = [centre for name, centre in centres.items() if name not in (one, other)]
    bends = [_bent((x1, y1), (x2, y2), bend) for bend in _BENDS]
    free = (each for each in bends if not _hits((x1, y1), each, (x2, y2), others))
    x, y = next(free, bends[0])
    straight = (x, y) == bends[0]
    shape = "L" if straight else f"Q{x:g} {y:g} "
    etree.SubElement(group, "path", {"class": kind, "d": f"M{x1:g} {y1:g} {shape}{x2:g} {y2:g}"})


def _bent(start: Point, end: Point, bend: float) -> Point:
    """The point that pulls a line aside at its middle."""
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1) or 1
    return (
        round((x1 + x2) / 2 - bend * (y2 - y1) / length, 1),
        round((y1 + y2) / 2 + bend * (x2 - x1) / length, 1),
    )


def _hits(start: Point, pull: Point, end: Point, others: Collection[Point]) -> bool:
    """Whether a line passes behind the box of another router."""
    return any(
        abs(x - other_x) < _WIDTH / 2 and abs(y - other_y) < _HEIGHT / 2
        for x, y in _points(start, pull, end)
        for other_x, other_y in others
    )


def _points(start: Point, pull: Point, end: Point) -> Iterator[Point]:
    """Along a quadratic Bézier curve, as SVG draws it."""
    for number in range(1, _SAMPLES):
        t = number / _SAMPLES
        weights = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
        x, y = (
            sum(weight * value for weight, value in zip(weights, each, strict=True))
            for each in zip(start, pull, end, strict=True)
        )
        yield x, y


def _router(root: _Element, name: str, role: str, centre: Point, marks: Iterable[str]) -> None:
    x, y = centre
    group = etree.SubElement(root, "g", {"class": " ".join(("router", *marks))})
    box = etree.SubElement(group, "rect", x=f"{x - _WIDTH / 2:g}", y=f"{y - _HEIGHT / 2:g}")
    box.set("width", str(_WIDTH))
    box.set("height", str(_HEIGHT))
    box.set("rx", "8")
    label = etree.SubElement(group, "text", {"class": "name", "x": f"{x:g}", "y": f"{y - 2:g}"})
    label.text = _short(safe(name))
    kind = etree.SubElement(group, "text", {"class": "role", "x": f"{x:g}", "y": f"{y + 13:g}"})
    kind.text = _short(safe(role))


def _short(text: str) -> str:
    """What fits into a box."""
    return text if len(text) <= 13 else f"{text[:12]}…"
