"""Where routers are in the picture: the core on top, PEs below it, each site in a frame of its own.

All lengths are in pixels of the picture's own scale.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from multihome.report.fitting import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from multihome.report.model import Cable, Member, Topology

_SWEEPS = 8
_PAD = 14
"""Between a frame and what is in it."""
_TITLE = 20
_LAN = 26
CORE_ROLES = ("p", "pe")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of one kind of picture."""

    width: float
    """At most, of the whole picture."""
    box: float
    height: float
    gap: float
    """Between boxes of a row."""
    row: float
    """Between rows."""
    margin: float
    """Around the picture: room for lines that go around everything."""

    @property
    def room(self) -> float:
        """Between the margins."""
        return self.width - 2 * self.margin


WIDE = Sizes(1120, 136, 58, 40, 58, 26)
NARROW = Sizes(350, 96, 58, 14, 48, 16)
"""For a phone, or for three pictures side by side: three boxes fill its width."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> Box:
        """The same, further right and down."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Frame:
    """A site: its routers are inside."""

    title: str
    box: Box
    heading: Box
    """Where the title is."""


@dataclass(slots=True)
class Plan:
    """Every place in a picture."""

    width: float = 0
    height: float = 0
    routers: dict[str, Box] = field(default_factory=dict)
    lans: dict[str, Box] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)

    @property
    def boxes(self) -> dict[str, Box]:
        """Routers and LANs by name."""
        return {**self.routers, **self.lans}


@dataclass(frozen=True, slots=True)
class _Site:
    title: str
    rows: tuple[tuple[str, ...], ...]
    """The CPEs, primary leg first; below the LAN, the customer's routers."""
    lan: Cable | None


def arrange(topology: Topology, sizes: Sizes) -> Plan:
    """A place for every router and LAN of the topology; nothing overlaps."""
    near = neighbors(topology)
    sites, placed = _sites(topology)
    rows = _core_rows(topology, placed, near, sizes)
    frames = _in_order_of_pes(sites, [name for row in rows for name in row], near)
    inner = [_frame(site, sizes) for site in frames]
    bands = _bands(inner, sizes)
    plan = Plan(width=_width(rows, bands, sizes))
    top = sizes.margin
    for row in rows:
        _place_row(plan, row, top, sizes)
        top += sizes.height + sizes.row
    for band in bands:
        _place_band(plan, band, top, sizes)
        top += max(frame.height for frame in band) + sizes.row * 0.75
    below = sizes.row if not bands else sizes.row * 0.75
    plan.height = top - below + sizes.margin
    return plan


def neighbors(topology: Topology) -> dict[str, set[str]]:
    """Which routers have a link or a LAN in common."""
    near: dict[str, set[str]] = {name: set() for name, _ in topology.nodes}
    for one, other in topology.links:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    return near


def _sites(topology: Topology) -> tuple[list[_Site], set[str]]:
    """The sites, and the routers in them; a router of several sites is drawn at its first."""
    known = {name: role for name, role in topology.nodes if role not in CORE_ROLES}
    lans = {cable.name: cable for cable in topology.cables if cable.kind == "lan"}
    several = len({member.vpn for member in topology.members}) > 1
    groups: dict[tuple[str, str], list[Member]] = defaultdict(list)
    placed: set[str] = set()
    for member in topology.members:
        if member.router in known and member.router not in placed:
            placed.add(member.router)
            groups[member.vpn, member.site].append(member)
    sites = []
    for (vpn, name), members in groups.items():
        routers = {member.router for member in members}
        lan = next((each for each in lans.values() if routers & _ends(each)), None)
        cpes = sorted(
            (member for member in members if known[member.router] != "customer"),
            key=lambda member: member.leg != "primary",
        )
        customers = [each.router for each in members if known[each.router] == "customer"]
        rows = (tuple(each.router for each in cpes), tuple(customers))
        title = f"{name} ({vpn})" if several else name
        sites.append(_Site(title, tuple(row for row in rows if row), lan))
    return sites, placed


def _ends(cable: Cable) -> set[str]:
    return {end.router for end in cable.ends}


