"""Two snapshots as checks: one for each router and kind; what was not declared is a failure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.state.snapshot.compare import Blind, Change, compare
from multihome.state.snapshot.row import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from multihome.check.allowance import Allowance
    from multihome.state.snapshot.archive import Snapshot
    from multihome.state.snapshot.compare import Difference

SHOWN = 10
"""Differences listed one by one for each router and kind; the others are counted."""
_WORST = {change: rank for rank, change in enumerate(Change)}
_COMMANDS = {
    Kind.ROUTE: "show route table {} detail",
    Kind.BGP: "show bgp neighbor {}",
    Kind.VRRP: "show vrrp detail interface {}",
    Kind.INTERFACE: "show interfaces {} extensive",
    Kind.ISIS: "show isis adjacency detail",
    Kind.OSPF: "show ospf neighbor detail",
    Kind.LDP: "show ldp session {} detail",
    Kind.LABEL: "show ldp database session {}",
    Kind.BFD: "show bfd session extensive",
}
_TWO_WORDS = frozenset({Kind.ROUTE})
"""Kinds whose key is table and prefix; of the others the first word is what commands take."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found, and which declarations nothing came under."""

    result: RunResult
    unused: tuple[Allowance, ...]


def compared(
    before: Snapshot,
    after: Snapshot,
    allowances: Sequence[Allowance] = (),
    matters: Collection[str] = (),
) -> Comparison:
    """Compare two snapshots; `matters` are prefixes, as text, that are listed first."""
    used: set[int] = set()

    def judged() -> Iterator[tuple[Difference | Blind, bool]]:
        for each in compare(before, after):
            covering = [] if isinstance(each, Blind) else covered(each, allowances)
            used.update(covering)
            yield each, bool(covering)

    result = tabulated(before, after, judged(), matters)
    unused = tuple(each for n, each in enumerate(allowances) if n not in used)
    return Comparison(result, unused)


def covered(difference: Difference, allowances: Sequence[Allowance]) -> list[int]:
    """The numbers of the declarations that a difference comes under."""
    return [n for n, allowance in enumerate(allowances) if allowance.covers(difference)]


def tabulated(
    before: Snapshot,
    after: Snapshot,
    judged: Iterable[tuple[Difference | Blind, bool]],
    matters: Collection[str] = (),
) -> RunResult:
    """One check for each router and kind, of differences that are declared (True) or not."""
    found = _everything(before, after)
    for each, declared in judged:
        ledger = found.setdefault(
            (each.router, each.kind), _Ledger(each.router, each.kind, before.path.name)
        )
        if isinstance(each, Blind):
            ledger.blind = each.why
        else:
            ledger.add(each, matters, declared=declared)
    results = tuple(found[key].result() for key in sorted(found))
    return RunResult(len(results), results)


def _everything(before: Snapshot, after: Snapshot) -> dict[tuple[str, Kind], _Ledger]:
    """A ledger for all that either snapshot has rows of."""
    keys = {
        (router, Kind(kind))
        for snapshot in (before, after)
        for router, kinds in snapshot.routers.items()
        for kind in kinds
    }
    return {key: _Ledger(*key, before.path.name) for key in keys}


@dataclass(slots=True)
class _Ledger:
    """The differences of one kind on one router: a few by name, all by number."""

    router: str
    kind: Kind
    earlier: str
    """The name of the snapshot that is compared with."""
    blind: str = ""
    declared: int = 0
    counts: Counter[Change] = field(default_factory=Counter)
    _worst: list[tuple[tuple[bool, int, int], Difference]] = field(default_factory=list)

    def add(self, difference: Difference, matters: Collection[str], *, declared: bool) -> None:
        if declared:
            self.declared += 1
            return
        unimportant = difference.key.rpartition(" ")[2] not in matters
        rank = (unimportant, _WORST[difference.change], self.counts.total())
        self.counts[difference.change] += 1
        self._worst.append((rank, difference))
        if len(self._worst) > 4 * SHOWN:
            self._worst = self._first()

    def _first(self) -> list[tuple[tuple[bool, int, int], Difference]]:
        return nsmallest(SHOWN, self._worst, key=lambda each: each[0])

    def result(self) -> CheckResult:
        return CheckResult(
            check=f"unchanged: {self.kind}",
            router=self.router,
            findings=self._findings(),
            kind=str(self.kind),
            subject=str(self.kind),
        )

    def _findings(self) -> tuple[Finding, ...]:
        if self.blind:
            unseen = self._whole("both snapshots", "one of them", Verdict.UNKNOWN, self.blind)
            return (replace(unseen, cause=f"{self.router} was not seen"),)
        if not self.counts:
            counted = f"none, {self.declared} declared" if self.declared else "none"
            return (self._whole("none that is not declared", counted, Verdict.PASS),)
        counted = ", ".join(f"{count} {change}" for change, count in sorted(self.counts.items()))
        whole = self._whole("none that is not declared", counted, Verdict.FAIL)
        return (whole, *(self._one(difference) for _, difference in self._first()))

    def _whole(self, expected: str, actual: str, verdict: Verdict, why: str = "") -> Finding:
        return Finding(
            self.router, str(self.kind), "differences", expected, actual, verdict, why=why
        )

    def _one(self, difference: Difference) -> Finding:
        key = difference.key if self.kind in _TWO_WORDS else difference.key.split()[0]
        if self.kind is Kind.LABEL:
            key = key.partition("--")[2].partition(":")[0]  # the neighbour
        return Finding(
            router=self.router,
            subject=f"{self.kind} {difference.key}",
            attribute=f"{difference.change}:",
            expected=difference.before,
            actual=difference.after,
            verdict=Verdict.FAIL,
            origin=f"snapshot {self.earlier}",
            next=_COMMANDS[self.kind].format(key),
        )
