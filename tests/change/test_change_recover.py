"""A run whose folder is lost: the routers remember enough to finish it."""

import pytest
from change_memory import freeze

from multihome.change.folder import RunFolder
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.recovery.recover import recover
from multihome.change.recovery.status import recall, status
from multihome.change.router_status import RouterStatus
from multihome.change.verification import Patience
from multihome.errors import ExitCode, UnknownName
from multihome.fleet.fleet import Fleet
from multihome.fleet.outcome import values
from multihome.inventory.target import Target

NEW = "set policy-options policy-statement ours term a then reject"
SCRIPT = "delete policy-options policy-statement ours\n" + NEW + "\n"
PAIR = ("juno", "luna")
QUICKLY = Finishing(patience=Patience(limit=5, interval=1))


def pending(world, run="abc123", lease=600):
    """As a machine leaves it that dies before it confirms."""
    for name in PAIR:
        session = world.routers[name].open()
        session.load(SCRIPT)
        session.commit_confirmed(
            seconds=lease, comment=f"multihome apply {run} ticket CHG-7 intent 0123456789ab"
        )
        session.close()


def standings(fleet, folder):
    return {router: found.standing for router, found in values(status(fleet, folder)).items()}


def test_a_pending_run_is_found_and_confirmed_from_another_machine(world, runs):
    pending(world)
    with world.fleet() as fleet:
        folder = recover(fleet, runs, "abc123")
        assert standings(fleet, folder) == dict.fromkeys(PAIR, RouterStatus.PENDING)
        assert finish(fleet, folder, Direction.CONFIRM, QUICKLY).code is ExitCode.PROVEN
    mark = recall(RunFolder.find(runs, "abc123")).mark
    assert (mark.run, mark.ticket, mark.intent) == ("abc123", "CHG-7", "0123456789ab")
    assert all(world.routers[name].database.pending is None for name in PAIR)
    assert all(NEW in world.routers[name].configuration for name in PAIR)


@pytest.mark.parametrize("confirmed", [False, True])
def test_it_is_rolled_back_as_well(world, runs, confirmed):
    before = {name: world.routers[name].configuration for name in PAIR}
    pending(world)
    with world.fleet() as fleet:
        if confirmed:
            assert (
                finish(fleet, recover(fleet, runs / "1", "abc123"), Direction.CONFIRM, QUICKLY).code
                == 0
            )
        verdict = finish(fleet, recover(fleet, runs, "abc123"), Direction.ROLLBACK, QUICKLY)
    assert verdict.code is ExitCode.ROLLED_BACK, verdict
    assert {name: world.routers[name].configuration for name in PAIR} == before
    assert "ceres" not in verdict.text


def test_what_a_timer_undid_is_seen_to_be_undone(world, runs):
    pending(world, lease=60)
    world.time.move(120)
    with world.fleet() as fleet:
        folder = recover(fleet, runs, "abc123")
        assert standings(fleet, folder) == dict.fromkeys(PAIR, RouterStatus.ROLLED_BACK)


def test_what_somebody_committed_since_is_theirs(world, runs):
    pending(world)
    world.routers["luna"].other_user("set system domain-name x")
    with world.fleet() as fleet:
        verdict = finish(fleet, recover(fleet, runs, "abc123"), Direction.ROLLBACK, QUICKLY)
    assert verdict.code is ExitCode.REFUSED
    assert "nothing was done: luna: changed by another user since (ops by cli)" in verdict.text
    assert verdict.next[0].startswith("multihome rollback abc123 --only juno ")
    assert NEW in world.routers["juno"].configuration


def test_a_run_that_no_router_knows_is_an_unknown_name_and_others_are_named(world, runs):
    pending(world)
    with world.fleet() as fleet, pytest.raises(UnknownName, match="abc123"):
        recover(fleet, runs, "abc124")
    assert not runs.exists()


def test_a_router_that_does_not_answer_may_have_a_commit_of_it(world, runs):
    pending(world)
    freeze(100)(world.routers["ceres"])
    with world.fleet() as fleet:
        folder = recover(fleet, runs, "abc123")
    assert set(recall(folder).routers) == {"ceres", *PAIR}


def test_nobody_is_moved_while_somebody_is_at_work_on_one_of_them(world, runs):
    pending(world)
    world.routers["luna"].other_user()
    with world.fleet() as fleet:
        verdict = finish(fleet, recover(fleet, runs, "abc123"), Direction.ROLLBACK, QUICKLY)
    assert verdict.code is ExitCode.REFUSED
    assert "nothing was done: luna: locked by ops at terminal p0 (pid" in verdict.text
    assert "since 2026-01-01" in verdict.text
    assert all(world.routers[name].database.pending for name in PAIR)
    assert world.routers["juno"].database.holder is None


def test_a_router_that_the_run_comes_to_after_it_was_found_is_one_of_its_own(world, runs):
    pending(world)
    with world.fleet() as fleet:
        folder = recover(fleet, runs, "abc123")
        session = world.routers["ceres"].open()
        session.load(SCRIPT)
        session.commit_confirmed(seconds=600, comment="multihome apply abc123")
        session.close()
        verdict = finish(fleet, folder, Direction.ROLLBACK, QUICKLY)
        assert "nothing was done: it has come to ceres meanwhile" in verdict.text
        assert all(router.database.pending for router in world.routers.values())
        assert finish(fleet, folder, Direction.ROLLBACK, QUICKLY).code is ExitCode.ROLLED_BACK
    assert not any(NEW in router.configuration for router in world.routers.values())


def test_who_went_back_by_itself_keeps_the_others_from_being_confirmed(world, runs):
    pending(world)
    juno = world.routers["juno"].database
    juno.cancel(world.time.now)
    with world.fleet() as fleet:
        verdict = finish(fleet, recover(fleet, runs, "abc123"), Direction.CONFIRM, QUICKLY)
    assert verdict.code is ExitCode.REFUSED
    assert "nothing was done: juno: rolled back" in verdict.text
    assert world.routers["luna"].database.pending is not None


def test_of_logical_systems_one_stands_for_the_device(world, runs):
    """They share its history and its lock: two of them would be in each other's way."""
    pending(world)
    targets = [
        Target("juno", "juno.example", "lab", logical_system="a"),
        Target("juno-b", "juno.example", "lab", logical_system="b"),
        Target("luna", "luna.example", "lab"),
    ]

    def connect(target):
        return world.routers[target.name.partition("-")[0]].open()

    with Fleet(targets, connect=connect) as fleet:
        folder = recover(fleet, runs, "abc123")
        assert sorted(recall(folder).routers) == ["juno", "luna"]
        assert finish(fleet, folder, Direction.ROLLBACK, QUICKLY).code is ExitCode.ROLLED_BACK
    assert all(world.routers[name].database.pending is None for name in PAIR)
