"""Plan once, ask once, judge, wait, hold; whatever could not be asked is UNKNOWN by name."""

from ipaddress import ip_address, ip_network

import pytest
from lxml import etree

from multihome.check import engine
from multihome.check.result import Level, RunResult, Verdict
from multihome.errors import Unreachable
from multihome.intent.expectation import BgpSession, RouteExpectation, RoutePath
from multihome.state import bgp, route


class HandClock:
    """Time that passes when somebody sleeps."""

    def __init__(self):
        self.time = 100.0

    def now(self):
        return self.time

    def sleep(self, seconds):
        assert seconds > 0
        self.time += seconds


class Network:
    """Answers by router and RPC; counts what it was asked."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def __call__(self, asks):
        self.asked += asks
        found = {}
        for router, request in asks:
            answer = self.answers.get((router, request.rpc))
            answer = answer() if callable(answer) else answer
            if answer is None:
                answer = "<rpc-reply/>"
            found[router, request] = etree.fromstring(answer) if isinstance(answer, str) else answer
        return found


def neighbors(state, flaps=0):
    return (
        "<bgp-information><bgp-peer><peer-address>10.0.0.2</peer-address><peer-as>1</peer-as>"
        f"<peer-state>{state}</peer-state><flap-count>{flaps}</flap-count></bgp-peer>"
        "</bgp-information>"
    )


def table(*entries, name="inet.0", destinations=5):
    return (
        f"<route-information><route-table><table-name>{name}</table-name>"
        f"<destination-count>{destinations}</destination-count>"
        "<total-route-count>5</total-route-count><active-route-count>5</active-route-count>"
        "<holddown-route-count>0</holddown-route-count><hidden-route-count>0</hidden-route-count>"
        + "".join(entries)
        + "</route-table></route-information>"
    )


def static(prefix):
    return (
        f"<rt><rt-destination>{prefix}</rt-destination><rt-entry><active-tag>*</active-tag>"
        "<protocol-name>Static</protocol-name></rt-entry></rt>"
    )


def session(router="r1", **more):
    return BgpSession(router=router, peer=ip_address("10.0.0.2"), **more)


def static_route(prefix, router="r1", **more):
    return RouteExpectation(
        router=router,
        table="inet.0",
        prefix=ip_network(prefix),
        active=RoutePath(protocol="Static"),
        **more,
    )


def run(expectations, network, clock=None):
    return engine.run(expectations, network, clock or HandClock()).result


def test_one_table_is_asked_once_however_many_checks_look_at_it():
    network = Network({("r1", "get-route-information"): table(static("10.1.0.0/16"))})
    result = run([static_route("10.1.0.0/16"), static_route("10.1.0.0/16", name="again")], network)
    assert network.asked == [("r1", route.table("inet.0").request)]
    assert (result.planned, result.ran, result.rpcs) == (2, 2, 1)
    assert result.verdict is Verdict.PASS


def test_an_unreachable_router_makes_each_of_its_checks_unknown():
    network = Network(
        {
            ("r1", "get-bgp-neighbor-information"): Unreachable("r1", "no route to host"),
            ("r2", "get-bgp-neighbor-information"): neighbors("Established"),
        }
    )
    result = run([session(), session(name="twin"), session("r2")], network)
    assert [each.verdict for each in result.results] == [
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
        Verdict.PASS,
    ]
    assert result.results[0].findings[0].why == "no route to host"
    assert len({each.findings[0].cause for each in result.results[:2]}) == 1
    assert result.ran == 1
    assert result.verdict is Verdict.UNKNOWN


def test_a_reply_that_cannot_be_read_is_unknown_and_says_where():
    network = Network({("r1", "get-bgp-neighbor-information"): neighbors("Sleeping")})
    (result,) = run([session()], network).results
    assert result.verdict is Verdict.UNKNOWN
    assert "peer-state: unknown value 'Sleeping'" in result.findings[0].why


def test_what_may_take_time_is_looked_at_until_it_holds():
    states = iter(["Idle", "Connect", "Established"])
    network = Network({("r1", "get-bgp-neighbor-information"): lambda: neighbors(next(states))})
    clock = HandClock()
    result = run([session(wait=30)], network, clock)
    assert result.verdict is Verdict.PASS
    assert len(network.asked) == 3
    assert result.seconds == pytest.approx(2.0)


def test_what_takes_too_long_fails_after_its_time():
    network = Network({("r1", "get-bgp-neighbor-information"): neighbors("Idle")})
    result = run([session(wait=2.5)], network)
    assert result.verdict is Verdict.FAIL
    assert result.seconds == pytest.approx(2.5)


def test_only_what_may_wait_is_asked_again():
    network = Network(
        {
            ("r1", "get-bgp-neighbor-information"): neighbors("Idle"),
            ("r2", "get-bgp-neighbor-information"): neighbors("Established"),
        }
    )
    run([session(wait=2), session("r2")], network)
    assert [router for router, request in network.asked if request == bgp.NEIGHBORS.request] == [
        "r1",
        "r2",
        "r1",
        "r1",
    ]


def test_what_must_hold_fails_when_it_does_not():
    states = iter(["Established", "Established", "Idle", "Idle", "Idle"])
    network = Network({("r1", "get-bgp-neighbor-information"): lambda: neighbors(next(states))})
    assert run([session(hold=5)], network).verdict is Verdict.FAIL


def test_what_holds_long_enough_passes():
    network = Network({("r1", "get-bgp-neighbor-information"): neighbors("Established")})
    result = run([session(hold=3)], network)
    assert result.verdict is Verdict.PASS
    assert result.seconds == pytest.approx(3)


def test_a_failed_warning_does_not_turn_the_run_red():
    network = Network({("r1", "get-bgp-neighbor-information"): neighbors("Idle")})
    result = run([session(level="warning")], network)
    assert result.results[0].verdict is Verdict.FAIL
    assert result.results[0].findings[-1].level is Level.WARNING
    assert result.verdict is Verdict.PASS


def test_an_unknown_warning_is_unknown():
    network = Network({("r1", "get-bgp-neighbor-information"): Unreachable("r1", "gone")})
    assert run([session(level="warning")], network).verdict is Verdict.UNKNOWN


def test_nothing_planned_is_not_a_pass():
    assert RunResult(0, ()).verdict is Verdict.UNKNOWN


def test_a_check_that_is_planned_and_has_no_result_is_not_a_pass():
    assert RunResult(1, ()).verdict is Verdict.UNKNOWN


def test_a_table_that_is_empty_or_missing_fails_also_where_absence_is_asserted():
    absent = RouteExpectation(
        router="r1", table="inet.0", prefix=ip_network("10.1.0.0/16"), absent=True
    )
    empty = Network({("r1", "get-route-information"): table(destinations=0)})
    missing = Network({("r1", "get-route-information"): "<route-information/>"})
    there = Network({("r1", "get-route-information"): table(static("10.2.0.0/16"))})
    for network, state in ((empty, "inet.0 is empty"), (missing, "inet.0 is missing")):
        for expected in (absent, static_route("10.1.0.0/16")):
            (result,) = run([expected], network).results
            assert result.verdict is Verdict.FAIL
            assert result.findings[0].actual == state
            assert result.findings[0].why
            assert result.findings[0].cause.startswith("r1")
    assert run([absent], there).verdict is Verdict.PASS


def test_a_protocol_that_does_not_run_fails_in_the_routers_words():
    words = "<rpc-reply><output>BGP is not running</output></rpc-reply>"
    network = Network({("r1", "get-bgp-neighbor-information"): words})
    (result,) = run([session()], network).results
    assert result.verdict is Verdict.FAIL
    assert result.findings[0].actual == "BGP is not running"


def test_two_checks_of_one_name_are_told_apart():
    network = Network({("r1", "get-bgp-neighbor-information"): neighbors("Established")})
    result = run([session(), session()], network)
    names = [each.check for each in result.results]
    assert len(set(names)) == 2
    assert names[1].endswith("(2)")


def test_findings_carry_origin_and_next_command():
    network = Network({("r1", "get-bgp-neighbor-information"): neighbors("Idle")})
    (result,) = run([session(origin="intent: core")], network).results
    failed = result.findings[-1]
    assert str(failed) == ("r1 10.0.0.2: state expected Established (intent: core), got Idle")
    assert failed.next == "show bgp neighbor 10.0.0.2"
