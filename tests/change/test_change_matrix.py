"""The crash matrix: every request of a transaction, on every router, goes wrong in every way.

The cases are generated from a run that went well: whatever it asked a router, in whatever
order, is a place for a fault. What must hold is looked at from the routers' side, after all
timers ran out.
"""

from itertools import product
from random import Random

import pytest
from change_faults import (
    BASE,
    FAULTS,
    NAMES,
    NEW,
    OLD,
    asked,
    case,
    failing,
    holds,
    transaction,
)
from change_memory import Trouble, World

from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.recovery.run_list import account
from multihome.change.recovery.status import judge, status
from multihome.change.router_status import RouterStatus
from multihome.change.verification import trusting
from multihome.errors import ExitCode
from multihome.fleet.outcome import values


def invariants(world, folder, verdict):
    world.bury()
    world.run_out()
    held = {name: holds(router) for name, router in world.routers.items()}
    for router in world.routers.values():
        assert router.database.pending is None
        assert router.database.holder is None, f"{router.name} is locked"
        assert not router.database.modified, f"{router.name} has a candidate left"
    confirming = any(e.step == "confirm" and e.moment == "begin" for e in folder.entries())
    if not confirming and not _foreign(world):
        assert set(held.values()) == {"old"}
    if len(set(held.values())) > 1:
        assert verdict is None or verdict.code is ExitCode.NEEDS_HUMAN, f"{held} and {verdict.text}"
    if verdict is not None:
        truthful(verdict, held)
    return held


def _foreign(world):
    theirs = any("somebody.else" in router.configuration for router in world.routers.values())
    return theirs or world.meddled


def truthful(verdict, held):
    if verdict.code is ExitCode.PROVEN:
        assert set(held.values()) == {"new"}, verdict.text
        assert set(verdict.changed) == set(NAMES)
    elif verdict.code is not ExitCode.NEEDS_HUMAN:
        assert set(held.values()) == {"old"}, verdict.text


@pytest.fixture
def survivors(record_property):
    """Counted, and told at the end of the session."""
    counted = {"cases": 0, "apart": 0, "human": 0}
    yield counted
    record_property(
        "crash matrix",
        f"{counted['cases']} cases, {counted['cases']} survived; "
        f"{counted['apart']} apart, {counted['human']} left to a human",
    )


PASSING = ("cut", "unnoticed", "late", "never", "garbage", "frozen a moment", "frozen after")
"""Faults that are over soon: whoever goes on trying needs nobody."""


def left(verdict):
    return verdict is not None and verdict.code is ExitCode.NEEDS_HUMAN


def matrix(verify, runs, survivors, places):
    for fault in FAULTS:
        for place in places(fault, asked(verify, runs)):
            world = World(NAMES, BASE + OLD + "\n")
            case(world, place, fault)
            folder, verdict = transaction(world, runs, verify)
            try:
                held = invariants(world, folder, verdict)
                assert not fault.startswith(PASSING) or not left(verdict), "a human, for nothing"
            except AssertionError as error:
                raise AssertionError(f"{fault} at {place}, verdict {verdict}: {error}") from error
            survivors["cases"] += 1
            survivors["apart"] += len(set(held.values())) > 1
            survivors["human"] += left(verdict)


def one_of(kind, places):
    """One place for each kind of fault, the same in every run."""
    return [Random(str(kind)).choice(places)]


def all_of(_kind, places):
    return places


@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_a_crash_of_each_kind_leaves_the_network_whole(verify, tmp_path, survivors):
    matrix(verify, tmp_path, survivors, one_of)
    assert survivors["cases"] == len(FAULTS)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_every_crash_leaves_the_network_whole(verify, tmp_path, survivors):
    matrix(verify, tmp_path, survivors, all_of)
    assert survivors["cases"] > 300


def truth(router):
    """Where a router stands, read in its database."""
    database = router.database
    if database.pending is not None:
        return RouterStatus.PENDING
    if database.modified:
        return RouterStatus.CANDIDATE_LEFT
    new = NEW in router.configuration
    if any("multihome" in commit.log for commit in database.history):
        return RouterStatus.CONFIRMED if new else RouterStatus.ROLLED_BACK
    return RouterStatus.UNTOUCHED


AFTERWARDS = {
    "rollback": (False, Direction.ROLLBACK),
    "confirm": (False, Direction.CONFIRM),
    "rollback after the timers": (True, Direction.ROLLBACK),
    "confirm after the timers": (True, Direction.CONFIRM),
}


def killed_at(place, when, runs, verify):
    world = World(NAMES, BASE + OLD + "\n")
    name, operation, nth = place
    world.routers[name].troubles.append(Trouble(operation, f"{when} kill", nth))
    folder, _ = transaction(world, runs, verify)
    world.bury()
    return world, folder


def mended(place, when, runs, verify, afterwards):
    """Kill, look, mend, and look again."""
    late, direction = AFTERWARDS[afterwards]
    world, folder = killed_at(place, when, runs, verify)
    if late:
        world.run_out()
    before = {name: truth(router) for name, router in world.routers.items()}
    with world.fleet() as fleet:
        where = status(fleet, folder)
        assert {name: found.standing for name, found in values(where).items()} == before
        advice = judge(where, account(folder))[1]
        verdict = finish(fleet, folder, direction, Finishing(stop=world.stop))
    assert f"multihome {direction.value}" not in advice or "nothing was done" not in verdict.text
    held = invariants(world, folder, None)
    if direction is Direction.ROLLBACK:
        assert (verdict.code, set(held.values())) == (ExitCode.ROLLED_BACK, {"old"})
    elif RouterStatus.UNTOUCHED in before.values():
        assert verdict.code is ExitCode.REFUSED
        assert "nothing was done" in verdict.text
    else:
        assert (verdict.code, set(held.values())) == (ExitCode.PROVEN, {"new"})


def mend_all(runs, verify, places):
    for when, afterwards in product(("before", "after"), AFTERWARDS):
        for place in places((when, afterwards), asked(verify, runs)):
            try:
                mended(place, when, runs, verify, afterwards)
            except AssertionError as error:
                raise AssertionError(f"killed {when} {place}, {afterwards}: {error}") from error


@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_a_run_that_was_killed_is_named_and_mended_in_each_way(verify, tmp_path):
    mend_all(tmp_path, verify, one_of)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_a_run_that_was_killed_is_named_and_mended_in_every_case(verify, tmp_path):
    mend_all(tmp_path, verify, all_of)
