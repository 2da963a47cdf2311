"""The transaction over real SSH, on wires that break and in processes that die."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from change_wire import Wire
from pydantic import SecretStr

from multihome.change.folder import RunFolder
from multihome.change.mend import Direction, mend
from multihome.change.order import Order
from multihome.change.preflight import preflight
from multihome.change.standing import Standing
from multihome.change.status import status
from multihome.change.stop import Stop
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.device.known_hosts import HostKey, record
from multihome.device.session import Timeouts
from multihome.errors import ExitCode
from multihome.fleet.event import Moment
from multihome.fleet.fleet import Fleet
from multihome.fleet.outcome import values
from multihome.inventory.target import Target
from multihome.lab.embedded import embedded
from multihome.lab.order import Order as LabOrder
from multihome.lab.order import fresh
from multihome.twin.config.history import CommitRequest

pytestmark = pytest.mark.scenario

NAMES = ("ceres", "juno")
OLD = "set policy-options policy-statement ours term old then reject"
NEW = "set policy-options policy-statement ours term new then reject"
SCRIPT = f"delete policy-options policy-statement ours\n{NEW}\n"
QUICK = Timeouts(open=2.0, rpc=0.5, commit=0.5)
SPEED = 60
OPS = 9000
"""The session of somebody else."""


class Hurried(Stop):
    """A minute lasts a second, so that leases run out while a test waits."""

    def now(self):
        return time.monotonic() * SPEED

    def wait(self, seconds):
        super().wait(seconds / SPEED)

    def rest(self, seconds):
        super().rest(seconds / SPEED)


@pytest.fixture(scope="module")
def lab():
    with embedded(LabOrder(fresh(NAMES), speed=None)) as running:
        yield running


class Site:
    """The lab behind wires, with the old configuration on every router."""

    def __init__(self, lab, folder):
        self.lab, self.folder = lab, folder
        self.wires = {name: Wire(lab.router(name).port) for name in NAMES}
        known = folder / "known_hosts"
        for name, wire in self.wires.items():
            kind, key = lab.router(name).host_key.split()[:2]
            record(known, "127.0.0.1", wire.port, HostKey(kind, _blob(key)))
        self.targets = [self._target(name, known) for name in NAMES]
        self.reset()

    def _target(self, name, known):
        router = self.lab.router(name)
        return Target(
            name,
            "127.0.0.1",
            router.username,
            self.wires[name].port,
            SecretStr(router.password),
            known_hosts=known,
        )

    def reset(self):
        with Fleet(self.targets) as fleet:
            for outcome in fleet.run(_to_old, NAMES, step="reset").values():
                outcome.get()

    def configuration(self, name):
        from multihome.twin.config.set_format import print_set  # noqa: PLC0415

        return self.lab.call(lambda: print_set(self.lab.database(name).committed))

    def held(self):
        """What each router holds, nothing else being left, after all timers ran out."""
        for wire in self.wires.values():
            wire.release()
        self.nobody()
        self._until(lambda: not any(self._holder(name) for name in NAMES))
        self.lab.advance(7200)
        found = {}
        for name in NAMES:
            text, database = self.configuration(name), self.lab.database(name)
            assert (OLD in text) != (NEW in text), name
            assert self.lab.call(lambda d=database: (d.pending, d.holder, d.modified)) == (
                None,
                None,
                False,
            ), name
            found[name] = "new" if NEW in text else "old"
        return found

    def somebody(self, name, statements=None):
        """Somebody at the terminal, as soon as our session there is gone: locks, or commits."""
        self.wires[name].cut()
        self._until(lambda: self._holder(name) is None)
        database = self.lab.database(name)

        def act():
            now = self.lab.chassis(name).now()
            database.open(OPS, "ops", now, tty="p0", client="cli")
            if database.lock(OPS, now) is None and statements:
                database.load(OPS, statements, now, format="text", action="set")
                database.commit(OPS, CommitRequest(), now)
                database.end(OPS)

        self.lab.call(act)

    def nobody(self):
        """Whoever else was there has gone home."""
        databases = [self.lab.database(name) for name in NAMES]
        self.lab.call(lambda: [database.end(OPS) for database in databases])

    def _holder(self, name):
        return self.lab.call(lambda: self.lab.database(name).holder)

    @staticmethod
    def _until(condition, seconds=5.0):
        """The router must notice first that a connection is gone."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)

    def close(self):
        for wire in self.wires.values():
            wire.close()


def _blob(text):
    import base64  # noqa: PLC0415

    return base64.b64decode(text)


def _to_old(session):
    session.lock()
    session.load(f"delete policy-options policy-statement ours\n{OLD}\n")
    session.commit(comment="reset")
    session.unlock()


@pytest.fixture
def site(lab, tmp_path):
    made = Site(lab, tmp_path)
    yield made
    made.close()


def failing(stage):
    return Verified(Proof.FAILED if stage.final else Proof.PROVEN, "as this test wants it")


VERIFIERS = {"good": trusting, "bad": failing}


def change(site, verify, listener=lambda _: None):
    order = Order(
        dict.fromkeys(NAMES, SCRIPT),
        (("ceres",), ("juno",)),
        lease=60,
        patience=Patience(limit=2, interval=1),
    )
    with Fleet(site.targets, timeouts=QUICK, listeners=[listener]) as fleet:
        folder = RunFolder.create(site.folder / "runs", "apply")
        return transact(fleet, folder, order, verify, stop=Hurried())


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
    """A change that is hit once, and what came of it."""
    done = []

    def listener(event):
        if (event.step, event.router) == place and event.moment is Moment.STARTED and not done:
            done.append(event)
            FAULTS[fault](site, event.router)

    verdict = change(site, verify, listener)
    held = site.held()
    assert done
    if verdict.code is ExitCode.PROVEN:
        assert set(held.values()) == {"new"}, verdict
    elif verdict.code is ExitCode.NEEDS_HUMAN:
        assert fault.startswith("somebody"), verdict
    else:
        assert set(held.values()) == {"old"}, verdict


def strike_all(site, faults, sample):
    number = 0
    for kind, verify in VERIFIERS.items():
        places = steps(site, verify)
        for place in places:
            for fault in faults:
                number += 1
                if number % sample:
                    continue
                site.reset()
                try:
                    struck(site, verify, place, fault)
                except AssertionError as error:
                    raise AssertionError(f"{fault} at {place}, {kind} change: {error}") from error
    return number


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
    strike_all(site, FAULTS, sample=67)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_broken_wire_leaves_the_network_whole(site, fault, record_property):
    cases = strike_all(site, [fault], sample=1)
    record_property("crash matrix", f"{cases} cases over SSH, {cases} survived")
    assert cases > 30


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


@pytest.mark.slow
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
        verdict = mend(fleet, folder, Direction.ROLLBACK)
    assert verdict.code is ExitCode.ROLLED_BACK, verdict
    assert site.held() == {"ceres": "old", "juno": "old"}
