"""The crash matrix: every request of a transaction, on every router, goes wrong in every way.

The cases are generated from a run that went well: whatever it asked a router, in whatever
order, is a place for a fault. What must hold is looked at from the routers' side, after all
timers ran out.
"""

from itertools import product

import pytest
from change_memory import Killed, Trouble, World, freeze

from multihome.change.aftermath.ledger import account
from multihome.change.aftermath.mend import Direction, mend
from multihome.change.aftermath.status import judge, status
from multihome.change.folder import RunFolder
from multihome.change.order import Order
from multihome.change.standing import Standing
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.errors import ExitCode
from multihome.fleet.outcome import values

NAMES = ("ceres", "juno", "luna")
BASE = "set system host-name %s\nset policy-options policy-statement keep-me then accept\n"
OLD = "set policy-options policy-statement ours term old then reject"
NEW = "set policy-options policy-statement ours term new then reject"
FOREIGN = "set system domain-name somebody.else\n"
SCRIPT = f"delete policy-options policy-statement ours\n{NEW}\n"


def failing(stage):
    """Proven until all routers run it, and then not: so that undoing is a part of every case."""
    return Verified(Proof.FAILED if stage.final else Proof.PROVEN, "as this test wants it")


def transaction(world, runs, verify):
    order = Order(
        dict.fromkeys(NAMES, SCRIPT),
        (("ceres",), ("juno", "luna")),
        patience=Patience(limit=5, interval=1),
    )
    folder = RunFolder.create(runs, "apply")
    with world.fleet() as fleet:
        try:
            return folder, transact(fleet, folder, order, verify, stop=world.stop)
        except Killed:
            return folder, None


def asked(verify, runs):
    """What a transaction asks each router when nothing goes wrong."""
    world = World(NAMES, BASE + OLD + "\n")
    transaction(world, runs, verify)
    return [
        (name, operation, nth)
        for name, router in world.routers.items()
        for operation, count in router.calls.items()
        for nth in range(1, count + 1)
    ]


def lock(router):
    router.other_user()


def commit(router):
    router.other_user(FOREIGN)


def seize(router):
    router.intruder(statements=FOREIGN)


def check(router):
    router.intruder(check_only=True)


def undo(router):
    if router.database.pending is not None:  # afterwards it is nobody's business but theirs
        router.intruder(undo=True)


FAULTS = {
    "cut before": Trouble("", "before cut"),
    "cut after": Trouble("", "after cut"),
    "unnoticed cut before": Trouble("", "before zombie"),
    "unnoticed cut after": Trouble("", "after zombie"),
    "late": Trouble("", "after late"),
    "never": Trouble("", "before late"),
    "garbage before": Trouble("", "before garbage"),
    "garbage after": Trouble("", "after garbage"),
    "refused": Trouble("", "before refuse"),
    "frozen a moment": Trouble("", "before late", act=freeze(20)),
    "frozen after": Trouble("", "after late", act=freeze(100)),
    "frozen for good": Trouble("", "before late", act=freeze(100_000)),
    "frozen for good after": Trouble("", "after late", act=freeze(100_000)),
    "somebody locks": Trouble("", "before", act=lock),
    "somebody commits": Trouble("", "before", act=commit),
    "somebody commits, cut": Trouble("", "after cut", act=commit),
    "somebody ends our session, commits": Trouble("", "before cut", act=seize),
    "somebody ends our session after it, commits": Trouble("", "after cut", act=seize),
    "somebody ends our session, checks": Trouble("", "before cut", act=check),
    "somebody ends our session after it, checks": Trouble("", "after cut", act=check),
    "somebody ends our session, rolls back": Trouble("", "before cut", act=undo),
    "somebody ends our session after it, rolls back": Trouble("", "after cut", act=undo),
    "killed before": Trouble("", "before kill"),
    "killed after": Trouble("", "after kill"),
}


def case(world, place, fault):
    name, operation, nth = place
    template = FAULTS[fault]
    world.routers[name].troubles.append(Trouble(operation, template.kind, nth, template.act))


def holds(router):
    """Which of the two configurations a router has; an assertion if it is neither."""
    text = router.configuration
    assert "keep-me" in text
    assert (OLD in text) != (NEW in text), f"{router.name} holds a mixture: {text}"
    return "new" if NEW in text else "old"


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


def matrix(verify, runs, survivors, sample):
    for number, place in enumerate(asked(verify, runs)):
        for offset, fault in enumerate(FAULTS):
            if (number * len(FAULTS) + offset) % sample:
                continue
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


@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_a_sample_of_all_crashes_leaves_the_network_whole(verify, tmp_path, survivors):
    matrix(verify, tmp_path, survivors, sample=13)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_every_crash_leaves_the_network_whole(verify, tmp_path, survivors):
    matrix(verify, tmp_path, survivors, sample=1)
    assert survivors["cases"] > 300


def truth(router):
    """Where a router stands, read in its database."""
    database = router.database
    if database.pending is not None:
        return Standing.PENDING
    if database.modified:
        return Standing.CANDIDATE_LEFT
    new = NEW in router.configuration
    if any("multihome" in commit.log for commit in database.history):
        return Standing.CONFIRMED if new else Standing.ROLLED_BACK
    return Standing.UNTOUCHED


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
        verdict = mend(fleet, folder, direction)
    assert f"multihome {direction.value}" not in advice or "nothing was done" not in verdict.text
    held = invariants(world, folder, None)
    if direction is Direction.ROLLBACK:
        assert (verdict.code, set(held.values())) == (ExitCode.ROLLED_BACK, {"old"})
    elif Standing.UNTOUCHED in before.values():
        assert verdict.code is ExitCode.NEEDS_HUMAN
        assert "nothing was done" in verdict.text
    else:
        assert (verdict.code, set(held.values())) == (ExitCode.PROVEN, {"new"})


def mend_all(runs, verify, sample):
    cases = list(product(asked(verify, runs), ("before", "after"), AFTERWARDS))
    for place, when, afterwards in cases[sample - 1 :: sample]:
        try:
            mended(place, when, runs, verify, afterwards)
        except AssertionError as error:
            raise AssertionError(f"killed {when} {place}, {afterwards}: {error}") from error


@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_a_run_that_was_killed_is_named_and_mended_in_a_sample(verify, tmp_path):
    mend_all(tmp_path, verify, sample=7)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.parametrize("verify", [trusting, failing], ids=["good change", "bad change"])
def test_a_run_that_was_killed_is_named_and_mended_in_every_case(verify, tmp_path):
    mend_all(tmp_path, verify, sample=1)
