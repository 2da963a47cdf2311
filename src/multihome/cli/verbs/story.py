"""The demo as a story: deploy, verify, fail over; each part is also a verb of its own."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from multihome.change.agreement.words import lines
from multihome.change.verification import Patience
from multihome.cli.highlights import highlights
from multihome.cli.progress_events import narrated
from multihome.drill.exercise import Terms as DrillTerms
from multihome.errors import ExitCode
from multihome.report.console import checks_table, paths_table, timeline_table, trouble_text
from multihome.report.model import Run, troubles
from multihome.report.text import safe_lines
from multihome.runbook.changes import Terms, apply
from multihome.runbook.drill import practise
from multihome.runbook.drills import definition, definitions
from multihome.runbook.evidence import runs_folder
from multihome.runbook.runs import verify
from multihome.runbook.verify import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from multihome.change.agreement.step_plan import StepPlan
    from multihome.change.preflight.plan import Planned
    from multihome.cli.settings import Settings
    from multihome.drill.definition import Drill
    from multihome.report.plan_summary import Verification
    from multihome.runbook.workspace import Workspace

QUICK = 10.0
"""How fast the twin's clock runs while its network comes up: protocols wait for many seconds."""
REAL = 1.0
"""How fast it runs in the drill, so that what is measured is what a router would take."""

BRIEF = frozenset({"before", "after"})
"""Rounds of checks whose line in the timeline is enough, if nothing is wrong in them."""


class Story:
    """Printed on stdout as it happens."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        set_speed: Callable[[float], None],
        drills: Sequence[str] = (),
        *,
        verb: str = "demo",
    ) -> None:
        """`drills` by name; without any, the session of the first leg.

        Raises:
            UnknownName: there is no such drill.
        """
        self._workspace, self._settings, self._set_speed = workspace, settings, set_speed
        self._screen, self._verb = settings.screen, verb
        known = definitions(workspace)
        self._drills = [definition(workspace, name) for name in drills or list(known)[:1]]

    def tell(self) -> Run:
        """All parts in order; the first that fails is the last. One run, with one verdict."""
        started, clock = datetime.now(UTC), time.monotonic()
        parts: list[Run] = []
        tasks: list[Callable[[], Run]] = [self._deploy, self._verify]
        tasks += [partial(self._fail_over, drill) for drill in self._drills]
        for part in tasks:
            run = part()
            parts.append(run)
            if run.exit_code is not ExitCode.PROVEN:
                break
        last = parts[-1]
        return replace(
            last,
            verb=self._verb,
            subject="",
            started=started,
            seconds=time.monotonic() - clock,
            phases=tuple(phase for run in parts for phase in run.phases),
            diffs=tuple(diff for run in parts for diff in run.diffs),
        )

    def _deploy(self) -> Run:
        count = len(self._workspace.configured)
        self._screen.step(f"2. Render {count} configurations, push them as one confirmed commit")
        self._set_speed(QUICK)
        self._screen.say(f"  the twin's clock runs x{QUICK:g} while its protocols come up")
        # A rehearsal carries no traffic that an outage could hurt; its cost is shown.
        terms = Terms(
            patience=Patience(limit=60.0, interval=0.3),
            accept_outage=True,
            announce=self._show_steps,
            agree=self._show,
        )
        with narrated(self._settings, self._screen.out) as listeners:
            run = apply(self._workspace, terms, listeners)
        if run.run_id:
            self._screen.say(f"  each diff in full: {runs_folder()}/*-{run.run_id}/diff/")
        for note in run.notes if run.exit_code is not ExitCode.PROVEN else run.notes[-1:]:
            self._screen.say(f"  {note}")
        return run

    def _verify(self) -> Run:
        self._screen.step("3. Verify the steady state by structured RPCs")
        self._set_speed(REAL)
        run = verify(self._workspace, Wanted())
        self._show_phases(run)
        return run

    def _fail_over(self, drill: Drill) -> Run:
        self._screen.step(f"4. Drill {drill.name}: {drill.summary}")
        for line in drill.statements:
            self._screen.show(f"  {drill.router}# {line}")
        terms = DrillTerms(
            patience=Patience(limit=60.0, interval=0.3), secrets=self._workspace.secret_values()
        )
        with narrated(self._settings, self._screen.out) as listeners:
            run = practise(self._workspace, drill, terms, listeners)
        if not self._screen.quiet:
            for diff in run.diffs:
                self._screen.out.print(safe_lines(diff.text), markup=False, highlight=False)
            self._screen.out.print(timeline_table(run.timeline))
            if run.paths:
                self._screen.out.print(paths_table(run.paths))
        for note in run.notes:
            self._screen.say(f"  {note}")
        self._show_phases(run)
        return run

    def _show_steps(self, steps: StepPlan, _: Verification) -> None:
        for line in lines(steps):
            self._screen.say(f"  {line}")

    def _show(self, planned: Mapping[str, Planned]) -> bool:
        """The diff of each router: all of it if it was asked for, else how long it is."""
        for name, each in planned.items():
            lines = each.diff.splitlines()
            added = sum(line.startswith("+") for line in lines)
            removed = sum(line.startswith("-") for line in lines)
            self._screen.say(f"  {name:<8} +{added} -{removed} lines")
            if self._settings.verbose:
                self._screen.show(safe_lines(each.diff))
        return True

    def _show_phases(self, run: Run) -> None:
        """The operator's own checks by name, those derived from the intent by their number."""
        if self._screen.quiet:
            return
        for phase in run.phases:
            if phase.title in BRIEF and not troubles(phase.result):
                continue
            verbose = self._settings.verbose
            table = checks_table(phase.result, verbose=True) if verbose else highlights(phase)
            self._screen.out.print(Text(f"{phase.title} (state {phase.state})", "bold"))
            self._screen.out.print(table)
            for trouble in troubles(phase.result):
                self._screen.out.print(trouble_text(trouble), highlight=False)
