"""Two operators of this very tool at the same time, and a tool of somebody else's.

Generated: at every request of the first one's work the second one begins with a verb, gets so
many requests done, and goes on whenever the first one waits or has gone. What must hold is
looked at from the routers' side.
"""

from itertools import product
from random import Random

import pytest
from change_memory import Killed, Trouble, World
from change_turns import taking_turns

from multihome.change.apply import Assurance, apply
from multihome.change.change_request import Order
from multihome.change.commit_comment import remembered
from multihome.change.folder import RunFolder
from multihome.change.preflight.plan import plan
from multihome.change.preflight.router_condition import preflight
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.recovery.recover import recover
from multihome.change.recovery.status import status
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.drill.definition import Drill
from multihome.drill.exercise import Terms, Watchers, exercise
from multihome.errors import DeviceError, ExitCode, UnknownName

NAMES = ("ceres", "juno", "luna")
BASE = "set system host-name %s\nset policy-options policy-statement keep-me then accept\n"
OLD, NEW, THEIRS = (
    f"set policy-options policy-statement ours term {word} then reject"
    for word in ("old", "new", "theirs")
)
FAULT = "set system domain-name broken.example"


def script(wanted):
    return dict.fromkeys(NAMES, f"delete policy-options policy-statement ours\n{wanted}\n")


def order(wanted):
    return Order(
        script(wanted), (("ceres",), ("juno", "luna")), patience=Patience(limit=5, interval=1)
    )


def failing(stage):
    return Verified(Proof.FAILED if stage.final else Proof.PROVEN, "as this test wants it")


class Stage:
    """A world, the first operator's run in it, and where runs are kept."""

    def __init__(self, tmp_path):
        self.world = World(NAMES, BASE + OLD + "\n")
        self.runs, self.elsewhere = tmp_path / "runs", tmp_path / "elsewhere"
        self.folder = RunFolder.create(self.runs, "apply")

    def fleet(self):
        return self.world.fleet()


def change(stage, check):
    with stage.fleet() as fleet:
        return transact(fleet, stage.folder, order(NEW), check, stop=stage.world.stop)


def good_change(stage):
    return change(stage, trusting)


def bad_change(stage):
    return change(stage, failing)


def drill(stage, folder):
    fault = Drill("d", "a fault", "juno", (FAULT,), "broken")
    watchers = Watchers(trusting, trusting, trusting, lambda _kind, _text: None)
    terms = Terms(patience=Patience(limit=5, interval=1))
    with stage.fleet() as fleet:
        return exercise(fleet, folder, fault, watchers, terms, stop=stage.world.stop)


def a_drill(stage):
    return drill(stage, stage.folder)


def killed(stage):
    """The run as a process leaves it that dies with all routers waiting."""
    juno = stage.world.routers["juno"]
    juno.troubles.append(Trouble("unlock", "before kill"))
    with pytest.raises(Killed):
        good_change(stage)
    stage.world.bury()
    juno.calls.clear()


def finished(stage, direction):
    with stage.fleet() as fleet:
        return finish(fleet, stage.folder, direction, Finishing(stop=stage.world.stop))


def a_confirm(stage):
    return finished(stage, Direction.CONFIRM)


def a_rollback(stage):
    return finished(stage, Direction.ROLLBACK)


def look_before(stage):
    with stage.fleet() as fleet:
        return preflight(fleet, NAMES)


def look_at_the_difference(stage):
    with stage.fleet() as fleet:
        return plan(fleet, script(THEIRS))


def look_where_it_is(stage):
    with stage.fleet() as fleet:
        return status(fleet, stage.folder) if stage.folder.entries() else None


def found_in_histories(stage):
    with stage.fleet() as fleet:
        try:
            return recover(fleet, stage.elsewhere, stage.folder.run)
        except UnknownName:
            return None


def look_where_it_is_from_elsewhere(stage):
    folder = found_in_histories(stage)
    with stage.fleet() as fleet:
        return status(fleet, folder) if folder is not None else None


def verify(stage):
    with stage.fleet() as fleet:
        return fleet.run(
            lambda s: (s.history(), s.configuration(), s.configuration()), NAMES, step="verify"
        )


