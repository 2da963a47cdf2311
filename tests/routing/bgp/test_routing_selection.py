"""Selection by elimination: each step, its reason, and independence of the order of arrival."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.route import (
    BgpAttributes,
    InactiveReason,
    Multipath,
    NextHop,
    Origin,
    Protocol,
    Route,
)
from multihome.twin.routing.selection import Options, select

PREFIX = Prefix.parse("10.0.0.0/8")


def bgp(peer: int = 1, **facts: Any) -> Route:
    """A route that every step ties for, but for what is said."""
    attributes = {
        key: facts.pop(key)
        for key in ("as_path", "origin", "local_preference", "med", "cluster_list", "originator_id")
        if key in facts
    }
    base = BgpAttributes(Address(99), as_path=(65001,), local_preference=100)
    route = Route(
        PREFIX,
        Protocol.BGP,
        170,
        (NextHop(Address(peer), "ge-0/0/0.0"),),
        source=str(peer),
        bgp=replace(base, **attributes),
        learned_from=Address(peer),
        peer_id=Address(7),
        metric2=10,
    )
    return route._replace(**facts)


@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        ({"preference": 171}, InactiveReason.PREFERENCE),
        ({"local_preference": 99}, InactiveReason.LOCAL_PREFERENCE),
        ({"as_path": (65001, 65002)}, InactiveReason.AS_PATH),
        ({"origin": Origin.INCOMPLETE}, InactiveReason.ORIGIN),
        ({"med": 5}, InactiveReason.GROUP_MED),
        ({"metric2": 11}, InactiveReason.GROUP_IGP_METRIC),
        ({"primary_table": "bgp.l3vpn.0"}, InactiveReason.GROUP_SECONDARY),
        ({"peer_id": Address(8)}, InactiveReason.GROUP_ROUTER_ID),
        ({"cluster_list": (Address(1),)}, InactiveReason.GROUP_CLUSTER_LIST),
        ({"peer": 2}, InactiveReason.GROUP_PEER_ADDRESS),
    ],
    ids=lambda value: str(value) if isinstance(value, InactiveReason) else next(iter(value)),
)
def test_a_path_worse_in_one_attribute_loses_for_that_reason(
    worse: dict[str, Any], reason: InactiveReason
) -> None:
    better = bgp(peer=1)
    for routes in permutations([better, bgp(**{"peer": 2, "source": "worse"} | worse)]):
        chosen = select(routes)
        assert chosen.routes[0] == better
        assert chosen.inactive == (reason,)


def test_external_beats_internal() -> None:
    external = bgp(peer=9, peer_external=True)
    chosen = select([bgp(peer=1), external])
    assert chosen.routes[0] is external
    assert chosen.inactive == (InactiveReason.GROUP_INTERIOR,)


def test_between_neighbour_as_the_reason_is_the_plain_one_and_the_med_does_not_count() -> None:
    cheap = bgp(peer=2, as_path=(65002,), med=1, metric2=20)
    near = bgp(peer=1, as_path=(65001,), med=100, metric2=10)
    chosen = select([cheap, near])
    assert chosen.routes[0] is near
    assert chosen.inactive == (InactiveReason.IGP_METRIC,)
    compared = select([cheap, near], options=Options(always_compare_med=True))
    assert compared.routes[0] is cheap
    assert compared.inactive == (InactiveReason.ALWAYS_COMPARE_MED,)


def test_the_med_is_deterministic() -> None:
    """The classic three paths of which a fold finds another best for each order (RFC 4451)."""
    paths = [
        bgp(peer=1, as_path=(1, 9), med=10, metric2=20, peer_id=Address(1)),
        bgp(peer=2, as_path=(2, 9), med=0, metric2=15, peer_id=Address(2)),
        bgp(peer=3, as_path=(1, 9), med=5, metric2=30, peer_id=Address(3)),
    ]
    assert {select(order).routes[0].source for order in permutations(paths)} == {"2"}


def test_an_active_external_path_is_not_ousted_by_a_lower_router_id() -> None:
    old = bgp(peer=2, peer_external=True, peer_id=Address(9))
    new = bgp(peer=1, peer_external=True, peer_id=Address(3))
    chosen = select([old, new], previous=old)
    assert chosen.routes[0] is old
    assert chosen.inactive == (InactiveReason.GROUP_ACTIVE_PREFERRED,)
    assert select([old, new]).routes[0] is new
    fixed = select([old, new], previous=old, options=Options(external_router_id=True))
    assert fixed.routes[0] is new
    twin = new._replace(peer_id=Address(9))
    assert select([old, twin], previous=old).routes[0] is twin


def test_the_originator_stands_in_for_the_router_id() -> None:
    reflected = bgp(peer=1, peer_id=Address(1), originator_id=Address(9))
    direct = bgp(peer=2, peer_id=Address(5))
    assert select([reflected, direct]).routes[0] is direct


def test_a_missing_med_counts_as_zero() -> None:
    assert select([bgp(peer=2, med=None), bgp(peer=1, med=1)]).routes[0].source == "2"


def test_path_selection_options_change_the_steps() -> None:
    long_, short = bgp(peer=1, as_path=(1, 2)), bgp(peer=2, as_path=(1,))
    assert select([long_, short], options=Options(as_path_ignore=True)).routes[0] is long_
    far, near = bgp(peer=1, med=1, metric2=50), bgp(peer=2, med=5, metric2=10)
    assert select([far, near]).routes[0] is far
    assert select([far, near], options=Options(med_plus_igp=True)).routes[0] is near


def test_protocols_rank_by_preference() -> None:
    static = Route(PREFIX, Protocol.STATIC, 5)
    chosen = select([bgp(), static])
    assert chosen.routes[0] is static
    assert chosen.inactive == (InactiveReason.PREFERENCE,)


def test_routes_of_one_protocol_are_in_no_group() -> None:
    """Neighbour ASes are a matter of BGP: a metric decides between static routes by itself."""
    ten = Prefix.parse("10.0.0.0/8")
    low = Route(ten, Protocol.STATIC, 5, source="a", metric=1)
    high = Route(ten, Protocol.STATIC, 5, source="b", metric=2)
    same = Route(ten, Protocol.STATIC, 5, source="c", metric=1)
    assert select([high, low]).inactive == (InactiveReason.MED,)
    assert select([same, low]).inactive == (InactiveReason.NO_DIFFERENCE,)


def test_equal_paths_share_the_load_when_both_may() -> None:
    same = [bgp(peer=n, multipath=Multipath.SAME_AS) for n in (1, 2)]
    assert [str(hop.to) for hop in select(same).routes[0].next_hops] == ["0.0.0.1", "0.0.0.2"]
    alien = bgp(peer=3, as_path=(65002,), multipath=Multipath.SAME_AS)
    assert len(select([*same, alien]).routes[0].next_hops) == 2
    any_as = [bgp(peer=n, as_path=(n,), multipath=Multipath.ANY_AS) for n in (1, 2, 3)]
    assert len(select(any_as).routes[0].next_hops) == 3
    farther = bgp(peer=4, metric2=11, multipath=Multipath.SAME_AS)
    assert len(select([*same, farther]).routes[0].next_hops) == 2


def test_a_med_keeps_nobody_of_another_as_from_sharing_the_load() -> None:
    """Paths share the load that tie up to the IGP metric; MEDs are compared within an AS."""
    any_as = [
        bgp(peer=1, as_path=(1,), med=75, multipath=Multipath.ANY_AS),
        bgp(peer=2, as_path=(2,), med=50, multipath=Multipath.ANY_AS),
        bgp(peer=3, as_path=(1,), med=100, multipath=Multipath.ANY_AS),
    ]

    def shared(**options: bool) -> set[str]:
        active = select(any_as, options=Options(**options)).routes[0]
        return {str(hop.to) for hop in active.next_hops}

    assert shared() == {"0.0.0.1", "0.0.0.2"}
    assert shared(always_compare_med=True) == {"0.0.0.2"}


paths = st.builds(
    bgp,
    peer=st.integers(1, 99),
    as_path=st.lists(st.integers(1, 3), min_size=1, max_size=2).map(tuple),
    med=st.integers(0, 2),
    metric2=st.integers(0, 2),
    local_preference=st.integers(99, 100),
    peer_external=st.booleans(),
    peer_id=st.integers(1, 4).map(Address),
    cluster_list=st.lists(st.just(Address(1)), max_size=2).map(tuple),
)


@given(st.lists(paths, min_size=1, max_size=6, unique_by=lambda r: r.source), st.randoms())
def test_the_order_of_arrival_does_not_matter(routes: list[Route], random: Any) -> None:
    expected = select(routes)
    shuffled = random.sample(routes, len(routes))
    assert select(shuffled) == expected


@given(st.lists(paths, min_size=2, max_size=6, unique_by=lambda r: r.source))
def test_taking_a_loser_away_does_not_change_the_winner_of_an_always_compared_med(
    routes: list[Route],
) -> None:
    options = Options(always_compare_med=True)
    best, *losers = select(routes, options=options).routes
    for loser in losers:
        rest = [route for route in routes if route is not loser]
        assert select(rest, options=options).routes[0] is best


@given(st.lists(paths, min_size=1, max_size=6, unique_by=lambda r: r.source))
def test_everybody_but_the_winner_has_a_reason(routes: list[Route]) -> None:
    chosen = select(routes)
    assert sorted(map(id, chosen.routes)) == sorted(map(id, routes))
    assert len(chosen.inactive) == len(routes) - 1


def test_cisco_non_deterministic_depends_on_the_order_of_arrival() -> None:
    """Each beats the next in a circle: who is met last decides."""
    paths = [
        bgp(peer=1, as_path=(1, 9), med=10, metric2=10),
        bgp(peer=2, as_path=(2, 9), med=0, metric2=20),
        bgp(peer=3, as_path=(1, 9), med=5, metric2=30),
    ]
    options = Options(non_deterministic=True)
    winners = {
        select([one._replace(installed=float(age)) for age, one in enumerate(order)], None, options)
        .routes[0]
        .source
        for order in permutations(paths)
    }
    assert winners == {"1", "2", "3"}
    chosen = select([paths[0], paths[2]], None, options)
    assert chosen.inactive == (InactiveReason.CISCO_MED,)
