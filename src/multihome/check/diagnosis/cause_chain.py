"""One failure that is the effect of another: followed from router to router to where it began.

An explanation sees one check, and may blame a route of another router.  If that route has a
check of its own which failed as well, its cause is the cause of both, and so on.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from multihome.check.diagnosis.root_cause import correlated
from multihome.check.inquiry import Explanation, silence
from multihome.check.result import Verdict
from multihome.intent.expectation import Path, ReceivedRoutes, RouteExpectation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from multihome.check.inquiry import Place
    from multihome.check.result import CheckResult
    from multihome.intent.statement import Expectation
    from multihome.state.reply import Address, Prefix

    Routes = Mapping[str, Mapping[tuple[str, Prefix], int]]
    """The checks of routes that failed, by router, then by table and prefix."""

_WAY = ""


def related(
    expectations: Sequence[Expectation],
    results: Sequence[CheckResult],
    reasons: Mapping[int, Explanation],
    silent: Collection[str],
) -> tuple[CheckResult, ...]:
    """The results with their reasons, each with the cause that it follows from.

    `silent` are the routers that did not answer.
    """
    traced = traced_back(expectations, results, reasons)
    explained = [
        _with(result, traced[number]) if number in traced else result
        for number, result in enumerate(results)
    ]
    certain = {reason.cause for reason in reasons.values() if reason.certain and reason.cause}
    return correlated(explained, certain | set(map(silence, silent)))


def _with(result: CheckResult, reason: Explanation) -> CheckResult:
    findings = tuple(
        finding
        if finding.verdict is not Verdict.FAIL
        else replace(finding, why=reason.why, cause=reason.cause, next=reason.next or finding.next)
        for finding in result.findings
    )
    return replace(result, findings=findings)


def traced_back(
    expectations: Sequence[Expectation],
    results: Sequence[CheckResult],
    reasons: Mapping[int, Explanation],
) -> dict[int, Explanation]:
    """The same reasons; those that blame what failed by itself have its cause."""
    routes = _failed_routes(expectations, results, reasons)
    known = {**_unknown(routes, results), **reasons}
    return {
        number: _laid_to(reason, known, routes, expectations, number)
        for number, reason in _told_once(expectations, reasons, routes).items()
    }


def _told_once(
    expectations: Sequence[Expectation], reasons: Mapping[int, Explanation], routes: Routes
) -> dict[int, Explanation]:
    """Two checks of one route fail for one reason: that of the first."""
    found = dict(reasons)
    for number in reasons:
        key = _key(expectations[number])
        first = routes.get(expectations[number].router, {}).get(key) if key else None
        found[number] = reasons.get(number if first is None else first, reasons[number])
    return found


def _failed_routes(
    expectations: Sequence[Expectation],
    results: Sequence[CheckResult],
    reasons: Mapping[int, Explanation],
) -> Routes:
    """One check for each route and each way; a derived one precedes the catalogue's.

    What a neighbour sends says less of a route than the route itself.
    """
    found: dict[str, dict[tuple[str, Prefix], int]] = {}
    for number, each in sorted(enumerate(expectations), key=lambda item: _key(item[1]) is None):
        if results[number].verdict is not Verdict.PASS:
            for key in _keys(each, reasons.get(number)):
                found.setdefault(each.router, {}).setdefault(key, number)
    return found


def _keys(expected: Expectation, reason: Explanation | None) -> Iterator[tuple[str, Prefix]]:
    """The routes that a failed check is about: of those exchanged, the ones that it blames."""
    if key := _key(expected):
        yield key
    elif isinstance(expected, ReceivedRoutes) and reason is not None:
        for place in reason.blames:
            if isinstance(place.target, IPv4Network | IPv6Network):
                yield expected.table, place.target


def _key(expected: Expectation) -> tuple[str, Prefix] | None:
    """The route that a check is about: of a way, the one to its end, in no table."""
    if isinstance(expected, RouteExpectation):
        return expected.table, expected.prefix
    if isinstance(expected, Path):
        return _WAY, ip_network(expected.target)
    return None


def _unknown(routes: Routes, results: Sequence[CheckResult]) -> dict[int, Explanation]:
    """What checks that could not look say of themselves."""
    numbers = (number for table in routes.values() for number in table.values())
    findings = ((number, results[number].findings[0]) for number in numbers)
    return {
        number: Explanation(finding.why or finding.cause, finding.cause, finding.next)
        for number, finding in findings
        if finding.verdict is Verdict.UNKNOWN and finding.cause
    }


def _laid_to(
    reason: Explanation,
    known: Mapping[int, Explanation],
    routes: Routes,
    expectations: Sequence[Expectation],
    number: int,
) -> Explanation:
    """The reason with the cause at the end of the chain, and what is said there."""
    seen, last = {number}, reason
    while (blamed := _blamed(last.blames, known, routes, seen)) is not None:
        seen.add(blamed)
        last, number = known[blamed], blamed
    if last is reason or not last.cause:
        return reason
    where = expectations[number].router
    command = last.next if not last.next or "(on " in last.next else f"{last.next} (on {where})"
    return replace(
        reason,
        why=reason.why if last.why in reason.why else f"{reason.why}; at {where}, {last.why}",
        cause=last.cause,
        next=command or reason.next,
    )


def _blamed(
    places: Sequence[Place],
    known: Mapping[int, Explanation],
    routes: Routes,
    seen: set[int],
) -> int | None:
    """The failed check of a route that is blamed, unless it has had its turn."""
    for place in places:
        for number in _about(place, routes.get(place.router, {})):
            if number in known and number not in seen:
                return number
    return None


def _about(place: Place, table: Mapping[tuple[str, Prefix], int]) -> list[int]:
    """The checks of that route, or of those that an address is in, the longest first."""
    found = [
        (prefix.prefixlen, number)
        for (name, prefix), number in table.items()
        if place.table in ("", name) and _holds(prefix, place.target)
    ]
    return [number for _, number in sorted(found, key=lambda each: -each[0])]


def _holds(prefix: Prefix, target: Prefix | Address) -> bool:
    if isinstance(target, IPv4Network | IPv6Network):
        return prefix == target
    return target in prefix
