"""The verbs that change routers, and the look before: plan, apply, preflight."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from multihome.change import apply as application
from multihome.change.change_request import Order
from multihome.change.preflight import plan, router_condition
from multihome.change.recovery.run_list import supersede
from multihome.change.rollout import Rollout
from multihome.change.statements import changed_statements
from multihome.change.steps.lease import MOST_RENEWALS, RENEW_AT
from multihome.change.verification import Patience, trusting
from multihome.check.allowance import load_allowances
from multihome.errors import ExitCode, InvalidFile, NothingTested, Refused, UsageError
from multihome.fleet.outcome import errors, values
from multihome.intent.timers import slowest_timer
from multihome.report.plan_summary import Verification
from multihome.runbook.applied import (
    applied,
    kept,
    not_begun,
    out_of_reach,
    refused,
    unchanged,
    unused,
)
from multihome.runbook.baseline import Baseline
from multihome.runbook.change_verification import Proofs
from multihome.runbook.evidence import (
    runs_folder,
)
from multihome.runbook.network import network_of
from multihome.runbook.plan import Plan
from multihome.runbook.recovery_proof import keep_held
from multihome.runbook.runs import fleet_of
from multihome.runbook.steps import batches, outage_of, refuse_to_part, steps_of
from multihome.runbook.topology import signed
from multihome.runbook.unanswered import causes
from multihome.runbook.verify import Verifier, Wanted, demands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from multihome.change.agreement.step_plan import StepPlan
    from multihome.change.folder import RunFolder
    from multihome.change.preflight.plan import Planned
    from multihome.change.preflight.router_condition import Condition
    from multihome.change.stop import Stop
    from multihome.change.verdict import Verdict
    from multihome.device.session import Session
    from multihome.errors import MultihomeError
    from multihome.fleet.event import Listener
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.intent.statement import Expectation
    from multihome.render.ownership.changes import Choice, StatementChanges
    from multihome.report.model import Run
    from multihome.runbook.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Terms:
    """How a change is to be made."""

    lease: int = 300
    """Seconds until an unconfirmed router rolls back by itself."""
    patience: Patience = field(default_factory=Patience)
    ticket: str = ""
    strict_warnings: bool = False
    hold: float | None = None
    """Seconds that the checks must go on holding; None: as long as the slowest timer of the intent."""
    verify: bool = True
    """False: nothing is asked of the network, and the change is confirmed unproven."""
    allow: Path | None = None
    """The differences that are meant to be, beside those that follow from the intent."""
    batch: int | None = None
    """Sites at a time, the first one alone; None: all in one transaction."""
    canaries: tuple[str, ...] = ()
    """Routers, groups or roles that are changed and confirmed before any other."""
    accept_outage: bool = False
    """Change also what cannot be changed without an outage."""
    announce: Callable[[StepPlan, Verification], None] | None = None
    """Called with the steps, and with what will be verified, before the operator is asked."""
    choice: Choice | None = None
    """What the operator decided about foreign statements."""
    agree: Callable[[Mapping[str, Planned]], bool] | None = None
    """Called with what would change; None: do not ask."""
    stop: Stop | None = None


def preview(
    workspace: Workspace, listeners: Iterable[Listener] = (), choice: Choice | None = None
) -> Plan:
    """Ask every router what its new configuration would change; nothing is left behind.

    Raises:
        InvalidFile, MissingSecrets: nothing is asked unless everything can be rendered.
        UsageError: a path to take over or to exclude names nothing.
    """
    clock = time.monotonic()
    with fleet_of(workspace, listeners) as fleet:
        running: dict[str, str] = {}
        found = statement_changes(workspace, fleet, choice, running)
        ready = values(found)
        _refuse_unmatched(choice, ready, complete=len(ready) == len(found))
        loads = _scripts(ready)
        steps = steps_of(workspace, running, loads, fleet.devices)
        outcomes = plan.plan(fleet, loads, secrets=workspace.secret_values(), changes=ready)
    failed = {**errors(found), **errors(outcomes)}
    unlooked = causes(failed, workspace.targets)
    verification = _intended(workspace)
    took = time.monotonic() - clock
    return Plan(values(outcomes), failed, took, unlooked, steps, verification)


def apply(workspace: Workspace, terms: Terms, listeners: Iterable[Listener] = ()) -> Run:
    """Change what differs: confirmed commit on all, verified, confirmed on all, or undone on all.

    Raises:
        InvalidFile, MissingSecrets, UnknownName: before any router is asked.
        UsageError: a proof could not hold for so long with so short a lease; a path to take over
            or to exclude names nothing.
        Refused: a canary was named without those that must change with it.
        NothingTested: there is no check that could prove the change.
    """
    watched = workspace.with_neighbors
    checks = demands(watched, Wanted())
    allowed = load_allowances(terms.allow, workspace.inventory.names) if terms.allow else ()
    terms = _with_hold(watched, terms)
    _refuse_to_wait_in_vain(workspace, terms)
    started = datetime.now(UTC)
    with (
        fleet_of(watched, listeners) as fleet,
        closing(Baseline(watched.intent, fleet, allowed, outage=terms.accept_outage)) as baseline,
    ):
        running: dict[str, str] = {}
        found = statement_changes(workspace, fleet, terms.choice, running)
        ready = values(found)
        _refuse_unmatched(terms.choice, ready, complete=len(ready) == len(found))
        off = out_of_reach(workspace, found)
        failed = {router: error for router, error in errors(found).items() if router not in off}
        if failed := (failed or _contradicted(ready)):
            return signed(not_begun(workspace, started, failed), terms.ticket)
        lasts = _longest(workspace, terms)
        steps = steps_of(workspace, running, _scripts(ready), fleet.devices, lasts=lasts)
        if (outage := outage_of(steps)) and not terms.accept_outage:
            return signed(refused(workspace, started, steps, outage), terms.ticket)
        if terms.announce is not None:
            terms.announce(steps, _verification(checks, terms))
        proofs = Proofs(Verifier(watched, fleet.collect), checks, baseline)
        seen: dict[str, Planned] = {}
        verdict = application.apply(
            fleet,
            _order(workspace, ready, steps, terms),
            _assurance(workspace, terms, proofs, baseline, seen),
            runs_folder(),
            rollout=_rollout(workspace, steps, terms),
            stop=terms.stop,
        )
        if verdict.code is ExitCode.PROVEN:
            here = workspace.network_kind
            supersede(runs_folder(), tuple(workspace.targets), verdict.run, here)
            if not verdict.changed:
                return signed(
                    unchanged(watched, started, fleet, checks if terms.verify else (), off),
                    terms.ticket,
                )
        verdict = verdict if terms.verify else _unverified(verdict)
        run = signed(applied(watched, started, verdict, proofs, seen), terms.ticket)
        run = replace(run, notes=(*off.values(), *unused(baseline), *run.notes))
        return kept(watched, fleet, run, verdict, proofs, baseline)


def _intended(workspace: Workspace) -> Verification | None:
    """What `apply` verifies by default."""
    watched = workspace.with_neighbors
    try:
        checks = demands(watched, Wanted())
    except NothingTested:
        return Verification()
    except InvalidFile:
        return None
    return _verification(checks, _with_hold(watched, Terms()))


def _verification(checks: Iterable[Expectation], terms: Terms) -> Verification:
    """What is looked at after a change, for people."""
    if not terms.verify:
        return Verification()
    return Verification(Counter(each.check_name for each in checks), terms.patience.hold)


def _unverified(verdict: Verdict) -> Verdict:
    """A change that was confirmed on the operator's word."""
    if verdict.code is not ExitCode.PROVEN:
        return verdict
    return replace(verdict, code=ExitCode.NOTHING_TESTED, text=f"{verdict.text}; not verified")