def _core_rows(
    topology: Topology, placed: set[str], near: Mapping[str, set[str]], sizes: Sizes
) -> list[list[str]]:
    """Core, PEs, then whatever has a role of a site and no site, in rows that fit."""
    left = [each for each in topology.nodes if each[0] not in placed]
    roles = [*CORE_ROLES, *dict.fromkeys(role for _, role in left if role not in CORE_ROLES)]
    abreast = max(1, int((sizes.room + sizes.gap) // (sizes.box + sizes.gap)))
    rows = [
        part
        for role in roles
        for part in _split([name for name, its in left if its == role], abreast)
    ]
    untangle(rows, near)
    return rows


def _in_order_of_pes(
    sites: list[_Site], order: list[str], near: Mapping[str, set[str]]
) -> list[_Site]:
    """Sites from left to right as the PEs that they are connected to."""
    at = {name: number for number, name in enumerate(order)}

    def middle(site: _Site) -> float:
        found = [at[pe] for row in site.rows for each in row for pe in near[each] if pe in at]
        return sum(found) / len(found) if found else len(order)

    return sorted(sites, key=middle)


@dataclass(frozen=True, slots=True)
class _Inner:
    """A frame before it has a place: boxes count from its corner."""

    title: str
    width: float
    height: float
    routers: Mapping[str, Box]
    lan: tuple[str, Box] | None


def _frame(site: _Site, sizes: Sizes) -> _Inner:
    room = sizes.room - 2 * _PAD + sizes.gap
    abreast = max(1, int(room // (sizes.box + sizes.gap)))
    upper = _split(list(site.rows[0]), abreast)
    lower = [part for row in site.rows[1:] for part in _split(list(row), abreast)]
    longest = max(len(row) for row in (*upper, *lower))
    inside = longest * (sizes.box + sizes.gap) - sizes.gap
    if site.lan is not None and longest == 1:
        inside = max(inside, min(sizes.box * 1.5, sizes.room - 2 * _PAD))
    inside = max(inside, min(width_of(site.title, 11, bold=True), sizes.box * 1.5))
    routers: dict[str, Box] = {}
    top = float(_TITLE + _PAD / 2)
    lan = None
    for number, row in enumerate((*upper, *lower)):
        if site.lan is not None and number == len(upper):
            lan = (site.lan.name, Box(_PAD, top, inside, _LAN))
            top += _LAN + sizes.row * 0.6
        start = _PAD + (inside - len(row) * (sizes.box + sizes.gap) + sizes.gap) / 2
        for place, name in enumerate(row):
            x = start + place * (sizes.box + sizes.gap)
            routers[name] = Box(x, top, sizes.box, sizes.height)
        top += sizes.height + sizes.row * 0.6
    if site.lan is not None and lan is None:
        lan = (site.lan.name, Box(_PAD, top, inside, _LAN))
        top += _LAN + sizes.row * 0.6
    height = top - sizes.row * 0.6 + _PAD
    return _Inner(site.title, inside + 2 * _PAD, height, routers, lan)


def _bands(frames: Iterable[_Inner], sizes: Sizes) -> list[list[_Inner]]:
    """Frames beside each other as far as the width goes."""
    bands: list[list[_Inner]] = []
    used = 0.0
    for frame in frames:
        if not bands or used + sizes.gap + frame.width > sizes.room:
            bands.append([])
            used = -sizes.gap
        bands[-1].append(frame)
        used += sizes.gap + frame.width
    return bands


def _width(rows: list[list[str]], bands: list[list[_Inner]], sizes: Sizes) -> float:
    needed = [len(row) * (sizes.box + sizes.gap) - sizes.gap for row in rows]
    needed += [sum(each.width for each in band) + sizes.gap * (len(band) - 1) for band in bands]
    return max(needed, default=sizes.box) + 2 * sizes.margin


def _place_row(plan: Plan, row: Sequence[str], top: float, sizes: Sizes) -> None:
    """Boxes evenly across the picture."""
    share = (plan.width - 2 * sizes.margin) / len(row)
    for number, name in enumerate(row):
        x = sizes.margin + share * (number + 0.5) - sizes.box / 2
        plan.routers[name] = Box(x, top, sizes.box, sizes.height)


def _place_band(plan: Plan, band: Sequence[_Inner], top: float, sizes: Sizes) -> None:
    free = plan.width - 2 * sizes.margin - sum(each.width for each in band)
    apart = free / len(band)
    x = sizes.margin + apart / 2
    for each in band:
        plan.routers |= {name: box.moved(x, top) for name, box in each.routers.items()}
        if each.lan is not None:
            plan.lans[each.lan[0]] = each.lan[1].moved(x, top)
        heading = Box(x + _PAD, top + 4, each.width - 2 * _PAD, _TITLE - 4)
        plan.frames.append(Frame(each.title, Box(x, top, each.width, each.height), heading))
        x += each.width + apart


def _split(row: list[str], abreast: int) -> list[list[str]]:
    if not row:
        return []
    parts = -(-len(row) // abreast)
    size = -(-len(row) // parts)
    return [row[start : start + size] for start in range(0, len(row), size)]


def untangle(rows: list[list[str]], near: Mapping[str, set[str]]) -> None:
    """Sort rows by where the neighbours before or behind are; keep the best of all tries."""
    best, fewest = [list(row) for row in rows], _crossings(rows, near)
    for sweep in range(_SWEEPS):
        order = range(len(rows)) if sweep % 2 == 0 else range(len(rows) - 1, -1, -1)
        for number in order:
            beside = rows[:number] if sweep % 2 == 0 else rows[number + 1 :]
            _sort(rows[number], beside, near)
        if (found := _crossings(rows, near)) < fewest:
            best, fewest = [list(row) for row in rows], found
    rows[:] = best


def _sort(row: list[str], beside: Sequence[Sequence[str]], near: Mapping[str, set[str]]) -> None:
    """By the middle of the neighbours' places (barycentre heuristic)."""
    places = _places(beside)
    own = _places([row])

    def middle(name: str) -> float:
        around = [places[each] for each in near[name] if each in places]
        return sum(around) / len(around) if around else own[name]

    row.sort(key=lambda name: (middle(name), own[name], name))


def _places(rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """Places from the middle of each row."""
    return {name: at - (len(row) - 1) / 2 for row in rows for at, name in enumerate(row)}


def _crossings(rows: Sequence[Sequence[str]], near: Mapping[str, set[str]]) -> int:
    """How many pairs of links cross, among links that join the same two rows."""
    places = _places(rows)
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    links: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for name, row in row_of.items():
        for other in near[name] & row_of.keys():
            if row < row_of[other]:
                links[row, row_of[other]].append((places[name], places[other]))
    return sum(
        (one[0] - two[0]) * (one[1] - two[1]) < 0
        for each in links.values()
        for one, two in combinations(each, 2)
    )
