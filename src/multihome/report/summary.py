"""The checks of a run, a line for each router: what people read where every check is too much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.check.result import Verdict
from multihome.report.model import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import CheckResult, RunResult

_NAMED = 3
"""As many kinds of check are named one by one where there is one of each."""


@dataclass(frozen=True, slots=True)
class Line:
    """One router."""

    router: str
    checks: tuple[CheckResult, ...]
    what: str
    """Its checks, by kind."""
    verdict: str
    """`PASS`, `2 of 7 FAIL`."""
    standing: str
    """The worst of them, as `standing` says it."""


def by_router(result: RunResult) -> Iterator[Line]:
    """The routers by name, each with the worst that its checks say."""
    mine: dict[str, list[CheckResult]] = {}
    for each in result.results:
        mine.setdefault(each.router, []).append(each)
    counted = len({(each.router, each.kind) for each in result.results}) < len(result.results)
    for router in sorted(mine):
        checks = tuple(mine[router])
        worst, verdict = _verdict(checks)
        yield Line(router, checks, _kinds(checks, counted=counted), verdict, worst)


def _verdict(checks: tuple[CheckResult, ...]) -> tuple[str, str]:
    standings = [standing(each) for each in checks]
    for bad in ("unknown", "fail", "warning"):
        if bad in standings:
            return bad, f"{standings.count(bad)} of {len(checks)} {bad.upper()}"
    return "pass", "PASS"


def _kinds(checks: tuple[CheckResult, ...], *, counted: bool) -> str:
    """How many of each kind; where there is one of each, those that are no pass, or how many."""
    kinds = Counter(each.kind for each in checks)
    if counted:
        return ", ".join(f"{kinds[kind]} {kind}" for kind in sorted(kinds))
    if len(kinds) <= _NAMED:
        return ", ".join(sorted(kinds))
    bad = sorted({each.kind for each in checks if each.verdict is not Verdict.PASS})
    return ", ".join(bad) or f"{len(kinds)} kinds"
