"""The table of states and actions: whatever `status` names can be done, in every state."""

import re
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest
from change_faults import FOREIGN, NAMES, NEW, OLD
from change_memory import Killed, Trouble
from change_states import ELSEWHERE, STATES, Stage

from multihome.change.recovery.actions import TABLE, Action, Direction, decide
from multihome.change.recovery.finish import Terms, finish
from multihome.change.recovery.run_list import account
from multihome.change.recovery.status import judge, status
from multihome.change.router_status import RouterStatus
from multihome.change.verification import Patience, Proof, Verified
from multihome.errors import ExitCode, UnknownName
from multihome.fleet.outcome import values

COMMAND = re.compile(r"multihome (confirm|rollback) ([0-9a-f]{6})(?: --only ([\w,]+))?")
ALL = list(combinations_with_replacement(STATES, 3))


def look(stage, folder=None):
    """What each router is seen to be in, and what `status` says to do."""
    folder = folder or stage.folder
    with stage.world.fleet() as fleet:
        seen = status(fleet, folder)
    return seen, judge(seen, account(folder))


def do(stage, direction, only=(), folder=None, **terms):
    how = Terms(
        only=tuple(only), stop=stage.world.stop, patience=Patience(limit=3, interval=1), **terms
    )
    with stage.world.fleet() as fleet:
        return finish(fleet, folder or stage.folder, direction, how)


def configurations(stage):
    return {name: router.configuration for name, router in stage.world.routers.items()}


def settled(stage, direction, only):
    """Whether these routers are where the command was to bring them."""
    wanted, unwanted = (NEW, OLD) if direction is Direction.CONFIRM else (OLD, NEW)
    for name in only or NAMES:
        router = stage.world.routers[name]
        assert wanted in router.configuration, name
        assert unwanted not in router.configuration, name
        assert router.database.pending is None, name
        assert router.database.holder is None, name
        assert not router.database.modified, name


def walk(states, runs):
    """Look; then carry out each command that was named, each in a world of its own."""
    stage = Stage(runs, states)
    seen, (code, text) = look(stage)
    found = {name: outcome.get().standing if outcome.ok else None for name, outcome in seen.items()}
    assert found == {n: STATES[s][0] for n, s in zip(NAMES, states, strict=True)}
    named = COMMAND.findall(text)
    assert code is not ExitCode.PROVEN or "not finished" not in text
    for verb, run, only in named:
        assert run == stage.folder.run
        again = Stage(runs, states)
        chosen = tuple(only.split(",")) if only else ()
        direction = Direction(verb)
        before = configurations(again)
        verdict = do(again, direction, chosen)
        done = {Direction.CONFIRM: ExitCode.PROVEN, Direction.ROLLBACK: ExitCode.ROLLED_BACK}
        wanted = ExitCode.NEEDS_HUMAN if chosen and _left(states, chosen) else done[direction]
        assert verdict.code is wanted, f"{verb} --only {only}: {verdict}"
        settled(again, direction, chosen)
        left_out = {n: text for n, text in before.items() if chosen and n not in chosen}
        assert {n: configurations(again)[n] for n in left_out} == left_out
    return len(named)


def _left(states, chosen):
    """Routers that were left out and are not on the side of a rollback."""
    there = (RouterStatus.UNTOUCHED, RouterStatus.ROLLED_BACK)
    return any(
        name not in chosen and STATES[state][0] not in there
        for name, state in zip(NAMES, states, strict=True)
    )


def walk_all(cases, runs):
    named = 0
    for states in cases:
        try:
            named += walk(states, runs)
        except AssertionError as error:
            raise AssertionError(f"{states}: {error}") from error
    return named


def test_the_table_has_an_action_for_every_state_and_direction():
    assert set(TABLE) == set(RouterStatus)
    assert all(set(actions) == set(Direction) for actions in TABLE.values())


def test_whatever_status_names_can_be_done_in_a_sample_of_all_states(tmp_path):
    assert walk_all(ALL[3::9], tmp_path) > 10


