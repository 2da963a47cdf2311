"""Break, watch, mend: the way back is taken whatever happens."""

from random import Random

import pytest
from change_memory import Killed, Trouble, World, freeze

from multihome.change.folder import RunFolder
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.verification import Patience, Proof, Verified
from multihome.drill.definition import Drill
from multihome.drill.exercise import Terms, Watchers, exercise
from multihome.errors import ExitCode, UsageError

BASE = """set system host-name %s
set protocols bgp group CPE type external
set protocols bgp group CPE neighbor 4.0.0.21 peer-as 65500
"""
FAULT = "deactivate protocols bgp group CPE neighbor 4.0.0.21"
DRILL = Drill("juno-luna", "the session goes down", "juno", (FAULT,), "primary-session-down")


class Network:
    """What the checks see: the state follows from the router's configuration."""

    def __init__(self, world):
        self.world, self.marks = world, []

    @property
    def broken(self):
        return FAULT in self.world.routers["juno"].configuration

    def steady(self, _stage):
        return Verified(Proof.FAILED if self.broken else Proof.PROVEN, "steady checks")

    def down(self, _stage):
        return Verified(Proof.PROVEN if self.broken else Proof.FAILED, "drill checks")

    def mark(self, kind, text):
        self.marks.append((kind, text))


@pytest.fixture
def world():
    return World(("juno", "luna"), BASE)


@pytest.fixture
def network(world):
    return Network(world)


@pytest.fixture
def drill(world, network, tmp_path):
    def run(listeners=(), definition=DRILL, **watchers):
        told = {
            "before": network.steady,
            "during": network.down,
            "after": network.steady,
            "mark": network.mark,
            **watchers,
        }
        terms = Terms(patience=Patience(limit=5, interval=1))
        folder = RunFolder.create(tmp_path, "drill")
        with world.fleet(listeners) as fleet:
            return exercise(fleet, folder, definition, Watchers(**told), terms, stop=world.stop)

    return run


def as_before(world):
    juno = world.routers["juno"]
    assert FAULT not in juno.configuration
    assert juno.database.pending is None
    assert juno.database.holder is None
    assert not juno.database.modified
    return True


def test_a_drill_breaks_watches_mends_and_proves_each(world, network, drill):
    outcome = drill()
    assert (outcome.code, outcome.text) == (
        ExitCode.PROVEN,
        "drill juno-luna: passed; fault removed, network restored",
    )
    assert [kind for kind, _ in network.marks] == ["fault", "restore", "good"]
    assert "!" in outcome.diff or "inactive" in outcome.diff
    assert as_before(world)
    assert [c.log.split()[1] for c in world.routers["juno"].database.history[:2]] == [
        "rollback",
        "drill",
    ]
    assert world.routers["luna"].calls["lock"] == 0


def test_a_network_that_is_not_well_is_not_broken_further(world, drill):
    outcome = drill(before=lambda _: Verified(Proof.FAILED, "luna is down"))
    assert outcome.code is ExitCode.REFUSED
    assert "not started" in outcome.text
    assert world.routers["juno"].calls["lock"] == 0


def test_a_network_that_nobody_can_look_at_is_not_broken(world, drill):
    def before(_stage):
        raise UsageError("no such check")

    outcome = drill(before=before)
    assert outcome.code is ExitCode.UNKNOWN
    assert world.routers["juno"].calls["lock"] == 0


def test_a_network_that_does_not_hold_is_mended_and_the_drill_failed(world, drill):
    outcome = drill(during=lambda _: Verified(Proof.FAILED, "no traffic"))
    assert outcome.code is ExitCode.FAILED
    assert "not proven within 5 s: no traffic; fault removed, network restored" in outcome.text
    assert as_before(world)


def test_a_network_that_does_not_heal_needs_a_human(world, drill):
    outcome = drill(after=lambda _: Verified(Proof.FAILED, "no traffic"))
    assert outcome.code is ExitCode.NEEDS_HUMAN
    assert "fault removed, but the network differs from before: no traffic" in outcome.text
    assert as_before(world)


def test_a_fault_that_changes_nothing_proves_nothing(world, drill):
    idle = Drill("x", "", "juno", ("set system host-name juno",), "s")
    outcome = drill(definition=idle)
    assert outcome.code is ExitCode.REFUSED
    assert "the fault changes nothing there; nothing was broken" in outcome.text
    assert as_before(world)


def test_somebody_who_edits_is_not_disturbed(world, drill):
    world.routers["juno"].other_user()
    outcome = drill()
    assert outcome.code is ExitCode.REFUSED
    assert "locked by" in outcome.text
    assert world.routers["juno"].database.holder.user == "ops"


def test_a_bug_in_a_check_mends_and_is_not_hidden(world, drill):
    with pytest.raises(ZeroDivisionError):
        drill(during=lambda _: 1 / 0)
    assert as_before(world)


def test_an_interruption_mends_at_once(world, drill):
    def during(_stage):
        world.stop.ask()
        return Verified(Proof.UNKNOWN)

    outcome = drill(during=during)
    assert (outcome.code, outcome.text) == (
        ExitCode.INTERRUPTED,
        "interrupted; fault removed, network restored",
    )
    assert as_before(world)


