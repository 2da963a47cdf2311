"""Failures that follow from another one: what a lost session or a dead link takes with it.

An explanation sees one check.  That a neighbour sends three prefixes fewer, or that packets
take another way, has its cause elsewhere: in a link, a session or a router that failed by
itself.  What is certainly broken comes first; where nothing is, sessions and adjacencies that
failed; where there are none either, whatever else is a cause.  If that is one thing, the
rest is listed under it; if it is several, under all of them, since the evidence does not decide.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.check.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

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
_FEW = 3
"""As many causes may be named for what has none of its own; more would explain nothing."""
_FOLLOWERS = frozenset(
    {"bgp-session", "route", "received-routes", "advertised-routes", "path", "ping"}
)
"""Kinds that follow from any other; the rest follow only from what is certainly broken."""


def correlated(
    results: Iterable[CheckResult], certain: Collection[str] = ()
) -> tuple[CheckResult, ...]:
    """The same results; what follows from a known cause says so.

    `certain` are causes that are broken themselves.
    """
    everything = tuple(results)
    known = _causes(everything, lambda _, finding: finding.cause in certain)
    kinds = _FOLLOWERS | set(ROOTS) if known else _FOLLOWERS
    known = known or _causes(everything, lambda check, _: check.kind in ROOTS)
    if not known and len(causes := _causes(everything, lambda *_: True)) <= _FEW:
        known = causes
    if not known:
        return everything
    return tuple(
        replace(each, findings=tuple(_followed(finding, known) for finding in each.findings))
        if each.kind in kinds
        else each
        for each in everything
    )


def _causes(
    results: tuple[CheckResult, ...], chosen: Callable[[CheckResult, Finding], bool]
) -> tuple[str, ...]:
    """What is broken, in the order in which it was found."""
    return tuple(
        dict.fromkeys(
            finding.cause
            for each in results
            for finding in each.findings
            if finding.verdict is not Verdict.PASS and finding.cause and chosen(each, finding)
        )
    )


def _followed(finding: Finding, known: tuple[str, ...]) -> Finding:
    unasked = finding.attribute == "evidence"
    if finding.verdict is Verdict.PASS or unasked or finding.cause in known:
        return finding
    cause = "; ".join(known)
    reason = f"{finding.why}; " if finding.why else ""
    return replace(finding, why=f"{reason}it may follow from: {cause}", cause=cause, follows=True)
