"""The crash matrix of `rollback RUN` and `confirm RUN` themselves.

As for a transaction: every request that they make to a router goes wrong in every way, another
user's commit before it and after it among them. Then all timers run out, and what `status`
names must bring the routers together again, if no other user's commit is in the way.
"""

import re

import pytest
from change_faults import FAULTS, case, holds
from change_memory import Killed
from change_states import NAMES, Stage
from test_change_actions import COMMAND, do, look

from multihome.change.folder import RunFolder
from multihome.change.recovery.actions import Direction
from multihome.errors import ExitCode

WORK = {
    "rollback of a confirmed run": ("confirmed", Direction.ROLLBACK),
    "rollback of a pending run": ("pending", Direction.ROLLBACK),
    "confirm of a pending run": ("pending", Direction.CONFIRM),
    "confirm of a run that was rolled back": ("rolled back", Direction.CONFIRM),
}
TRIES = 4
"""Commands until a run is finished."""
POINTER = re.compile(r"`multihome status ([0-9a-f]{6})")
DEATHS = ("killed before", "killed after")


def begun(work, runs):
    state, direction = WORK[work]
    return Stage(runs, (state,) * 3), direction


def asked(work, runs):
    """What is asked of each router when nothing goes wrong."""
    stage, direction = begun(work, runs)
    before = {name: router.calls.copy() for name, router in stage.world.routers.items()}
    do(stage, direction)
    return [
        (name, operation, nth)
        for name, router in stage.world.routers.items()
        for operation, count in router.calls.items()
        for nth in range(before[name][operation] + 1, count + 1)
    ]


def attempt(stage, direction, only=()):
    try:
        return do(stage, direction, only)
    except Killed:
        return None


def held(stage):
    """What each router has when nobody of ours is left and all timers ran out."""
    stage.world.bury()
    stage.world.run_out()
    for router in stage.world.routers.values():
        assert router.database.pending is None, f"{router.name} waits"
        assert router.database.holder is None, f"{router.name} is locked"
        assert not router.database.modified, f"{router.name} has a candidate left"
    return {name: holds(router) for name, router in stage.world.routers.items()}


def truthful(verdict, found):
    if verdict is None or verdict.code in (ExitCode.NEEDS_HUMAN, ExitCode.REFUSED):
        return
    wanted = {ExitCode.PROVEN: {"new"}, ExitCode.ROLLED_BACK: {"old"}}[verdict.code]
    assert set(found.values()) == wanted, verdict


def disturbed(stage):
    """Whether another user has changed anything that counts."""
    texts = [router.configuration for router in stage.world.routers.values()]
    return stage.world.meddled or any("somebody.else" in text for text in texts)


def finished(stage, folder=None):
    """Type what `status` names until it names nothing more.

    Where the commit of another run waits, it names that run, which is finished first.
    """
    folder = folder or stage.folder
    for _ in range(TRIES):
        code, text = look(stage, folder)[1]
        named = COMMAND.findall(text)
        other = POINTER.search(text)
        if code is ExitCode.PROVEN or not (named or other):
            return
        if other is not None and other[1] != folder.run:
            finished(stage, RunFolder.find(stage.folder.path.parent, other[1]))
            continue
        verb, _, only = named[0]
        verdict = do(stage, Direction(verb), only.split(",") if only else (), folder=folder)
        assert "nothing was done" not in verdict.text, f"{text} -> {verdict}"
    raise AssertionError("it is never finished")


def struck(work, place, fault, runs, *, at_once=False):
    """Let it happen, and finish it: when all timers ran out, or at once."""
    stage, direction = begun(work, runs)
    case(stage.world, place, fault)
    verdict = attempt(stage, direction)
    try:
        if at_once:
            stage.world.bury()
        else:
            truthful(verdict, held(stage))
        finished(stage)
        after = held(stage)
        assert disturbed(stage) or len(set(after.values())) == 1, f"apart: {after}"
    except AssertionError as error:
        raise AssertionError(f"{fault} at {place} of {work}, {verdict}: {error}") from error


def matrix(work, runs, sample):
    places = [(place, fault) for place in asked(work, runs) for fault in FAULTS]
    for place, fault in places[sample // 2 :: sample]:
        struck(work, place, fault, runs)
        if fault in DEATHS:
            struck(work, place, fault, runs, at_once=True)
    return len(places)


@pytest.mark.parametrize("fault", DEATHS)
@pytest.mark.parametrize("work", WORK)
def test_who_dies_is_finished_at_once_without_waiting_for_a_timer(work, fault, tmp_path):
    for place in asked(work, tmp_path)[3::17]:
        struck(work, place, fault, tmp_path, at_once=True)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("work", WORK)
def test_one_crash_of_each_kind_leaves_what_status_can_finish(work, fault, tmp_path):
    places = asked(work, tmp_path)
    struck(work, places[len(work + fault) * 7 % len(places)], fault, tmp_path)


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("work", WORK)
def test_every_crash_leaves_what_status_can_finish(work, tmp_path, record_property):
    cases = matrix(work, tmp_path, sample=1)
    record_property("crash matrix", f"{cases} cases, {cases} survived")
    assert cases > len(NAMES) * len(FAULTS) * 5
