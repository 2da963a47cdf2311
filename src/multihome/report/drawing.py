"""The topology as SVG, with the way that packets take in one state."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree

from multihome.report.layout import layout, neighbors
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lxml.etree import _Element

    from multihome.report.layout import Place
    from multihome.report.model import Topology, TracedPath

_STEP, _ROW = 132, 66
_WIDTH, _HEIGHT = 96, 40
_EDGE = 16
"""All in pixels of the picture's own scale."""


def draw(
    topology: Topology, path: TracedPath | None, silent: Collection[str] = (), left: str = ""
) -> str:
    """One picture; the classes are styled by the page around it.

    `silent` routers, which could not be asked, are marked; `left` stands leftmost.
    """
    places = layout(topology, left or (path.source if path else ""))
    columns = 1 + max((place.column for place in places.values()), default=0)
    rows = 1 + max((place.row for place in places.values()), default=0)
    width = _STEP * (columns - 1) + _WIDTH + 2 * _EDGE
    height = _ROW * (rows - 1) + _HEIGHT + 2 * _EDGE
    root = etree.Element("svg", viewBox=f"0 0 {width:g} {height:g}", role="img")
    root.set("style", f"max-width: {width:g}px")
    title = etree.SubElement(root, "title")
    title.text = safe(
        f"path in state {path.state}: {' > '.join(path.routers)}" if path else "network"
    )
    _links(root, topology, places)
    if path:
        _way(root, topology, path, places)
    for name, role in topology.nodes:
        on = path is not None and name in path.routers
        marks = [word for word, holds in (("on", on), ("silent", name in silent)) if holds]
        _router(root, name, role, places[name], marks)
    return etree.tostring(root, encoding="unicode")


def _links(root: _Element, topology: Topology, places: Mapping[str, Place]) -> None:
    group = etree.SubElement(root, "g", {"class": "links"})
    for one, other in topology.links:
        if one in places and other in places:
            _line(group, places[one], places[other], "link")


def _way(root: _Element, topology: Topology, path: TracedPath, places: Mapping[str, Place]) -> None:
    """Each step of the way; dashed where routers between do not show themselves."""
    group = etree.SubElement(root, "g", {"class": "way"})
    near = neighbors(topology)
    for one, other in _steps(path.routers):
        if one in places and other in places:
            kind = "step" if other in near[one] else "step hidden"
            _line(group, places[one], places[other], kind)


def _steps(names: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return ((one, other) for one, other in pairwise(names) if one != other)


def _line(group: _Element, one: Place, other: Place, kind: str) -> None:
    """Straight between columns, bent beside a column that it would cross."""
    (x1, y1), (x2, y2) = _centre(one), _centre(other)
    if one.column == other.column and abs(one.row - other.row) > 1:
        bend = x1 + _WIDTH / 2 + _EDGE
        shape = f"M{x1:g} {y1:g} Q{bend + _EDGE:g} {(y1 + y2) / 2:g} {x2:g} {y2:g}"
    else:
        shape = f"M{x1:g} {y1:g} L{x2:g} {y2:g}"
    etree.SubElement(group, "path", {"class": kind, "d": shape})


def _centre(place: Place) -> tuple[float, float]:
    x = _EDGE + _WIDTH / 2 + _STEP * place.column
    y = _EDGE + _HEIGHT / 2 + _ROW * place.row
    return x, y


def _router(root: _Element, name: str, role: str, place: Place, marks: Iterable[str]) -> None:
    x, y = _centre(place)
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
