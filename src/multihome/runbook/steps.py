"""The steps of a change, from what the routers have and what they are to have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from multihome.change.agreement.agreements import Moment
from multihome.change.agreement.step_plan import Draft, step_plan
from multihome.change.agreement.words import refusal
from multihome.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from multihome.change.agreement.step_plan import StepPlan
    from multihome.runbook.workspace import Workspace

A_CHANGE = 3600.0
"""Seconds that a change may take, if nothing more is known."""


def steps_of(
    workspace: Workspace,
    configurations: Mapping[str, str],
    scripts: Mapping[str, str],
    devices: Mapping[str, str],
    *,
    lasts: float = A_CHANGE,
) -> StepPlan:
    """Cut a change into steps. Routers with a configuration and without a script stay as they are.

    Logical systems of one device have one commit, whatever step they would be in.
    """
    drafts = {
        router: Draft(
            configurations[router],
            scripts.get(router, ""),
            workspace.targets[router].logical_system,
        )
        for router in workspace.configured
        if router in configurations
    }
    moment = Moment(lasts=timedelta(seconds=lasts))
    return step_plan(workspace.intent, drafts, moment, tied=_tied(drafts, devices))


def batches(
    workspace: Workspace, plan: StepPlan, routers: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """The steps, and after them, leg by leg, the routers of which no difference was found."""
    stepped = [tuple(r for r in step if r in routers) for step in plan.batches]
    seen = {router for step in stepped for router in step}
    rest = workspace.order(router for router in routers if router not in seen)
    return tuple(step for step in (*stepped, *rest) if step)


def refuse_to_part(plan: StepPlan, canary: Collection[str]) -> None:
    """Raises Refused if a canary would change without those that must change with it."""
    for group in plan.groups:
        left = [router for router in group if router not in canary]
        if left and len(left) < len(group):
            inside = ", ".join(router for router in group if router in canary)
            raise Refused(
                f"--canary: {inside} must change together with {', '.join(left)}, and not before "
                "them; name all of them, or none"
            )


def outage_of(plan: StepPlan) -> str:
    """Why the change needs consent; empty if it does not."""
    return refusal(plan)


def _tied(routers: Iterable[str], devices: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    found: dict[str, list[str]] = {}
    for router in routers:
        found.setdefault(devices.get(router, router), []).append(router)
    return tuple(tuple(same) for same in found.values() if len(same) > 1)
