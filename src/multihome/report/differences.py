"""The differences of two snapshots, grouped by what happened: each once, however many routers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.check.result import RunResult, Verdict
from multihome.state.snapshot.compare import Change
from multihome.state.snapshot.row import COLUMNS, MOVES, Kind
from multihome.values.grouping import Message, lines, on_routers, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.check.result import CheckResult, Finding

UNCHANGED = "unchanged: "
"""How the checks begin that compare snapshots."""
_WHOLE = "differences"
"""The attribute of the finding that counts all differences of one router and kind."""
_ORDER = (
    Kind.INTERFACE, Kind.ISIS, Kind.OSPF, Kind.BFD, Kind.LDP, Kind.BGP, Kind.VRRP, Kind.ROUTE,
)  # fmt: skip
"""What the others run over comes first; kinds that are not here come last."""
_CHANGES = tuple(Change)


@dataclass(frozen=True, slots=True)
class Alike:
    """Things of one kind that changed alike on the same routers."""

    kind: str
    change: str
    routers: tuple[str, ...]
    subjects: tuple[str, ...]
    sample: Finding

    @property
    def head(self) -> str:
        """`route: 4 lost on juno, luna: inet.0 10.0.0.0/8, ...`."""
        what = f"{self.kind}: {len(self.subjects)} {self.change}"
        return f"{what} on {on_routers(self.routers)}: {some(self.subjects)}"

    @property
    def columns(self) -> tuple[tuple[str, str, str], ...]:
        """Attribute, before and after, of the first of them.

        Of what was lost or gained, only what says where it led.
        """
        before = _values(self.kind, self.sample.expected)
        after = _values(self.kind, self.sample.actual)
        names = tuple({**before, **after})
        if names and not (before and after):
            where = MOVES.get(Kind(self.kind), frozenset())
            names = tuple(name for name in names if name in where) or names[:1]
        return tuple((name, before.get(name, "-"), after.get(name, "-")) for name in names)

    @property
    def next(self) -> str:
        """Where to look."""
        return f"{self.sample.next} (on {self.sample.router})" if self.sample.next else ""


def parted(result: RunResult) -> tuple[RunResult, RunResult]:
    """The checks that compare snapshots, and the others."""
    ours = tuple(each for each in result.results if each.check.startswith(UNCHANGED))
    others = tuple(each for each in result.results if not each.check.startswith(UNCHANGED))
    return RunResult(len(ours), ours), RunResult(len(others), others)


def groups(results: Iterable[CheckResult]) -> tuple[Alike, ...]:
    """What is different, the roots first."""
    things: dict[tuple[str, str, str], dict[str, Finding]] = {}
    for finding in _single(results):
        kind, _, subject = finding.subject.partition(" ")
        key = (kind, finding.attribute.removesuffix(":"), subject)
        things.setdefault(key, {})[finding.router] = finding
    alike: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, Finding]]] = {}
    for (kind, change, subject), found in things.items():
        first = next(iter(found.values()))
        alike.setdefault((kind, change, tuple(found)), []).append((subject, first))
    made = (
        Alike(kind, change, routers, tuple(subject for subject, _ in same), same[0][1])
        for (kind, change, routers), same in alike.items()
    )
    return tuple(sorted(made, key=_rank))


def unlisted(results: Iterable[CheckResult]) -> int:
    """How many differences are counted only, since each router names but a few."""
    known = tuple(results)
    total = sum(
        int(number)
        for finding in _whole(known)
        if finding.verdict is Verdict.FAIL
        for number in re.findall(r"\d+", finding.actual)
    )
    return max(0, total - sum(1 for _ in _single(known)))


def unseen(results: Iterable[CheckResult]) -> tuple[str, ...]:
    """What could not be compared, and why, one line for each cause."""
    return lines(
        Message(finding.router, f"{finding.subject}: {finding.why or finding.actual}")
        for finding in _whole(results)
        if finding.verdict is Verdict.UNKNOWN
    )


def _single(results: Iterable[CheckResult]) -> Iterator[Finding]:
    for result in results:
        for finding in result.findings:
            if finding.verdict is Verdict.FAIL and finding.attribute != _WHOLE:
                yield finding


def _whole(results: Iterable[CheckResult]) -> Iterator[Finding]:
    return (f for result in results for f in result.findings if f.attribute == _WHOLE)


def _rank(group: Alike) -> tuple[int, int, int]:
    kinds, changes = [str(kind) for kind in _ORDER], [str(change) for change in _CHANGES]
    kind = kinds.index(group.kind) if group.kind in kinds else len(kinds)
    change = changes.index(group.change) if group.change in changes else len(changes)
    return kind, change, -len(group.routers)


def _values(kind: str, text: str) -> dict[str, str]:
    """`med 10, labels Push 16, Push 17` by column; empty if it is in other words."""
    known = COLUMNS.get(Kind(kind), ()) if kind in tuple(Kind) else ()
    if not known:
        return {}
    found = list(re.finditer(rf"(?:^|, )({'|'.join(map(re.escape, known))}) ", text))
    if not found:
        return {}
    ends = [*(match.start() for match in found[1:]), len(text)]
    return {m[1]: text[m.end() : end] for m, end in zip(found, ends, strict=True)}
