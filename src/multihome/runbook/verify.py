"""What the network must say, asked of it: derived from the intent, and the operator's catalogue."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from multihome.check import engine
from multihome.check.catalogue import Names, load_catalogue
from multihome.check.contradiction import contradictions
from multihome.errors import InvalidFile, NothingTested, UnknownName
from multihome.intent.expect import STATES, NetworkState, expectations
from multihome.intent.wiring_plan import chart
from multihome.runbook.logical_system_commands import placed
from multihome.state.query import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from lxml.etree import _Element

    from multihome.check.engine import Ask, Outcome
    from multihome.check.result import CheckResult
    from multihome.errors import DeviceError
    from multihome.intent.statement import Expectation
    from multihome.runbook.workspace import Workspace
    from multihome.state.query import Replies
    from multihome.state.request import Request

    Collect: TypeAlias = Callable[[Mapping[str, Iterable[Request]]], Replies]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which checks a person asked for; nothing named means all."""

    state: str = NetworkState.STEADY
    site: str | None = None
    backup: str | None = None
    """The CPE of the backup leg that the state is about; the first one's unless given."""
    tags: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    wait: float | None = None
    """Seconds that every check may take to become true, at least."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """Time as it passes for the operator."""

    def now(self) -> float:
        """Seconds, from anywhere."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


@dataclass(slots=True)
class StoppedClock:
    """Time for what is over: what has not become true in the replies never will."""

    passed: float = 0.0

    def now(self) -> float:
        """Seconds; they pass only by sleeping."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.passed += seconds


@dataclass(slots=True)
class Verifier:
    """Judges what `collect` brings: from live routers, or from the replies of an earlier run."""

    workspace: Workspace
    collect: Collect
    clock: engine.Clock = field(default_factory=WallClock)
    asked: int = 0
    """Requests so far."""
    seen: dict[tuple[str, Request], _Element | DeviceError] = field(default_factory=dict)
    """The last reply to each request."""

    def outcome(self, checks: Sequence[Expectation]) -> Outcome:
        """Ask, wait, judge, explain; with the evidence, for those who look further."""
        found = engine.run(
            checks,
            self.ask,
            self.clock,
            routers=self.workspace.targets,
            chart=chart(self.workspace.intent),
        )
        results = placed(found.result.results, self.workspace.targets)
        return replace(found, result=replace(found.result, results=results))

    def look(self, checks: Sequence[Expectation]) -> tuple[CheckResult, ...]:
        """Ask once and judge; no waiting, no explanations."""
        return engine.evaluate(checks, Evidence(self.ask(engine.plan(checks))))

    def ask(self, asks: Sequence[Ask]) -> Replies:
        """Ask each router each request once."""
        self.asked += len(asks)
        wanted: dict[str, list[Request]] = {}
        for router, request in asks:
            wanted.setdefault(router, []).append(request)
        replies = self.collect(wanted)
        self.seen.update(replies)
        return replies

    def explained(
        self, checks: Sequence[Expectation], results: Sequence[CheckResult]
    ) -> tuple[CheckResult, ...]:
        """Results of `look` with the reasons that the replies seen so far give."""
        found = engine.explained(
            checks,
            results,
            Evidence(self.seen),
            self.workspace.targets,
            chart(self.workspace.intent),
        )
        return placed(found, self.workspace.targets)


def demands(workspace: Workspace, wanted: Wanted) -> tuple[Expectation, ...]:
    """Every check of a network state on the workspace's routers: derived ones, then the catalogue.

    Raises:
        InvalidFile: the catalogue is wrong.
        UnknownName: no such state, site, tag or check.
        NothingTested: no check is selected.
    """
    known = Names(workspace.inventory.names, STATES)
    implied = _implied(workspace, wanted)
    catalogue = load_catalogue(workspace.project.checks, known)
    if wrong := contradictions(_of_state(catalogue, wanted), implied, workspace.project.root):
        raise InvalidFile(wrong)
    _refuse_unknown((*implied, *catalogue), wanted)
    chosen = tuple(
        _patient(each, wanted.wait)
        for each in (*implied, *catalogue)
        if each.router in workspace.targets
        and (not each.when or wanted.state in each.when)
        and (not wanted.tags or wanted.tags & each.tags)
        and (not wanted.names or each.name in wanted.names)
    )
    if not chosen:
        raise NothingTested(f"no check of state {wanted.state} is left of what was asked for")
    return chosen


def half_asked(workspace: Workspace, checks: Sequence[Expectation]) -> tuple[str, ...]:
    """Checks of which a limit leaves one end, each with the end that is not looked at."""
    found: dict[str, None] = {}
    for each in checks:
        if beyond := sorted(each.ends - set(workspace.targets)):
            out = ", ".join(beyond)
            found[
                f"warning: {each.origin}: only the end on {each.router} is checked, not {out}"
            ] = None
    return tuple(found)


def _of_state(checks: Iterable[Expectation], wanted: Wanted) -> Iterator[Expectation]:
    return (each for each in checks if not each.when or wanted.state in each.when)


def derived(workspace: Workspace, wanted: Wanted) -> tuple[Expectation, ...]:
    """What the intent alone implies of the workspace's routers; raises UnknownName."""
    found = _implied(workspace, wanted)
    return tuple(each for each in found if each.router in workspace.targets)


def _implied(workspace: Workspace, wanted: Wanted) -> tuple[Expectation, ...]:
    return expectations(workspace.intent, wanted.state, site=wanted.site, backup=wanted.backup)


def _refuse_unknown(checks: Sequence[Expectation], wanted: Wanted) -> None:
    tags = {tag for each in checks for tag in each.tags}
    names = {each.name for each in checks if each.name}
    for kind, asked, known in (("tag", wanted.tags, tags), ("check", wanted.names, names)):
        if unknown := sorted(asked - known):
            raise UnknownName(kind, unknown[0], known)


def _patient(expected: Expectation, wait: float | None) -> Expectation:
    if wait is None or expected.wait >= wait:
        return expected
    return expected.model_copy(update={"wait": wait})
