"""A lab of two routers behind wires, and a change of both over real SSH."""

import time

from change_wire import Wire
from pydantic import SecretStr

from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.stop import Stop
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.device.known_hosts import HostKey, record
from multihome.device.session import Timeouts
from multihome.fleet.fleet import Fleet
from multihome.inventory.target import Target
from multihome.twin.config.history import CommitRequest

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
        from multihome.twin.config.formats.set_format import print_set  # noqa: PLC0415

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
