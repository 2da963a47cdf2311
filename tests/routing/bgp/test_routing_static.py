"""Static, aggregate and generated routes, and the resolution of next hops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from multihome.twin.addressing import Prefix
from multihome.twin.routing.route import NextHopKind, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network
    from multihome.twin.routing.route import Entry

P = Prefix.parse
HERE = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24
set interfaces lo0 unit 0 family inet address 1.1.1.1/32
"""
THERE = "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/24\n"


def entry(made: Network, prefix: str, name: str = "here") -> Entry | None:
    return made.nodes[name].rib("inet.0").entry(P(prefix))


def hops(made: Network, prefix: str) -> list[str]:
    found = entry(made, prefix)
    return [] if found is None else [str(hop.to or hop.via) for hop in found.active.next_hops]


STATIC = "set routing-options static route 5.0.0.0/8 {}\n"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("next-hop 10.0.0.9", ["10.0.0.9"]),
        ("next-hop [ 10.0.0.9 10.0.1.9 ]", ["10.0.0.9", "10.0.1.9"]),
        ("next-hop [ 10.0.0.9 10.7.1.9 ]", ["10.0.0.9"]),
        ("next-hop 10.7.1.9", []),
        ("next-hop 10.0.0.1", []),
        ("next-hop ge-0/0/1.0", ["ge-0/0/1.0"]),
        ("next-hop ge-0/0/7.0", []),
    ],
)
def test_a_static_route_needs_a_next_hop_on_a_link(
    network: Callable[..., Network], statement: str, found: list[str]
) -> None:
    assert hops(network(here=HERE + STATIC.format(statement)), "5.0.0.0/8") == found


@pytest.mark.parametrize("action", ["discard", "reject", "receive"])
def test_a_static_route_may_go_nowhere(network: Callable[..., Network], action: str) -> None:
    found = entry(network(here=HERE + STATIC.format(action)), "5.0.0.0/8").active
    assert (found.kind, found.next_hops, found.preference) == (NextHopKind(action.title()), (), 5)


def test_attributes_of_a_static_route(network: Callable[..., Network]) -> None:
    text = "".join(
        STATIC.format(s) for s in ("discard", "preference 9", "metric 4", "tag 7", "community 1:1")
    )
    found = entry(network(here=HERE + text), "5.0.0.0/8").active
    assert (found.preference, found.metric, found.tag) == (9, 4, 7)
    assert found.communities == ("1:1",)


def test_defaults_hold_where_a_route_says_nothing(network: Callable[..., Network]) -> None:
    defaults = "set routing-options static defaults {}\n"
    text = defaults.format("preference 99") + defaults.format("no-readvertise")
    made = network(here=HERE + text + STATIC.format("discard"))
    found = entry(made, "5.0.0.0/8").active
    assert (found.preference, found.readvertise) == (99, False)


def test_a_qualified_next_hop_is_a_route_of_its_own_preference(
    network: Callable[..., Network],
) -> None:
    text = STATIC.format("next-hop 10.0.0.9") + STATIC.format(
        "qualified-next-hop 10.0.1.9 preference 7"
    )
    made = network(here=HERE + text, there=THERE)
    assert [route.preference for route in entry(made, "5.0.0.0/8").routes] == [5, 7]
    made.fault("interface", "here", "ge-0/0/0.0")
    made.converge()
    assert hops(made, "5.0.0.0/8") == ["10.0.1.9"]
    made.fault("interface", "here", "ge-0/0/0.0", on=False)
    made.converge()
    assert hops(made, "5.0.0.0/8") == ["10.0.0.9"]