def _assurance(
    workspace: Workspace,
    terms: Terms,
    proofs: Proofs,
    baseline: Baseline,
    seen: dict[str, Planned],
) -> application.Assurance:
    """The snapshots and the checks; or the operator's word alone."""
    agree = partial(_agreed, terms, proofs, baseline, seen)
    if not terms.verify:
        return application.Assurance(trusting, agree=agree)
    remember = partial(_remember, workspace, proofs)
    return application.Assurance(proofs.changed, proofs.restored, proofs.before, agree, remember)


def _with_hold(workspace: Workspace, terms: Terms) -> Terms:
    """What was not said follows from the timers of the network, in its own time."""
    if not terms.verify:
        return replace(terms, patience=replace(terms.patience, hold=0.0))
    hold = slowest_timer(workspace.intent) if terms.hold is None else terms.hold
    return replace(terms, patience=replace(terms.patience, hold=hold))


def conditions(
    workspace: Workspace, listeners: Iterable[Listener] = ()
) -> dict[str, Outcome[Condition]]:
    """Every router before a change, read-only."""
    with fleet_of(workspace, listeners) as fleet:
        return router_condition.preflight(fleet, fleet.routers)


def statement_changes(
    workspace: Workspace,
    fleet: Fleet,
    choice: Choice | None = None,
    running: dict[str, str] | None = None,
) -> dict[str, Outcome[StatementChanges]]:
    """What is to be done on each router, statement by statement, as it is configured now.

    Everything is rendered before the first router is asked. `running` is filled with the
    configuration of each.

    Raises:
        InvalidFile, MissingSecrets: it cannot be rendered.
    """
    rendered = workspace.all_rendered()

    def changes(session: Session) -> StatementChanges:
        configuration = session.configuration(style="set")
        if running is not None:
            running[session.router] = configuration
        return rendered[session.router].changes(configuration, choice)

    return fleet.run(changes, rendered, step="read")


