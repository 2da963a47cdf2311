"""A change over several routers: all of it, or none of it."""

from dataclasses import replace

import pytest
from change_memory import MemorySession, RouterWarning, Trouble

from multihome.change.apply import Assurance, apply
from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.phase import Phase
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified, trusting
from multihome.errors import ExitCode, UsageError

NEW = "set policy-options policy-statement ours term a then reject"
SCRIPT = "delete policy-options policy-statement ours\n" + NEW + "\n"


@pytest.fixture
def change(world, runs):
    def run(verify=trusting, listeners=(), restored=None, **facts):
        order = {
            "scripts": dict.fromkeys(world.routers, SCRIPT),
            "batches": (("ceres",), ("juno", "luna")),
            **facts,
        }
        with world.fleet(listeners) as fleet:
            folder = RunFolder.create(runs, "apply")
            return transact(
                fleet, folder, Order(**order), verify, restored=restored, stop=world.stop
            )

    return run


def holds_new(world):
    return {name for name, router in world.routers.items() if NEW in router.configuration}


def clean(world):
    for router in world.routers.values():
        assert router.database.pending is None
        assert router.database.holder is None
        assert not router.database.modified
        assert "keep-me" in router.configuration
    return True


def test_all_are_confirmed_and_nothing_is_left_behind(world, change):
    verdict = change()
    assert (verdict.code, verdict.text) == (ExitCode.PROVEN, "confirmed on ceres, juno, luna")
    world.run_out()
    assert holds_new(world) == {"ceres", "juno", "luna"}
    assert clean(world)


def test_the_second_batch_waits_for_the_proof_of_the_first(world, change):
    seen = []

    def verify(stage):
        seen.append((stage.committed, stage.final, sorted(holds_new(world))))
        return Verified(Proof.PROVEN)

    change(verify)
    assert seen == [
        (("ceres",), False, ["ceres"]),
        (("ceres", "juno", "luna"), True, ["ceres", "juno", "luna"]),
    ]


def test_what_is_not_proven_is_undone_everywhere(world, change):
    before = {name: router.configuration for name, router in world.routers.items()}

    def verify(stage):
        return Verified(Proof.FAILED, "luna: MED expected 10, got 150")

    verdict = change(verify, batches=(("ceres", "juno", "luna"),))
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "not proven within 120 s: luna: MED expected 10, got 150" in verdict.text
    assert "rolled back on ceres, juno, luna, the network is as before" in verdict.text
    assert {name: router.configuration for name, router in world.routers.items()} == before
    assert clean(world)


def test_a_refusal_by_one_leaves_all_as_they_were(world, change):
    bad = "set policy-options policy-statement ours term refuse-me then reject\n"
    verdict = change(scripts={"ceres": SCRIPT, "juno": SCRIPT, "luna": bad})
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "luna: this router does not like it; nothing was committed" in verdict.text
    assert holds_new(world) == set()
    assert clean(world)
    assert all(len(router.database.history) == 1 for router in world.routers.values())


def test_a_syntax_error_is_told_and_changes_nothing(world, change):
    verdict = change(scripts={"ceres": SCRIPT, "juno": SCRIPT, "luna": "set no-such-thing x\n"})
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "luna: syntax error" in verdict.text
    assert clean(world)


def test_somebody_elses_lock_is_an_answer_and_ours_are_given_back(world, change):
    world.routers["luna"].other_user()
    verdict = change()
    assert verdict.code is ExitCode.REFUSED
    assert "luna: locked by ops at terminal p0 (pid" in verdict.text
    assert [r.name for r in world.routers.values() if r.database.holder] == ["luna"]
    assert holds_new(world) == set()


def looking(router, nth):
    """Somebody has the lock when we ask for it the nth time, and only until we ask again."""
    router.troubles.append(Trouble("lock", "before", nth, lambda r: r.other_user()))
    router.troubles.append(Trouble("lock", "before", nth + 1, lambda r: r.leave()))


@pytest.mark.parametrize("nth", [1, 2], ids=["to begin", "to confirm"])
def test_who_only_looks_whether_the_lock_is_free_costs_us_no_change(world, change, nth):
    looking(world.routers["luna"], nth)
    verdict = change()
    assert verdict.code is ExitCode.PROVEN, verdict.text
    assert holds_new(world) == set(world.routers)
    assert clean(world)


