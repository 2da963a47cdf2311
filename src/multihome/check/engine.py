"""Plan what to ask, judge the answers, wait for what may take time, explain what failed.

The engine asks nothing itself: `collect` is given, and so is the clock.  Every request is made
once for a router, however many checks look at the answer.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from multihome.check.diagnosis.cause import why
from multihome.check.diagnosis.cause_chain import related
from multihome.check.inquiry import Inquiry, NotYet, silence
from multihome.check.judge import Judge
from multihome.check.kinds.known import REGISTRY
from multihome.check.naming import distinct
from multihome.check.result import CheckResult, RunResult, Verdict
from multihome.errors import DeviceError
from multihome.intent.wiring_plan import IntendedWiring
from multihome.state.query import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from multihome.check.inquiry import Explanation
    from multihome.check.result import Finding
    from multihome.intent.statement import Expectation
    from multihome.state.query import Replies
    from multihome.state.request import Request

Ask: TypeAlias = "tuple[str, Request]"
Collect: TypeAlias = "Callable[[Sequence[Ask]], Replies]"
"""Asks each router each request once; an error is an answer, never raised."""

_ROUNDS = 16
"""How often explanations may ask for more: a few times, and twice for each router walked back."""
_INTERVAL = 1.0
"""Seconds between two looks at what may take time."""


class Clock(Protocol):
    """Time as the engine needs it."""

    def now(self) -> float:
        """Seconds, from anywhere."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found, and the evidence that it judged."""

    result: RunResult
    evidence: Evidence


def plan(expectations: Iterable[Expectation]) -> tuple[Ask, ...]:
    """What must be asked, each question once, router by router."""
    asks = {
        (each.router, query.request): None
        for each in expectations
        for query in REGISTRY.get(each.check_name).needs(each)
    }
    return tuple(sorted(asks, key=lambda ask: ask[0]))


def judge(expected: Expectation, evidence: Evidence) -> CheckResult:
    """One expectation; whatever could not be asked or read is UNKNOWN, with the reason."""
    check = REGISTRY.get(expected.check_name)
    findings: tuple[Finding, ...]
    try:
        findings = tuple(check.evaluate(expected, evidence))
    except DeviceError as error:
        findings = (_unasked(expected, error, evidence),)
    return CheckResult(
        check=expected.identity,
        router=expected.router,
        findings=findings,
        tags=expected.tags,
        kind=expected.check_name,
        subject=expected.subject,
    )


def _unasked(expected: Expectation, error: DeviceError, evidence: Evidence) -> Finding:
    """What is said of a check without evidence; a silent router is one cause for all of its."""
    unknown = Judge(expected).unknown("evidence", "an answer", "none", error.reason)
    if error.router not in evidence.silent:
        return replace(unknown, cause=f"{error.router}: {error.reason}")
    return replace(
        unknown, cause=silence(error.router), next=f"multihome preflight -l {error.router}"
    )


def evaluate(expectations: Iterable[Expectation], evidence: Evidence) -> tuple[CheckResult, ...]:
    """Every expectation, in order."""
    return tuple(judge(each, evidence) for each in expectations)


def run(
    expectations: Sequence[Expectation],
    collect: Collect,
    clock: Clock,
    *,
    routers: Collection[str] = (),
    chart: IntendedWiring | None = None,
) -> Outcome:
    """Ask, judge, wait, hold, explain.

    `routers` are those that explanations may ask beside the ones under test; `chart` says
    what those would say of their wiring that do not answer.
    """
    course = _Run(expectations, collect, clock, routers)
    return course.outcome(chart or IntendedWiring())


class _Run:
    """The course of one run: evidence grows, results are replaced by later ones."""

    def __init__(
        self,
        expectations: Sequence[Expectation],
        collect: Collect,
        clock: Clock,
        routers: Collection[str],
    ) -> None:
        self._expectations = distinct(expectations)
        self._collect, self._clock = collect, clock
        self._routers = sorted({*routers, *(each.router for each in expectations)})
        self._evidence = Evidence({})
        self._results: dict[int, CheckResult] = {}
        self._rpcs = 0

    def outcome(self, chart: IntendedWiring) -> Outcome:
        started = self._clock.now()
        self._look(range(len(self._expectations)))
        self._wait(started)
        self._hold()
        reasons = self._explain(chart)
        found = [self._results[n] for n in range(len(self._expectations))]
        results = related(self._expectations, found, reasons, self._evidence.silent)
        seconds = self._clock.now() - started
        result = RunResult(len(self._expectations), results, seconds, self._rpcs)
        return Outcome(result, self._evidence)

    def _ask(self, asks: Sequence[Ask]) -> None:
        if asks:
            self._rpcs += len(asks)
            self._evidence = self._evidence.joined(Evidence(self._collect(asks)))

    def _look(self, numbers: Iterable[int]) -> None:
        chosen = list(numbers)
        self._ask(plan(self._expectations[n] for n in chosen))
        for n in chosen:
            self._results[n] = judge(self._expectations[n], self._evidence)

    def _wait(self, started: float) -> None:
        """Look again at what failed until it holds or its time is over."""
        while True:
            passed = self._clock.now() - started
            again = [
                n
                for n, each in enumerate(self._expectations)
                if each.wait > passed and self._results[n].verdict is not Verdict.PASS
            ]
            if not again:
                return
            left = max(self._expectations[n].wait for n in again) - passed
            self._clock.sleep(min(_INTERVAL, left))
            self._look(again)

    def _hold(self) -> None:
        """Look again at what holds until it has held long enough, or does not."""
        started = self._clock.now()
        while True:
            passed = self._clock.now() - started
            again = [
                n
                for n, each in enumerate(self._expectations)
                if each.hold > passed and self._results[n].verdict is Verdict.PASS
            ]
            if not again:
                return
            left = max(self._expectations[n].hold for n in again) - passed
            self._clock.sleep(min(_INTERVAL, left))
            self._look(again)

    def _explain(self, chart: IntendedWiring) -> dict[int, Explanation]:
        """Find the reason of every failure, and ask what it takes to find it."""
        failed = [n for n, each in self._results.items() if each.verdict is Verdict.FAIL]
        found: dict[int, Explanation | None] = {}
        for _ in range(_ROUNDS):
            inquiry = Inquiry(self._evidence, self._routers, chart)
            found |= _reasons(
                [(n, self._expectations[n]) for n in failed if n not in found], inquiry
            )
            if not inquiry.wanted:
                break
            self._ask(tuple(inquiry.wanted))
        return {n: each for n, each in found.items() if each is not None}


def explained(
    expectations: Sequence[Expectation],
    results: Sequence[CheckResult],
    evidence: Evidence,
    routers: Collection[str] = (),
    chart: IntendedWiring | None = None,
) -> tuple[CheckResult, ...]:
    """The same results with the reasons that the evidence at hand gives; nothing is asked."""
    inquiry = Inquiry(evidence, sorted(routers), chart)
    failed = [
        (number, each)
        for number, each in enumerate(expectations)
        if results[number].verdict is Verdict.FAIL
    ]
    found = _reasons(failed, inquiry)
    known = {number: each for number, each in found.items() if each is not None}
    return related(expectations, results, known, evidence.silent)


def _reasons(
    failed: Iterable[tuple[int, Expectation]], inquiry: Inquiry
) -> dict[int, Explanation | None]:
    """The reason of each failure that is known by now; the others are left out."""
    found: dict[int, Explanation | None] = {}
    for number, expected in failed:
        with suppress(NotYet):
            found[number] = why(expected, inquiry)
    return found
