"""A failure goes back to its cause: the step it lost at, what hides it, who never sent it."""

from ipaddress import ip_address, ip_network

import pytest
from lxml import etree

from multihome.check import engine
from multihome.check.result import Verdict
from multihome.errors import Unreachable
from multihome.intent.expectation import (
    BgpSession,
    Interface,
    Path,
    Ping,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
    Vrrp,
)

PREFIX = "10.9.0.0/24"


class StillClock:
    def now(self):
        return 0.0

    def sleep(self, _seconds):
        raise AssertionError("nothing here may wait")


class Network:
    """Routers by name; each answers by the words of the request, longest first."""

    def __init__(self, **routers):
        self.routers = routers

    def __call__(self, asks):
        return {(router, request): self.answer(router, str(request)) for router, request in asks}

    def answer(self, router, words):
        answers = self.routers.get(router, {})
        for known in sorted(answers, key=len, reverse=True):
            if words.startswith(known):
                return etree.fromstring(answers[known])
        return Unreachable(router, f"no answer to {words}")


def interfaces(**addresses):
    rows = "".join(
        f"<logical-interface><name>{name.replace('_', '-')}</name><admin-status>{admin}</admin-status>"
        f"<oper-status>{oper}</oper-status><address-family>"
        "<address-family-name>inet</address-family-name><interface-address>"
        f"<ifa-local>{address}</ifa-local></interface-address></address-family>"
        "</logical-interface>"
        for name, (address, admin, oper) in addresses.items()
    )
    return f"<interface-information>{rows}</interface-information>"


def peer(address, state="Established", options="", local_as=1, peer_as=1, error="None"):
    return (
        f"<bgp-peer><peer-address>{address}</peer-address><peer-as>{peer_as}</peer-as>"
        f"<local-as>{local_as}</local-as><peer-state>{state}</peer-state>"
        f"<last-event>Start</last-event><last-error>{error}</last-error>"
        f"<bgp-option-information><bgp-options>{options}</bgp-options></bgp-option-information>"
        "<flap-count>0</flap-count></bgp-peer>"
    )


def peers(*each):
    return f"<bgp-information>{''.join(each)}</bgp-information>"


def path(source, *, active=True, preference=100, med=0, more=""):
    return (
        f"<rt-entry><active-tag>{'*' if active else ' '}</active-tag>"
        f"<protocol-name>BGP</protocol-name><gateway>{source}</gateway>"
        f"<nh><to>{source}</to><via>ge-0.0</via></nh>"
        f"<metric>{med}</metric><as-path>AS path: 2 I</as-path>{more}"
        f"<local-preference>{preference}</local-preference></rt-entry>"
    )


def table(*paths):
    rt = f"<rt><rt-destination>{PREFIX}</rt-destination>{''.join(paths)}</rt>" if paths else ""
    return (
        "<route-information><route-table><table-name>inet.0</table-name>"
        "<destination-count>9</destination-count><total-route-count>9</total-route-count>"
        "<active-route-count>9</active-route-count><holddown-route-count>0</holddown-route-count>"
        f"<hidden-route-count>0</hidden-route-count>{rt}</route-table></route-information>"
    )


WANTED = RouteExpectation(
    router="r1",
    table="inet.0",
    prefix=ip_network(PREFIX),
    active=RoutePath(learned_from=ip_address("10.1.0.2"), local_preference=150),
)
LINK1 = interfaces(ge_0=("10.1.0.1/30", "up", "up"))
LINK2 = interfaces(ge_0=("10.1.0.2/30", "up", "up"))


def failure(expected, network, routers=("r1", "r2")):
    result = engine.run([expected], network, StillClock(), routers=routers).result
    assert result.results[0].verdict is Verdict.FAIL
    return next(each for each in result.failures)


def r1():
    return {
        "get-interface-information terse": LINK1,
        "get-bgp-neighbor-information": peers(peer("10.1.0.2")),
        "get-route-information table inet.0 hidden": table(),
        "get-route-information receive-protocol-name": table(),
    }


def r2():
    return {
        "get-interface-information terse": LINK2,
        "get-bgp-neighbor-information": peers(peer("10.1.0.1")),
    }


def with_table(router, answer):
    return {**router, "get-route-information table inet.0 detail": answer}


