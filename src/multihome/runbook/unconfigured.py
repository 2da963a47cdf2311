"""Routers that have nothing of the intent yet: said once, instead of a failure for every check."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.check.result import UNCONFIGURED, CheckResult, Finding, RunResult, Verdict
from multihome.errors import DeviceError, UsageError
from multihome.render.secrets import MissingSecrets, Secrets
from multihome.state.configuration import STATEMENTS, below
from multihome.state.query import Evidence
from multihome.values.grouping import some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from multihome.render.rendered import Rendered
    from multihome.runbook.workspace import Workspace
    from multihome.state.query import Replies
    from multihome.state.request import Request

    Collect = Callable[[Mapping[str, Iterable[Request]]], Replies]


def unconfigured(workspace: Workspace, result: RunResult, collect: Collect) -> tuple[str, ...]:
    """The routers of which most checks fail and whose configuration has no statement of ours.

    Only routers that fail that much are asked, once each; one that does not answer is none.
    """
    suspects = [name for name in _failing(result) if name in workspace.intent.routers]
    if not suspects:
        return ()
    evidence = Evidence(collect({name: [STATEMENTS.request] for name in suspects}))
    return tuple(name for name in suspects if _has_nothing(workspace, name, evidence))


def collapsed(result: RunResult, bare: tuple[str, ...]) -> RunResult:
    """The same with one finding and one common cause for each failed check of these routers."""
    if not bare:
        return result
    plural = "have" if len(bare) > 1 else "has"
    cause = f"{some(bare)} {plural} nothing of the intent"
    step = "multihome plan"
    if len(bare) == 1:
        step += f" -l {bare[0]}"
    found = tuple(
        _one(each, cause, step) if each.router in bare and each.verdict is Verdict.FAIL else each
        for each in result.results
    )
    return replace(result, results=found)


def _one(result: CheckResult, cause: str, step: str) -> CheckResult:
    finding = Finding(
        router=result.router,
        subject=result.subject,
        attribute=UNCONFIGURED,
        expected="statements of the intent",
        actual="none",
        verdict=Verdict.FAIL,
        origin=result.findings[0].origin if result.findings else "",
        why="its configuration holds no statement that the intent renders",
        cause=cause,
        next=step,
    )
    return replace(result, findings=(finding,))


def _failing(result: RunResult) -> list[str]:
    """Routers more than half of whose checks fail."""
    checks = Counter(each.router for each in result.results)
    failed = Counter(each.router for each in result.results if each.verdict is Verdict.FAIL)
    return [router for router, count in failed.items() if 2 * count > checks[router]]


def _has_nothing(workspace: Workspace, router: str, evidence: Evidence) -> bool:
    try:
        there = evidence.table(router, STATEMENTS)
        rendered = _rendered(workspace, router)
    except (DeviceError, UsageError):
        return False
    prefix = f"logical-systems {rendered.logical_system} " if rendered.logical_system else ""
    ours = [line.removeprefix("set ").removeprefix(prefix) for line in rendered.statements]
    own = {line for line in ours if not any(below(line, path) for path in rendered.shared)}
    running = {line.removeprefix(prefix) for line in there}
    return bool(own) and not own & running


def _rendered(workspace: Workspace, router: str) -> Rendered:
    """What the router would hold; a secret that was not given is made up, and matches nothing."""
    try:
        return workspace.rendered(router)
    except MissingSecrets as error:
        made_up = Secrets.generated(error.names)
        return replace(workspace, secrets=made_up | workspace.secrets).rendered(router)
