"""The topology as SVG: what is broken, where the fault is, and the way that packets take."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

from lxml import etree

from multihome.report.damage import Damage
from multihome.report.fitting import fitted, fitted_name, width_of
from multihome.report.layout import NARROW, WIDE, Plan, arrange
from multihome.report.lines import Liner, middle
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lxml.etree import _Element

    from multihome.report.layout import Box, Frame
    from multihome.report.lines import Line, Point
    from multihome.report.model import Cable, Member, Topology, TracedPath

_ROUND = 6.0
_MARK = 9.0
"""Radius of a mark on a line."""
_SMALL = 9.5
_WORDS = {"p": "core", "pe": "PE", "cpe": "CPE", "customer": "customer"}
_SHORT = {"local-preference": "LP"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What one picture shows beside the network itself."""

    path: TracedPath | None = None
    damage: Damage = field(default_factory=Damage)
    fault: tuple[str, ...] = ()
    """What a drill broke: a router, or two ends."""


@dataclass(frozen=True, slots=True)
class _Wire:
    kind: str
    about: str


class Drawing:
    """One network at one size; each picture of it has everything at the same places."""

    def __init__(self, topology: Topology, *, narrow: bool) -> None:
        self._topology, self._narrow = topology, narrow
        self.plan: Plan = arrange(topology, NARROW if narrow else WIDE)
        self._members = {member.router: member for member in reversed(topology.members)}
        self._liner = Liner(self.plan)
        self._wires = dict(self._all_wires())
        self.lines: dict[frozenset[str], Line] = {
            pair: self._liner.line(*sorted(pair)) for pair in self._wires
        }

    def svg(self, scene: Scene) -> str:
        """One picture; the classes are styled by the page around it."""
        plan = self.plan
        root = etree.Element("svg", viewBox=f"0 0 {plan.width:g} {plan.height:g}", role="img")
        root.set("class", "narrow" if self._narrow else "wide")
        root.set("style", f"max-width: {plan.width:g}px")
        etree.SubElement(root, "title").text = safe(_words(scene))
        for frame in plan.frames:
            _frame(root, frame)
        self._draw_wires(root, scene)
        steps = set(self._draw_way(root, scene))
        for name, box in plan.lans.items():
            self._lan(root, name, box, on=any(name in step for step in steps))
        for name, role in self._topology.nodes:
            self._router(root, name, role, scene)
        self._draw_marks(root, scene)
        return etree.tostring(root, encoding="unicode")

    def steps(self, path: TracedPath) -> Iterator[tuple[frozenset[str], bool]]:
        """The parts of the way, and whether each is a link; across a LAN there are two."""
        for one, other in pairwise(path.routers):
            if one == other:
                continue
            pair = frozenset((one, other))
            if pair in self._wires:
                yield pair, True
            elif lan := self._common_lan(one, other):
                yield frozenset((one, lan)), True
                yield frozenset((lan, other)), True
            elif one in self.plan.routers and other in self.plan.routers:
                yield pair, False

    def line(self, pair: frozenset[str]) -> Line:
        """Where the line between two boxes runs."""
        if pair not in self.lines:
            self.lines[pair] = self._liner.line(*sorted(pair))
        return self.lines[pair]

    def _all_wires(self) -> Iterator[tuple[frozenset[str], _Wire]]:
        """Every line of the network by what it joins; a leg comes before a plain link."""
        known = self.plan.boxes
        joined: set[frozenset[str]] = set()
        for cable in sorted(self._topology.cables, key=lambda each: each.kind == "link"):
            for pair in _pairs(cable):
                joined.add(frozenset(pair))
                if set(pair) <= known.keys() and len(set(pair)) == 2:
                    yield frozenset(pair), _Wire(cable.kind, _about(cable))
            if cable.kind == "lan":
                joined |= {frozenset((a.router, b.router)) for a in cable.ends for b in cable.ends}
        for link in self._topology.links:
            if frozenset(link) not in joined and set(link) <= known.keys():
                yield frozenset(link), _Wire("link", " - ".join(link))

    def _common_lan(self, one: str, other: str) -> str:
        for name in self.plan.lans:
            if {frozenset((one, name)), frozenset((other, name))} <= self._wires.keys():
                return name
        return ""

    def _draw_wires(self, root: _Element, scene: Scene) -> None:
        group = etree.SubElement(root, "g", {"class": "links"})
        for pair, wire in self._wires.items():
            broken = " broken" if pair in scene.damage.links else ""
            path = _path(group, self.lines[pair], f"link {wire.kind}{broken}")
            etree.SubElement(path, "title").text = safe(wire.about)
        for pair in scene.damage.sessions:
            if pair <= self.plan.boxes.keys() and len(pair) == 2:
                _path(group, self.line(pair), "link session broken")

    def _draw_way(self, root: _Element, scene: Scene) -> Iterator[frozenset[str]]:
        """Each step of the way; dashed where routers between do not show themselves."""
        group = etree.SubElement(root, "g", {"class": "way"})
        if scene.path is None:
            return
        for pair, is_link in self.steps(scene.path):
            _path(group, self.line(pair), "step" if is_link else "step hidden")
            yield pair

    def _lan(self, root: _Element, name: str, box: Box, *, on: bool) -> None:
        group = etree.SubElement(root, "g", {"class": "lan on" if on else "lan"})
        _rect(group, box, box.height / 2)
        cable = next(each for each in self._topology.cables if each.name == name)
        _text(group, box, 17, f"LAN {cable.about.partition(',')[0]}", "role", 10)
        etree.SubElement(group, "title").text = safe(_about(cable))

    def _router(self, root: _Element, name: str, role: str, scene: Scene) -> None:
        box = self.plan.routers[name]
        failed = scene.damage.failed.get(name, 0)
        on = scene.path is not None and name in scene.path.routers
        silent = name in scene.damage.silent
        marks = {"on": on, "failed": failed and not silent, "silent": silent}
        words = ["router", *(word for word, holds in marks.items() if holds)]
        group = etree.SubElement(root, "g", {"class": " ".join(words)})
        member = self._members.get(name)
        etree.SubElement(group, "title").text = safe(_told(name, role, member, failed))
        _rect(group, box, 8)
        leg = member is not None and member.leg
        lines = [_WORDS.get(role, role) if not leg else f"{leg} CPE"]
        if member is not None and member.preferences:
            lines += _preferences(member, box.width - 8)
        elif failed or silent:
            lines.append(f"✗ {failed} failed" if not silent else "? no answer")
        start, step = {1: (42, 0), 2: (35, 14)}.get(len(lines), (29, 11.5))
        _text(group, box, start - 16 if len(lines) < 3 else 16, name, "name", 12.5)
        for number, line in enumerate(lines):
            kind = "role" if number == 0 or member is None or not member.preferences else "marks"
            _text(group, box, start + number * step, line, kind, _SMALL)
        if (failed or silent) and member is not None and member.preferences:
            _badge(group, (box.x + box.width - 9, box.y + 9), "?" if silent else "✗")

    def _draw_marks(self, root: _Element, scene: Scene) -> None:
        boxes = [*self.plan.boxes.values(), *(frame.heading for frame in self.plan.frames)]
        where = self._fault(scene.fault)
        faulty = frozenset(scene.fault)
        for pair in (*scene.damage.links, *scene.damage.sessions):
            if pair != faulty and pair <= self.plan.boxes.keys() and len(pair) == 2:
                _badge(root, middle(self.line(pair), boxes, _MARK + 1), "✗")
        if where is None:
            return
        _bolt(root, where if isinstance(where, tuple) else (where.x + 10, where.y + 10))

    def _fault(self, fault: tuple[str, ...]) -> Point | Box | None:
        """Where the mark goes: on the line between both ends, or at the corner of the router."""
        boxes = self.plan.boxes
        known = [name for name in fault if name in boxes]
        if len(known) == 2 and (lan := self._common_lan(*known)):
            return boxes[lan]
        if len(known) == 2:
            around = [*boxes.values(), *(frame.heading for frame in self.plan.frames)]
            return middle(self.line(frozenset(known)), around, _MARK + 1)
        return boxes[known[0]] if known else None