def test_the_expected_path_lost_at_a_step():
    loser = path(
        "10.1.0.2",
        active=False,
        preference=150,
        med=9,
        more="<inactive-reason>Not Best in its group - Route Metric or MED comparison</inactive-reason>",
    )
    found = failure(WANTED, Network(r1=with_table(r1(), table(path("10.5.0.2"), loser)), r2=r2()))
    assert "lost to the one from 10.5.0.2" in found.why
    assert "Route Metric or MED comparison" in found.why
    assert "med 9 against 0" in found.why


def test_the_expected_path_is_hidden():
    hidden = path(
        "10.1.0.2",
        active=False,
        more="<rt-entry-state>Hidden Ext</rt-entry-state>"
        "<hidden-reason>rejected by import policy</hidden-reason>",
    )
    answers = with_table(r1(), table(path("10.5.0.2")))
    answers["get-route-information table inet.0 hidden"] = table(hidden)
    found = failure(WANTED, Network(r1=answers, r2=r2()))
    assert found.why == "the path from 10.1.0.2 (r2) is hidden: rejected by import policy"
    assert found.next == f"show route table inet.0 {PREFIX} hidden extensive"


def test_the_neighbor_never_advertised_it():
    found = failure(WANTED, Network(r1=with_table(r1(), table()), r2=r2()))
    assert found.why.startswith(f"never received: 10.1.0.2 (r2) does not advertise {PREFIX}")


def test_the_neighbor_never_had_it_because_its_own_session_is_down():
    lost = peer("10.2.0.2", "Active", error="Hold Timer Expired Error")
    far = {**r2(), "get-bgp-neighbor-information": peers(peer("10.1.0.1"), lost)}
    found = failure(WANTED, Network(r1=with_table(r1(), table()), r2=far))
    assert "its session with 10.2.0.2 is Active" in found.why
    assert "Hold Timer Expired Error" in found.why
    assert found.cause == "BGP session r2 - 10.2.0.2"


def test_the_path_came_with_another_attribute():
    answers = with_table(r1(), table(path("10.1.0.2", preference=10)))
    answers["get-route-information receive-protocol-name"] = table(path("10.1.0.2", preference=10))
    found = failure(WANTED, Network(r1=answers, r2=r2()))
    assert found.why == "10.1.0.2 (r2) sends it with local-preference 10"
    assert found.actual == "10 from 10.1.0.2"


def test_import_policy_changed_it():
    answers = with_table(r1(), table(path("10.1.0.2", preference=10)))
    answers["get-route-information receive-protocol-name"] = table(path("10.1.0.2", preference=150))
    found = failure(WANTED, Network(r1=answers, r2=r2()))
    assert (
        found.why == "10.1.0.2 (r2) sends it with local-preference 150; import policy makes it 10"
    )


SESSION = BgpSession(router="r1", peer=ip_address("10.1.0.2"))


def down(here=None, there=None, link=LINK1):
    near = {**r1(), "get-interface-information terse": link}
    near["get-bgp-neighbor-information"] = peers(here or peer("10.1.0.2", "Active"))
    far = r2()
    if there is not None:
        far["get-bgp-neighbor-information"] = there
    return Network(r1=near, r2=far)


def test_a_session_is_down_with_its_interface():
    off = interfaces(ge_0=("10.1.0.1/30", "down", "down"))
    found = failure(SESSION, down(link=off))
    assert found.why == "r1 ge-0 is down (disabled by configuration)"
    assert found.cause == "r1 ge-0 is down"


def test_a_session_is_down_because_the_far_end_has_no_such_neighbor():
    found = failure(
        SESSION, down(there="<rpc-reply><output>BGP is not running</output></rpc-reply>")
    )
    assert found.why == "r2 says: BGP is not running"
    assert found.cause == "BGP does not run on r2"
    found = failure(SESSION, down(there=peers(peer("10.7.7.7"))))
    assert found.why == "the far end, r2, has no neighbor 10.1.0.1"


def test_a_session_is_down_because_one_end_signs():
    here = peer("10.1.0.2", "Active", options="AuthKey")
    assert failure(SESSION, down(here)).why == "r1 signs its messages and r2 does not"


def test_a_session_is_down_because_the_keys_may_differ():
    here = peer("10.1.0.2", "Active", options="AuthKey")
    there = peers(peer("10.1.0.1", "Active", options="AuthKey"))
    assert "do the keys agree?" in failure(SESSION, down(here, there)).why