def test_who_takes_the_lock_before_we_confirm_is_waited_for_and_named(world, change):
    luna = world.routers["luna"]
    luna.troubles.append(Trouble("lock", "before", 2, lambda r: r.other_user()))
    verdict = change()
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "luna: locked by ops at terminal p0 (pid" in verdict.text
    assert (
        "waits for the lock: luna: locked by ops" in (verdict.folder / "journal.jsonl").read_text()
    )
    world.run_out()
    assert holds_new(world) == set()


def test_a_commit_of_somebody_else_that_waits_is_not_confirmed_by_us(world, change):
    luna = world.routers["luna"]
    session = luna.open()
    session.load("set system domain-name x")
    session.commit_confirmed(seconds=600, comment="mine")
    session.close()
    verdict = change()
    assert verdict.code is ExitCode.REFUSED
    assert "a commit of lab by netconf waits to be confirmed until 00:10:00 UTC" in verdict.text
    assert luna.database.pending is not None


def test_routers_without_a_difference_are_left_alone(world, change):
    change()
    verdict = change()
    assert (verdict.code, verdict.text) == (ExitCode.PROVEN, "no changes")
    assert [part.phase for part in verdict.parts] == [Phase.UNCHANGED] * 3
    assert clean(world)


def test_apply_takes_no_lock_where_nothing_differs(world, runs, change):
    change()
    order = Order(dict.fromkeys(world.routers, SCRIPT), (("ceres", "juno", "luna"),))
    locks = {name: router.calls["lock"] for name, router in world.routers.items()}
    commits = {name: len(router.database.history) for name, router in world.routers.items()}
    with world.fleet() as fleet:
        verdict = apply(fleet, order, Assurance(trusting), runs, stop=world.stop)
    assert (verdict.code, verdict.text, verdict.run) == (ExitCode.PROVEN, "no changes", "")
    assert locks == {name: router.calls["lock"] for name, router in world.routers.items()}
    assert commits == {name: len(r.database.history) for name, r in world.routers.items()}


@pytest.mark.parametrize("others", [(), ("luna",)])
def test_apply_calls_nothing_done_that_a_timer_will_take_away(world, runs, others):
    session = world.routers["juno"].open()
    session.load(SCRIPT)
    session.commit_confirmed(seconds=600, comment="multihome apply abc123")
    session.close()
    routers = ("juno", *others)
    order = Order(dict.fromkeys(routers, SCRIPT), (routers,))
    with world.fleet() as fleet:
        verdict = apply(fleet, order, Assurance(trusting), runs, stop=world.stop)
    assert verdict.code is ExitCode.REFUSED
    assert "juno: a commit of lab by netconf (run abc123) waits to be confirmed" in verdict.text
    assert "multihome status abc123" in verdict.text
    assert world.routers["juno"].database.pending is not None
    assert NEW not in world.routers["luna"].configuration


def test_every_reason_not_to_begin_is_told_at_once(world, runs):
    world.routers["ceres"].other_user()
    session = world.routers["juno"].open()
    session.load(SCRIPT)
    session.commit_confirmed(seconds=600, comment="multihome apply abc123")
    session.close()
    order = Order(dict.fromkeys(world.routers, SCRIPT), (("ceres", "juno", "luna"),))
    order = replace(order, scripts={**order.scripts, "luna": "set nonsense\n"})
    with world.fleet() as fleet:
        verdict = apply(fleet, order, Assurance(trusting), runs, stop=world.stop)
    assert verdict.code is ExitCode.REFUSED
    for words in ("ceres: locked by ops", "juno: a commit of lab", "luna: ", "syntax error"):
        assert words in verdict.text
    assert not runs.exists()


