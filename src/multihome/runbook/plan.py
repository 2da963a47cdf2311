"""What a change would do, as far as the routers could say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.change.agreement.step_plan import StepPlan
from multihome.errors import ExitCode
from multihome.runbook.steps import outage_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.preflight.plan import Planned
    from multihome.errors import MultihomeError
    from multihome.render.ownership.changes import StatementChanges
    from multihome.report.plan_summary import Verification


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, and which routers could not say."""

    planned: Mapping[str, Planned]
    failed: Mapping[str, MultihomeError]
    seconds: float
    unlooked: tuple[str, ...] = ()
    """Why some could not be looked at, one line for each cause."""
    steps: StepPlan = field(default_factory=StepPlan)
    """Who would change together, in which order, and at what cost."""
    verification: Verification | None = None
    """What `apply` would verify; None: its checks contradict the intent, so it would refuse."""

    @property
    def looked(self) -> str:
        """How many of the routers could be looked at; `unlooked` says why not the others.

        A router that could not be looked at is never counted as unchanged.
        """
        return f"{len(self.planned)} of {len(self.planned) + len(self.failed)} looked at"

    @property
    def pending(self) -> tuple[Planned, ...]:
        """Those that differ from what they must be."""
        return tuple(each for each in self.planned.values() if each.diff)

    @property
    def contradicted(self) -> tuple[StatementChanges, ...]:
        """Routers on which foreign statements contradict ours: `apply` would refuse."""
        known = (each.changes for each in self.planned.values())
        return tuple(changes for changes in known if changes is not None and changes.conflicts)

    @property
    def code(self) -> ExitCode:
        """What lasts only until a timer ends, or could not be asked, is not known for sure."""
        codes = [error.exit_code for error in self.failed.values()]
        if any(each.waiting for each in self.planned.values()):
            codes.append(ExitCode.UNKNOWN)
        if self.contradicted:
            codes.append(ExitCode.REFUSED)
        return ExitCode.worst(codes)

    @property
    def outage(self) -> str:
        """Why `apply` needs consent to an outage; empty if it does not."""
        return outage_of(self.steps)