def test_a_second_interruption_says_what_is_left_and_the_router_mends_itself(world, drill):
    def listener(event):
        if event.step == "restore":
            raise KeyboardInterrupt

    outcome = drill(listeners=[listener])
    assert outcome.code is ExitCode.NEEDS_HUMAN
    assert "FAULT NOT REMOVED: juno" in outcome.text
    assert "rolls back by itself" in outcome.next[0]
    world.run_out()
    assert as_before(world)


def test_somebody_who_commits_on_top_is_shouted_and_not_undone(world, network, drill):
    juno = world.routers["juno"]

    def during(_stage):
        for session in list(juno.sessions.values()):
            juno.end(session)  # the lock is gone with it
        juno.other_user("set system domain-name somebody.else\n")
        return network.down(_stage)

    outcome = drill(during=during, definition=DRILL)
    assert outcome.code is ExitCode.NEEDS_HUMAN
    assert "ops by cli" in outcome.text
    assert "somebody.else" in juno.configuration


def seize(router):
    router.intruder(statements="set system domain-name somebody.else\n")


def check(router):
    router.intruder(check_only=True)


FAULTS = {
    "cut before": Trouble("", "before cut"),
    "cut after": Trouble("", "after cut"),
    "unnoticed cut after": Trouble("", "after zombie"),
    "late": Trouble("", "after late"),
    "never": Trouble("", "before late"),
    "garbage after": Trouble("", "after garbage"),
    "refused": Trouble("", "before refuse"),
    "frozen a moment": Trouble("", "after late", act=freeze(100)),
    "frozen for good": Trouble("", "before late", act=freeze(100_000)),
    "somebody locks": Trouble("", "before", act=lambda router: router.other_user()),
    "garbage before": Trouble("", "before garbage"),
    "unnoticed cut before": Trouble("", "before zombie"),
    "frozen for good after": Trouble("", "after late", act=freeze(100_000)),
    "somebody ends our session, commits": Trouble("", "before cut", act=seize),
    "somebody ends our session after it, commits": Trouble("", "after cut", act=seize),
    "somebody ends our session, checks": Trouble("", "before cut", act=check),
    "somebody ends our session after it, checks": Trouble("", "after cut", act=check),
    "killed before": Trouble("", "before kill"),
    "killed after": Trouble("", "after kill"),
}


def run(world, folder_of, verify=None):
    network = Network(world)
    watchers = Watchers(network.steady, verify or network.down, network.steady, network.mark)
    folder = RunFolder.create(folder_of, "drill")
    with world.fleet() as fleet:
        try:
            terms = Terms(patience=Patience(limit=5, interval=1))
            return folder, exercise(fleet, folder, DRILL, watchers, terms, stop=world.stop)
        except Killed:
            return folder, None


def undone_by_hand(world):
    world.routers["juno"].other_user(f"{FAULT.replace('deactivate', 'activate')}\n")


def places(runs):
    world = World(("juno",), BASE)
    run(world, runs)
    return [
        (operation, nth)
        for operation, count in world.routers["juno"].calls.items()
        for nth in range(1, count + 1)
    ]


def survivals(runs, chosen):
    """Every fault at the places that are chosen for it; returns how many there were."""
    there, survived = places(runs), 0
    for name, fault in FAULTS.items():
        for operation, nth in chosen(name, there):
            survives(runs, name, fault, operation, nth)
            survived += 1
    return survived


def survives(runs, name, fault, operation, nth):
    world = World(("juno",), BASE)
    world.routers["juno"].troubles.append(Trouble(operation, fault.kind, nth, fault.act))
    folder, outcome = run(world, runs)
    place = f"{name} at {operation} {nth}: {outcome}"
    world.bury()
    if outcome is None and nth % 2:
        with world.fleet() as fleet:
            mended = finish(fleet, folder, Direction.ROLLBACK, Finishing(stop=world.stop))
        assert mended.code is ExitCode.ROLLED_BACK, place
    world.run_out()
    if world.meddled and FAULT in world.routers["juno"].configuration:
        assert outcome.code is ExitCode.NEEDS_HUMAN, place
        assert "FAULT NOT REMOVED" in outcome.text
        undone_by_hand(world)
    assert as_before(world), place
    if outcome is not None and outcome.code is ExitCode.PROVEN:
        assert "multihome drill" in str(
            [commit.log for commit in world.routers["juno"].database.history]
        ), place


def test_two_crashes_of_each_kind_leave_the_router_as_it_was(tmp_path):
    found = survivals(tmp_path, lambda name, there: Random(name).sample(there, 2))
    assert found == 2 * len(FAULTS)


@pytest.mark.deep
def test_every_crash_of_a_drill_leaves_the_router_as_it_was(tmp_path, record_property):
    survived = survivals(tmp_path, lambda _, there: there)
    assert survived > 250
    record_property("crash matrix", f"{survived} cases, {survived} survived")