def test_apply_touches_only_the_routers_that_differ_and_asks_first(world, runs):
    world.routers["juno"].other_user(SCRIPT)
    order = Order(dict.fromkeys(world.routers, SCRIPT), (("ceres",), ("juno", "luna")))
    asked = []
    with world.fleet() as fleet:
        refused = apply(
            fleet,
            order,
            Assurance(trusting, agree=asked.append),
            runs,
            stop=world.stop,
        )
        verdict = apply(fleet, order, Assurance(trusting), runs, stop=world.stop)
    assert refused.code is ExitCode.CHANGES_PENDING
    assert sorted(asked[0]) == ["ceres", "luna"]
    assert "+" in asked[0]["luna"].diff
    assert verdict.changed == ("ceres", "luna")
    assert world.routers["juno"].calls["lock"] == 0


def test_a_lease_is_renewed_while_the_checks_need_longer(world, change):
    rounds = iter(range(1000))

    def verify(stage):
        return Verified(Proof.PROVEN if next(rounds) > 200 else Proof.UNKNOWN, "not yet")

    verdict = change(
        verify, lease=60, patience=Patience(limit=600), batches=(("ceres", "juno", "luna"),)
    )
    assert verdict.code is ExitCode.PROVEN
    assert "multihome renew" in world.routers["juno"].database.history[1].log
    assert clean(world)


def test_a_failed_change_with_renewed_leases_goes_back_to_the_beginning(world, change):
    before = world.routers["juno"].configuration

    def verify(stage):
        return Verified(Proof.FAILED, "no")

    verdict = change(verify, lease=60, patience=Patience(limit=200))
    assert verdict.code is ExitCode.ROLLED_BACK
    assert world.routers["juno"].configuration == before
    assert clean(world)


def test_no_lease_is_renewed_until_the_way_back_falls_off_the_history(world, change):
    before = world.routers["juno"].configuration
    verdict = change(
        lambda _: Verified(Proof.FAILED, "no"), lease=60, patience=Patience(limit=36000)
    )
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "a longer lease" in verdict.text
    assert world.routers["juno"].configuration == before
    assert clean(world)


def test_a_proof_must_hold_as_long_as_it_is_told_to(world, change):
    answers = [Proof.PROVEN, Proof.FAILED, Proof.PROVEN, Proof.PROVEN, Proof.PROVEN, Proof.PROVEN]
    seen = []

    def verify(stage):
        seen.append(stage.holding)
        return Verified(answers[len(seen) - 1])

    verdict = change(
        verify, patience=Patience(hold=2.0, interval=1.0), batches=(("ceres", "juno", "luna"),)
    )
    assert verdict.code is ExitCode.PROVEN
    assert seen == [False, True, False, True, True]


def test_what_a_check_cannot_say_is_not_proven(world, change):
    def verify(stage):
        raise UsageError("no such check")

    verdict = change(verify)
    assert verdict.code is ExitCode.ROLLED_BACK
    assert "no such check" in verdict.text


def test_a_bug_in_a_check_undoes_and_is_not_hidden(world, change):
    def verify(stage):
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        change(verify)
    assert holds_new(world) == set()
    assert clean(world)


def test_an_interruption_undoes_what_was_done(world, change):
    def verify(stage):
        world.stop.ask()
        return Verified(Proof.UNKNOWN)

    verdict = change(verify)
    assert verdict.code is ExitCode.INTERRUPTED
    assert verdict.text == "interrupted; rolled back on ceres, the network is as before"
    assert holds_new(world) == set()
    assert clean(world)


def test_an_interruption_during_the_confirmation_comes_too_late(world, change):
    def listener(event):
        if event.step == "confirm":
            world.stop.ask()

    assert change(listeners=[listener]).code is ExitCode.PROVEN
    assert holds_new(world) == {"ceres", "juno", "luna"}


def test_a_second_interruption_says_what_is_left_and_how_to_finish(world, change):
    def listener(event):
        if event.step == "restore":
            raise KeyboardInterrupt

    verdict = change(lambda _: Verified(Proof.FAILED, "no"), listeners=[listener])
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "NOT UNDONE: ceres" in verdict.text
    assert verdict.next == (
        "ceres: rolls back by itself at 00:05:00 UTC by its own clock, unless another user commits",
        f"multihome status {verdict.run}    then: multihome rollback {verdict.run}",
    )
    assert "rollback N" in (verdict.folder / "undo.txt").read_text()
    world.run_out()
    assert holds_new(world) == set()


