"""The network after a change against the network before it: what nothing declares is harm.

Flapping is distinguished from harm by looking twice, before and after. What differs between two looks
before anything is committed moves by itself, and never counts. After the commit a difference
counts that two looks in a row show; one that is seen once is looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from multihome.check.comparison import covered, tabulated
from multihome.check.harm.declared import follows_another, object_of, way_of
from multihome.state.snapshot.compare import Blind, Change, Difference, compare
from multihome.state.snapshot.lasting import lasting
from multihome.state.snapshot.row import COLUMNS, FLAPS, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from multihome.check.allowance import Allowance
    from multihome.check.harm.declared import Declared, Object
    from multihome.check.result import RunResult
    from multihome.state.snapshot.archive import Snapshot

Seen: TypeAlias = "tuple[str, Kind, Change, str]"
MOST = 20_000
"""Differences that are held in memory; a change that makes more is not judged further."""
_WORST = {change: rank for rank, change in enumerate(Change)}
_DEEPEST = {
    kind: rank for rank, kind in enumerate((*(k for k in Kind if k is not Kind.ROUTE), Kind.ROUTE))
}
_RESOLVING = ("inet.0 ", "inet.3 ", "inet6.0 ", "inet6.3 ")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What two snapshots say of a change."""

    harm: tuple[Difference, ...]
    """The differences that nothing declares, the worst first."""
    unseen: tuple[Blind, ...]
    """What was seen before, and is not seen now."""
    result: RunResult
    restless: int = 0
    """Differences of what moved by itself before the change."""
    used: frozenset[int] = frozenset()
    """The numbers of the declarations that something came under."""

    @property
    def seen(self) -> frozenset[Seen]:
        """The harm, to be compared with that of another look."""
        return frozenset(map(seen, self.harm))


def seen(each: Difference) -> Seen:
    """What a difference is, whatever its values."""
    return each.router, each.kind, each.change, each.key


def restless(first: Snapshot, second: Snapshot) -> frozenset[Object]:
    """What differs between two looks before a change: it moves by itself."""
    return frozenset(
        _about(each) for each in compare(first, second, lasting) if isinstance(each, Difference)
    )


def judge(
    before: Snapshot,
    after: Snapshot,
    declared: Declared,
    allowances: Sequence[Allowance] = (),
    moving: Collection[Object] = (),
) -> Judgement:
    """Compare two snapshots by what is declared; `moving` is what moved before the change."""
    blinds: list[Blind] = []
    found: list[Difference] = []
    for each in compare(before, after, lasting):
        if isinstance(each, Blind):
            if each.kind in before.routers.get(each.router, {}):
                blinds.append(each)
        elif len(found) < MOST:
            found.append(each)
    used: set[int] = set()
    accepted = {n for n, each in enumerate(found) if _about(each) in moving}
    count = len(accepted)
    for number, each in enumerate(found):
        numbers = covered(each, allowances)
        used.update(numbers)
        if numbers or declared.follows(each):
            accepted.add(number)
    moves = {
        way_of(found[n])
        for n in accepted
        if found[n].kind is Kind.ROUTE and found[n].key.startswith(_RESOLVING)
    }
    accepted |= {n for n, each in enumerate(found) if follows_another(each, moves)}
    harm = [each for number, each in enumerate(found) if number not in accepted]
    harm.sort(key=lambda each: (_WORST[each.change], _DEEPEST[each.kind]))
    judged: Iterator[tuple[Difference | Blind, bool]] = iter(
        [(blind, False) for blind in blinds]
        + [(each, number in accepted) for number, each in enumerate(found)]
    )
    result = tabulated(before, after, judged)
    return Judgement(tuple(harm), tuple(blinds), result, count, frozenset(used))


def went_down(each: Difference) -> bool:
    """Whether a counter shows that something went down in between: waiting does not undo it."""
    if each.old is None or each.new is None:
        return False
    pairs = zip(COLUMNS[each.kind], each.old.values, each.new.values, strict=True)
    return any(name in FLAPS and old != new for name, old, new in pairs)


def _about(each: Difference) -> Object:
    """A route by its whole key, anything else as the object that it is."""
    if each.kind in (Kind.ROUTE, Kind.LABEL):
        return each.router, each.kind, each.key
    return object_of(each.router, each.kind, each.key)


def in_words(each: Difference) -> str:
    """One harm in one line: `liber: route ipvpn.inet.0 10.9.0.0/24 lost (was: protocol Static)`."""
    what = f"{each.router}: {each.kind} {each.key} {each.change}"
    if each.change is Change.LOST:
        return f"{what} (was: {_short(each.before)})"
    if each.change is Change.GAINED:
        return f"{what} ({_short(each.after)})"
    return f"{what} ({_short(each.before)} -> {_short(each.after)})"


def _short(values: str) -> str:
    """What is said of it, without what is not there."""
    parts = [each for each in values.split(", ") if not each.endswith(" none")]
    return ", ".join(parts[:4]) or "none"


def missing(
    before: Snapshot, now: Snapshot, moving: Collection[Object] = ()
) -> tuple[Difference, ...]:
    """What was there before a change, and is not after it was undone.

    That a counter has grown, or that of two equal routes another is used, is no loss.
    """
    return tuple(
        each
        for each in compare(before, now, lasting)
        if isinstance(each, Difference)
        and _about(each) not in moving
        and (each.change is Change.LOST or _down(each))
    )


def _down(each: Difference) -> bool:
    """Whether something is in another state than it was: a session that is down."""
    parts = (each.before.partition(" ")[0], each.after.partition(" ")[0])
    return each.kind is not Kind.ROUTE and set(parts) & {"state", "oper"} != set()