def intent_digest(workspace: Workspace) -> str:
    """The intent in one word, for the commit history."""
    return sha256(workspace.project.intent.read_bytes()).hexdigest()


def _refuse_to_wait_in_vain(workspace: Workspace, terms: Terms) -> None:
    """The first legs wait for the last ones, and a lease is renewed only so often."""
    hold = terms.patience.hold * len(workspace.order(workspace.configured))
    leases = MOST_RENEWALS * RENEW_AT
    if hold > terms.lease * leases:
        minutes = ceil(hold / leases / 60)
        raise UsageError(
            f"--hold: a lease is renewed {MOST_RENEWALS} times at most, since Junos keeps 50 "
            f"configurations; to hold {terms.patience.hold:g} s, leg by leg, "
            f"give --confirm {minutes}m or more"
        )


def _scripts(ready: Mapping[str, StatementChanges]) -> dict[str, str]:
    """What each router loads."""
    return {router: changes.script for router, changes in ready.items()}


def _longest(workspace: Workspace, terms: Terms) -> float:
    """Seconds until the last router has its new configuration, or the first its old one again."""
    waits = terms.patience.limit + terms.patience.hold
    return len(workspace.order(workspace.configured)) * waits + terms.lease


def _order(
    workspace: Workspace, ready: Mapping[str, StatementChanges], steps: StepPlan, terms: Terms
) -> Order:
    return Order(
        scripts=_scripts(ready),
        changes=ready,
        batches=batches(workspace, steps, ready),
        ticket=terms.ticket,
        intent=intent_digest(workspace),
        lease=terms.lease,
        patience=terms.patience,
        strict_warnings=terms.strict_warnings,
        network=network_of(workspace),
        secrets=workspace.secret_values(),
    )


def _rollout(workspace: Workspace, steps: StepPlan, terms: Terms) -> Rollout:
    """How the change is cut: not at all, a canary first, or so many sites at a time.

    The routers that no site owns go before the sites, which stand on them; a canary that was
    named goes before everybody. What must change together is not parted.

    Raises:
        Refused: a canary was named without those that must change with it.
    """
    canary = tuple(workspace.limited(terms.canaries).targets) if terms.canaries else ()
    refuse_to_part(steps, canary)
    if terms.batch is None:
        rest = tuple(name for name in workspace.targets if name not in canary)
        return Rollout((canary, rest) if canary else ())
    ahead = (canary, workspace.core())
    return Rollout(workspace.units(), terms.batch, ahead=ahead, together=steps.groups)


def _agreed(
    terms: Terms,
    proofs: Proofs,
    baseline: Baseline,
    seen: dict[str, Planned],
    planned: Mapping[str, Planned],
) -> bool:
    """Look at the network for the first time, and show the diffs to the operator who must agree."""
    seen.update(planned)
    if terms.verify:
        baseline.found()
    touched = {
        router: changed_statements(each.changes)
        for router, each in planned.items()
        if each.changes is not None
    }
    proofs.announce(planned, touched)
    return terms.agree is None or terms.agree(planned)


def _refuse_unmatched(
    choice: Choice | None, found: Mapping[str, StatementChanges], *, complete: bool
) -> None:
    """Raises UsageError for a path that names no statement on any router that was read."""
    if choice is None or not complete:
        return
    used = {path for changes in found.values() for path in changes.used}
    for option, paths in (("--take-over", choice.take_over), ("--exclude", choice.exclude)):
        if lost := [" ".join(path) for path in paths if path not in used]:
            raise UsageError(
                f"{option} {lost[0]!r}: no foreign statement on these routers is at or below it; "
                "`multihome plan -v` lists them"
            )


def _contradicted(found: Mapping[str, StatementChanges]) -> dict[str, MultihomeError]:
    """Routers on which foreign statements contradict ours."""
    return {
        router: Refused("\n".join(f"{router}: {each}" for each in changes.conflicts))
        for router, changes in found.items()
        if changes.conflicts
    }


def _remember(workspace: Workspace, proofs: Proofs, folder: RunFolder) -> None:
    """Keep which checks hold before the change: a rollback asks for them again."""
    with suppress(OSError):
        keep_held(folder, intent_digest(workspace), proofs.held)
