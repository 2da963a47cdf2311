"""What breaks others is found and told first: dead links, first senders, lost selections."""

from dataclasses import replace
from ipaddress import ip_address, ip_network

from lxml import etree

from multihome.check import engine
from multihome.check.correlate import correlated
from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.errors import Unreachable
from multihome.intent.expectation import (
    AdvertisedRoutes,
    Bfd,
    BgpSession,
    IsisAdjacency,
    LdpSession,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
)
from multihome.report.model import troubles

PREFIX = "10.9.0.0/24"


class StillClock:
    def now(self):
        return 0.0

    def sleep(self, _seconds):
        raise AssertionError("nothing here may wait")


class Router:
    """What one router says, in the least words; the first interface leads to the left."""

    def __init__(self, *interfaces, sessions="", routes="", received=None):
        self.interfaces, self.sessions = interfaces, sessions
        self.routes, self.received = routes, received or {}

    def answer(self, words):
        if words == "get-interface-information terse":
            return f"<interface-information>{''.join(self.interfaces)}</interface-information>"
        if words.startswith("get-bgp-neighbor-information"):
            return f"<bgp-information>{self.sessions}<end/></bgp-information>"
        if words == "get-route-information table inet.0 detail":
            return table(self.routes)
        if words.startswith("get-route-information table"):
            return table("")
        for address, paths in self.received.items():
            if words.endswith(f" {address} detail"):
                return table(paths)
        return "<rpc-reply><output>it is not running</output></rpc-reply>"


def link(address, oper="up"):
    return (
        f"<logical-interface><name>to-{address.split('/')[0]}</name><admin-status>up</admin-status>"
        f"<oper-status>{oper}</oper-status><address-family><address-family-name>inet"
        f"</address-family-name><interface-address><ifa-local>{address}</ifa-local>"
        "</interface-address></address-family></logical-interface>"
    )


def session(peer, state="Established", kind="Internal", local=""):
    local = f"<local-address>{local}+179</local-address>" if local else ""
    return (
        f"<bgp-peer><peer-address>{peer}</peer-address><peer-as>1</peer-as>{local}"
        f"<peer-type>{kind}</peer-type><peer-state>{state}</peer-state><flap-count>0</flap-count>"
        "<bgp-rib><name>inet.0</name></bgp-rib></bgp-peer>"
    )


def path(source=None, *, active=True, preference=100, communities=(), hop=None, reason=""):
    hop = hop or source or "10.0.99.1"
    told = "".join(f"<community>{each}</community>" for each in communities)
    return (
        f"<rt-entry><active-tag>{'*' if active else ' '}</active-tag><protocol-name>"
        f"{'BGP' if source else 'Static'}</protocol-name>"
        + (f"<gateway>{source}</gateway>" if source else "")
        + (f"<inactive-reason>{reason}</inactive-reason>" if reason else "")
        + f"<nh><to>{hop}</to></nh><communities>{told}</communities>"
        f"<local-preference>{preference}</local-preference></rt-entry>"
    )


def table(paths):
    rt = f"<rt><rt-destination>{PREFIX}</rt-destination>{paths}</rt>" if paths else ""
    return (
        "<route-information><route-table><table-name>inet.0</table-name>"
        "<destination-count>9</destination-count><total-route-count>9</total-route-count>"
        "<active-route-count>9</active-route-count><holddown-route-count>0</holddown-route-count>"
        f"<hidden-route-count>0</hidden-route-count>{rt}</route-table></route-information>"
    )


def failures(expectations, **routers):
    def collect(asks):
        return {
            (name, request): etree.fromstring(routers[name].answer(str(request)))
            if name in routers
            else Unreachable(name, "nobody")
            for name, request in asks
        }

    return engine.run(expectations, collect, StillClock(), routers=list(routers)).result


LEFT, RIGHT = link("10.0.1.1/30"), link("10.0.1.2/30", "down")


def test_a_session_and_the_core_are_down_with_the_far_end_of_their_link():
    left = Router(LEFT, sessions=session("10.0.1.2", "Idle"))
    right = Router(RIGHT, link("10.255.0.2/32"), sessions=session("10.0.1.1", "Idle"))
    result = failures(
        [
            BgpSession(router="left", peer=ip_address("10.0.1.2")),
            IsisAdjacency(router="left", interface="to-10.0.1.1"),
            LdpSession(router="left", neighbor=ip_address("10.255.0.2")),
            Bfd(router="left", neighbor=ip_address("10.0.1.2"), interface="to-10.0.1.1"),
            Bfd(router="left", neighbor=ip_address("10.255.0.2")),
        ],
        left=left,
        right=right,
    )
    assert {each.cause for each in result.failures} == {"right to-10.0.1.2 is down"}
    assert result.failures[0].why == "right to-10.0.1.2 is down (no carrier)"


def test_one_dead_link_of_two_explains_no_session_between_loopbacks():
    left = Router(LEFT, link("10.0.2.1/30"))
    right = Router(RIGHT, link("10.0.2.2/30"), link("10.255.0.2/32"))
    result = failures(
        [LdpSession(router="left", neighbor=ip_address("10.255.0.2"))], left=left, right=right
    )
    assert result.failures[0].cause == ""


