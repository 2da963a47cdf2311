"""What breaks others is found and told first: dead links, first senders, lost selections."""

from ipaddress import ip_address, ip_network

from lxml import etree

from multihome.check import engine
from multihome.errors import Unreachable
from multihome.intent.expectation import (
    AdvertisedRoutes,
    Bfd,
    BgpSession,
    IsisAdjacency,
    LdpSession,
    PrefixCounts,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
)
from multihome.intent.wiring_plan import IntendedWiring
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


def failures(expectations, *, chart=None, **routers):
    def collect(asks):
        return {
            (name, request): etree.fromstring(routers[name].answer(str(request)))
            if name in routers
            else Unreachable(name, "nobody")
            for name, request in asks
        }

    names = list(routers)
    return engine.run(expectations, collect, StillClock(), routers=names, chart=chart).result


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
    assert result.failures[0].cause == "LDP does not run on left"
    assert result.failures[0].why == "left says: it is not running"


def port(name, oper="up", admin="up", units=()):
    """A physical interface and its units, (unit, address, oper) each."""
    inner = "".join(
        link(address, state).replace(f"to-{address.split('/')[0]}", f"{name}.{unit}")
        for unit, address, state in units
    )
    return (
        f"<physical-interface><name>{name}</name><admin-status>{admin}</admin-status>"
        f"<oper-status>{oper}</oper-status>{inner}</physical-interface>"
    )


def adjacency(router, interface):
    return IsisAdjacency(router=router, interface=interface)


def test_a_link_without_carrier_at_both_ends_is_one_cause():
    result = failures(
        [adjacency("left", "ge-0.1"), adjacency("right", "ge-9.1")],
        left=Router(port("ge-0", units=[(1, "10.0.1.1/30", "down")])),
        right=Router(port("ge-9", "down", units=[(1, "10.0.1.2/30", "down")])),
    )
    assert {each.cause for each in result.failures} == {"link left ge-0.1 - right ge-9.1 is down"}


def test_a_port_that_took_several_links_with_it_is_the_cause_of_all():
    units = [(1, "10.0.1.1/30", "down"), (2, "10.0.2.1/30", "down")]
    result = failures(
        [adjacency("left", "ge-0.1"), adjacency("right", "ge-9.1"), adjacency("far", "ge-8.2")],
        left=Router(port("ge-0", "down", units=units)),
        right=Router(port("ge-9", "down", units=[(1, "10.0.1.2/30", "down")])),
        far=Router(port("ge-8", "down", units=[(2, "10.0.2.2/30", "down")])),
    )
    assert {each.cause for each in result.failures} == {"left ge-0 is down"}


def test_who_switched_a_port_off_is_to_blame_whatever_the_other_end_says():
    result = failures(
        [adjacency("left", "ge-0.1"), adjacency("right", "ge-9.1")],
        left=Router(port("ge-0", "down", units=[(1, "10.0.1.1/30", "down")])),
        right=Router(port("ge-9", "down", "down", units=[(1, "10.0.1.2/30", "down")])),
    )
    assert {each.why for each in result.failures} == {
        "right ge-9 is down (disabled by configuration)"
    }


def test_a_dead_link_to_a_silent_router_is_laid_to_its_silence():
    chart = IntendedWiring(opposite={("left", "ge-0.1"): (("right", "ge-9.1"),)})
    result = failures(
        [adjacency("left", "ge-0.1"), adjacency("right", "ge-9.1")],
        chart=chart,
        left=Router(port("ge-0", units=[(1, "10.0.1.1/30", "down")])),
    )
    assert {each.cause for each in result.failures} == {"right could not be asked"}
    (told,) = troubles(result)
    assert told.head == "right could not be asked: 2 checks fail or are unknown"
    assert told.why == "nobody"
    assert told.next == "multihome preflight -l right"


def test_a_router_that_the_run_leaves_out_is_not_asked_even_if_the_chart_has_it():
    chart = IntendedWiring(owners={ip_address("10.0.1.2"): "elsewhere"})
    result = failures(
        [BgpSession(router="left", peer=ip_address("10.0.1.2"))],
        chart=chart,
        left=Router(LEFT, sessions=session("10.0.1.2", "Idle", local="10.0.1.1")),
    )
    assert result.failures[0].cause == "BGP session elsewhere - left"


def test_a_route_of_the_core_is_laid_to_its_link_not_to_a_session():
    expected = RouteExpectation(
        router="left",
        table="inet.0",
        prefix=ip_network("10.255.0.2/32"),
        active=RoutePath(
            protocol="IS-IS", next_hop=ip_address("10.0.1.2"), interface="to-10.0.1.1"
        ),
    )
    up = {"left": Router(LEFT, routes=path()), "right": Router(link("10.0.1.2/30"))}
    assert failures([expected], **up).failures[0].why == ""
    up["right"] = Router(RIGHT)
    assert "right to-10.0.1.2 is down" in failures([expected], **up).failures[0].why


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


