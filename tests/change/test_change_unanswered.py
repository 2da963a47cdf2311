"""Routers that could not be looked at are counted as such, and each cause is said once."""

from multihome.change.preflight.plan import Planned
from multihome.errors import ExitCode, LockDenied, Unreachable
from multihome.inventory.target import Target
from multihome.runbook.plan import Plan
from multihome.runbook.unanswered import causes

LOCK = (
    "configuration database locked by: ops terminal p0 (pid 9100) on since 2026-01-01 00:00:00 UTC"
)


def target(name, number):
    return Target(name, f"192.0.2.{number}", "ops")


def refusing(targets):
    return {
        name: Unreachable(name, f"{each.host}:{each.port} refuses the connection")
        for name, each in targets.items()
    }


def test_a_cause_that_many_routers_share_is_said_once():
    targets = {f"r{n}": target(f"r{n}", n) for n in range(1, 31)}
    (line,) = causes(refusing(targets), targets)
    assert (
        line
        == "30 routers: its address refuses the connection (r1, r2, r3, r4, r5, r6 and 24 more)"
    )


def test_a_cause_of_one_router_keeps_its_own_address():
    targets = {"r1": target("r1", 1)}
    assert causes(refusing(targets), targets) == ("r1: 192.0.2.1:830 refuses the connection",)


def test_different_causes_stand_apart_the_commonest_first():
    targets = {f"r{n}": target(f"r{n}", n) for n in (1, 2, 3)}
    failed = {"r3": LockDenied("r3", LOCK), **refusing({n: targets[n] for n in ("r1", "r2")})}
    first, second = causes(failed, targets)
    assert first.startswith("r1, r2: ")
    assert second.startswith("r3: locked by ops at terminal p0 (pid 9100)")


def test_a_plan_never_counts_an_unlooked_router_as_unchanged():
    planned = {f"r{n}": Planned(f"r{n}", "") for n in range(12)}
    failed = {"juno": LockDenied("juno", LOCK)}
    found = Plan(planned, failed, 1.0, causes(failed, {}))
    assert found.looked == "12 of 13 looked at"
    assert found.unlooked[0].startswith("juno: locked by ops")
    assert found.code is ExitCode.UNKNOWN
    assert found.pending == ()
