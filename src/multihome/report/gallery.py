"""The pictures of a run: one for each round of checks, or for each way that packets take."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from multihome.report.damage import damage
from multihome.report.drawing import Drawing, Scene, drawn_routers
from multihome.report.model import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.report.model import Cable, Phase, Run, TracedPath

STEADY = "steady"
MOST_ROUTERS = 64
"""In a picture; of a larger network the part that matters is drawn."""


@dataclass(frozen=True, slots=True)
class Way:
    """One traced path in words."""

    hops: str
    names: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing, at two sizes."""

    state: str
    ways: tuple[Way, ...]
    wide: Markup
    """Empty where several pictures are side by side."""
    narrow: Markup


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link in the table below the pictures."""

    what: str
    ends: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Gallery:
    """All pictures of a run, and what explains them."""

    pictures: tuple[Picture, ...] = ()
    links: tuple[LinkRow, ...] = ()
    legend: tuple[str, ...] = ()
    """The signs that are used: `link`, `primary`, `backup`, `way`, `hidden`, `broken`, ..."""
    left_out: int = 0
    """Routers that are not drawn."""


def gallery(run: Run) -> Gallery:
    """The pictures; none of a run that knows no topology."""
    scenes = [_scene(run, title, paths) for title, paths in _rounds(run)]
    topology = run.topology
    if not topology.nodes:
        pictures = [
            Picture(title, _ways(paths), Markup(), Markup()) for title, paths in _rounds(run)
        ]
        return Gallery(tuple(each for each in pictures if each.ways))
    wanted = {name for scene in scenes for name in _names(scene)}
    drawn = drawn_routers(topology, wanted, MOST_ROUTERS)
    several = len(scenes) > 1
    upright = Drawing(drawn, narrow=True)
    across = None if several else Drawing(drawn, narrow=False)
    pictures = [
        Picture(
            title,
            _ways(paths),
            _markup(across.svg(scene)) if across is not None else Markup(),
            _markup(upright.svg(scene)),
        )
        for (title, paths), scene in zip(_rounds(run), scenes, strict=True)
    ]
    return Gallery(
        tuple(pictures),
        tuple(_row(run, cable) for cable in drawn.cables),
        tuple(_legend(upright, scenes, drawn.cables)),
        len(topology.nodes) - len(drawn.nodes),
    )


def _markup(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - lxml has escaped every text in it


def _rounds(run: Run) -> list[tuple[str, list[TracedPath]]]:
    """What each picture is about: a round with its ways, there and back in one where they agree."""
    rounds: list[tuple[str, list[TracedPath]]] = []
    titles = {phase.title for phase in run.phases}
    for phase in run.phases if len(run.phases) > 1 else ():
        named = phase.title if phase.title in {path.state for path in run.paths} else phase.state
        taken = {id(path) for _, paths in rounds for path in paths}
        mine = [
            path
            for path in run.paths
            if path.state == named and id(path) not in taken
            if named == phase.title or named not in titles
        ]
        rounds += [(group[0].state, group) for group in _there_and_back(mine)]
        if not mine and (not run.paths or not _is_sound(phase)):
            rounds.append((phase.title, []))
    shown = {id(path) for _, paths in rounds for path in paths}
    others = [path for path in run.paths if id(path) not in shown]
    rounds += [(group[0].state, group) for group in _there_and_back(others)]
    return rounds or [("", [])]


def _is_sound(phase: Phase) -> bool:
    return all(standing(each) == "pass" for each in phase.result.results)


def _there_and_back(paths: Iterable[TracedPath]) -> Iterator[list[TracedPath]]:
    """Ways that one picture shows: there and back over the same routers, in one state."""

    def walked(path: TracedPath) -> tuple[str, frozenset[frozenset[str]]]:
        return path.state, frozenset(frozenset(step) for step in pairwise(path.routers))

    for _, group in groupby(paths, key=walked):
        yield list(group)


def _scene(run: Run, title: str, paths: list[TracedPath]) -> Scene:
    found = damage(run, title)
    fault = run.fault if _is_broken_on_purpose(run.phases, title) else ()
    return Scene(paths[0] if paths else None, found, fault)


def _is_broken_on_purpose(phases: Iterable[Phase], title: str) -> bool:
    return any(phase.state != STEADY for phase in phases if title in (phase.title, phase.state))


def _names(scene: Scene) -> set[str]:
    on = set(scene.path.routers) if scene.path is not None else set()
    return on | set(scene.damage.failed) | scene.damage.silent | set(scene.fault)


def _ways(paths: Iterable[TracedPath]) -> tuple[Way, ...]:
    return tuple(
        Way(" → ".join((path.source, *_shortened(path.hops))), " → ".join(path.routers))
        for path in paths
    )


def _shortened(hops: Iterable[str]) -> Iterator[str]:
    """Hops that did not answer are counted where there are several in a row."""
    for hop, group in groupby(hops):
        count = len(list(group))
        yield f"{hop} (×{count})" if count > 1 else hop  # noqa: RUF001 - a multiplication sign


def _row(run: Run, cable: Cable) -> LinkRow:
    what = cable.name or ("link" if cable.kind == "link" else f"{cable.kind} leg")
    ends = tuple(
        " ".join(filter(None, (end.router or "customer", end.interface, end.address)))
        for end in cable.ends
    )
    marks = [
        mark
        for member in run.topology.members
        if cable.kind == member.leg and member.router in {end.router for end in cable.ends}
        for mark in member.preferences
    ]
    return LinkRow(what, ends, ", ".join(filter(None, (cable.about, *marks))))


def _legend(drawing: Drawing, scenes: Iterable[Scene], cables: Iterable[Cable]) -> Iterator[str]:
    kinds = {cable.kind for cable in cables}
    yield "link"
    yield from (kind for kind in ("primary", "backup", "lan") if kind in kinds)
    found: set[str] = set()
    for scene in scenes:
        steps = list(drawing.steps(scene.path)) if scene.path is not None else []
        hurt = scene.damage
        signs = {
            "way": any(is_link for _, is_link in steps),
            "hidden": not all(is_link for _, is_link in steps),
            "broken": bool(hurt.links or hurt.sessions),
            "failed": bool(hurt.failed),
            "silent": bool(hurt.silent),
            "fault": bool(scene.fault),
        }
        found |= {name for name, holds in signs.items() if holds}
    order = ("way", "hidden", "broken", "failed", "silent", "fault")
    yield from (name for name in order if name in found)
