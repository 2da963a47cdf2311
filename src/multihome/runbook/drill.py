"""Run a drill: checks before, during and after, the traced path each time, and the outage measured."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.change.folder import RunFolder
from multihome.change.statements import statements_of
from multihome.change.verification import Proof, Stage, Verified
from multihome.check.harm.judgement import in_words
from multihome.check.harm.names import Party
from multihome.drill.exercise import Terms, Watchers, exercise
from multihome.drill.stopwatch import Stopwatch
from multihome.errors import DeviceError, ExitCode, MultihomeError
from multihome.intent.expect import NetworkState
from multihome.report.model import Diff, Event, Phase, Run, TracedPath
from multihome.runbook.baseline import Baseline
from multihome.runbook.change_verification import Proofs
from multihome.runbook.evidence import (
    as_far_as_possible,
    keep_configurations,
    keep_replies,
    keep_result,
    runs_folder,
)
from multihome.runbook.network import network_of
from multihome.runbook.path import loopback, site_endpoints, trace
from multihome.runbook.runs import fleet_of, refuse_strangers, routers
from multihome.runbook.seal import seal
from multihome.runbook.topology import signed, topology
from multihome.runbook.verify import Verifier, Wanted, demands
from multihome.state.ping import ping
from multihome.state.query import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.change.verification import Verify
    from multihome.drill.definition import Drill
    from multihome.drill.exercise import Outcome
    from multihome.fleet.event import Listener
    from multihome.fleet.fleet import Fleet
    from multihome.runbook.workspace import Workspace

_DONE = frozenset({"fault", "restore"})
"""Kinds of events that are done to the drill's router, and not to the whole network."""


