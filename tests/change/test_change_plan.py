"""Looks that change nothing: the plan and the preflight."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from change_memory import MemorySession, Trouble
from lxml import etree

from multihome.change.preflight.plan import plan
from multihome.change.preflight.router_condition import preflight
from multihome.cli.verbs import before
from multihome.cli.verbs.before import _alarms
from multihome.errors import (
    ConfigurationRefused,
    ExitCode,
    LockDenied,
    RpcFailed,
    UnknownName,
    Unreachable,
)
from multihome.fleet.fleet import Fleet
from multihome.fleet.outcome import values
from multihome.inventory.target import Target
from multihome.twin.config.history import CommitRequest

NEW = "set policy-options policy-statement ours term a then reject"
SCRIPT = "delete policy-options policy-statement ours\n" + NEW + "\n"
WRITING = ("commit", "commit_confirmed")


def untouched(world):
    for router in world.routers.values():
        assert not any(router.calls[operation] for operation in WRITING)
        assert len(router.database.history) == 1
        assert not router.database.modified
        assert router.database.holder is None
        assert all(holder.mode == "shared" for holder in router.database.holders())
    return True


def test_a_plan_tells_the_difference_and_leaves_nothing_behind(world):
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": SCRIPT, "luna": "delete policy-options policy-statement no\n"})
    assert "+" in found["juno"].get().diff
    assert found["juno"].get().checked
    assert found["luna"].get().diff == ""
    assert not found["luna"].get().checked
    assert world.routers["juno"].calls["lock"] == 0
    assert untouched(world)


def test_a_plan_without_a_check_does_not_check(world):
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": SCRIPT}, check=False)
    assert not found["juno"].get().checked
    assert world.routers["juno"].calls["commit_check"] == 0


def test_a_plan_that_a_router_refuses_is_told_and_gone(world):
    bad = "set policy-options policy-statement ours term refuse-me then reject\n"
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": bad, "luna": "set nonsense\n", "ceres": SCRIPT})
    assert isinstance(found["juno"].error, ConfigurationRefused)
    assert "does not like it" in str(found["juno"].error)
    assert "syntax error" in str(found["luna"].error)
    assert found["ceres"].ok
    assert untouched(world)


def test_a_plan_does_not_disturb_who_edits(world):
    world.routers["juno"].other_user()
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": SCRIPT})
    assert isinstance(found["juno"].error, LockDenied)
    assert world.routers["juno"].database.holder.user == "ops"


def test_a_plan_checks_nothing_where_that_would_confirm_somebodys_commit(world):
    juno = world.routers["juno"]
    session = juno.open()
    session.load("set system domain-name x")
    session.commit_confirmed(seconds=600, comment="mine")
    session.close()
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": SCRIPT})["juno"].get()
    assert not found.checked
    assert "a commit of lab by netconf waits to be confirmed" in found.remark
    assert juno.database.pending is not None


def pend(router):
    number = 4000
    router.database.open(number, "ops", router.time.now)
    router.database.lock(number, router.time.now)
    router.database.load(number, SCRIPT, router.time.now, format="text", action="set")
    router.database.commit(number, CommitRequest(confirmed_seconds=600), router.time.now)
    router.database.end(number)


def cancel(router):
    router.database.cancel(router.time.now)


def test_what_comes_and_goes_during_a_plan_is_not_taken_for_what_is_there(world):
    juno = world.routers["juno"]
    juno.troubles.append(Trouble("load", "before", act=pend))
    juno.troubles.append(Trouble("diff", "after", act=cancel))
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": SCRIPT})["juno"].get()
    assert not found.diff  # compared with a configuration that is gone by now
    assert "another user commits there just now" in found.waiting
    assert juno.database.pending is None


def test_a_plan_that_cannot_leave_politely_leaves(world):
    world.routers["juno"].troubles.append(Trouble("close_private", "before refuse"))
    with world.fleet() as fleet:
        assert plan(fleet, {"juno": SCRIPT})["juno"].ok
        assert untouched(world)


def test_no_secret_is_in_a_planned_difference(world):
    secret = (
        'set protocols bgp group x neighbor 1.2.3.4 authentication-key "my-own-canary"\n'
        "set protocols bgp group x type external\nset snmp community c4nary authorization read-only\n"
    )
    with world.fleet() as fleet:
        found = plan(fleet, {"juno": secret}, secrets=["c4nary"])["juno"].get()
    assert "canary" not in found.diff
    assert "c4nary" not in found.diff


ANSWERS = {
    "get-software-information": "<software-information><host-name>juno</host-name>"
    "<product-model>mx104</product-model><junos-version>21.4R3</junos-version></software-information>",
    "get-system-alarm-information": "<alarm-information><alarm-summary><no-active-alarms/>"
    "</alarm-summary></alarm-information>",
    "get-alarm-information": "<alarm-information><alarm-summary><active-alarm-count>1"
    "</active-alarm-count></alarm-summary><alarm-detail><alarm-class>Major</alarm-class>"
    "<alarm-description>PEM 1 Not OK</alarm-description></alarm-detail></alarm-information>",
    "get-system-uptime-information": "<system-uptime-information><current-time>"
    '<date-time seconds="%d"/></current-time></system-uptime-information>',
    "get-route-engine-information": "<route-engine-information><route-engine><slot>1</slot>"
    "<mastership-state>backup</mastership-state><status>Present</status></route-engine>"
    "</route-engine-information>",
    "get-system-storage": "<system-storage-information><filesystem><used-percent> 99</used-percent>"
    "<mounted-on>/var</mounted-on></filesystem></system-storage-information>",
}


@pytest.fixture
def answering(monkeypatch):
    ahead = int(datetime.now(UTC).timestamp()) + 3600

    def call(self, request):
        text = ANSWERS[request.rpc]
        return self._do("call", lambda: etree.fromstring(text.replace("%d", str(ahead))))

    monkeypatch.setattr(MemorySession, "call", call)


def test_preflight_tells_what_stands_in_the_way_and_what_to_know(world, answering):
    with world.fleet() as fleet:
        found = preflight(fleet, ["juno"])["juno"].get()
    assert found.objections == ("/var is 99% full",)
    assert found.cautions == (
        "Major alarm: PEM 1 Not OK",
        "routing engine 1: Present",
        "its clock is 60 min ahead of ours",
    )
    assert found.software.version == "21.4R3"
    assert untouched(world)


QUESTIONS = {
    "get-system-alarm-information": "alarms",
    "get-alarm-information": "alarms",
    "get-system-uptime-information": "clock",
    "get-route-engine-information": "routing engines",
    "get-system-storage": "disk",
    "get-software-information": "Junos",
}


@pytest.mark.parametrize("rpc", QUESTIONS)
@pytest.mark.parametrize("answer", ["<output/>", None], ids=["unreadable", "refused"])
def test_a_question_without_an_answer_leaves_its_subject_unknown(world, monkeypatch, rpc, answer):
    quiet = (
        "<alarm-information><alarm-summary><no-active-alarms/></alarm-summary></alarm-information>"
    )
    answers = {**ANSWERS, "get-system-alarm-information": quiet, "get-alarm-information": quiet}

    def call(self, request):
        if request.rpc != rpc:
            return etree.fromstring(answers[request.rpc].replace("%d", "1700000000"))
        if answer is None:
            raise RpcFailed(self.router, f"{rpc}: permission denied")
        return etree.fromstring(answer)

    monkeypatch.setattr(MemorySession, "call", call)
    with world.fleet() as fleet:
        outcome = preflight(fleet, ["juno"])["juno"]
    found = outcome.get()
    assert list(found.unknown) == [QUESTIONS[rpc]]
    assert rpc in found.unknown[QUESTIONS[rpc]]
    assert "none" not in (_alarms(found) if QUESTIONS[rpc] == "alarms" else "")
    assert before.UNKNOWN in before._cells(found)
    objecting = replace(found, storage=())
    assert before._code(replace(outcome, value=objecting)) is ExitCode.UNKNOWN


def test_what_is_known_of_alarms_is_there_beside_what_is_not(world, answering, monkeypatch):
    answered = MemorySession.call

    def call(self, request):
        if request.rpc == "get-system-alarm-information":
            raise RpcFailed(self.router, "permission denied")
        return answered(self, request)

    monkeypatch.setattr(MemorySession, "call", call)
    with world.fleet() as fleet:
        found = preflight(fleet, ["juno"])["juno"].get()
    assert _alarms(found) == "1+"
    assert "Major alarm: PEM 1 Not OK" in found.cautions
    assert found.unknown == {"alarms": "permission denied"}


def test_logical_systems_of_one_device_do_not_stand_in_each_others_way(world, answering):
    juno = world.routers["juno"]
    twins = [Target(name, "one.example", "lab", logical_system=name) for name in ("A", "B", "C")]
    with Fleet(twins, connect=lambda _: juno.open()) as fleet:
        for name, session in values(fleet.run(lambda s: s, fleet.routers, step="open")).items():
            session._router = _Alias(juno, name)
        found = values(preflight(fleet, fleet.routers))
    assert [condition.lock for condition in found.values()] == ["", "", ""]
    assert juno.calls["lock"] == 1


class _Alias:
    """The same router under the name of one of its logical systems."""

    def __init__(self, router, name):
        self.__dict__.update(router.__dict__, name=name)
        self._router = router

    def __getattr__(self, name):
        return getattr(self._router, name)


def test_preflight_names_the_holder_of_the_lock_and_takes_nothing(world, answering):
    world.routers["juno"].other_user()
    with world.fleet() as fleet:
        found = preflight(fleet, ["juno"])["juno"].get()
    assert found.objections[0].startswith("locked by ops at terminal p0 (pid ")
    assert " since 2026-01-01 00:00:" in found.objections[0]
    assert world.routers["juno"].database.holder.user == "ops"


def test_preflight_finds_what_somebody_left_and_leaves_it(world, answering):
    juno = world.routers["juno"]
    juno.database.load(1, "set system domain-name x", world.time.now, format="text", action="set")
    with world.fleet() as fleet:
        found = preflight(fleet, ["juno"])["juno"].get()
    assert "not committed (`show | compare`)" in found.objections[0]
    assert juno.database.modified


def test_preflight_finds_a_commit_that_waits(world, answering):
    session = world.routers["juno"].open()
    session.load("set system domain-name x")
    session.commit_confirmed(seconds=600, comment="multihome apply abc123")
    session.close()
    with world.fleet() as fleet:
        found = preflight(fleet, ["juno"])["juno"].get()
    assert "a commit of lab by netconf (run abc123) waits to be confirmed" in found.objections[0]
    assert not world.routers["juno"].calls["lock"], "who is about to confirm it was in its way"
    assert world.routers["juno"].database.pending is not None


def test_what_a_platform_does_not_know_is_a_remark_and_a_lost_router_an_error(world, answering):
    world.routers["juno"].troubles.append(Trouble("call", "before refuse"))
    world.routers["luna"].troubles.append(Trouble("call", "before cut", nth=2))
    with world.fleet() as fleet:
        found = preflight(fleet, ["juno", "luna"])
        with pytest.raises(UnknownName):
            preflight(fleet, ["pluto"])
    (subject,) = found["juno"].get().unknown
    assert found["juno"].get().unknown[subject]
    assert isinstance(found["luna"].error, Unreachable)