def _pairs(cable: Cable) -> Iterator[tuple[str, str]]:
    if cable.kind == "lan":
        yield from ((end.router, cable.name) for end in cable.ends if end.router)
    else:
        yield from pairwise(end.router for end in cable.ends)


def _about(cable: Cable) -> str:
    """The ends of a link with their addresses, for whoever points at it."""
    ends = " - ".join(
        " ".join(filter(None, (end.router, end.interface, end.address))) for end in cable.ends
    )
    kind = "" if cable.kind in ("link", "lan") else f"{cable.kind} leg"
    return ", ".join(filter(None, (cable.name or kind, ends, cable.about)))


def _words(scene: Scene) -> str:
    path = scene.path
    return f"path in state {path.state}: {' > '.join(path.routers)}" if path else "network"


def _told(name: str, role: str, member: Member | None, failed: int) -> str:
    parts = [name, _WORDS.get(role, role)]
    if member is not None:
        leg = f", {member.leg} leg" if member.leg else ""
        parts += [f"site {member.site}{leg}", *member.preferences]
    return ", ".join([*parts, *([f"{failed} checks failed"] if failed else [])])


def _preferences(member: Member, room: float) -> list[str]:
    """On one line if they fit, else each on its own."""
    words = [_shortened(mark) for mark in member.preferences]
    together = ", ".join(words)
    return [together] if width_of(together, _SMALL) <= room else words