def test_a_community_too_many_is_blamed_on_the_first_sender():
    def two(source):
        return path(source, communities=("1:1", "65000:1"))

    exactly = frozenset({"1:1"})
    routers = chain(near={"routes": two("10.0.1.2"), "received": {"10.0.1.2": two("10.0.1.2")}})
    routers["middle"].routes = two("10.0.2.2")
    result = failures([wanted("near", "10.0.1.2", communities=exactly)], **routers)
    assert {each.cause for each in result.failures} == {"communities sent by far"}


def test_a_prefix_too_many_is_one_cause_wherever_it_arrives():
    alone = wanted("near", "10.0.1.9").model_copy(update={"active": None, "absent": True})
    exactly = ReceivedRoutes(router="middle", peer=ip_address("10.0.2.2"), prefixes=frozenset())
    result = failures([alone, exactly], **chain())
    assert {each.cause for each in result.failures} == {"what far advertises"}


def test_local_preference_is_blamed_on_the_router_that_set_it():
    result = failures([wanted("near", "10.0.1.2", local_preference=150)], **chain())
    assert {each.cause for each in result.failures} == {"local-preference sent by middle"}


def test_a_med_is_blamed_on_the_router_that_tells_it_to_the_next_as():
    expected = wanted("middle", "10.0.2.2", med=10)
    result = failures([expected, wanted("near", "10.0.1.2", med=10)], **chain())
    assert {each.cause for each in result.failures} == {"med sent by far"}
    routers = chain(near={"sessions": session("10.0.1.2", kind="External")})
    result = failures([wanted("near", "10.0.1.2", med=10)], **routers)
    assert {each.cause for each in result.failures} == {"med sent by middle"}


def test_a_route_that_is_lost_two_routers_away_has_one_cause_at_all_of_them():
    nothing = {"routes": ""}
    result = failures(
        [wanted("near", "10.0.1.2", cluster_list=()), wanted("middle", "10.0.2.2")],
        **chain(near=nothing, middle=nothing, far=nothing),
    )
    assert result.failures[0].expected == "learned-from 10.0.1.2"
    assert {each.cause for each in result.failures} == {f"far has no route to {PREFIX}"}
    assert result.failures[0].why.startswith("never received: 10.0.1.2 (middle)")
    assert "; at middle, never received: 10.0.2.2 (far)" in result.failures[0].why
    assert {each.next for each in result.failures} == {
        f"show route table inet.0 {PREFIX} detail (on far)"
    }


def test_a_route_that_is_used_and_not_passed_on_is_laid_to_the_one_that_keeps_it():
    result = failures([wanted("middle", "10.0.2.2")], **chain(middle={"routes": ""}))
    assert {each.cause for each in result.failures} == {"what far advertises"}
    assert result.failures[0].next == "show route advertising-protocol bgp 10.0.2.1 (on far)"


def test_a_path_too_many_is_laid_to_the_neighbor_that_sends_it():
    both = path("10.0.1.2") + path("10.0.1.9", active=False, reason="Router ID")
    alone = wanted("near", "10.0.1.2").model_copy(update={"alternatives": ()})
    result = failures([alone], **chain(near={"routes": both}))
    assert {each.cause for each in result.failures} == {"what 10.0.1.9 advertises"}


def test_a_session_that_is_up_without_the_family_it_must_carry_says_so():
    expected = BgpSession(
        router="near",
        peer=ip_address("10.0.1.2"),
        instance="master",
        tables={"bgp.l3vpn.0": PrefixCounts(received=3)},
    )
    result = failures([expected], **chain())
    assert {each.cause for each in result.failures} == {
        "BGP session middle - near carries no bgp.l3vpn.0"
    }


def test_a_static_route_that_is_not_there_is_its_own_cause():
    static = RoutePath(protocol="Static", next_hop=ip_address("10.0.1.2"))
    expected = wanted("near", "10.0.1.2").model_copy(update={"active": static})
    result = failures([expected], **chain(near={"routes": ""}))
    assert {each.cause for each in result.failures} == {f"near has no static route to {PREFIX}"}
    both = failures(
        [expected, IsisAdjacency(router="gone", interface="ge-0/0/0.0")],
        **chain(near={"routes": ""}),
    )
    assert {each.cause for each in both.failures} == {
        f"near has no static route to {PREFIX}",
        "gone could not be asked",
    }


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