@pytest.mark.deep
@pytest.mark.timeout(900)
def test_whatever_status_names_can_be_done_in_every_state(tmp_path):
    assert walk_all(ALL, tmp_path) > 100


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("state", STATES)
def test_what_the_table_refuses_moves_no_router_anywhere(state, direction, tmp_path):
    """All or nothing: two routers that could be moved stay, if the third one cannot."""
    others = "pending" if direction is Direction.CONFIRM else "confirmed"
    stage = Stage(tmp_path, (others, state, others))
    with stage.world.fleet() as fleet:
        refused = decide(status(fleet, stage.folder), direction).refused
    before = configurations(stage)
    verdict = do(stage, direction)
    if not refused:
        assert verdict.code in (ExitCode.PROVEN, ExitCode.ROLLED_BACK), verdict
        return
    assert set(refused) == {"juno"}
    assert verdict.code is ExitCode.REFUSED
    assert verdict.text.startswith("nothing was done: juno: "), verdict.text
    assert configurations(stage) == before
    commands = [line for line in verdict.next if line.startswith("multihome rollback")]
    if direction is Direction.ROLLBACK:
        assert commands == [
            f"multihome rollback {stage.folder.run} --only ceres,luna    brings back the others"
        ]
        assert do(stage, direction, ("ceres", "luna")).text.startswith("rolled back on ceres, luna")


def test_what_another_user_confirmed_by_committing_is_left_to_them_and_the_rest_goes_back(tmp_path):
    stage = Stage(tmp_path, ("pending", "pending", "pending"))
    stage.world.routers["ceres"].other_user(ELSEWHERE)
    _, (code, text) = look(stage)
    assert code is ExitCode.NEEDS_HUMAN
    assert f"multihome rollback {stage.folder.run} --only juno,luna" in text
    assert "ceres: changed by another user since (ops by cli)" in text
    assert "they changed other statements, and what this run changed is still there" in text
    assert do(stage, Direction.ROLLBACK).code is ExitCode.REFUSED
    verdict = do(stage, Direction.ROLLBACK, ("juno", "luna"))
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "rolled back on juno, luna; left out: ceres: changed by another user" in verdict.text
    settled(stage, Direction.ROLLBACK, ("juno", "luna"))
    assert ELSEWHERE.split()[-1] in stage.world.routers["ceres"].configuration
    assert "run apply to close this run" in look(stage)[1][1]


def test_a_run_is_undone_below_commits_that_left_no_net_change(tmp_path):
    stage = Stage(tmp_path, ("confirmed, then a drill",) * 3)
    assert do(stage, Direction.ROLLBACK).code is ExitCode.ROLLED_BACK
    settled(stage, Direction.ROLLBACK, NAMES)


def test_legs_go_back_one_after_the_other_and_each_is_proven_first(tmp_path):
    stage = Stage(tmp_path, ("confirmed",) * 3)
    seen = []

    def verify(found):
        held = {name for name, text in configurations(stage).items() if OLD in text}
        waits = {n for n, r in stage.world.routers.items() if r.database.pending is not None}
        seen.append((found.committed, held, waits, found.final))
        return Verified(Proof.PROVEN, "good")

    assert do(stage, Direction.ROLLBACK, verify=verify).code is ExitCode.ROLLED_BACK
    everyone = set(NAMES)
    assert seen == [
        (("ceres",), {"ceres"}, {"ceres"}, False),
        (NAMES, everyone, everyone, True),
    ]


@pytest.mark.parametrize("state", ["confirmed", "pending"])
def test_a_rollback_that_harms_is_undone_where_it_can_be_and_says_so(state, tmp_path):
    stage = Stage(tmp_path, ("confirmed", state, state))
    before = configurations(stage)

    def verify(found):
        proof = Proof.FAILED if found.final else Proof.PROVEN
        return Verified(proof, "no ping" if found.final else "good")

    verdict = do(stage, Direction.ROLLBACK, verify=verify)
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "not all is done: not proven within 3 s: no ping" in verdict.text
    after = configurations(stage)
    assert after["ceres"] == before["ceres"]
    if state == "confirmed":
        assert after == before
    for command in COMMAND.findall(look(stage)[1][1]):
        assert do(stage, Direction(command[0])).code in (ExitCode.PROVEN, ExitCode.ROLLED_BACK)