def _shortened(mark: str) -> str:
    word, _, value = mark.partition(" ")
    return f"{_SHORT.get(word, word)} {value}"


def _frame(root: _Element, frame: Frame) -> None:
    group = etree.SubElement(root, "g", {"class": "site"})
    _rect(group, frame.box, 10)
    room = frame.heading.width
    label = etree.SubElement(group, "text", x=f"{frame.heading.x:g}", y=f"{frame.heading.y + 12:g}")
    label.text = fitted(safe(frame.title), room, 11, bold=True)
    etree.SubElement(group, "title").text = safe(f"site {frame.title}")


def _rect(group: _Element, box: Box, radius: float) -> None:
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}
    etree.SubElement(group, "rect", {name: f"{value:g}" for name, value in place.items()})


def _text(group: _Element, box: Box, down: float, words: str, kind: str, size: float) -> None:
    """A line in the middle of a box, cut to fit."""
    label = etree.SubElement(group, "text", {"class": kind, "font-size": f"{size:g}"})
    label.set("x", f"{box.centre[0]:g}")
    label.set("y", f"{box.y + down:g}")
    room = box.width - 8
    label.text = (
        fitted_name(safe(words), room, size) if kind == "name" else fitted(safe(words), room, size)
    )


def _path(group: _Element, line: Line, kind: str) -> _Element:
    return etree.SubElement(group, "path", {"class": kind, "d": _rounded(line)})


def _rounded(line: Line) -> str:
    """The line with its bends rounded off on the inner side."""
    parts = [f"M{line[0][0]:g} {line[0][1]:g}"]
    for before, at, after in zip(line, line[1:], line[2:], strict=False):
        into, out = _towards(at, before), _towards(at, after)
        parts.append(f"L{into[0]:g} {into[1]:g}Q{at[0]:g} {at[1]:g} {out[0]:g} {out[1]:g}")
    parts.append(f"L{line[-1][0]:g} {line[-1][1]:g}")
    return "".join(parts)


def _towards(at: Point, other: Point) -> Point:
    (x, y), (x2, y2) = at, other
    length = hypot(x2 - x, y2 - y) or 1
    step = min(_ROUND, length / 2) / length
    return round(x + (x2 - x) * step, 1), round(y + (y2 - y) * step, 1)


def _badge(root: _Element, at: Point, sign: str) -> None:
    group = etree.SubElement(root, "g", {"class": "badge"})
    x, y = at
    etree.SubElement(group, "circle", cx=f"{x:g}", cy=f"{y:g}", r="7")
    etree.SubElement(group, "text", x=f"{x:g}", y=f"{y + 3.5:g}").text = sign


def _bolt(root: _Element, at: Point) -> None:
    """The mark of a drill's fault."""
    x, y = at
    group = etree.SubElement(root, "g", {"class": "fault"})
    etree.SubElement(group, "circle", cx=f"{x:g}", cy=f"{y:g}", r=f"{_MARK:g}")
    bolt = f"M{x + 1.5:g} {y - 6:g}l-5 7h3.2l-1.2 5 5-7h-3.2z"
    etree.SubElement(group, "path", d=bolt)
    etree.SubElement(group, "title").text = "the drill's fault"


def drawn_routers(topology: Topology, wanted: Collection[str], most: int) -> Topology:
    """The part of a network that fits a picture: what is wanted, then the core, then the rest."""
    if len(topology.nodes) <= most:
        return topology
    order = sorted(
        topology.nodes, key=lambda node: (node[0] not in wanted, node[1] not in ("p", "pe"))
    )
    kept = {name for name, _ in order[: max(most, len(wanted))]}
    return type(topology)(
        tuple(node for node in topology.nodes if node[0] in kept),
        tuple(link for link in topology.links if set(link) <= kept),
        tuple(member for member in topology.members if member.router in kept),
        tuple(cable for cable in topology.cables if any(end.router in kept for end in cable.ends)),
    )
