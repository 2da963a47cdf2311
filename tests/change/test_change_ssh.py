"""The transaction over real SSH, on wires that break and in processes that die."""

import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from change_wired import NAMES, NEW, SCRIPT, VERIFIERS, Hurried, Site, change, failing

from multihome.change.folder import RunFolder
from multihome.change.preflight.router_condition import preflight
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.recovery.run_list import account
from multihome.change.recovery.status import judge, status
from multihome.change.router_status import RouterStatus
from multihome.change.verification import Proof, trusting
from multihome.errors import ExitCode
from multihome.fleet.event import Moment
from multihome.fleet.fleet import Fleet
from multihome.fleet.outcome import values
from multihome.lab.embedded import embedded
from multihome.lab.order import Order as LabOrder
from multihome.lab.order import fresh

pytestmark = pytest.mark.scenario


@pytest.fixture(scope="module")
def lab():
    with embedded(LabOrder(fresh(NAMES), speed=None)) as running:
        yield running


@pytest.fixture
def site(lab, tmp_path):
    made = Site(lab, tmp_path)
    yield made
    made.close()


def steps(site, verify):
    """Where a change can be hit: every step on every router, of a run that went well."""
    seen = []

    def listener(event):
        if event.moment is Moment.STARTED and event.step != "close":
            seen.append((event.step, event.router))

    change(site, verify, listener)
    return list(dict.fromkeys(seen))


def cut(site, name):
    site.wires[name].cut()


def lose_the_reply(site, name):
    wire = site.wires[name]
    wire.hold("down")
    threading.Timer(0.3, lambda: (wire.cut(), wire.release())).start()


def late(site, name):
    wire = site.wires[name]
    wire.hold("down")
    threading.Timer(0.2, wire.release).start()


def freeze(site, name):
    wire = site.wires[name]
    wire.hold("up", "down")
    threading.Timer(0.8, wire.release).start()


def garbage(site, name):
    site.wires[name].garble()


def lock(site, name):
    """Somebody is faster than we are, once our session is gone."""
    site.somebody(name)


def commit(site, name):
    site.somebody(name, "set system domain-name somebody.else\n")


FAULTS = {
    "cut": cut,
    "reply lost": lose_the_reply,
    "late": late,
    "frozen": freeze,
    "garbage": garbage,
    "somebody locks": lock,
    "somebody commits": commit,
}


def struck(site, verify, place, fault):
    """A change that is hit once, and what came of it; whether it came as far as that.

    On a slow machine it may lose a router before, which is only one more fault.
    """
    done = []

    def listener(event):
        if (event.step, event.router) == place and event.moment is Moment.STARTED and not done:
            done.append(event)
            FAULTS[fault](site, event.router)

    verdict = change(site, verify, listener)
    held = site.held()
    if verdict.code is ExitCode.PROVEN:
        assert set(held.values()) == {"new"}, verdict
    elif verdict.code is ExitCode.NEEDS_HUMAN:
        assert fault.startswith("somebody"), verdict
    else:
        assert set(held.values()) == {"old"}, verdict
    return len(done)


def strike_all(site, faults, sample):
    """How many faults there could be, and how many there were."""
    number, hits = 0, 0
    for kind, verify in VERIFIERS.items():
        places = steps(site, verify)
        for place in places:
            for fault in faults:
                number += 1
                if number % sample:
                    continue
                site.reset()
                try:
                    hits += struck(site, verify, place, fault)
                except AssertionError as error:
                    raise AssertionError(f"{fault} at {place}, {kind} change: {error}") from error
    return number, hits


def test_a_change_over_ssh_is_confirmed_and_a_bad_one_undone(site):
    assert change(site, trusting).code is ExitCode.PROVEN
    assert site.held() == {"ceres": "new", "juno": "new"}
    site.reset()
    assert change(site, failing).code is ExitCode.ROLLED_BACK
    assert site.held() == {"ceres": "old", "juno": "old"}