def test_a_session_is_down_because_the_as_is_another():
    here = peer("10.1.0.2", "Idle", peer_as=7)
    assert failure(SESSION, down(here)).why == "r1 expects AS 7, r2 is AS 1"


def test_a_session_that_fails_at_both_ends_and_its_routes_have_one_cause():
    network = Network(
        r1={
            **with_table(r1(), table()),
            "get-bgp-neighbor-information": peers(peer("10.1.0.2", "Active", error="Cease")),
        },
        r2={**r2(), "get-bgp-neighbor-information": peers(peer("10.1.0.1", "Active"))},
    )
    other = BgpSession(router="r2", peer=ip_address("10.1.0.1"))
    got = ReceivedRoutes(router="r1", peer=ip_address("10.1.0.2"), count=3)
    result = engine.run([SESSION, other, WANTED, got], network, StillClock()).result
    assert {each.cause for each in result.failures} == {"BGP session r1 - r2"}


def trace(*hops):
    rows = "".join(
        f"<hop><ttl-value>{ttl}</ttl-value><probe-result><ip-address>{hop}</ip-address>"
        "</probe-result></hop>"
        if hop
        else f"<hop><ttl-value>{ttl}</ttl-value><probe-result><probe-failure>no response</probe-failure>"
        "</probe-result></hop>"
        for ttl, hop in enumerate(hops, 1)
    )
    return f"<traceroute-results><target-ip>10.9.0.1</target-ip>{rows}</traceroute-results>"


def test_packets_leave_the_way_at_a_router():
    expected = Path(
        router="r1",
        target=ip_address("10.9.0.1"),
        hops=(ip_address("10.1.0.2"), ip_address("10.2.0.2"), ip_address("10.9.0.1")),
    )
    near = {**r1(), "traceroute": trace("10.1.0.2", "10.3.0.2", "10.9.0.1")}
    found = failure(expected, Network(r1=near, r2=r2()))
    assert found.why == "r2 sends packets to 10.3.0.2 instead of 10.2.0.2"
    assert found.next == "show route 10.9.0.1 (on r2)"
    near = {**r1(), "traceroute": trace("10.1.0.2", None)}
    assert "packets end behind r2" in failure(expected, Network(r1=near, r2=r2())).why


def test_a_ping_without_an_answer_tells_how_far_packets_come():
    lost = (
        "<ping-results><target-ip>10.9.0.1</target-ip><probe-result><probe-failure>no response"
        "</probe-failure></probe-result><probe-results-summary><probes-sent>3</probes-sent>"
        "<responses-received>0</responses-received><packet-loss>100</packet-loss>"
        "</probe-results-summary><ping-failure>no response</ping-failure></ping-results>"
    )
    near = {**r1(), "ping": lost, "traceroute": trace("10.1.0.2", None)}
    found = failure(Ping(router="r1", target=ip_address("10.9.0.1")), Network(r1=near, r2=r2()))
    assert found.actual == "100% (no response)"
    assert found.why == "the last to answer is 10.1.0.2 (r2)"


def test_a_gateway_that_is_backup_says_who_is_master():
    group = (
        "<vrrp-information><vrrp-interface><interface>ge-0</interface>"
        "<interface-state>up</interface-state><group>1</group><vrrp-state>backup</vrrp-state>"
        "<group-priority>100</group-priority><vip>10.1.0.3</vip>"
        "<master-priority>200</master-priority><master-router>10.1.0.2</master-router>"
        "</vrrp-interface></vrrp-information>"
    )
    near = {**r1(), "get-vrrp-information": group}
    found = failure(
        Vrrp(router="r1", interface="ge-0", group=1, state="master"), Network(r1=near, r2=r2())
    )
    assert found.why == "10.1.0.2 (r2) is master with priority 200, here it is 100"


def test_an_interface_that_is_not_there_says_so():
    expected = Interface(router="r1", interface="ge-9")
    assert failure(expected, Network(r1=r1(), r2=r2())).why == "the router has no such interface"


@pytest.mark.parametrize("silent", ["r2", "nobody"])
def test_an_explanation_that_cannot_be_found_leaves_the_failure(silent):
    near = with_table(r1(), table())
    network = Network(r1=near, **({} if silent == "r2" else {"r2": r2()}))
    assert failure(WANTED, network).verdict is Verdict.FAIL
