"""What a transaction does so that something does not happen: each test goes red without it."""

from dataclasses import replace

import pytest
from change_memory import Trouble

from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.errors import ExitCode
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.load import parse_set

NEW = "set policy-options policy-statement ours term a then reject"
SCRIPT = "delete policy-options policy-statement ours\n" + NEW + "\n"
PATIENCE = Patience(limit=30, interval=1)


@pytest.fixture
def change(world, runs):
    def run(verify=trusting, listener=lambda _: None):
        order = Order(
            dict.fromkeys(world.routers, SCRIPT), (("ceres", "juno", "luna"),), patience=PATIENCE
        )
        with world.fleet([listener]) as fleet:
            folder = RunFolder.create(runs, "apply")
            return transact(fleet, folder, order, verify, stop=world.stop)

    return run


def holds_new(world):
    return {name for name, router in world.routers.items() if NEW in router.configuration}


def test_somebodys_commit_is_shouted_at_the_next_look_not_at_the_end(world, change):
    said, looks = [], []

    def verify(_stage):
        looks.append(any("ANOTHER USER" in text for text in said))
        if len(looks) == 1:
            world.routers["juno"].intruder("set system domain-name somebody.else\n")
        return Verified(Proof.PROVEN if len(looks) > 3 else Proof.UNKNOWN)

    change(verify, lambda event: said.append(event.text))
    assert looks[:2] == [False, True]


def test_nothing_is_confirmed_that_cannot_be_reached_anew(world, change):
    juno = world.routers["juno"]

    def verify(_stage):
        """All is well, but for whoever comes anew."""
        if not juno.troubles:
            opened = juno.calls["open"]
            juno.troubles += [Trouble("open", "before cut", opened + n) for n in range(1, 1000)]
        return Verified(Proof.PROVEN)

    verdict = change(verify)
    assert verdict.code is not ExitCode.PROVEN
    juno.troubles.clear()
    world.bury()
    world.run_out()
    assert holds_new(world) == set()


def test_nothing_is_undone_before_the_lock_is_ours(world, change):
    juno = world.routers["juno"]
    before = {}

    def verify(_stage):
        if not before:
            for session in list(juno.sessions.values()):
                juno.end(session)
            juno.other_user()  # edits, and has committed nothing
            before.update(juno.calls)
        return Verified(Proof.FAILED, "no")

    verdict = change(verify)
    assert verdict.code is ExitCode.NEEDS_HUMAN or holds_new(world) == set()
    assert juno.calls["rollback"] == before.get("rollback", 0)
    assert juno.database.holder.user == "ops"


def test_a_router_that_cannot_be_undone_at_once_is_undone_later(world, change):
    def verify(_stage):
        juno = world.routers["juno"]
        if not juno.troubles:
            juno.troubles += [
                Trouble("rollback", "before cut", juno.calls["rollback"] + n) for n in (1, 2, 3)
            ]
        return Verified(Proof.FAILED, "no")

    verdict = change(verify)
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "NOT UNDONE" not in verdict.text
    assert world.routers["juno"].calls["rollback"] == 4
    assert holds_new(world) == set()


def stuck(seconds):
    """A router that stands still for so long, and then looks at its timers before its mail."""

    def act(router):
        router.time.move(seconds)
        router.database.expire(router.time.now)

    return act


def test_a_confirmation_that_came_after_the_timer_confirmed_nothing(world, change):
    world.routers["juno"].troubles.append(Trouble("commit", "before", act=stuck(400)))
    verdict = change()
    assert NEW not in world.routers["juno"].configuration
    assert verdict.code is not ExitCode.PROVEN
    assert holds_new(world) == set()


def test_a_lease_that_ran_out_during_a_long_look_is_not_renewed_but_noticed(world, change):
    looks = []

    def verify(_stage):
        looks.append(world.time.seconds)
        if len(looks) == 1:
            for router in world.routers.values():
                stuck(150)(router)
            return Verified(Proof.UNKNOWN)
        return Verified(Proof.PROVEN)

    verdict = change(verify)
    assert verdict.code is not ExitCode.PROVEN
    assert "rolled back" in verdict.text
    assert holds_new(world) == set()
    logs = [record.log for record in world.routers["juno"].database.history]
    assert not any("multihome renew" in log for log in logs)


def test_a_lease_that_a_long_look_has_used_up_is_renewed_before_the_end(world, change):
    def verify(_stage):
        world.time.move(250)  # of 300
        return Verified(Proof.PROVEN)

    assert change(verify).code is ExitCode.PROVEN
    logs = [record.log for record in world.routers["juno"].database.history]
    assert ["multihome renew" in log for log in logs[:2]] == [False, True]


def tamper(router, number):
    """A configuration that the router keeps is not the one that was committed there."""
    kept = router.database._history
    more = print_set(kept[number].root) + "set system domain-name of.another\n"
    kept[number] = replace(kept[number], root=parse_set(more))


def test_a_rollback_that_is_not_the_configuration_of_before_is_not_committed(world, change):
    juno = world.routers["juno"]
    commits = []

    def verify(_stage):
        if not commits:
            tamper(juno, 1)
            commits.append(juno.calls["commit"])
        return Verified(Proof.FAILED, "no")

    verdict = change(verify)
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "juno" in verdict.text
    assert "rollback 1 is not the configuration that is wanted" in verdict.text
    assert "nothing was committed" in verdict.text
    assert juno.calls["commit"] == commits[0]
    assert "of.another" not in juno.configuration
    assert juno.database.pending is not None, "its timer is the better way back"


def test_what_a_router_makes_of_a_rollback_is_looked_at(world, change):
    """A commit script may change what is committed: then it is not as before."""
    juno = world.routers["juno"]
    juno.troubles.append(Trouble("commit", "after", act=lambda router: tamper(router, 0)))
    verdict = change(lambda _: Verified(Proof.FAILED, "no"))
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "NOT UNDONE: juno" in verdict.text
