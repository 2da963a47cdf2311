"""Two snapshots side by side: what was lost, gained, moved, changed, or flapped in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from multihome.state.snapshot.row import COLUMNS, FLAPS, MOVES, Kind, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.state.snapshot.archive import Snapshot


class Change(StrEnum):
    """What happened to one thing, the worst first."""

    LOST = "lost"
    MOVED = "moved"
    CHANGED = "changed"
    FLAPPED = "flapped"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    router: str
    kind: Kind
    change: Change
    key: str
    """`inet.0 10.0.0.0/8`."""
    before: str
    after: str
    """The values that differ, `local-preference 150, med 10`; all of them if lost or gained."""
    old: Row | None = field(default=None, compare=False, repr=False)
    new: Row | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.router} {self.kind} {self.key} {self.change}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class Blind:
    """What one of the snapshots could not see, so that nothing is proven of it."""

    router: str
    kind: Kind
    why: str


def as_it_is(row: Row) -> Row | None:
    """Compare a row with all that it says."""
    return row


def compare(
    before: Snapshot, after: Snapshot, part: Callable[[Row], Row | None] = as_it_is
) -> Iterator[Difference | Blind]:
    """Every difference, router by router and kind by kind, in the order of the tables.

    `part` is what of a row is compared; None: nothing.
    """
    for router in sorted({*before.routers, *after.routers, *before.missing, *after.missing}):
        for kind in Kind:
            if blind := _blind(router, kind, before, after):
                yield blind
                continue
            olds, news = (
                (kept for row in each.rows(router, kind) if (kept := part(row)) is not None)
                for each in (before, after)
            )
            yield from differences(router, olds, news)


def _blind(router: str, kind: Kind, before: Snapshot, after: Snapshot) -> Blind | None:
    if kind is Kind.ROUTE and before.brief != after.brief:
        return Blind(router, kind, "one of the snapshots is in brief, the other in full")
    if not any(_asked(router, kind, snapshot) for snapshot in (before, after)):
        return None
    for name, snapshot in (("before", before), ("after", after)):
        if why := snapshot.missing.get(router, {}).get(kind):
            return Blind(router, kind, f"{name}: {why}")
        if kind not in snapshot.routers.get(router, {}):
            return Blind(router, kind, f"{name}: was not asked")
    return None


def _asked(router: str, kind: Kind, snapshot: Snapshot) -> bool:
    return any(kind in found.get(router, {}) for found in (snapshot.routers, snapshot.missing))


def differences(router: str, before: Iterable[Row], after: Iterable[Row]) -> Iterator[Difference]:
    """Merge two lists of rows of one kind, both in order; neither is held in memory."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if new is None or (old is not None and _at(old) < _at(new)):
            assert old is not None  # noqa: S101 - one of them is there: for the type checker
            yield _difference(router, old, None)
            old = next(olds, None)
        elif old is None or _at(new) < _at(old):
            yield _difference(router, None, new)
            new = next(news, None)
        else:
            if old.values != new.values:
                yield _difference(router, old, new)
            old, new = next(olds, None), next(news, None)


def _at(row: Row) -> tuple[str, str]:
    return row.order, row.key


def _difference(router: str, old: Row | None, new: Row | None) -> Difference:
    row = old or new
    assert row is not None  # noqa: S101 - the callers have one: for the type checker
    names = COLUMNS[row.kind]
    olds = dict(zip(names, old.values, strict=True)) if old else {}
    news = dict(zip(names, new.values, strict=True)) if new else {}
    differing = [name for name in names if olds.get(name) != news.get(name)]
    return Difference(
        router,
        row.kind,
        _change(row.kind, old, new, frozenset(differing)),
        row.key,
        _told(olds, differing) if old else "not there",
        _told(news, differing) if new else "not there",
        old,
        new,
    )


def _change(kind: Kind, old: Row | None, new: Row | None, differing: frozenset[str]) -> Change:
    if new is None:
        return Change.LOST
    if old is None:
        return Change.GAINED
    if differing & MOVES.get(kind, frozenset()):
        return Change.MOVED
    return Change.FLAPPED if differing <= FLAPS else Change.CHANGED


def _told(values: dict[str, str], names: Iterable[str]) -> str:
    return ", ".join(f"{name} {values[name] or 'none'}" for name in names)