def test_a_rollback_that_dies_is_undone_by_the_routers_and_can_be_done_again(tmp_path):
    stage = Stage(tmp_path, ("confirmed",) * 3)
    stage.world.routers["luna"].troubles.append(Trouble("commit_confirmed", "after kill", 2))
    with pytest.raises(Killed):
        do(stage, Direction.ROLLBACK)
    stage.world.bury()
    _, (code, text) = look(stage)
    assert code is ExitCode.NEEDS_HUMAN
    assert "waits to be confirmed" in text
    assert do(stage, Direction.ROLLBACK).code is ExitCode.REFUSED
    stage.world.run_out()
    assert all(NEW in text for text in configurations(stage).values())
    assert do(stage, Direction.ROLLBACK).code is ExitCode.ROLLED_BACK
    settled(stage, Direction.ROLLBACK, NAMES)


def test_nothing_is_confirmed_before_the_checks_hold(tmp_path):
    stage = Stage(tmp_path, ("pending",) * 3)
    verdict = do(stage, Direction.CONFIRM, verify=lambda _: Verified(Proof.FAILED, "no ping"))
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "not proven within 3 s, so not confirmed: no ping" in verdict.text
    assert all(router.database.pending for router in stage.world.routers.values())


def test_who_says_no_moves_nothing_and_has_seen_every_difference(tmp_path):
    stage = Stage(tmp_path, ("confirmed", "rolled back", "pending"))
    shown = {}

    def no(planned):
        shown.update({name: each.diff for name, each in planned.items()})
        return False

    before = configurations(stage)
    verdict = do(stage, Direction.ROLLBACK, agree=no)
    assert verdict.code is ExitCode.CHANGES_PENDING
    assert configurations(stage) == before
    assert set(shown) == {"ceres", "luna"}
    assert all("-" in diff and "+" in diff for diff in shown.values())


def test_a_router_of_another_run_is_an_unknown_name(tmp_path):
    with pytest.raises(UnknownName, match="router of this run"):
        do(Stage(tmp_path, ("pending",) * 3), Direction.ROLLBACK, ("venus",))


def test_an_older_configuration_that_is_not_the_one_from_before_is_never_loaded(tmp_path):
    """The history may have been cut, or restored from another router."""
    stage = Stage(tmp_path, ("confirmed",) * 3)
    database = stage.world.routers["juno"].database
    database._history[2] = replace(database._history[2], root=database._history[0].root)
    before = configurations(stage)
    verdict = do(stage, Direction.ROLLBACK)
    assert verdict.code is ExitCode.REFUSED
    assert "juno: rollback 2 is not the configuration that is wanted" in verdict.text
    assert configurations(stage) == before


def test_the_actions_of_what_a_person_must_decide_are_refusals():
    for standing in (RouterStatus.ASTRAY, RouterStatus.FOREIGN, RouterStatus.OTHER_PENDING):
        assert set(TABLE[standing].values()) == {Action.REFUSE}


def test_both_directions_one_after_the_other_end_where_the_last_one_says(tmp_path):
    stage = Stage(tmp_path, ("pending",) * 3)
    for direction in (Direction.ROLLBACK, Direction.CONFIRM, Direction.ROLLBACK):
        do(stage, direction)
        settled(stage, direction, NAMES)
    with stage.world.fleet() as fleet:
        found = values(status(fleet, stage.folder))
    assert {where.standing for where in found.values()} == {RouterStatus.ROLLED_BACK}
    assert FOREIGN not in "".join(configurations(stage).values())