class Severed(threading.Thread):
    """The only way to a router leads through what the change takes away."""

    def __init__(self, site, name):
        super().__init__(daemon=True)
        self.site, self.name_of = site, name
        self.over, self.severed, self.missed = (threading.Event() for _ in range(3))

    def run(self):
        wire = self.site.wires[self.name_of]
        while not self.over.wait(0.01):
            if NEW not in self.site.configuration(self.name_of):
                wire.release()
            else:
                wire.hold("up", "down")
                wire.cut()
                self.severed.set()
                if self.missed.is_set():
                    self.missed.clear()
                    self.site.lab.advance(90)  # the lease runs out at the router

    def verify(self, stage):
        """Of a network that carries on, but not to us."""
        assert self.name_of not in stage.committed or self.severed.wait(60)
        return trusting(stage)


def test_a_change_that_cuts_its_own_way_reverts_and_says_so(site):
    severed = Severed(site, "juno")
    severed.start()

    def listen(event):
        if "looking for juno" in event.text:
            severed.missed.set()

    try:
        verdict = change(site, severed.verify, listen)
    finally:
        severed.over.set()
        severed.join()
    assert verdict.code is ExitCode.ROLLED_BACK, verdict
    assert "the network is as before" in verdict.text
    assert site.held() == {"ceres": "old", "juno": "old"}


def test_preflight_over_ssh_finds_a_router_ready(site):
    with Fleet(site.targets) as fleet:
        found = values(preflight(fleet, NAMES))
    assert {name: condition.objections for name, condition in found.items()} == {
        "ceres": (),
        "juno": (),
    }
    assert found["juno"].software.host_name == "juno"


def test_a_sample_of_broken_wires_leaves_the_network_whole(site):
    _, hits = strike_all(site, FAULTS, sample=67)
    assert hits


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_broken_wire_leaves_the_network_whole(site, fault, record_property):
    cases, hits = strike_all(site, [fault], sample=1)
    record_property("crash matrix", f"{hits} cases over SSH, {hits} survived")
    assert cases > 30
    assert hits > cases / 2


def killed(site, place, moment, proof=Proof.PROVEN, unfinished=None):
    """Change, or finish a run, in a process of its own, which dies there."""
    told = {
        "targets": [
            {
                "name": target.name,
                "port": target.port,
                "username": target.username,
                "password": target.password.get_secret_value(),
                "known_hosts": str(target.known_hosts),
            }
            for target in site.targets
        ],
        "scripts": dict.fromkeys(NAMES, SCRIPT),
        "batches": [["ceres"], ["juno"]],
        "proof": proof.name,
        "finish": unfinished,
    }
    order = site.folder / "order.json"
    order.write_text(json.dumps(told))
    victim = Path(__file__).parent / "change_victim.py"
    done = subprocess.run(
        [sys.executable, victim, order, runs_of(site), *place, moment],
        check=False,
        timeout=120,
        capture_output=True,
    )
    assert done.returncode in (0, -9), done.stderr.decode()
    site._until(lambda: not any(site._holder(name) for name in NAMES))
    return done.returncode == -9


def runs_of(site):
    return site.folder / "runs"


def runs(site):
    """The ids of all runs, the first one first."""
    return [path.name.rsplit("-", 1)[1] for path in sorted(runs_of(site).glob("*"))]


def changed(site):
    """A run that is confirmed on both."""
    assert change(site, trusting).code is ExitCode.PROVEN


def waiting(site):
    """A run that died when both waited for their confirmation."""
    assert killed(site, ("confirm", "ceres"), "started")


def undone(site):
    """A run that died so, and whose timers have run out since."""
    waiting(site)
    site.lab.advance(7200)


