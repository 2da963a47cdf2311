"""Routes exchanged with a BGP neighbour: received before import, advertised after export policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.check.judge import Judge, words
from multihome.check.pathmatch import path_findings
from multihome.check.registry import check
from multihome.check.result import Verdict
from multihome.intent.expectation import AdvertisedRoutes, ReceivedRoutes
from multihome.state import bgp, route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.intent.expectation import RoutePath
    from multihome.state.query import Evidence, Query
    from multihome.state.reply import Prefix
    from multihome.state.route import Destination, RouteTables


@check(ReceivedRoutes, needs=lambda expected: [route.received(expected.peer), bgp.NEIGHBORS])
def received_routes(expected: ReceivedRoutes, evidence: Evidence) -> Iterator[Finding]:
    """The routes that a BGP neighbour sends are the intended ones.

    `count` and `prefixes` are exact, `includes` and `excludes` name some, `active` says which of
    them are in use, `each` holds for every one: its MED, communities it must not have.
    Without an established session nothing is proven.
    """
    judge = Judge(expected, next=f"show route receive-protocol bgp {expected.peer}")
    yield from _exchanged(judge, expected, route.received(expected.peer), evidence)


@check(AdvertisedRoutes, needs=lambda expected: [route.advertised(expected.peer), bgp.NEIGHBORS])
def advertised_routes(expected: AdvertisedRoutes, evidence: Evidence) -> Iterator[Finding]:
    """The routes that a BGP neighbour is sent are the intended ones.

    The same words as for received routes. Without an established session nothing is proven.
    """
    judge = Judge(expected, next=f"show route advertising-protocol bgp {expected.peer}")
    yield from _exchanged(judge, expected, route.advertised(expected.peer), evidence)


def _exchanged(
    judge: Judge,
    expected: ReceivedRoutes | AdvertisedRoutes,
    query: Query[RouteTables],
    evidence: Evidence,
) -> Iterator[Finding]:
    """Routers refuse to list routes of a neighbour that they do not know: so it comes first."""
    peers = evidence.table(expected.router, bgp.NEIGHBORS)
    session = next((peer for peer in peers if peer.peer == expected.peer), None)
    state = session.state if session else peers.not_running or "no such neighbor"
    yield judge.finding("session", "Established", state, holds=state == "Established")
    if state != "Established":
        return
    table = evidence.table(expected.router, query).get(expected.table)
    entries = list(table.entries.values()) if table else []
    found = {entry.prefix: entry for entry in entries if entry.prefix}
    yield from _counted(judge, expected, frozenset(found))
    if expected.active is not None:
        in_use = frozenset(prefix for prefix, entry in found.items() if entry.active)
        yield judge.compare("active", expected.active, in_use)
    if expected.each is not None:
        yield from _each(judge, expected.each, found)


def _counted(
    judge: Judge, expected: ReceivedRoutes | AdvertisedRoutes, found: frozenset[Prefix]
) -> Iterator[Finding]:
    if expected.count is not None:
        yield judge.compare("count", expected.count, len(found))
    if expected.prefixes is not None:
        missing, surplus = expected.prefixes - found, found - expected.prefixes
        actual = f"{len(found)}: missing {words(missing)}, unexpected {words(surplus)}"
        same = not missing and not surplus
        yield judge.finding("prefixes", expected.prefixes, found if same else actual, holds=same)
    if expected.includes is not None:
        yield judge.includes("prefixes", expected.includes, found)
    if expected.excludes is not None:
        yield judge.excludes("prefixes", expected.excludes, found)


def _each(judge: Judge, wanted: RoutePath, found: dict[Prefix, Destination]) -> Iterator[Finding]:
    """Every route by itself; those that hold share one finding."""
    if not found:
        yield judge.finding("each", "at least one route", "none", holds=False)
        return
    failed = [
        replace(finding, attribute=f"{prefix} {finding.attribute}")
        for prefix, entry in found.items()
        for path in entry.paths
        for finding in path_findings(judge, wanted, path)
        if finding.verdict is not Verdict.PASS
    ]
    yield from failed
    if not failed:
        every = ", ".join(f"{name} {words(value)}" for name, value in wanted.asserted.items())
        yield judge.finding("each", every, f"all {len(found)} of them", holds=True)
