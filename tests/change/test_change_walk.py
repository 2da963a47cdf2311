"""A random walk: operators, other users, faults and the clock, in any order.

After each change the verdict must be true, and after all timers no router may hold anything
that nobody committed.
"""

import tempfile
from pathlib import Path

from change_memory import Killed, Trouble, World, freeze
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.errors import ExitCode, UsageError

NAMES = ("ceres", "juno")
BASE = "set system host-name %s\nset policy-options policy-statement keep-me then accept\n"
OPERATIONS = st.sampled_from(
    ["open", "lock", "load", "diff", "commit_check", "commit_confirmed", "commit", "history"]
)
KINDS = st.sampled_from(
    [
        f"{when} {what}"
        for when in ("before", "after")
        for what in ("cut", "zombie", "late", "garbage", "kill")
    ]
    + ["before refuse"]
)
INTERFERENCE = {
    "nobody": lambda _: None,
    "locks": lambda router: router.other_user(),
    "ends our session, commits": lambda router: router.intruder(
        statements="set system domain-name somebody.else\n"
    ),
    "ends our session, checks": lambda router: router.intruder(check_only=True),
}


def failing(_stage):
    return Verified(Proof.FAILED, "no")


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.world = World(NAMES, BASE)
        self.folder = tempfile.TemporaryDirectory()
        self.runs = Path(self.folder.name)
        self.generation = 0
        self.last = None

    def held(self):
        """The generation that each router holds; 0 before the first change."""
        found = {}
        for name, router in self.world.routers.items():
            terms = {
                line.split(" term g")[1].split()[0]
                for line in router.configuration.splitlines()
                if " term g" in line
            }
            assert len(terms) <= 1, f"{name} holds a mixture: {terms}"
            found[name] = int(terms.pop()) if terms else 0
        return found

    @rule(good=st.booleans(), wait=st.booleans())
    def change(self, good, wait):
        """A change; if it is killed, somebody may look at once or only after the timers."""
        before = self.held()
        self.generation += 1
        script = (
            "delete policy-options policy-statement ours\n"
            f"set policy-options policy-statement ours term g{self.generation} then reject\n"
        )
        order = Order(
            dict.fromkeys(NAMES, script), (("ceres",), ("juno",)), patience=Patience(limit=3)
        )
        folder = RunFolder.create(self.runs, "apply")
        self.last = folder
        self.world.meddled = False
        with self.world.fleet() as fleet:
            try:
                verdict = transact(
                    fleet, folder, order, trusting if good else failing, stop=self.world.stop
                )
            except Killed:
                self.world.bury()
                if not wait:
                    return
                verdict = None
        if verdict is None:
            self.world.run_out()
            confirming = any(entry.step == "confirm" for entry in folder.entries())
            assert confirming or self.world.meddled or self.held() == before
        elif verdict.code is ExitCode.PROVEN:
            assert set(self.held().values()) == {self.generation}
        elif verdict.code is not ExitCode.NEEDS_HUMAN:
            assert self.held() == before, verdict

    @precondition(lambda self: self.last is not None)
    @rule(direction=st.sampled_from(Direction))
    def finish(self, direction):
        with self.world.fleet() as fleet:
            try:
                verdict = finish(fleet, self.last, direction, Finishing(stop=self.world.stop))
            except UsageError:
                return
            except Killed:
                self.world.bury()
                return
        if direction is Direction.CONFIRM and verdict.code is ExitCode.PROVEN:
            assert set(self.held().values()) == {self.generation}

    @rule(
        name=st.sampled_from(NAMES),
        operation=OPERATIONS,
        kind=KINDS,
        soon=st.integers(1, 3),
        who=st.sampled_from(sorted(INTERFERENCE)),
    )
    def trouble(self, name, operation, kind, soon, who):
        router = self.world.routers[name]
        nth = router.calls[operation] + soon
        router.troubles.append(Trouble(operation, kind, nth, INTERFERENCE[who]))

    @rule(name=st.sampled_from(NAMES), seconds=st.integers(1, 400))
    def stall(self, name, seconds):
        freeze(seconds)(self.world.routers[name])

    @rule(name=st.sampled_from(NAMES))
    def somebody_commits(self, name):
        number = self.world.routers[name].next_session
        self.world.routers[name].other_user(f"set system domain-name somebody{number}.else\n")

    @rule(name=st.sampled_from(NAMES))
    def somebody_locks(self, name):
        self.world.routers[name].other_user()

    @rule(seconds=st.integers(1, 1000))
    def time_passes(self, seconds):
        self.world.time.move(seconds)
        for router in self.world.routers.values():
            router.database.expire(self.world.time.now)

    @rule()
    def everybody_leaves(self):
        self.world.run_out()

    @invariant()
    def nothing_of_others_is_lost(self):
        for router in self.world.routers.values():
            assert "keep-me" in router.configuration

    def teardown(self):
        self.world.run_out()
        for router in self.world.routers.values():
            assert router.database.pending is None
            assert router.database.holder is None
            assert not router.database.modified
        self.folder.cleanup()


TestWalk = Walk.TestCase
TestWalk.settings = settings(stateful_step_count=12)
