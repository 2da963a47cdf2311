"""What a change would do, on one screen: routers, steps, conflicts, what is verified."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.change.agreement.words import lines as step_lines
from multihome.render.ownership.changes import shown
from multihome.values.grouping import Message, lines, on_routers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from multihome.change.agreement.step_plan import StepPlan
    from multihome.change.preflight.plan import Planned

ONE_A_LINE = 16
"""As many routers have a line each; more are set in columns."""
_KINDS = 4
"""Kinds of checks that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What is asked after a change; no checks: it is confirmed unproven."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    """How many checks there are of each kind."""
    hold: float = 0.0
    """Seconds for which they must then go on holding."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary, and its style on a screen with colours."""

    text: str
    style: str = ""
    indent: int = 4


def count(diff: str) -> tuple[int, int]:
    """How many lines a diff adds, and how many it removes."""
    found = Counter(line[:1] for line in diff.splitlines())
    return found["+"], found["-"]


def summary(
    planned: Iterable[Planned], steps: StepPlan, verification: Verification | None, width: int = 80
) -> tuple[Line, ...]:
    """The lines of the summary; `width` in columns is for the routers of a large network."""
    known = tuple(planned)
    found = [Line(text, indent=2) for text in _routers(known, width)]
    found += [Line(text) for text in step_lines(steps)]
    found += _conflicts(known)
    found += _not_ours(known)
    found += [Line(f"warning: {text}", "yellow") for text in lines(_warnings(known))]
    if verification is not None and any(each.diff for each in known):
        found.append(Line(verified(verification)))
    return tuple(found)


def verified(verification: Verification) -> str:
    """What is looked at after the change, and for how long."""
    kinds = verification.kinds
    total = sum(kinds.values())
    if not total:
        return "verified afterwards: nothing"
    ranked = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
    named = [f"{kinds[kind]} {kind}" for kind in ranked[:_KINDS]]
    if rest := total - sum(kinds[kind] for kind in ranked[:_KINDS]):
        named.append(f"{rest} others")
    held = f"; they must hold for {verification.hold:g} s" if verification.hold else ""
    checks = f"{total} check{'s' if total > 1 else ''}"
    return f"verified afterwards: {checks} ({', '.join(named)}){held}"


def _routers(planned: Sequence[Planned], width: int) -> Iterator[str]:
    """`juno  +4 -1`, one router a line; many of them in columns."""
    differing = [each for each in planned if each.diff]
    if not differing:
        return
    broad = max(len(each.router) for each in differing)
    plus = max(len(f"+{count(each.diff)[0]}") for each in differing)
    minus = max(len(f"-{count(each.diff)[1]}") for each in differing)
    cells = [_cell(each, broad, plus, minus) for each in differing]
    across = 1 if len(cells) <= ONE_A_LINE else max(1, width // (broad + plus + minus + 6))
    down = -(-len(cells) // across)
    for row in range(down):
        yield "  ".join(cells[row::down]).rstrip()


def _cell(each: Planned, broad: int, plus: int, minus: int) -> str:
    added, removed = (
        f"{sign}{n}" if n else "" for sign, n in zip("+-", count(each.diff), strict=True)
    )
    return f"  {each.router:<{broad}}  {added:>{plus}} {removed:>{minus}}"


def _conflicts(planned: Iterable[Planned]) -> Iterator[Line]:
    """What must be decided, and what is not judged, each once."""
    known = [each.changes for each in planned if each.changes is not None]
    conflicts = (
        Message(changes.router, f"conflict ({each.kind}): {each}")
        for changes in known
        for each in changes.conflicts
    )
    unjudged = (
        Message(changes.router, f"not judged: {each}")
        for changes in known
        for each in changes.unjudged
    )
    yield from (Line(text, "red") for text in lines(conflicts))
    yield from (Line(text, "yellow") for text in lines(unjudged))


def _not_ours(planned: Iterable[Planned]) -> Iterator[Line]:
    """Foreign statements around ours: how many, and where."""
    known = [each.changes for each in planned if each.changes is not None]
    activated = (Message(c.router, f"activate {shown(path)}") for c in known for path in c.activate)
    yield from (Line(text, "green") for text in lines(activated))
    for heading, counted in (
        ("not ours, activated with it", {c.router: len(c.revived) for c in known}),
        ("taken over, deleted or replaced", {c.router: len(c.taken) for c in known}),
        ("equal to ours, recorded from now on", {c.router: len(c.adopted) for c in known}),
        ("not ours, left alone", {c.router: len(c.foreign) for c in known}),
    ):
        where = [router for router, number in counted.items() if number]
        if where:
            total = sum(counted.values())
            statements = f"{total} statement{'s' if total > 1 else ''}"
            yield Line(f"{heading}: {statements} on {on_routers(where)}")


def _warnings(planned: Iterable[Planned]) -> Iterator[Message]:
    """What routers remarked, and what is not sure to stay."""
    for each in planned:
        yield from (Message(each.router, text) for text in each.warnings)
        if each.remark or each.waiting:
            yield Message(each.router, each.remark or each.waiting)