def chain(**changes):
    """Three routers in a row; the prefix comes from the far one."""
    near = Router(
        link("10.0.1.1/30"),
        sessions=session("10.0.1.2"),
        routes=path("10.0.1.2"),
        received={"10.0.1.2": path("10.0.1.2")},
    )
    middle = Router(
        link("10.0.1.2/30"),
        link("10.0.2.1/30"),
        sessions=session("10.0.1.1") + session("10.0.2.2", kind="External"),
        routes=path("10.0.2.2"),
        received={"10.0.2.2": path("10.0.2.2")},
    )
    far = Router(link("10.0.2.2/30"), sessions=session("10.0.2.1"), routes=path())
    routers = {"near": near, "middle": middle, "far": far}
    for name, change in changes.items():
        for key, value in change.items():
            setattr(routers[name], key, value)
    return routers


def wanted(router, source, **attributes):
    return RouteExpectation(
        router=router,
        table="inet.0",
        prefix=ip_network(PREFIX),
        active=RoutePath(learned_from=ip_address(source), **attributes),
    )


def test_missing_communities_are_blamed_on_the_first_sender():
    color = frozenset({"65000:1"})
    result = failures(
        [
            wanted("near", "10.0.1.2", communities=color),
            wanted("middle", "10.0.2.2", with_communities=color),
        ],
        **chain(),
    )
    assert {each.cause for each in result.failures} == {"communities sent by far"}
    assert "far is the first to send it so" in result.failures[0].why


def test_local_preference_is_blamed_on_the_router_that_set_it():
    result = failures([wanted("near", "10.0.1.2", local_preference=150)], **chain())
    assert {each.cause for each in result.failures} == {"local-preference sent by middle"}


def test_a_next_hop_is_blamed_on_whoever_told_it():
    kept = {
        "routes": path("10.0.1.2", hop="10.0.1.2"),
        "received": {"10.0.1.2": path("10.0.1.2", hop="10.0.2.2")},
    }
    expected = wanted("near", "10.0.1.2", next_hop=ip_address("10.0.1.9"))
    result = failures(
        [expected], **chain(near=kept, middle={"routes": path("10.0.2.2", hop="10.0.2.2")})
    )
    assert {each.cause for each in result.failures} == {"next-hop sent by middle"}
    assert result.failures[0].why == "10.0.1.2 (middle) sends it with next-hop 10.0.2.2"


def test_a_route_that_lost_the_selection_at_the_neighbor_is_never_received():
    both = path("10.0.1.1") + path(
        "10.0.2.2", active=False, preference=5, reason="Local Preference"
    )
    result = failures(
        [wanted("near", "10.0.1.2", local_preference=150)],
        **chain(near={"routes": ""}, middle={"routes": both}),
    )
    assert result.failures[0].cause == "selection at middle: Local Preference"
    assert "local-preference 5 against 100" in result.failures[0].why


def test_what_a_neighbor_sends_and_what_the_router_sends_have_one_cause():
    routers = chain()
    routers["far"].received = {"10.0.2.1": path()}
    each = RoutePath(with_communities=frozenset({"65000:1"}))
    result = failures(
        [
            ReceivedRoutes(router="middle", peer=ip_address("10.0.2.2"), each=each),
            AdvertisedRoutes(router="far", peer=ip_address("10.0.2.1"), each=each),
        ],
        **routers,
    )
    assert {each.cause for each in result.failures} == {"communities sent by far"}


def finding(router, **more):
    return Finding(router, "s", "a", "1", "2", Verdict.FAIL, **more)


def result(kind, *findings):
    return CheckResult("c", findings[0].router, findings, kind=kind)


def test_what_follows_is_grouped_under_the_one_thing_that_is_broken():
    broken = result("bgp-session", finding("r1", cause="BGP session r1 - r2"))
    path_failed = result("path", finding("r3", cause="way from r3", why="r3 sends packets to r9"))
    _, followed = correlated([broken, path_failed])
    assert followed.findings[0].cause == "BGP session r1 - r2"
    assert followed.findings[0].follows
    assert (
        followed.findings[0].why == "r3 sends packets to r9; it follows from: BGP session r1 - r2"
    )
    vrrp = result("vrrp", finding("r4"))
    assert correlated([broken, vrrp])[1] == vrrp


def test_several_broken_things_are_named_and_none_is_blamed():
    one = result("bgp-session", finding("r1", cause="one"))
    other = result("interface", finding("r2", cause="other"))
    followed = correlated([one, other, result("route", finding("r3"))])[2]
    assert followed.findings[0].why == "it may follow from: one, other"
    assert followed.findings[0].cause == ""


def test_the_only_cause_of_anything_counts():
    explained = result("route", finding("r1", cause="med sent by r2"))
    counted = result("bgp-session", finding("r3"))
    assert correlated([explained, counted])[1].findings[0].cause == "med sent by r2"
    other = result("route", finding("r4", cause="med sent by r5"))
    assert correlated([explained, other, counted])[2] == counted


def test_what_is_broken_itself_is_told_before_what_follows():
    root = result("bgp-session", finding("r1", cause="x"))
    follower = result("bgp-session", replace(finding("r2", cause="x"), follows=True))
    route = result("route", finding("r3", cause="x"))
    (found,) = troubles(RunResult(3, (follower, route, root)))
    assert [each.router for each in found.findings] == ["r1", "r3", "r2"]
    assert found.head == "3 failures with one cause: x"
