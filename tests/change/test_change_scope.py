"""Who is changed together, and after whom."""

import signal

import pytest
from change_memory import Trouble

from multihome.change.apply import Assurance, apply
from multihome.change.change_request import Order
from multihome.change.chassis import together
from multihome.change.phase import Phase
from multihome.change.rollout import Rollout, roll_out, so_far, summary
from multihome.change.stop import Interrupted, Stop, on_signals
from multihome.change.transaction_state import RouterState
from multihome.change.verdict import Verdict
from multihome.change.verification import Proof, Stage, Verified, trusting
from multihome.errors import ExitCode

NEW = "set policy-options policy-statement ours term a then reject"
ORDER = Order(
    {name: f"set system host-name {name}" for name in "abcd"}, (("a", "b"), ("c",), ("d",))
)


def test_logical_systems_of_one_device_are_committed_together():
    whole, leader = together(ORDER, {"a": "x:830", "b": "y:830", "c": "x:830", "d": "z:830"})
    assert whole.batches == (("a", "b"), ("d",))
    assert whole.scripts["a"] == "set system host-name a\nset system host-name c\n"
    assert leader == {"a": "a", "b": "b", "c": "a", "d": "d"}


def test_routers_of_their_own_stay_as_they_are():
    whole, _ = together(ORDER, {name: name for name in "abcd"})
    assert whole.batches == ORDER.batches


def cut(*units, size=None):
    return [part.batches for part in Rollout(units, size).orders(ORDER)]


def test_a_change_that_is_not_cut_is_one_transaction():
    assert cut() == [ORDER.batches]
    assert cut(("a", "b", "c", "d")) == [ORDER.batches]


def test_units_come_one_after_the_other_and_no_router_twice():
    assert cut(("a", "x"), ("a", "c"), ("x",), ("d", "b"), size=1) == [
        (("a",),),
        (("c",),),
        (("b",), ("d",)),
    ]


def test_the_first_unit_is_the_canary_and_who_is_in_none_comes_last():
    assert cut(("b", "c"), ("a",), size=2) == [(("b",), ("c",)), (("a",), ("d",))]


def test_the_others_all_follow_the_canary_unless_told_otherwise():
    assert cut(("d",)) == [(("d",),), (("a", "b"), ("c",))]


def test_whoever_goes_ahead_goes_alone_and_the_first_unit_after_them_too():
    orders = Rollout((("a",), ("b",), ("c",)), 2, ahead=((), ("d", "x"))).orders(ORDER)
    assert [part.batches for part in orders] == [(("d",),), (("a",),), (("b",), ("c",))]


def test_nobody_to_go_ahead_is_no_batch():
    assert Rollout((("a", "b", "c", "d"),), 1, ahead=((), ("x",))).orders(ORDER) == (ORDER,)
    assert Rollout((), None, ahead=((),)).orders(ORDER)[0].batches


def test_units_that_must_agree_are_one_batch():
    orders = Rollout((("a",), ("b",), ("c",), ("d",)), 1, together=(("b", "d"),)).orders(ORDER)
    assert [part.batches for part in orders] == [(("a",),), (("b",), ("d",)), (("c",),)]


def test_who_must_agree_with_those_ahead_goes_ahead():
    cut = Rollout((("a",), ("b", "c")), 1, ahead=((), ("d",)), together=(("c", "d"),))
    assert [part.batches for part in cut.orders(ORDER)] == [(("b",), ("c",), ("d",)), (("a",),)]


def test_a_rollout_ends_with_the_first_that_is_not_proven():
    codes = iter([ExitCode.PROVEN, ExitCode.ROLLED_BACK, ExitCode.PROVEN])
    orders = Rollout((("a",), ("b",), ("c",), ("d",)), 1).orders(ORDER)

    def carry_out(number, order):
        parts = tuple(RouterState(router, Phase.CONFIRMED) for router in order.scripts)
        return Verdict(f"run{number}", order.verb, next(codes), "so it ended", parts=parts)

    done = roll_out(orders, carry_out)
    assert [verdict.code for verdict in done] == [ExitCode.PROVEN, ExitCode.ROLLED_BACK]
    whole = summary(done, orders)
    assert (whole.run, whole.code) == ("run1", ExitCode.ROLLED_BACK)
    assert whole.text == (
        "batch 2 of 4: so it ended; confirmed before and kept: a (run run0); not begun: c, d"
    )
    assert whole.next == ("multihome rollback run0    undoes a",)


def test_the_last_batch_alone_is_asked_for_everything():
    asked = []

    def verify(stage):
        asked.append((stage.committed, stage.final))
        return Verified(Proof.PROVEN)

    so_far(verify, ("a",), last=False)(Stage(("b",), final=True))
    so_far(verify, ("a", "b"), last=True)(Stage(("c",), final=True))
    assert asked == [(("a", "b"), False), (("a", "b", "c"), True)]


@pytest.fixture
def run(world, runs):
    def apply_it():
        scripts = dict.fromkeys(world.routers, NEW + "\n")
        with world.fleet() as fleet:
            return apply(
                fleet, Order(scripts, (("ceres", "juno", "luna"),)), Assurance(trusting), runs
            )

    return apply_it


def test_apply_looks_first_and_refuses_with_every_reason(world, runs, run):
    for name in ("juno", "luna"):
        session = world.routers[name].open()
        session.load("set system domain-name x")
        session.commit_confirmed(seconds=600, comment="mine")
        session.close()
    verdict = run()
    assert verdict.code is ExitCode.REFUSED
    assert "juno, luna: a commit of lab by netconf waits to be confirmed" in verdict.text
    assert "nothing was changed" in verdict.text
    assert not runs.exists()
    assert all(router.database.pending for router in list(world.routers.values())[1:])


def test_apply_is_not_begun_where_a_router_cannot_be_asked(world, run):
    world.routers["juno"].troubles.append(Trouble("load", "before cut"))
    verdict = run()
    assert verdict.code is ExitCode.UNKNOWN
    assert "juno: the session was lost" in verdict.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_asks_and_the_second_ends(number):
    inherited = signal.signal(number, signal.SIG_DFL)  # a shell may have it ignored
    before = signal.getsignal(number)
    stop = Stop()
    with on_signals(stop):
        signal.raise_signal(number)
        assert stop.asked
        with pytest.raises(Interrupted):
            stop.wait(5)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before
    signal.signal(number, inherited)


def test_a_hangup_that_is_ignored_stays_ignored():
    inherited = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = Stop()
    with on_signals(stop):
        signal.raise_signal(signal.SIGHUP)
        assert not stop.asked
    signal.signal(signal.SIGHUP, inherited)


def test_a_shell_that_ignores_its_keyboard_does_not_keep_us_from_stopping():
    inherited = signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = Stop()
    with on_signals(stop):
        signal.raise_signal(signal.SIGINT)
        assert stop.asked
    signal.signal(signal.SIGINT, inherited)
