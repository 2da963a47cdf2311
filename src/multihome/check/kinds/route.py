"""Routes: the active path of a prefix, its alternatives, and that it is not there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.check.judge import Judge, words
from multihome.check.pathmatch import actual_words, describe, matched, outline, path_findings
from multihome.check.registry import check
from multihome.intent.expectation import RouteExpectation
from multihome.intent.matcher import accepts
from multihome.state import route as tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.check.result import Finding
    from multihome.intent.expectation import RoutePath as Expected
    from multihome.state.path import RoutePath
    from multihome.state.query import Evidence


@check(RouteExpectation, needs=lambda expected: [tables.table(expected.table)])
def route(expected: RouteExpectation, evidence: Evidence) -> Iterator[Finding]:
    """The paths of a prefix in a routing table are the intended ones.

    Reads the whole table once, with all attributes.  `active` holds the path in use against
    the attributes given, `alternatives` lists the inactive paths completely, `includes` some of
    all paths, `count` counts them, `absent: true` asserts that there is none.  Hidden paths
    count for nothing.  A table that is empty or missing fails, also where absence is asserted:
    a router that lost a whole table has not proven that one prefix was withdrawn.
    """
    judge = Judge(expected, next=f"show route table {expected.table} {expected.prefix} detail")
    table = evidence.table(expected.router, tables.table(expected.table)).get(expected.table)
    if table is None or not table.destinations:
        state = f"{expected.table} {'is missing' if table is None else 'is empty'}"
        finding = judge.finding("table", f"{expected.table} with routes", state, holds=False)
        yield replace(finding, cause=f"{expected.router}: {state}")
        return
    entries = table.within(expected.prefix)
    paths = tuple(path for entry in entries for path in entry.paths if not path.hidden)
    yield from route_findings(judge, expected, paths)


def route_findings(
    judge: Judge, expected: RouteExpectation, paths: Sequence[RoutePath]
) -> Iterator[Finding]:
    """The findings on the paths of one prefix."""
    if expected.absent is not None:
        actual = words([actual_words(path) for path in paths]) if paths else "no path"
        yield judge.finding(
            "route",
            "no path" if expected.absent else "a path",
            actual,
            holds=expected.absent is not bool(paths),
        )
    if expected.active is not None:
        yield from _active(judge, expected.active, paths)
    if expected.alternatives is not None:
        yield from _alternatives(judge, expected.alternatives, paths)
    if expected.includes is not None:
        yield from _includes(judge, expected.includes, paths)
    if expected.count is not None:
        yield judge.compare("paths", expected.count, len(paths))


def _active(judge: Judge, wanted: Expected, paths: Sequence[RoutePath]) -> Iterator[Finding]:
    active = next((path for path in paths if path.active), None)
    if active is None:
        actual = "only inactive paths" if paths else "no route"
        yield judge.finding("active path", outline(wanted), actual, holds=False)
        return
    yield judge.finding("active path", "one", "one", holds=True)
    if wanted.protocol is not None and not accepts(wanted.protocol, active.protocol):
        # Nothing of another protocol's path is as expected: one line instead of ten.
        yield judge.finding("protocol", wanted.protocol, actual_words(active), holds=False)
        return
    yield from path_findings(judge, wanted, active)


def _alternatives(
    judge: Judge, wanted: Sequence[Expected], paths: Sequence[RoutePath]
) -> Iterator[Finding]:
    inactive = [path for path in paths if not path.active]
    pairs = matched(wanted, inactive)
    yield judge.finding(
        "alternatives",
        f"{len(wanted)}" if wanted else "none",
        f"{len(inactive)}: " + "; ".join(map(actual_words, inactive)) if inactive else "none",
        holds=len(wanted) == len(inactive),
    )
    left = [path for number, path in enumerate(inactive) if number not in pairs.values()]
    for number, each in enumerate(wanted):
        if number in pairs:
            yield judge.finding("alternative", describe(each), describe(each), holds=True)
        else:
            yield from _nearest(judge, each, left)


def _nearest(judge: Judge, wanted: Expected, left: list[RoutePath]) -> Iterator[Finding]:
    """Hold an unmatched expectation against the path that differs least from it."""

    def differences(path: RoutePath) -> int:
        return sum(f.verdict != 0 for f in path_findings(judge, wanted, path))

    nearest = min(left, key=differences, default=None)
    if nearest is None or differences(nearest) == len(wanted.asserted):
        yield judge.finding("alternative", outline(wanted), "no such path", holds=False)
        return
    left.remove(nearest)
    for finding in path_findings(judge, wanted, nearest):
        yield replace(finding, attribute=f"alternative {finding.attribute}")


def _includes(
    judge: Judge, wanted: Sequence[Expected], paths: Sequence[RoutePath]
) -> Iterator[Finding]:
    pairs = matched(wanted, paths)
    for number, each in enumerate(wanted):
        there = number in pairs
        yield judge.finding(
            "path",
            describe(each),
            describe(each) if there else words([actual_words(path) for path in paths]),
            holds=there,
        )