def test_a_network_that_is_not_as_before_needs_a_human(world, change):
    verdict = change(
        lambda _: Verified(Proof.FAILED, "no"),
        restored=lambda _: Verified(Proof.FAILED, "still broken"),
    )
    assert verdict.code is ExitCode.NEEDS_HUMAN
    assert "the configurations are as before, the network is not: still broken" in verdict.text


def test_warnings_are_kept_and_with_strictness_refused(world, change, monkeypatch):
    warn = (RouterWarning("[edit protocols]", "bgp", "requires 'bgp' license"),)
    check = MemorySession.commit_check
    monkeypatch.setattr(MemorySession, "commit_check", lambda self: (*check(self), *warn))
    strict = change(strict_warnings=True)
    assert strict.code is ExitCode.ROLLED_BACK
    assert "warnings are not accepted" in strict.text
    assert holds_new(world) == set()
    assert clean(world)
    lenient = change()
    assert lenient.code is ExitCode.PROVEN
    assert lenient.warnings["juno"] == ("[edit protocols] bgp: requires 'bgp' license",)


def test_the_run_folder_holds_the_journal_the_diffs_and_the_way_back_without_secrets(world, change):
    secret = (
        SCRIPT
        + 'set protocols bgp group x neighbor 1.2.3.4 authentication-key "$9$canary-secret"\n'
        + "set protocols bgp group x type external\n"
    )
    verdict = change(scripts=dict.fromkeys(world.routers, secret), ticket='CHG "7"\n')
    names = {str(path.relative_to(verdict.folder)) for path in verdict.folder.rglob("*.*")}
    assert {"journal.jsonl", "undo.txt", "diff/juno.diff", "load/juno.set"} <= names
    for path in verdict.folder.rglob("*.*"):
        assert "canary" not in path.read_text()
    assert "SECRET-DATA" in (verdict.folder / "diff/juno.diff").read_text()
    assert "ticket CHG -7--" in world.routers["juno"].database.history[0].log
    assert verdict.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "batches",
    [
        (("ceres", "juno"),),
        (("ceres", "juno", "luna", "pluto"),),
        (("ceres",), ("ceres", "juno", "luna")),
    ],
)
def test_an_order_that_does_not_say_who_comes_when_is_refused(batches):
    with pytest.raises(UsageError, match="the order of the change names"):
        Order(dict.fromkeys(("ceres", "juno", "luna"), SCRIPT), batches)


def test_two_operators_at_the_same_time_one_wins_and_the_other_is_told(world, runs):
    first = {}

    def start_the_other(event):
        if event.step == "check" and event.router == "ceres" and "verdict" not in first:
            first["verdict"] = None
            order = Order(dict.fromkeys(world.routers, SCRIPT), (("ceres", "juno", "luna"),))
            with world.fleet() as fleet:
                folder = RunFolder.create(runs, "apply")
                first["verdict"] = transact(fleet, folder, order, trusting, stop=world.stop)

    order = Order(dict.fromkeys(world.routers, SCRIPT), (("ceres", "juno", "luna"),))
    with world.fleet([start_the_other]) as fleet:
        verdict = transact(fleet, RunFolder.create(runs, "apply"), order, trusting, stop=world.stop)
    assert verdict.code is ExitCode.PROVEN
    assert first["verdict"].code is ExitCode.REFUSED
    assert "ceres: locked by lab (pid 101) since 2026" in first["verdict"].text


def test_a_lost_answer_to_the_commit_is_found_again(world, change):
    world.routers["juno"].troubles.append(Trouble("commit_confirmed", "after zombie"))
    verdict = change()
    assert verdict.code is ExitCode.PROVEN
    assert holds_new(world) == {"ceres", "juno", "luna"}
    assert clean(world)


def test_a_commit_that_may_still_be_under_way_is_not_cut_off(world, change):
    when = {}
    juno = world.routers["juno"]
    juno.troubles += [
        Trouble("commit_confirmed", "after zombie", act=lambda r: when.update(lost=r.time.seconds)),
        Trouble("evict", "before", act=lambda r: when.update(evicted=r.time.seconds)),
    ]
    assert change().code is ExitCode.PROVEN
    assert when["evicted"] - when["lost"] >= 20
    assert clean(world)