def apply_another(stage):
    with stage.fleet() as fleet:
        return apply(fleet, order(THEIRS), Assurance(trusting), stage.runs, stop=stage.world.stop)


def apply_the_same(stage):
    with stage.fleet() as fleet:
        return apply(fleet, order(NEW), Assurance(trusting), stage.runs, stop=stage.world.stop)


def another_drill(stage):
    return drill(stage, RunFolder.create(stage.runs, "drill"))


def finish_it(stage, direction):
    folder = found_in_histories(stage)
    with stage.fleet() as fleet:
        return (
            finish(fleet, folder, direction, Finishing(stop=stage.world.stop))
            if folder is not None
            else None
        )


def confirm_it(stage):
    return finish_it(stage, Direction.CONFIRM)


def roll_it_back(stage):
    return finish_it(stage, Direction.ROLLBACK)


def somebody(work):
    """A tool of somebody else's: one session after the other, whatever is refused."""

    def act(stage):
        for name in NAMES:
            session = stage.world.routers[name].open()
            try:
                work(session)
            except DeviceError:
                continue
            finally:
                session.close()

    act.__name__ = work.__name__
    return act


@somebody
def lock_for_a_moment(session):
    session.lock()
    session.unlock()


@somebody
def compare_in_private(session):
    session.open_private()
    session.load(script(THEIRS)[session.router])
    session.diff()
    session.close_private()


@somebody
def check_in_private(session):
    session.open_private()
    session.load(script(THEIRS)[session.router])
    session.commit_check()
    session.close_private()


FIRST = {
    good_change: (ExitCode.PROVEN, NEW),
    bad_change: (ExitCode.ROLLED_BACK, OLD),
    a_drill: (ExitCode.PROVEN, OLD),
    a_confirm: (ExitCode.PROVEN, NEW),
    a_rollback: (ExitCode.ROLLED_BACK, OLD),
}
"""How each ends if nobody interferes, and what the routers then hold."""
LOOKS = (
    look_before,
    look_at_the_difference,
    look_where_it_is,
    look_where_it_is_from_elsewhere,
    verify,
    lock_for_a_moment,
    compare_in_private,
    check_in_private,
)
ACTS = {
    apply_another: THEIRS,
    apply_the_same: NEW,
    another_drill: None,
    confirm_it: NEW,
    roll_it_back: OLD,
}
"""What the routers hold if it succeeds; a drill leaves them as they were."""
REFUSALS = (ExitCode.UNKNOWN, ExitCode.NEEDS_HUMAN, ExitCode.REFUSED)
STEPS = 25
"""Requests that the second one gets done before the first goes on."""


def begun(first, tmp_path):
    stage = Stage(tmp_path)
    if first in (a_confirm, a_rollback):
        killed(stage)
    return stage


def places(first, tmp_path, monkeypatch):
    """What the first one asks each router when nobody else is there."""
    stage = begun(first, tmp_path)
    before = {name: router.calls.copy() for name, router in stage.world.routers.items()}
    with taking_turns(stage.world, monkeypatch):
        first(stage)
    return [
        (name, operation, nth)
        for name, router in stage.world.routers.items()
        for operation, count in router.calls.items()
        for nth in range(before[name][operation] + 1, count + 1)
    ]


def race(first, second, place, requests, stage, monkeypatch):
    """Both to their ends; what each of them came to."""
    name, operation, nth = place
    with taking_turns(stage.world, monkeypatch) as turns:

        def begin(_router):
            turns.start(lambda: second(stage), requests)

        stage.world.routers[name].troubles.append(Trouble(operation, "before", nth, begin))
        came_to = first(stage)
        turns.finish()
    assert not isinstance(turns.result, Exception), repr(turns.result)
    return came_to, turns.result


def held(world):
    """What all routers have when all timers are over; nothing else may be left."""
    world.run_out()
    found = set()
    for router in world.routers.values():
        database = router.database
        assert database.pending is None
        assert database.holder is None, f"{router.name} is locked"
        assert not database.modified, f"{router.name} has a candidate left"
        assert "keep-me" in router.configuration
        assert FAULT not in router.configuration
        found.update(what for what in (OLD, NEW, THEIRS) if what in router.configuration)
    assert len(found) == 1, f"the routers are apart: {found}"
    return found.pop()


