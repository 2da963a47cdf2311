"""Failures that follow from another one: what a lost session or a dead link takes with it.

An explanation sees one check.  That a neighbour sends three prefixes fewer, or that packets
take another way, has its cause elsewhere: in a session, an adjacency or a link that failed by
itself.  If the run knows exactly one, that is it, and if it knows several, they are named; if
it knows none, the only cause of anything counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.check.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.check.result import CheckResult, Finding

ROOTS = (
    "interface",
    "bgp-session",
    "isis-adjacency",
    "ospf-neighbor",
    "ldp-session",
    "bfd",
    "vrrp",
)
"""Kinds of check whose failure breaks others, the deepest first."""
_FOLLOWERS = frozenset(
    {"bgp-session", "route", "received-routes", "advertised-routes", "path", "ping"}
)


def correlated(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The same results; what follows from a known cause says so."""
    everything = tuple(results)
    known = _causes(everything, ROOTS)
    if not known and len(causes := _causes(everything)) == 1:
        known = causes
    if not known:
        return everything
    return tuple(
        replace(each, findings=tuple(_followed(f, known) for f in each.findings))
        if each.kind in _FOLLOWERS
        else each
        for each in everything
    )


def _causes(results: tuple[CheckResult, ...], kinds: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What is broken: causes of failures, of these kinds only if any are given."""
    return tuple(
        dict.fromkeys(
            finding.cause
            for each in results
            if not kinds or each.kind in kinds
            for finding in each.findings
            if finding.verdict is Verdict.FAIL and finding.cause
        )
    )


def _followed(finding: Finding, known: tuple[str, ...]) -> Finding:
    if finding.verdict is not Verdict.FAIL or finding.cause in known:
        return finding
    told = f"{finding.why}; " if finding.why else ""
    if len(known) > 1:
        return replace(finding, why=f"{told}it may follow from: {', '.join(known)}")
    why = f"{told}it follows from: {known[0]}"
    return replace(finding, why=why, cause=known[0], follows=True)