def test_resolve_looks_the_next_hop_up_and_follows_it(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    text = HERE + STATIC.format("next-hop 7.7.7.7") + STATIC.format("resolve")
    made = network(here=text)
    [hidden] = entry(made, "5.0.0.0/8").routes
    assert hidden.hidden == "unusable path"
    via = "set routing-options static route 7.0.0.0/8 next-hop 10.0.{}.9\n"
    for link in (0, 1):
        made.configure("here", router(text + via.format(link)))
        made.converge()
        assert hops(made, "5.0.0.0/8") == [f"10.0.{link}.9"]
    made.configure("here", router(HERE))
    made.converge()
    assert entry(made, "5.0.0.0/8") is None


AGGREGATE = "set routing-options aggregate route 5.0.0.0/8{}\n"
INSIDE = "set routing-options static route 5.1.0.0/16 next-hop 10.0.0.9\n"


def test_an_aggregate_needs_a_contributor(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    made = network(here=HERE + AGGREGATE.format(""))
    [alone] = entry(made, "5.0.0.0/8").routes
    assert alone.hidden
    made.configure("here", router(HERE + AGGREGATE.format("") + INSIDE))
    made.converge()
    active = entry(made, "5.0.0.0/8").active
    assert (active.protocol, active.kind, active.preference) == (
        Protocol.AGGREGATE,
        NextHopKind.REJECT,
        130,
    )
    made.configure("here", router(HERE + AGGREGATE.format(" discard") + INSIDE))
    made.converge()
    assert entry(made, "5.0.0.0/8").active.kind is NextHopKind.DISCARD
    made.configure("here", router(HERE + INSIDE))
    made.converge()
    assert entry(made, "5.0.0.0/8") is None


def test_a_policy_chooses_the_contributors(network: Callable[..., Network]) -> None:
    policy = """
    set policy-options policy-statement none then reject
    """
    made = network(here=HERE + INSIDE + policy + AGGREGATE.format(" policy none"))
    assert entry(made, "5.0.0.0/8").active is None


def test_a_generated_route_goes_the_way_of_its_primary_contributor(
    network: Callable[..., Network],
) -> None:
    generate = "set routing-options generate route 0.0.0.0/0\n"
    second = "set routing-options static route 5.0.0.0/16 next-hop 10.0.1.9\n"
    made = network(here=HERE + INSIDE + second + generate)
    assert hops(made, "0.0.0.0/0") == ["10.0.1.9"]  # the lowest numbered of equals


def test_an_aggregate_of_an_aggregate(network: Callable[..., Network]) -> None:
    wider = "set routing-options aggregate route 4.0.0.0/6\n"
    made = network(here=HERE + INSIDE + AGGREGATE.format("") + wider)
    assert entry(made, "4.0.0.0/6").active is not None


@pytest.mark.parametrize(("taken", "active"), [("aggregates", True), ("statics", False)])
def test_a_route_contributes_to_one_aggregate_alone(
    network: Callable[..., Network], taken: str, *, active: bool
) -> None:
    """The /16 takes the static route; what the /8 takes is the /16, if its policy lets it."""
    made = network(
        here=HERE
        + f"""
set routing-options static route 5.1.1.0/24 discard
set routing-options aggregate route 5.1.0.0/16
set routing-options aggregate route 5.0.0.0/8 policy {taken}
set policy-options policy-statement statics term s from protocol static
set policy-options policy-statement statics term s then accept
set policy-options policy-statement statics term r then reject
set policy-options policy-statement aggregates term a from protocol aggregate
set policy-options policy-statement aggregates term a then accept
set policy-options policy-statement aggregates term r then reject
"""
    )
    assert (entry(made, "5.0.0.0/8").active is not None) is active


def test_no_readvertise_keeps_a_route_from_bgp(network: Callable[..., Network]) -> None:
    bgp = """
    set routing-options autonomous-system {own}
    set protocols bgp group g type external
    set protocols bgp group g neighbor 10.0.0.{far} peer-as {other}
    set protocols bgp group g export all
    set policy-options policy-statement all from protocol static
    set policy-options policy-statement all then accept
    """
    for extra, found in (("", True), (STATIC.format("no-readvertise"), False)):
        made = network(
            here=HERE + STATIC.format("discard") + extra + bgp.format(own=1, far=2, other=2),
            there=THERE + bgp.format(own=2, far=1, other=1),
        )
        assert (entry(made, "5.0.0.0/8", "there") is not None) is found


def test_a_route_does_not_resolve_through_itself(network: Callable[..., Network]) -> None:
    """The peer advertises a prefix that holds its own next hop; without another way it hides."""
    one = """
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
    set interfaces lo0 unit 0 family inet address 1.1.1.1/32
    set routing-options autonomous-system 1
    set protocols bgp group g type internal
    set protocols bgp group g neighbor 10.0.0.2
    """
    two = """
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/24
    set interfaces lo0 unit 0 family inet address 2.2.2.2/32
    set routing-options autonomous-system 1
    set routing-options static route 5.0.0.0/8 discard
    set protocols bgp group g type internal
    set protocols bgp group g neighbor 10.0.0.1
    set protocols bgp group g export e
    set policy-options policy-statement e from protocol static
    set policy-options policy-statement e then next-hop 5.5.5.5
    set policy-options policy-statement e then accept
    """
    made = network(here=one, there=two)
    [route] = entry(made, "5.0.0.0/8").routes
    assert route.hidden == "unusable path"
    default = "set routing-options static route 0.0.0.0/0 next-hop 10.0.0.2\n"
    made = network(here=one + default, there=two)
    assert hops(made, "5.0.0.0/8") == ["10.0.0.2"]


def test_two_routes_do_not_resolve_through_each_other(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    speaker = """
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{own}/24
    set interfaces lo0 unit 0 family inet address {own}.{own}.{own}.{own}/32
    set routing-options autonomous-system 1
    set protocols bgp group g type internal
    set protocols bgp group g neighbor 10.0.0.{far}
    """
    sender = """
    set routing-options static route 5.0.0.0/8 discard
    set routing-options static route 6.0.0.0/8 discard
    set protocols bgp group g export e
    set policy-options policy-statement e term a from route-filter 5.0.0.0/8 exact
    set policy-options policy-statement e term a then next-hop 6.6.6.6
    set policy-options policy-statement e term a then accept
    set policy-options policy-statement e term b from route-filter 6.0.0.0/8 exact
    set policy-options policy-statement e term b then next-hop 5.5.5.5
    set policy-options policy-statement e term b then accept
    """
    default = "set routing-options static route 0.0.0.0/0 next-hop 10.0.0.2\n"
    here = speaker.format(own=1, far=2)
    made = network(here=here + default, there=speaker.format(own=2, far=1) + sender)
    assert hops(made, "5.0.0.0/8") == hops(made, "6.0.0.0/8") == ["10.0.0.2"]
    made.configure("here", router(here))
    made.converge()
    hidden = [r.hidden for prefix in ("5.0.0.0/8", "6.0.0.0/8") for r in entry(made, prefix).routes]
    assert hidden == ["unusable path"] * 2
    made.configure("here", router(here + default))
    made.converge()
    assert hops(made, "5.0.0.0/8") == ["10.0.0.2"]


def test_a_passive_route_stays_without_a_next_hop(network: Callable[..., Network]) -> None:
    route = "set routing-options static route 7.0.0.0/8"
    made = network(here=f"{HERE}{route} next-hop 10.9.9.9\n{route} passive\n")
    found = entry(made, "7.0.0.0/8").active
    assert (found.kind, found.next_hops) == (NextHopKind.REJECT, ())


def test_a_better_route_does_not_stand_on_the_one_it_would_oust(
    network: Callable[..., Network],
) -> None:
    """Its next hop is inside its own prefix, which another route leads to: for ever on and off."""
    here = """
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
    set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24
    set routing-options autonomous-system 1
    set protocols bgp group g neighbor 10.0.0.2 peer-as 1
    set protocols bgp group x neighbor 10.0.1.2 peer-as 2
    """
    sender = """
    set interfaces ge-0/0/{port} unit 0 family inet address 10.0.{port}.2/24
    set routing-options autonomous-system {own}
    set routing-options static route 5.0.0.0/8 discard
    set protocols bgp group g export e
    set protocols bgp group g neighbor 10.0.{port}.1 peer-as 1
    set policy-options policy-statement e then {action}
    set policy-options policy-statement e then accept
    """
    made = network(
        here=here,
        inside=sender.format(port=0, own=1, action="next-hop 5.1.1.1") + PREFERRED,
        outside=sender.format(port=1, own=2, action="origin igp"),
    )
    found = entry(made, "5.0.0.0/8")
    assert str(found.active.bgp.next_hop) == "10.0.1.2"
    assert [route.hidden for route in found.routes] == [None, "unusable path"]


PREFERRED = "set policy-options policy-statement e then local-preference 200\n"


def test_static_routes_do_not_resolve_through_each_other(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    static = "set routing-options static route"
    mutual = "".join(
        f"{static} {prefix} next-hop {hop}\n{static} {prefix} resolve\n"
        for prefix, hop in (("5.0.0.0/8", "6.1.1.1"), ("6.0.0.0/8", "5.1.1.1"))
    )
    way = f"{static} 0.0.0.0/0 next-hop 10.0.0.2\n"
    made = network(here=HERE + mutual + way)
    assert hops(made, "5.0.0.0/8") == hops(made, "6.0.0.0/8") == ["10.0.0.2"]
    made.configure("here", router(HERE + mutual))
    made.converge()
    for prefix in ("5.0.0.0/8", "6.0.0.0/8"):
        assert [route.hidden for route in entry(made, prefix).routes] == ["unusable path"]