WORK = {
    "good change": (None, None, Proof.PROVEN),
    "bad change": (None, None, Proof.FAILED),
    "rollback of a confirmed run": (changed, "rollback", Proof.PROVEN),
    "rollback of a pending run": (waiting, "rollback", Proof.PROVEN),
    "confirm of a pending run": (waiting, "confirm", Proof.PROVEN),
    "confirm of a run that was rolled back": (undone, "confirm", Proof.PROVEN),
}
"""What goes before, which verb it is, and what the checks of a change say."""


def begun(site, work):
    """The way there; what to pass to the process that is to die."""
    prepare, verb, proof = WORK[work]
    site.reset()
    known = set(runs(site)) if runs_of(site).exists() else set()
    if prepare is None:
        return {"proof": proof}, known
    prepare(site)
    (made,) = set(runs(site)) - known
    return {"unfinished": [made, verb]}, known


def steps_of(site, work):
    """Every step of it on every router, of a time when nothing goes wrong."""
    arguments, _ = begun(site, work)
    if "proof" in arguments:
        return steps(site, VERIFIERS["good" if arguments["proof"] is Proof.PROVEN else "bad"])
    run, verb = arguments["unfinished"]
    seen = []

    def listener(event):
        if event.moment is Moment.STARTED and event.step != "close":
            seen.append((event.step, event.router))

    with Fleet(site.targets, listeners=[listener]) as fleet:
        finish(fleet, RunFolder.find(runs_of(site), run), Direction(verb), hurried())
    return list(dict.fromkeys(seen))


def hurried():
    return Finishing(stop=Hurried())


def follow(site, run, depth=4):
    """Type what `status` says of a run, and of the run that it points to, until it is finished."""
    assert depth, "it is never finished"
    folder = RunFolder.find(runs_of(site), run)
    known = account(folder)
    if known is None:  # it died before it had written anything, so it had done nothing
        return
    with Fleet(site.targets) as fleet:
        seen = status(fleet, folder)
        for name, found in values(seen).items():
            waits = site.lab.call(lambda n=name: site.lab.database(n).pending is not None)
            assert found.standing is not RouterStatus.PENDING or waits
            assert found.standing is not RouterStatus.CONFIRMED or not waits
        code, text = judge(seen, known)
        if code is ExitCode.PROVEN:
            return
        named = re.search(rf"multihome (confirm|rollback) {run}(?! --only)", text)
        if named is not None:
            verdict = finish(fleet, folder, Direction(named[1]), hurried())
            assert verdict.code in (ExitCode.PROVEN, ExitCode.ROLLED_BACK), f"{text}: {verdict}"
            return
    other = re.search(r"multihome status ([0-9a-f]{6})", text)
    assert other is not None, text
    follow(site, other[1], depth - 1)
    follow(site, run, depth - 1)


def strike_dead(site, work, place, moment):
    """Killed there, status names what to do at once, and it is done."""
    arguments, known = begun(site, work)
    died = killed(site, place, moment, **arguments)
    for run in reversed([run for run in runs(site) if run not in known]):
        follow(site, run)
    held = site.held()
    assert len(set(held.values())) == 1, f"apart: {held}"
    return died


@pytest.mark.parametrize("work", WORK)
def test_a_process_that_is_killed_leaves_what_status_can_finish(site, work):
    """One place of each kind of work: where the most is at stake, on the last router."""
    place = ("restore", "ceres") if work == "bad change" else ("confirm", "juno")
    if work == "rollback of a pending run":
        place = ("commit", "juno")
    assert strike_dead(site, work, place, "started")


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("moment", ["started", "finished"])
@pytest.mark.parametrize("work", WORK)
def test_a_process_killed_at_any_step_leaves_what_status_can_finish(
    site, work, moment, record_property
):
    places = steps_of(site, work)
    assert len(places) > len(NAMES) * 5
    died = 0
    for place in places:
        try:
            died += strike_dead(site, work, place, moment)
        except AssertionError as error:
            raise AssertionError(f"{work}, {place} {moment}: {error}") from error
    record_property("crash matrix", f"{died} processes killed, {died} runs finished")
    assert died > len(places) / 2
