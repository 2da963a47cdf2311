"""Whole runs: a verb from its first question to its verdict, with the evidence kept."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.change.folder import RunFolder
from multihome.check.learn import learn as learn_catalogue
from multihome.errors import ExitCode, Refused, UsageError, WrongRouter
from multihome.fleet.fleet import Fleet
from multihome.fleet.outcome import errors
from multihome.report.model import Phase, Router, Run, exit_code, verdict_line
from multihome.runbook.evidence import (
    Diary,
    as_far_as_possible,
    find_run,
    keep_configurations,
    keep_replies,
    keep_result,
    moments,
    read_result,
    recorded,
    runs_folder,
)
from multihome.runbook.network import network_of
from multihome.runbook.path import seen
from multihome.runbook.seal import UNSEALED, seal, unaltered
from multihome.runbook.topology import signed, topology
from multihome.runbook.unconfigured import collapsed, unconfigured
from multihome.runbook.verify import StoppedClock, Verifier, demands, half_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.check.learn import Learnt
    from multihome.check.result import RunResult
    from multihome.fleet.event import Listener
    from multihome.runbook.verify import Wanted
    from multihome.runbook.workspace import Workspace
    from multihome.state.query import Evidence


@contextmanager
def fleet_of(workspace: Workspace, listeners: Iterable[Listener] = ()) -> Iterator[Fleet]:
    """One session per router for the body of the `with`."""
    workspace.guard()
    with Fleet(workspace.targets.values(), listeners=listeners) as fleet:
        yield fleet


def refuse_strangers(fleet: Fleet) -> None:
    """Open a session to every router; go on only if none of them turns out to be another one.

    A router that cannot be reached is for the verb itself to report.

    Raises:
        Refused: names each router that another one answers for.
    """
    found = errors(fleet.run(lambda _: None, fleet.routers, step="reach"))
    wrong = [str(error) for error in found.values() if isinstance(error, WrongRouter)]
    if wrong:
        raise Refused("\n".join((*wrong, "nothing was changed")))


def verify(workspace: Workspace, wanted: Wanted, listeners: Iterable[Listener] = ()) -> Run:
    """Assert a network state, and keep every reply; a note says what could not be kept.

    Raises:
        InvalidFile, UnknownName, NothingTested: before any router is asked.
    """
    checks = demands(workspace, wanted)
    folder = RunFolder.create(
        runs_folder(), "verify", workspace.secret_values(), network=network_of(workspace)
    )
    with as_far_as_possible() as unwritten:
        folder.journal.write("verify", "note", text=f"state {wanted.state}, {len(checks)} checks")
    started, clock = datetime.now(UTC), time.monotonic()
    with fleet_of(workspace, (*listeners, Diary(folder))) as fleet:
        outcome = Verifier(workspace, fleet.collect).outcome(checks)
        bare = unconfigured(workspace, outcome.result, fleet.collect)
        outcome = replace(outcome, result=collapsed(outcome.result, bare))
        with as_far_as_possible() as missed:
            keep_replies(folder, outcome.evidence.replies)
            answering = [name for name in fleet.routers if name not in outcome.evidence.silent]
            keep_configurations(folder, fleet.collect, answering)
    phase = Phase("verify", wanted.state, outcome.result)
    run = _verified(workspace, folder, wanted.state, phase, started)
    run = replace(run, exit_code=ExitCode.worst((run.exit_code, *refusals(outcome.evidence))))
    paths = seen(workspace, checks, outcome, _moment_of(run, wanted.state), wanted.site)
    halves = half_asked(workspace, checks)
    run = replace(run, seconds=time.monotonic() - clock, paths=paths, notes=halves)
    with as_far_as_possible() as lost:
        keep_result(folder, run)
        seal(folder, "verify", verdict_line(run))
    return replace(run, notes=tuple(dict.fromkeys((*run.notes, *unwritten, *missed, *lost))))


def judge_again(workspace: Workspace, name: str, wanted: Wanted) -> Run:
    """Judge the replies of an earlier run by today's intent and catalogue; no router is asked.

    Of a run of several rounds, the last one in the wanted network state is judged.

    Raises:
        UnknownName: no such run.
        UsageError: it kept no replies, or none of that state.
    """
    folder = find_run(name)
    started = datetime.now(UTC)
    collect = recorded(folder, _moment(folder, wanted.state))
    checks = demands(workspace, wanted)
    outcome = Verifier(workspace, collect, StoppedClock()).outcome(checks)
    phase = Phase(f"replies of {folder.path.name}", wanted.state, outcome.result)
    subject = f"{wanted.state}, from {folder.path.name}"
    run = _verified(workspace, folder, subject, phase, started)
    paths = seen(workspace, checks, outcome, _moment_of(run, wanted.state), wanted.site)
    return replace(run, paths=paths, notes=() if unaltered(folder) else (UNSEALED,))


def refusals(evidence: Evidence) -> tuple[ExitCode, ...]:
    """The code of a refusal for each router that another one answers for."""
    wrong = {r for (r, _), reply in evidence.replies.items() if isinstance(reply, WrongRouter)}
    return (ExitCode.REFUSED,) * len(wrong)


def _moment_of(run: Run, state: str) -> str:
    """What the ways of packets are called: the state that they were proven to be ways of."""
    return state if run.exit_code is ExitCode.PROVEN else f"not {state}"


def _moment(folder: RunFolder, state: str) -> str:
    """Which round of a run was in that state."""
    kept = moments(folder)
    if kept == ("",):
        return ""
    states = {phase.title: phase.state for phase in read_result(folder).phases}
    fitting = [title for title in states if title in kept and states[title] == state]
    if not fitting:
        known = ", ".join(sorted({states[each] for each in kept if each in states})) or "none"
        raise UsageError(f"{folder.path.name} saw no state {state}; states seen: {known}")
    return fitting[-1]


def _verified(
    workspace: Workspace, folder: RunFolder, subject: str, phase: Phase, started: datetime
) -> Run:
    return signed(
        Run(
            verb="verify",
            subject=subject,
            started=started,
            seconds=(datetime.now(UTC) - started).total_seconds(),
            exit_code=exit_code(phase.result),
            run_id=folder.run,
            routers=routers(workspace, phase.result),
            phases=(phase,),
            topology=topology(workspace),
            network=folder.network,
        )
    )


def learn(workspace: Workspace, listeners: Iterable[Listener] = ()) -> Learnt:
    """What the routers say now as a catalogue, and what could not be asked."""
    with fleet_of(workspace, listeners) as fleet:
        verifier = Verifier(workspace, fleet.collect)
        return learn_catalogue(fleet.routers, verifier.ask)


def routers(workspace: Workspace, *results: RunResult) -> tuple[Router, ...]:
    """The routers of a run, each with why it could not be asked, if that is so."""
    silent: dict[str, str] = {}
    for result in results:
        for each in result.results:
            unknown = [f for f in each.findings if f.attribute == "evidence"]
            if unknown:
                silent.setdefault(each.router, unknown[0].why or unknown[0].actual)
    return tuple(
        Router(
            name,
            role=target.role.value if target.role else "",
            host=target.host,
            problem=silent.get(name, ""),
        )
        for name, target in workspace.targets.items()
    )
