"""The transaction over real SSH, on wires that break and in processes that die."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from change_wired import NAMES, NEW, SCRIPT, VERIFIERS, Hurried, Site, change, failing

from multihome.change.aftermath.actions import Direction
from multihome.change.aftermath.finish import Terms as Finishing
from multihome.change.aftermath.finish import finish
from multihome.change.aftermath.status import status
from multihome.change.before.preflight import preflight
from multihome.change.folder import RunFolder
from multihome.change.standing import Standing
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


def killed(site, proof, place, moment):
    """Run a change in a process of its own, which dies there; the run it left."""
    runs = site.folder / "runs"
    before = set(runs.glob("*")) if runs.exists() else set()
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
    }
    order = site.folder / "order.json"
    order.write_text(json.dumps(told))
    victim = Path(__file__).parent / "change_victim.py"
    done = subprocess.run(
        [sys.executable, victim, order, runs, *place, moment],
        check=False,
        timeout=60,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr.decode()
    (made,) = set(runs.glob("*")) - before
    return RunFolder.find(runs, made.name)


KILLS = [
    (Proof.PROVEN, ("confirm", "juno"), "started"),
    (Proof.FAILED, ("restore", "ceres"), "started"),
]
MORE_KILLS = [
    (Proof.PROVEN, (step, router), moment)
    for step in ("lock", "load", "check", "commit", "watch", "take over", "confirm", "release")
    for router in NAMES
    for moment in ("started", "finished")
] + [(Proof.FAILED, ("restore", "ceres"), moment) for moment in ("started", "finished")]


@pytest.mark.parametrize("case", KILLS, ids=str)
def test_a_killed_process_is_mended_from_its_folder(site, case):
    _killed_and_mended(site, *case)


@pytest.mark.deep
@pytest.mark.parametrize("case", MORE_KILLS, ids=str)
def test_a_process_killed_anywhere_is_mended_from_its_folder(site, case):
    _killed_and_mended(site, *case)


def _killed_and_mended(site, proof, place, moment):
    folder = killed(site, proof, place, moment)
    site._until(lambda: not any(site._holder(name) for name in NAMES))
    with Fleet(site.targets) as fleet:
        seen = {name: found.standing for name, found in values(status(fleet, folder)).items()}
        for name, standing in seen.items():
            waits = site.lab.call(lambda n=name: site.lab.database(n).pending is not None)
            assert (standing is Standing.PENDING) == waits
            assert (standing is Standing.CONFIRMED) == (
                NEW in site.configuration(name) and not waits
            )
        verdict = finish(fleet, folder, Direction.ROLLBACK, Finishing(stop=Hurried()))
    assert verdict.code is ExitCode.ROLLED_BACK, verdict
    assert site.held() == {"ceres": "old", "juno": "old"}
