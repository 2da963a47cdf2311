"""Who is changed together, and after whom."""

import signal

import pytest
from change_memory import Trouble

from multihome.change.apply import Assurance, apply
from multihome.change.chassis import together
from multihome.change.order import Order
from multihome.change.rollout import batched, rollout, split
from multihome.change.stop import Interrupted, Stop, on_signals
from multihome.change.verdict import Verdict
from multihome.change.verification import trusting
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


def test_groups_come_one_after_the_other_and_no_router_twice():
    parts = list(split(ORDER, [("a", "x"), ("a", "c"), ("x",), ("d", "b")]))
    assert [part.batches for part in parts] == [(("a",),), (("c",),), (("b",), ("d",))]


def test_a_canary_goes_alone():
    assert batched([("a",), ("b", "c"), ("d",)], 2) == (("a",), ("b", "c", "d"))
    assert batched([], 2) == ()


def test_a_rollout_ends_with_the_first_that_is_not_proven():
    codes = iter([ExitCode.PROVEN, ExitCode.ROLLED_BACK, ExitCode.PROVEN])
    done = rollout([ORDER] * 3, lambda order: Verdict("x", order.verb, next(codes), ""))
    assert [verdict.code for verdict in done] == [ExitCode.PROVEN, ExitCode.ROLLED_BACK]


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
    assert verdict.code is ExitCode.UNKNOWN
    assert verdict.text.count("waits to be confirmed") == 2
    assert "nothing was changed" in verdict.text
    assert not runs.exists()
    assert all(router.database.pending for router in list(world.routers.values())[1:])


def test_apply_is_not_begun_where_a_router_cannot_be_asked(world, run):
    world.routers["juno"].troubles.append(Trouble("load", "before cut"))
    verdict = run()
    assert verdict.code is ExitCode.UNKNOWN
    assert "juno: the session was lost" in verdict.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_ends(number):
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