def practise(
    workspace: Workspace, drill: Drill, terms: Terms, listeners: Iterable[Listener] = ()
) -> Run:
    """Carry out a drill on the workspace's routers.

    Raises:
        UnknownName: the drill's router is out of reach.
        Refused: at a router's address, another one answers.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    ends = _ends(workspace, drill)
    with (
        fleet_of(workspace, listeners) as fleet,
        fleet_of(workspace.limited(ends[:1])) as prober,
        Stopwatch(_probe(workspace, prober, *ends) if ends else None) as watch,
    ):
        refuse_strangers(fleet)
        folder = RunFolder.create(
            runs_folder(), "drill", workspace.secret_values(), network=network_of(workspace)
        )
        with closing(_Course(workspace, fleet, watch, drill, ends)) as course:
            outcome = exercise(fleet, folder, drill, course.watchers(), terms)
            run = course.run(folder, outcome, started, time.monotonic() - clock)
            with as_far_as_possible() as missed:
                course.keep(folder)
                keep_result(folder, run)
                if outcome.code not in (ExitCode.INTERRUPTED, ExitCode.NEEDS_HUMAN):
                    keep_configurations(folder, fleet.collect, fleet.routers)
                else:
                    prober.cut()
                seal(folder)
    return replace(run, notes=(*missed, *run.notes))


def _ends(workspace: Workspace, drill: Drill) -> tuple[str, str] | tuple[()]:
    """The ends between which traffic is watched; empty if no router in reach can send it."""
    ends = site_endpoints(workspace, drill.site)
    return ends if ends and ends[0] in workspace.targets else ()


class _Course:
    """What is seen in the course of one drill."""

    def __init__(
        self,
        workspace: Workspace,
        fleet: Fleet,
        watch: Stopwatch,
        drill: Drill,
        ends: tuple[str, str] | tuple[()],
    ) -> None:
        self._workspace, self._fleet, self._watch = workspace, fleet, watch
        self._drill, self._ends = drill, ends
        self._baseline = Baseline(workspace.intent, fleet)
        steady = demands(workspace, Wanted())
        broken = demands(workspace, Wanted(drill.state, drill.site, drill.backup))
        asked = {"before": steady, "during": broken, "after": steady}
        self._proofs = {
            moment: Proofs(
                Verifier(workspace, fleet.collect),
                checks,
                self._baseline if moment == "before" else None,
            )
            for moment, checks in asked.items()
        }
        self._events: list[Event] = []
        self._paths: list[TracedPath] = []

    def watchers(self) -> Watchers:
        """For the exercise to call."""
        return Watchers(
            before=self._begun,
            during=self._watcher("during", self._drill.state),
            after=self._ended,
            mark=self._mark,
        )

    def keep(self, folder: RunFolder) -> None:
        """Keep the replies of each moment, to be judged again."""
        for moment, proofs in self._proofs.items():
            keep_replies(folder, proofs.replies, moment)

    def run(self, folder: RunFolder, outcome: Outcome, started: datetime, seconds: float) -> Run:
        """The whole as a report shows it."""
        states = {"during": self._drill.state}
        phases = tuple(
            Phase(moment, states.get(moment, NetworkState.STEADY), proofs.result)
            for moment, proofs in self._proofs.items()
            if proofs.asked
        )
        return signed(
            Run(
                verb="drill",
                subject=self._drill.name,
                started=started,
                seconds=seconds,
                exit_code=outcome.code,
                run_id=folder.run,
                routers=routers(self._workspace, *(phase.result for phase in phases)),
                phases=phases,
                diffs=(Diff(self._drill.router, outcome.diff),) if outcome.diff else (),
                timeline=tuple(self._events),
                paths=tuple(self._paths),
                topology=topology(self._workspace),
                network=folder.network,
                fault=self._drill.between,
                notes=(*self._red(), self._outage(), outcome.text, *outcome.next),
            )
        )

    def close(self) -> None:
        """Remove what was kept to compare with."""
        self._baseline.close()

    def _begun(self, stage: Stage) -> Verified:
        """What is red and has nothing to do with the drill or its site does not refuse it."""
        drill, proofs = self._drill, self._proofs["before"]
        sites = self._workspace.intent.multihomed_sites()
        about = [Party(vpn, name) for vpn, name, _ in sites if name == drill.site]
        touched = {drill.router: statements_of(drill.router, drill.statements)}
        proofs.announce((drill.router,), touched, about)
        proofs.before()
        seen = self._watcher("before", NetworkState.STEADY)(stage)
        for later in ("during", "after"):
            self._proofs[later].follow(proofs)
        return seen

    def _ended(self, stage: Stage) -> Verified:
        """The checks, and that nothing is missing that was there before."""
        seen = self._proofs["after"].changed(stage)
        lost = self._baseline.missing() if seen.proof is Proof.PROVEN else ()
        if lost:
            return Verified(Proof.FAILED, f"differs from before: {in_words(lost[0])}")
        return self._seen("after", NetworkState.STEADY, seen)

    def _watcher(self, moment: str, state: str) -> Verify:
        """Judge the network; once it is proven, see which way packets take."""
        proofs = self._proofs[moment]

        def look(stage: Stage) -> Verified:
            return self._seen(moment, state, proofs.changed(stage))

        return look

    def _seen(self, moment: str, state: str, seen: Verified) -> Verified:
        if seen.proof is Proof.PROVEN:
            self._mark("good", f"{moment}: {seen.text} (state {state})")
            self._trace(moment)
        return seen

    def _trace(self, moment: str) -> None:
        if not self._ends:
            return
        try:
            self._paths.append(trace(self._workspace, self._fleet, *self._ends, state=moment))
        except MultihomeError as error:
            self._mark("bad", f"{moment}: no traced path: {error}")

    def _mark(self, kind: str, text: str) -> None:
        router = self._drill.router if kind in _DONE else ""
        self._events.append(Event(self._watch.now, text, router, kind))

    def _red(self) -> tuple[str, ...]:
        """What was red before the drill and has nothing to do with it."""
        before = self._proofs["before"]
        return before.red_before if before.asked else ()

    def _outage(self) -> str:
        """What the stopwatch saw, with its resolution."""
        if not self._ends:
            return "outage not measured: needs a customer router and a remote endpoint"
        sender, target = self._ends
        sent = len(self._watch.samples)
        found = self._watch.outages()
        if not sent:
            return f"outage {sender} to {target}: not measured"
        if not found:
            return f"outage {sender} to {target}: none seen in {sent} probes"
        lengths = ", ".join(
            "not over when the watch ended" if o.seconds is None else f"{o.seconds:.2f} s"
            for o in found
        )
        return f"outage {sender} to {target}: {lengths} ({sent} probes)"


def _probe(workspace: Workspace, fleet: Fleet, sender: str, target: str) -> Callable[[], bool]:
    """One packet between the two ends; no answer from the router itself is no answer."""
    query = ping(loopback(workspace, target), source=loopback(workspace, sender), count=1)

    def probe() -> bool:
        replies = fleet.collect({sender: [query.request]})
        try:
            return Evidence(replies).table(sender, query).received > 0
        except DeviceError:
            return False

    return probe
