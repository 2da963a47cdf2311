"""Many routers at once: an outcome for each, whatever happens to one."""

import threading
import time

import pytest
from lxml import etree
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir_pyez.plugins.connections import Pyez

from multihome.errors import BadReply, RpcFailed, RpcTimeout, UnknownName, Unreachable, UsageError
from multihome.fleet.connection import PyezConnection, register
from multihome.fleet.event import Moment
from multihome.fleet.fleet import Fleet
from multihome.fleet.outcome import errors, values
from multihome.inventory.target import Target
from multihome.state.request import Request

A, B, C = (Request.of(name) for name in ("get-a", "get-b", "get-c"))


class Talk:
    """A session that answers what it is told to, in order."""

    def __init__(self, router, answers):
        self.router, self.answers, self.alive, self.asked, self.closed = (
            router,
            answers,
            True,
            [],
            0,
        )

    def call(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else etree.Element("ok")
        if isinstance(answer, Exception):
            self.alive = not isinstance(answer, (Unreachable, BadReply))
            raise answer
        return answer

    def close(self):
        self.alive = False
        self.closed += 1

    cut = close


@pytest.fixture
def fleet():
    """`fleet(juno=[...], luna=[...])`: per router the answers, or an error of its opening."""
    opened = []

    def build(listeners=(), **script):
        def connect(target):
            if isinstance(script[target.name], Exception):
                raise script[target.name]
            opened.append(Talk(target.name, script[target.name]))
            return opened[-1]

        targets = [Target(name, "127.0.0.1", "lab") for name in script]
        built = Fleet(targets, connect=connect, listeners=listeners)
        built.opened = opened
        return built

    return build


def test_every_router_has_an_outcome_and_one_session(fleet):
    some = fleet(juno=[], luna=Unreachable("luna", "no route"), saturn=[])
    for _ in range(2):
        outcomes = some.run(lambda session: session.router, some.routers, step="look")
        assert list(outcomes) == ["juno", "luna", "saturn"]
        assert values(outcomes) == {"juno": "juno", "saturn": "saturn"}
        assert {router: str(error) for router, error in errors(outcomes).items()} == {
            "luna": "luna: no route"
        }
    assert len(some.opened) == 2
    with pytest.raises(Unreachable):
        outcomes["luna"].get()


def test_a_failed_router_is_asked_again_next_time(fleet):
    some = fleet(juno=[RpcFailed("juno", "no")])
    assert errors(some.run(lambda s: s.call(A), ["juno"], step="look"))
    assert values(some.run(lambda s: s.call(A), ["juno"], step="look"))


def test_routers_work_at_the_same_time(fleet):
    some = fleet(juno=[], luna=[], saturn=[])
    together = threading.Barrier(3, timeout=60)
    assert not errors(some.run(lambda _: together.wait(), some.routers, step="look"))


def test_a_bug_is_not_an_outcome(fleet):
    some = fleet(juno=[])
    with pytest.raises(ZeroDivisionError):
        some.run(lambda _: 1 / 0, ["juno"], step="look")
    assert some.run(lambda s: s.router, ["juno"], step="look")["juno"].ok


def test_an_unknown_router_is_named_before_any_is_asked(fleet):
    some = fleet(juno=[])
    with pytest.raises(UnknownName, match="unknown router 'pluto'; known: juno"):
        some.run(lambda s: s.router, ["juno", "pluto"], step="look")
    assert some.opened == []


def test_listeners_hear_the_step_the_router_and_the_error(fleet):
    heard = []
    some = fleet(listeners=[heard.append], juno=[], luna=Unreachable("luna", "no route"))
    some.run(lambda s: s.router, ["juno", "luna"], step="lock")
    assert {(event.step, event.router, event.moment) for event in heard} == {
        ("lock", "juno", Moment.STARTED),
        ("lock", "juno", Moment.FINISHED),
        ("lock", "luna", Moment.STARTED),
        ("lock", "luna", Moment.FAILED),
    }
    assert str(next(e.error for e in heard if e.moment is Moment.FAILED)) == "luna: no route"


def test_a_lost_session_is_opened_again_unless_it_must_be_the_same(fleet):
    some = fleet(juno=[Unreachable("juno", "lost")])
    some.run(lambda s: s.call(A), ["juno"], step="lock")
    same = some.run(lambda s: s.call(A), ["juno"], step="load", reopen=False)
    assert "the session was lost" in str(same["juno"].error)
    assert some.run(lambda s: s.call(A), ["juno"], step="look")["juno"].ok
    assert len(some.opened) == 2


def test_a_fresh_session_takes_the_place_of_the_old_which_stays_open(fleet):
    some = fleet(juno=[], luna=[])
    some.run(lambda s: s.call(A), ["juno"], step="lock")
    olds = values(some.renew(["juno", "luna"]))
    assert olds == {"juno": some.opened[0], "luna": None}
    assert some.opened[0].alive
    assert some.run(lambda s: s, ["juno"], step="look")["juno"].get() is not some.opened[0]


def test_a_fresh_session_that_fails_leaves_the_old_in_place(fleet):
    script = {"juno": []}
    some = fleet(**script)
    some.run(lambda s: s.call(A), ["juno"], step="lock")
    host = some._nornir.inventory.hosts["juno"]

    def refuse():
        raise Unreachable("juno", "no route")

    host.connection_options["multihome"].extras["connect"] = refuse
    assert not some.renew(["juno"])["juno"].ok
    assert some.run(lambda s: s, ["juno"], step="look")["juno"].get() is some.opened[0]


def test_collecting_asks_each_request_once_and_counts(fleet):
    some = fleet(juno=[], luna=UsageError("key file x: no"))
    answers = some.collect({"juno": [A, B, A], "luna": [A]})
    assert set(answers) == {("juno", A), ("juno", B), ("luna", A)}
    assert some.opened[0].asked == [A, B]
    assert isinstance(answers["luna", A], Unreachable)
    assert some.tally.rpcs == 3


def test_a_request_that_fails_does_not_keep_the_next_from_being_asked(fleet):
    some = fleet(juno=[RpcFailed("juno", "no"), etree.Element("b")])
    answers = some.collect({"juno": [A, B]})
    assert type(answers["juno", A]) is RpcFailed
    assert answers["juno", B].tag == "b"


def test_after_a_timeout_the_rest_is_not_waited_for(fleet):
    some = fleet(juno=[RpcTimeout("juno", "no answer")])
    answers = some.collect({"juno": [A, B, C]})
    assert [type(answers["juno", r]) for r in (A, B, C)] == [RpcTimeout] * 3
    assert some.opened[0].asked == [A]


@pytest.mark.parametrize("kind", [Unreachable, BadReply])
def test_what_a_lost_session_kept_back_is_asked_of_a_second_one(fleet, kind):
    script = [kind("juno", "lost")]
    some = fleet(juno=script)
    answers = some.collect({"juno": [A, B]})
    assert answers["juno", B].tag == "ok"
    assert len(some.opened) == 2
    retried = kind is Unreachable
    assert (not isinstance(answers["juno", A], Exception)) is retried


def test_replies_are_kept_for_later(fleet, tmp_path):
    fleet(juno=[etree.Element("a"), RpcFailed("juno", "no")]).collect(
        {"juno": [A, B]}, folder=tmp_path
    )
    assert [path.name for path in (tmp_path / "juno").iterdir()] == ["get-a.xml"]


def test_ours_stands_beside_another_plugin_of_its_kind():
    """InitNornir registers nornir-pyez's own, and refuses a second one of its name."""
    register()
    ConnectionPluginRegister.auto_register()
    register()
    assert ConnectionPluginRegister.get_plugin("pyez") is Pyez
    assert ConnectionPluginRegister.get_plugin("multihome") is PyezConnection


def test_closing_closes_all(fleet):
    with fleet(juno=[], luna=[]) as some:
        some.run(lambda s: s.router, some.routers, step="look")
    assert [talk.closed for talk in some.opened] == [1, 1]


def test_interrupting_cuts_the_sessions_that_nobody_will_wait_for(fleet, monkeypatch):
    some = fleet(juno=[])
    some.run(lambda s: s.router, ["juno"], step="look")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("nornir.plugins.runners.ThreadedRunner.run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        some.run(lambda _: time.sleep(9), ["juno"], step="look")
    assert some.opened[0].closed == 1


def test_nothing_is_logged_and_no_address_or_password_is_a_task_argument(fleet, caplog):
    caplog.set_level(0)
    fleet(juno=[]).run(lambda s: s.router, ["juno"], step="look")
    assert caplog.records == []
