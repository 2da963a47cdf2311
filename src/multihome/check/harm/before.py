"""Red before: the failures that a change found, and is not held against (rule 3 of `touched`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.check.result import Verdict
from multihome.intent.expectation import (
    AdvertisedRoutes,
    BgpSession,
    Path,
    ReceivedRoutes,
    RouteExpectation,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from multihome.check.harm.names import Party
    from multihome.check.harm.touched import Touched
    from multihome.check.result import CheckResult, Finding
    from multihome.intent.statement import Expectation

_HOPS = frozenset({"interface", "next-hop", "labels", "hops", "passes", "avoids"})
"""What a route or a path says of the hops through the core."""
_CARRIED = frozenset({"received", "accepted", "active", "advertised", "count", "prefixes"})
"""What is said of all routes of a session together."""


def red_before(
    checks: Sequence[Expectation],
    before: Mapping[int, CheckResult],
    failing: Mapping[int, CheckResult],
    touched: Touched,
) -> frozenset[int]:
    """Which of the failing checks do not count against the change.

    `before` are the checks that were red before it, `failing` what is red now, with its causes.
    """
    candidates = {number for number in failing if number in before}
    loose = {number for number in candidates if not touched.check(checks[number])}
    alone = _red_alone(checks, before, touched)
    causes = causes_of(failing[n] for n in loose)
    found = set(loose)
    for number in candidates - loose:
        others = touched.parties(checks[number]) - touched.changed
        if (
            others & alone
            or follows(failing[number], causes)
            or (not touched.moves_hops and _only_hops(checks[number], failing[number]))
            or _carries_the_same(checks[number], before[number], failing[number])
        ):
            found.add(number)
    return frozenset(found)


def _red_alone(
    checks: Sequence[Expectation], before: Collection[int], touched: Touched
) -> frozenset[Party]:
    """The parties of which a check that is about no one else was red, and is not touched."""
    parties = (touched.parties(checks[n]) for n in before if not touched.check(checks[n]))
    return frozenset(party for some in parties if len(some) == 1 for party in some)


def _failed(result: CheckResult) -> Iterator[Finding]:
    return (each for each in result.findings if each.verdict is not Verdict.PASS)


def causes_of(results: Iterable[CheckResult]) -> frozenset[str]:
    """The causes of the failures among some results, without those that follow from others."""
    failed = (finding for each in results for finding in _failed(each))
    return frozenset(each.cause for each in failed if each.cause and not each.follows)


def follows(result: CheckResult, causes: Collection[str]) -> bool:
    """Whether all that failed has its cause in what was red before; several are joined by `; `."""
    found = [each.cause for each in _failed(result)]
    return bool(found) and all(cause and set(cause.split("; ")) <= set(causes) for cause in found)


def lost_prefixes(checks: Iterable[Expectation], red: Iterable[int]) -> int:
    """How many prefixes the route checks that were red are about."""
    known = tuple(checks)
    routes = (known[n] for n in red)
    return len({each.prefix for each in routes if isinstance(each, RouteExpectation)})


def short_by(expected: Expectation, result: CheckResult, most: int) -> bool:
    """Whether all that fails is how many routes a session carries, short by no more than that."""
    if not isinstance(expected, BgpSession | ReceivedRoutes | AdvertisedRoutes):
        return False
    return all(
        each.verdict is Verdict.FAIL
        and each.attribute.rpartition(" ")[2] in _CARRIED
        and 0 < _number(each.expected) - _number(each.actual) <= most
        for each in _failed(result)
    )


def _number(text: object) -> int:
    digits = re.findall(r"\d+", str(text))
    return int(digits[0]) if digits else 0


def _only_hops(expected: Expectation, result: CheckResult) -> bool:
    """Whether a way leads where it must, by other hops through the core."""
    failed = list(_failed(result))
    return (
        isinstance(expected, RouteExpectation | Path)
        and _through_core(expected)
        and all(each.verdict is Verdict.FAIL for each in failed)
        and all(each.attribute.rpartition(" ")[2] in _HOPS for each in failed)
    )


def _carries_the_same(expected: Expectation, before: CheckResult, now: CheckResult) -> bool:
    """Whether a session is as it must be but for what it carries, which is what it carried.

    A session that had no routes at all was not there: that it brings the wrong ones counts.
    """
    if not isinstance(expected, BgpSession | ReceivedRoutes | AdvertisedRoutes):
        return False
    seen = {(each.attribute, each.actual) for each in _failed(before)}
    return all(
        each.verdict is Verdict.FAIL
        and each.attribute.rpartition(" ")[2] in _CARRIED
        and (each.attribute, each.actual) in seen
        and each.actual not in ("0", "none")
        for each in _failed(now)
    )


def _through_core(expected: RouteExpectation | Path) -> bool:
    if isinstance(expected, Path):
        return True
    active = expected.active
    return active is not None and (active.label_action is not None or active.protocol != "BGP")
