"""How an apply ended, as a run: what was found, what was done, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.change.agreement.words import lines
from multihome.change.folder import RunFolder
from multihome.errors import ExitCode, Unreachable
from multihome.fleet.outcome import errors
from multihome.report.model import Diff, Phase, Run, exit_code, tally
from multihome.runbook.evidence import (
    as_far_as_possible,
    keep_configurations,
    keep_replies,
    keep_result,
)
from multihome.runbook.network import network_of
from multihome.runbook.runs import routers
from multihome.runbook.seal import seal
from multihome.runbook.topology import topology
from multihome.runbook.unanswered import causes
from multihome.runbook.verify import Verifier
from multihome.values.grouping import lines as lines_of
from multihome.values.grouping import message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from multihome.change.agreement.step_plan import StepPlan
    from multihome.change.preflight.plan import Planned
    from multihome.change.verdict import Verdict
    from multihome.errors import MultihomeError
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.intent.statement import Expectation
    from multihome.render.ownership.changes import StatementChanges
    from multihome.runbook.baseline import Baseline
    from multihome.runbook.change_verification import Proofs
    from multihome.runbook.workspace import Workspace


def out_of_reach(
    workspace: Workspace, found: Mapping[str, Outcome[StatementChanges]]
) -> dict[str, str]:
    """Routers that do not answer, in words, where the others can go on without them.

    One that was asked for by name must answer.
    """
    failed = errors(found)
    off = {r: error for r, error in failed.items() if isinstance(error, Unreachable)}
    if workspace.everyone or len(off) == len(found):
        return {}
    return {
        router: f"{router} was out of reach before: not looked at and not changed "
        f"({error.reason}); run apply again when it is back"
        for router, error in off.items()
    }


def unchanged(
    workspace: Workspace,
    started: datetime,
    fleet: Fleet,
    checks: Sequence[Expectation],
    off: Mapping[str, str],
) -> Run:
    """No difference to commit: verify the network all the same."""
    phases: tuple[Phase, ...] = ()
    code, words = ExitCode.NOTHING_TESTED, "not verified"
    if checks:
        result = Verifier(workspace, fleet.collect).outcome(checks).result
        phases = (Phase("verified", "steady", result),)
        code, total = exit_code(result), tally(result)
        words = f"{total.passed + total.warned} of {total.planned} hold"
    return Run(
        verb="apply",
        started=started,
        seconds=(datetime.now(UTC) - started).total_seconds(),
        exit_code=ExitCode.worst([code, *([ExitCode.UNKNOWN] if off else [])]),
        routers=routers(workspace, *(phase.result for phase in phases)),
        phases=phases,
        topology=topology(workspace),
        notes=(*off.values(), f"no changes; {words}"),
    )


def unused(baseline: Baseline) -> Iterator[str]:
    """Declarations that nothing came under, once there was something to compare."""
    for number, each in enumerate(baseline.allowances):
        if baseline.seconds and number not in baseline.used:
            yield f"declared and not seen: {each.key or each.kind}"


def refused(workspace: Workspace, started: datetime, steps: StepPlan, outage: str) -> Run:
    """An apply that needs consent to an outage."""
    return Run(
        verb="apply",
        started=started,
        seconds=(datetime.now(UTC) - started).total_seconds(),
        exit_code=ExitCode.REFUSED,
        routers=routers(workspace),
        notes=(*lines(steps), outage, "nothing was changed"),
    )


def not_begun(workspace: Workspace, started: datetime, failed: Mapping[str, MultihomeError]) -> Run:
    """An apply that ended before anything was touched."""
    return Run(
        verb="apply",
        started=started,
        seconds=(datetime.now(UTC) - started).total_seconds(),
        exit_code=ExitCode.worst(error.exit_code for error in failed.values()),
        routers=routers(workspace),
        notes=(*causes(failed, workspace.targets), "nothing was changed"),
    )


def applied(
    workspace: Workspace,
    started: datetime,
    verdict: Verdict,
    proofs: Proofs,
    seen: Mapping[str, Planned],
) -> Run:
    """An apply that was carried out or undone."""
    phases = []
    if proofs.undone is not None:
        phases = [Phase("seen before it was undone", "steady", proofs.undone)]
    elif proofs.asked:
        name = "verified" if verdict.code is ExitCode.PROVEN else "last seen"
        phases = [Phase(name, "steady", proofs.result)]
    if proofs.judgement is not None:
        phases.append(Phase("differences", "steady", proofs.judgement.result))
    warned = lines_of(message(r, each) for r, said in verdict.warnings.items() for each in said)
    return Run(
        verb="apply",
        started=started,
        seconds=(datetime.now(UTC) - started).total_seconds(),
        exit_code=verdict.code,
        run_id=verdict.run,
        routers=routers(workspace, *(phase.result for phase in phases)),
        phases=tuple(phases),
        diffs=tuple(Diff(each.router, each.diff) for each in seen.values()),
        topology=topology(workspace),
        network=network_of(workspace),
        notes=(*proofs.red_before, *warned, *_where(verdict), verdict.text, *verdict.next),
    )


def _where(verdict: Verdict) -> tuple[str, ...]:
    """Where to look later, and how close together the confirmations were."""
    if verdict.folder is None:
        return ()
    apart = verdict.confirm_window
    window = f"; first to last confirmation took {apart:.2f} s" if len(verdict.changed) > 1 else ""
    return (f"run {verdict.run} is kept in {verdict.folder}{window}",)


def kept(
    workspace: Workspace,
    fleet: Fleet,
    run: Run,
    verdict: Verdict,
    proofs: Proofs,
    baseline: Baseline,
) -> Run:
    """The evidence in the run's folder; of a run that was interrupted, without asking anybody."""
    if verdict.folder is None:
        return run
    folder = RunFolder(verdict.folder, verdict.run, verdict.verb, workspace.secret_values())
    with as_far_as_possible() as missed:
        keep_result(folder, run)
        keep_replies(folder, proofs.replies)
        baseline.keep(folder.path)
        if verdict.code not in (ExitCode.INTERRUPTED, ExitCode.NEEDS_HUMAN):
            keep_configurations(folder, fleet.collect, fleet.routers)
        seal(folder)
    return replace(run, notes=(*missed, *run.notes))
