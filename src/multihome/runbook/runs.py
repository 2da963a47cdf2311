"""Whole runs: a verb from its first question to its verdict, with the evidence kept."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from multihome.change.folder import RunFolder
from multihome.check.learn import learn as learn_catalogue
from multihome.device.recorded import RecordedSession
from multihome.errors import DeviceError
from multihome.fleet.fleet import Fleet
from multihome.report.model import Router, Run, exit_code
from multihome.runbook.evidence import REPLIES, find_run, keep_result, runs_folder
from multihome.runbook.path import topology
from multihome.runbook.verify import Verifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element

    from multihome.check.result import RunResult
    from multihome.fleet.event import Listener
    from multihome.runbook.verify import Wanted
    from multihome.runbook.workspace import Workspace
    from multihome.state.query import Replies
    from multihome.state.request import Request


@contextmanager
def fleet_of(workspace: Workspace, listeners: Iterable[Listener] = ()) -> Iterator[Fleet]:
    """One session per router for the body of the `with`."""
    with Fleet(workspace.targets.values(), listeners=listeners) as fleet:
        yield fleet


def verify(workspace: Workspace, wanted: Wanted, listeners: Iterable[Listener] = ()) -> Run:
    """Assert a network state, and keep every reply."""
    folder = RunFolder.create(runs_folder(), "verify")
    started, clock = datetime.now(UTC), time.monotonic()
    with fleet_of(workspace, listeners) as fleet:
        collect = partial(fleet.collect, folder=folder.path / REPLIES)
        phase = Verifier(workspace, collect).phase("verify", wanted)
    run = Run(
        verb="verify",
        subject=wanted.state,
        started=started,
        seconds=time.monotonic() - clock,
        exit_code=exit_code(phase.result),
        run_id=folder.run,
        routers=routers(workspace, phase.result),
        phases=(phase,),
        topology=topology(workspace),
    )
    keep_result(folder, run)
    return run


def judge_again(workspace: Workspace, name: str, wanted: Wanted) -> Run:
    """Judge the replies of an earlier run by today's intent and catalogue; no router is asked.

    Raises:
        UnknownName: no such run.
    """
    folder = find_run(name)
    started, clock = datetime.now(UTC), time.monotonic()

    def collect(requests: Mapping[str, Iterable[Request]]) -> Replies:
        return {
            (router, request): _replayed(RecordedSession(router, folder.path / REPLIES), request)
            for router, asked in requests.items()
            for request in asked
        }

    phase = Verifier(workspace, collect).phase(f"replies of {folder.path.name}", wanted)
    return Run(
        verb="verify",
        subject=f"{wanted.state}, from {folder.path.name}",
        started=started,
        seconds=time.monotonic() - clock,
        exit_code=exit_code(phase.result),
        run_id=folder.run,
        routers=routers(workspace, phase.result),
        phases=(phase,),
        topology=topology(workspace),
    )


def learn(workspace: Workspace) -> str:
    """A catalogue in YAML of what the routers say now."""
    with fleet_of(workspace) as fleet:
        verifier = Verifier(workspace, fleet.collect)
        return learn_catalogue(fleet.routers, verifier.ask)


def _replayed(session: RecordedSession, request: Request) -> _Element | DeviceError:
    try:
        return session.call(request)
    except DeviceError as error:
        return error


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