def one_after_the_other(world):
    """No router has commits of one run below and above those of another."""
    for router in world.routers.values():
        marks = [remembered(record) for record in records(router)]
        runs = [mark.run for mark in marks if mark is not None]
        turns = [run for run, before in zip(runs, [None, *runs], strict=False) if run != before]
        assert len(set(turns)) == len(turns), f"{router.name}: {turns}"


def records(router):
    session = router.open()
    try:
        return session.history()
    finally:
        session.close()


def told_why(theirs):
    """Who was in the way and since when, and that nothing was changed by it."""
    assert theirs.code in REFUSALS
    who = "locked by lab" in theirs.text and "since 2026" in theirs.text
    waits = "waits to be confirmed until" in theirs.text
    refused = any(
        words in theirs.text
        for words in ("is undone, never", "can only be rolled back", "untouched", "has come to")
    )
    assert who or waits or refused or "commits there just now" in theirs.text, theirs.text
    assert any(
        words in theirs.text
        for words in (
            "nothing was changed",
            "nothing was committed",
            "nothing was broken",
            "nothing was done",
        )
    ), theirs.text


def one_of_each(first, second, there):
    """One place and a number of requests for each pair, the same in every run."""
    draw = Random(f"{first.__name__} {second.__name__}")
    return [(draw.choice(there), draw.randrange(STEPS))]


def many_of_each(_first, _second, there):
    """Those where a lock changes hands more densely than the others."""
    hot = [place for place in there if place[1] in ("lock", "unlock")]
    cold = [place for place in there if place not in hot]
    return [
        *list(product(hot, range(STEPS)))[::11],
        *list(product(cold, range(STEPS)))[::97],
    ]


def cases(seconds, choose, tmp_path, monkeypatch):
    for first in FIRST:
        there = places(first, tmp_path, monkeypatch)
        for second in seconds:
            for place, requests in choose(first, second, there):
                yield first, place, second, requests


def races(seconds, judge, choose, tmp_path, monkeypatch):
    """Returns how many there were."""
    chosen = list(cases(seconds, choose, tmp_path, monkeypatch))
    for first, place, second, requests in chosen:
        stage = begun(first, tmp_path)
        both = None
        try:
            both = race(first, second, place, requests, stage, monkeypatch)
            judge(first, second, stage.world, *both)
        except AssertionError as error:
            what = f"{second.__name__} for {requests} at {place} of {first.__name__}"
            raise AssertionError(f"{what}: {error}; they came to {both}") from error
    return len(chosen)


def undisturbed(first, _second, world, verdict, _seen):
    """Whoever only looks changes nothing of how it ends."""
    code, left = FIRST[first]
    assert (verdict.code, held(world)) == (code, left)


def one_wins(first, second, world, verdict, theirs):
    """Each is told the truth; who does not win is told why, and has changed nothing."""
    left = held(world)
    one_after_the_other(world)
    claims = {first: FIRST[first][1], second: ACTS[second]}
    if theirs is None or theirs.code in REFUSALS:
        del claims[second]
        if theirs is not None:
            told_why(theirs)
    if verdict.code is not FIRST[first][0]:
        assert second in claims, "nobody has won"
        del claims[first]
    assert left in claims.values() or claims[second] is None


def test_who_only_looks_disturbs_nobody(tmp_path, monkeypatch):
    found = races(LOOKS, undisturbed, one_of_each, tmp_path, monkeypatch)
    assert found == len(FIRST) * len(LOOKS)


def test_of_two_who_act_one_wins(tmp_path, monkeypatch):
    assert races(ACTS, one_wins, one_of_each, tmp_path, monkeypatch) == len(FIRST) * len(ACTS)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("seconds", "judge"), [(LOOKS, undisturbed), (ACTS, one_wins)], ids=["looks", "acts"]
)
def test_of_two_at_any_moment_none_is_harmed(seconds, judge, tmp_path, monkeypatch):
    assert races(seconds, judge, many_of_each, tmp_path, monkeypatch) > 500
