"""Policies, from set commands to what becomes of a route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.policy import NextHopAction
from multihome.twin.routing.policy.evaluation import Engine
from multihome.twin.routing.policy.subject import Destination, Subject
from multihome.twin.routing.route import BgpAttributes, NextHop, Origin, Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router

ATTRIBUTES = BgpAttributes(
    Address.parse("10.0.0.9"),
    as_path=(65001, 65002),
    local_preference=100,
    med=20,
    communities=("65000:1", "65000:2", "target:1:1"),
)


def route(prefix: str = "192.168.1.0/24", **facts: Any) -> Route:
    known = {
        "protocol": Protocol.BGP,
        "preference": 170,
        "next_hops": (NextHop(Address.parse("10.0.0.9"), "ge-0/0/0.0"),),
        "bgp": ATTRIBUTES,
        "learned_from": Address.parse("10.0.0.9"),
        "metric2": 7,
    }
    return Route(Prefix.parse(prefix), **(known | facts))


@pytest.fixture
def run(router: Callable[[str], Router]) -> Callable[..., tuple[bool, Subject]]:
    def evaluate(
        text: str,
        subject: Subject | Route | None = None,
        chain: tuple[str, ...] = ("p",),
        *,
        default: bool = False,
    ) -> tuple[bool, Subject]:
        lines = [line.strip() for line in text.strip().splitlines()]
        made = router("\n".join(f"set policy-options {line}" for line in lines))
        if not isinstance(subject, Subject):
            subject = Subject(subject or route(), accepted_by_default=default)
        return Engine(made.policies).accepts(chain, subject, default=default), subject

    return evaluate


STATIC = route(protocol=Protocol.STATIC, preference=5, bgp=None, tag=7, metric=3, learned_from=None)


@pytest.mark.parametrize(
    ("condition", "subject", "matches"),
    [
        ("protocol bgp", None, True),
        ("protocol [ static direct ]", None, False),
        ("protocol static", STATIC, True),
        ("route-filter 192.168.1.0/24 exact", None, True),
        ("route-filter 192.168.0.0/16 exact", None, False),
        ("route-filter 192.168.0.0/16 orlonger", None, True),
        ("route-filter 192.168.1.0/24 orlonger", None, True),
        ("route-filter 192.168.1.0/24 longer", None, False),
        ("route-filter 192.168.0.0/16 longer", None, True),
        ("route-filter 192.168.0.0/16 upto /24", None, True),
        ("route-filter 192.168.0.0/16 upto /23", None, False),
        ("route-filter 192.168.0.0/16 prefix-length-range /20-/24", None, True),
        ("route-filter 192.168.0.0/16 prefix-length-range /25-/32", None, False),
        ("route-filter 192.168.0.0/16 through 192.168.1.128/25", None, True),
        ("route-filter 192.168.0.0/16 through 192.168.2.0/24", None, False),
        ("route-filter 192.0.1.0/24 address-mask 255.0.255.0", None, True),
        ("route-filter 192.0.2.0/24 address-mask 255.0.255.0", None, False),
        ("route-filter 192.0.1.0/25 address-mask 255.0.255.0", None, False),
        ("route-filter 0.0.1.0/24 address-mask 0.0.255.0", None, True),
        ("neighbor 10.0.0.9", None, True),
        ("neighbor 10.0.0.8", None, False),
        ("next-hop [ 10.0.0.8 10.0.0.9 ]", None, True),
        ("next-hop 10.0.0.8", None, False),
        ("interface ge-0/0/0.0", None, True),
        ("interface ge-0/0/1.0", None, False),
        ("metric 20", None, True),
        ("metric 21", None, False),
        ("metric 3", STATIC, True),
        ("local-preference 100", None, True),
        ("local-preference 10", None, False),
        ("preference 170", None, True),
        ("tag 7", STATIC, True),
        ("tag 8", STATIC, False),
        ("origin igp", None, True),
        ("origin incomplete", None, False),
        ("family inet", None, True),
        ("family inet-vpn", None, False),
        ("rib inet.0", None, True),
        ("rib inet.3", None, False),
        ("instance master", None, True),
        ("instance other", None, False),
        ("state active", None, True),
        ("state inactive", None, False),
    ],
)
def test_a_condition_matches(
    run: Callable[..., Any], condition: str, subject: Route | None, *, matches: bool
) -> None:
    accepted, _ = run(
        f"""policy-statement p term t from {condition}
        policy-statement p term t then accept""",
        subject,
    )
    assert accepted is matches


GOING = Destination("isis", "v.inet.0", "v", level=2)
RECEIVED = Destination("bgp", "inet.0", "master", received=True)


@pytest.mark.parametrize(
    ("condition", "destination", "matches"),
    [
        ("protocol isis", GOING, True),
        ("protocol bgp", GOING, False),
        ("level 2", GOING, True),
        ("level 1", GOING, False),
        ("rib v.inet.0", GOING, True),
        ("instance master", GOING, False),
        ("neighbor 10.0.0.8", GOING, True),  # of no account on the way out
        ("neighbor 10.0.0.8", RECEIVED, False),
        ("neighbor 10.0.0.9", RECEIVED, True),
        ("metric 21", RECEIVED, False),
        ("community two", RECEIVED, True),
    ],
)
def test_a_condition_on_the_destination_matches(
    run: Callable[..., Any], condition: str, destination: Destination, *, matches: bool
) -> None:
    accepted, _ = run(
        f"""policy-statement p term t from protocol bgp
        policy-statement p term t to {condition}
        policy-statement p term t then accept
        community two members 65000:2""",
        Subject(route(), destination=destination),
    )
    assert accepted is matches


@pytest.mark.parametrize(
    ("definition", "matches"),
    [
        ("members 65000:1", True),
        ("members 65000:3", False),
        ("members [ 65000:1 65000:2 ]", True),
        ("members [ 65000:1 65000:3 ]", False),
        ("members 65000:*", True),
        ("members *:2", True),
        ('members "^65[0-9]{3}:[12]$"', True),
        ('members "65000:[3-9]"', False),
        ("members target:*:1", True),
        ("members target:1:1", True),
        ("members origin:1:1", False),
    ],
)
@pytest.mark.parametrize("inverted", [False, True])
def test_a_community_matches_when_each_member_is_found(
    run: Callable[..., Any], definition: str, *, matches: bool, inverted: bool
) -> None:
    invert = "community c invert-match\n" if inverted else ""
    accepted, _ = run(
        f"""{invert}community c {definition}
        policy-statement p from community c
        policy-statement p then accept"""
    )
    assert accepted is (matches is not inverted)


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("65001 .*", True),
        (".* 65002", True),
        ("65002 .*", False),
        (".{2}", True),
        (".", False),
        ("65001-65009+", True),
        ("65001 (65002|65003)", True),
        ("()", False),
        ("65001 65002 65003?", True),
    ],
)
def test_an_as_path_matches_whole(
    run: Callable[..., Any], expression: str, *, matches: bool
) -> None:
    for definition, reference in (
        (f'as-path a "{expression}"', "as-path a"),
        (f'as-path-group g as-path a "{expression}"', "as-path-group g"),
    ):
        accepted, _ = run(
            f"""{definition}
            policy-statement p from {reference}
            policy-statement p then accept"""
        )
        assert accepted is matches


def test_the_longest_route_filter_alone_is_asked(run: Callable[..., Any]) -> None:
    accepted, _ = run(
        """policy-statement p from route-filter 192.168.0.0/16 orlonger
        policy-statement p from route-filter 192.168.1.0/24 longer
        policy-statement p then accept"""
    )
    assert not accepted


def test_actions_given_with_a_route_filter_take_the_place_of_the_terms(
    run: Callable[..., Any],
) -> None:
    text = """policy-statement p from route-filter 192.168.0.0/16 orlonger reject
        policy-statement p from route-filter 10.0.0.0/8 orlonger
        policy-statement p then accept"""
    assert not run(text)[0]
    assert run(text, route("10.1.0.0/16"))[0]


@pytest.mark.parametrize(
    ("prefix", "metric"), [("10.1.0.0/16", 1), ("10.1.2.0/24", 2), ("10.3.0.0/16", 3)]
)
def test_actions_given_with_a_prefix_list_take_the_place_of_the_terms(
    run: Callable[..., Any], prefix: str, metric: int
) -> None:
    accepted, subject = run(
        """prefix-list net 10.1.0.0/16
        prefix-list other 10.3.0.0/16
        policy-statement p term t from prefix-list net metric 1
        policy-statement p term t from prefix-list net accept
        policy-statement p term t from prefix-list-filter net longer metric 2
        policy-statement p term t from prefix-list-filter net longer accept
        policy-statement p term t from prefix-list other
        policy-statement p term t then metric 3
        policy-statement p term t then accept""",
        route(prefix),
    )
    assert (accepted, subject.metric) == (True, metric)


def test_prefix_lists_and_route_filters_are_alternatives(run: Callable[..., Any]) -> None:
    accepted, _ = run(
        """prefix-list l 192.168.1.0/24
        policy-statement p from prefix-list l
        policy-statement p from route-filter 10.0.0.0/8 exact
        policy-statement p then accept"""
    )
    assert accepted


@pytest.mark.parametrize(
    ("match", "matches"), [("exact", False), ("longer", True), ("orlonger", True)]
)
def test_a_prefix_list_filter_loosens_a_list(
    run: Callable[..., Any], match: str, *, matches: bool
) -> None:
    accepted, _ = run(
        f"""prefix-list l 192.168.0.0/16
        policy-statement p from prefix-list-filter l {match}
        policy-statement p then accept"""
    )
    assert accepted is matches


@pytest.mark.parametrize(
    ("action", "attribute", "value"),
    [
        ("metric 5", "metric", 5),
        ("metric add 5", "metric", 25),
        ("metric subtract 50", "metric", 0),
        ("metric igp", "metric", 7),
        ("metric igp 3", "metric", 10),
        ("metric minimum-igp 1", "metric", 8),
        ("local-preference 150", "local_preference", 150),
        ("local-preference add 7", "local_preference", 107),
        ("local-preference subtract 200", "local_preference", 0),
        ("preference 9", "preference", 9),
        ("tag 4", "tag", 4),
        ("tag add 4", "tag", 4),
        ("origin incomplete", "origin", Origin.INCOMPLETE),
        ('as-path-prepend "1 2"', "as_path", (1, 2, 65001, 65002)),
        ("as-path-expand last-as count 2", "as_path", (65001, 65001, 65001, 65002)),
        ("next-hop self", "next_hop", NextHopAction.SELF),
        ("next-hop peer-address", "next_hop", NextHopAction.PEER_ADDRESS),
        ("next-hop discard", "next_hop", NextHopAction.DISCARD),
        ("next-hop 10.9.9.9", "next_hop", Address.parse("10.9.9.9")),
        ("community add x", "communities", ("65000:1", "65000:2", "65000:9", "target:1:1")),
        ("community delete one", "communities", ("65000:2", "target:1:1")),
        ("community delete all", "communities", ("target:1:1",)),
        ("community set x", "communities", ("65000:9",)),
    ],
)
def test_an_action_edits(
    run: Callable[..., Any], action: str, attribute: str, value: object
) -> None:
    accepted, subject = run(
        f"""community x members 65000:9
        community one members 65000:1
        community all members 65000:*
        policy-statement p then {action}"""
    )
    assert not accepted
    assert getattr(subject, attribute) == value


TWO_TERMS = """policy-statement p term a from protocol bgp
    policy-statement p term a then {first}
    policy-statement p term b then metric 9
    policy-statement p term b then accept
    policy-statement q then reject"""


@pytest.mark.parametrize(
    ("first", "accepted", "metric"),
    [
        ("accept", True, 20),
        ("reject", False, 20),
        ("next term", True, 9),
        ("next policy", False, 20),
        ("tag 1", True, 9),
    ],
)
def test_a_term_says_where_to_go(
    run: Callable[..., Any], first: str, *, accepted: bool, metric: int
) -> None:
    found, subject = run(TWO_TERMS.format(first=first), chain=("p", "q"))
    assert (found, subject.metric) == (accepted, metric)


def test_what_no_policy_decides_falls_to_the_default(run: Callable[..., Any]) -> None:
    text = "policy-statement p then metric 1"
    assert run(text, default=True)[0]
    assert not run(text, default=False)[0]


def test_a_default_action_replaces_the_default_and_lets_the_chain_go_on(
    run: Callable[..., Any],
) -> None:
    text = """policy-statement p then default-action accept
        policy-statement q then metric 1"""
    accepted, subject = run(text, chain=("p", "q"))
    assert (accepted, subject.metric) == (True, 1)


SUBROUTINE = """policy-statement sub term a from community one
    policy-statement sub term a then metric 5
    policy-statement sub term a then accept
    policy-statement sub term b then reject
    community one members {member}
    policy-statement p from policy sub
    policy-statement p then local-preference 7
    policy-statement p then accept"""


def test_a_subroutine_matches_when_it_accepts(run: Callable[..., Any]) -> None:
    accepted, subject = run(SUBROUTINE.format(member="65000:1"))
    assert (accepted, subject.local_preference, subject.metric) == (True, 7, 5)
    accepted, subject = run(SUBROUTINE.format(member="1:1"))
    assert (accepted, subject.local_preference) == (False, 100)


@pytest.mark.parametrize(
    ("expression", "accepted"),
    [
        ("( yes && yes )", True),
        ("( yes && no )", False),
        ("( no || yes )", True),
        ("( no || no )", False),
        ("!no", True),
        ("( !no && yes )", True),
        ("( no && yes ) || yes", True),
    ],
)
def test_a_policy_expression_combines(
    run: Callable[..., Any], expression: str, *, accepted: bool
) -> None:
    text = """policy-statement yes then accept
        policy-statement no then reject"""
    assert run(text, chain=(expression,))[0] is accepted


def test_the_rest_of_an_expression_is_not_run_once_it_is_settled(run: Callable[..., Any]) -> None:
    text = """policy-statement no then reject
        policy-statement edit then metric 1
        policy-statement edit then accept"""
    _, subject = run(text, chain=("( no && edit )",))
    assert subject.metric == 20
