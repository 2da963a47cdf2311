"""The path of an aggregate: what its contributors' paths come to, or what `as-path` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.aspath import AsPathPattern
from multihome.twin.routing.route import BgpAttributes, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.network import Network

FIVE = Prefix.parse("5.0.0.0/8")


def customer(number: int, path: str, extra: str = "") -> str:
    return f"""
        set interfaces ge-0/0/{number} unit 0 family inet address 10.0.{number}.2/24
        set routing-options autonomous-system {100 + number}
        set routing-options static route 5.{number}.0.0/16 discard
        set policy-options policy-statement out term s from protocol static
        set policy-options policy-statement out term s then as-path-prepend "{path}"
        {extra}
        set policy-options policy-statement out term s then accept
        set protocols bgp group g export out
        set protocols bgp group g neighbor 10.0.{number}.1 peer-as 1
    """


ORIGIN = "set policy-options policy-statement out term s then origin incomplete"
HUB = """
    set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24
    set interfaces ge-0/0/2 unit 0 family inet address 10.0.2.1/24
    set interfaces ge-0/0/3 unit 0 family inet address 10.0.3.1/24
    set routing-options autonomous-system 1
    set routing-options router-id 9.9.9.9
    set policy-options policy-statement aggregate term a from protocol aggregate
    set policy-options policy-statement aggregate term a then accept
    set policy-options policy-statement aggregate term r then reject
    set protocols bgp group g neighbor 10.0.1.2 peer-as 101
    set protocols bgp group g neighbor 10.0.2.2 peer-as 102
    set protocols bgp group g export aggregate
    set protocols bgp group up export aggregate
    set protocols bgp group up neighbor 10.0.3.2 peer-as 1000
"""
ROUTE = "set routing-options aggregate route 5.0.0.0/8"
UPSTREAM = """
    set interfaces ge-0/0/3 unit 0 family inet address 10.0.3.2/24
    set routing-options autonomous-system 1000
    set protocols bgp group g neighbor 10.0.3.1 peer-as 1
"""


def world(network: Callable[..., Network], statement: str, origin: str = "") -> Network:
    """Paths `7 101` and `7 8 102`, of two customers: each puts its own AS behind the prepended."""
    return network(
        one=customer(1, "7"), two=customer(2, "7 8", origin), hub=HUB + statement, up=UPSTREAM
    )


def sent(made: Network, name: str = "up") -> BgpAttributes:
    route = made.nodes[name].rib("inet.0").active(FIVE)
    assert route is not None
    assert route.bgp is not None
    return route.bgp


@pytest.mark.parametrize(
    ("statement", "path", "atomic"),
    [
        ("", (1, 7, frozenset({8, 101, 102})), False),
        (" full", (1, 7, frozenset({8, 101, 102})), False),
        (" brief", (1, 7), True),
        (' as-path path "20 [ 30 40 ]"', (1, 20, frozenset({30, 40})), False),
        (" as-path atomic-aggregate", (1, 7, frozenset({8, 101, 102})), True),
    ],
)
def test_paths_that_differ_become_a_set_or_are_cut(
    network: Callable[..., Network], statement: str, path: AsPath, *, atomic: bool
) -> None:
    found = sent(world(network, ROUTE + statement))
    assert (found.as_path, found.atomic_aggregate) == (path, atomic)


@pytest.mark.parametrize(
    ("statement", "brief"),
    [("brief", True), ("brief\n" + ROUTE + " full", False), ("full\n" + ROUTE + " brief", True)],
)
def test_the_route_overrules_the_defaults(
    network: Callable[..., Network], statement: str, *, brief: bool
) -> None:
    defaults = f"{ROUTE}\nset routing-options aggregate defaults {statement}"
    assert (sent(world(network, defaults)).as_path == (1, 7)) is brief


def test_paths_that_agree_need_no_set(network: Callable[..., Network]) -> None:
    only = f"{ROUTE} policy one\n"
    only += """
    set policy-options policy-statement one term o from as-path one
    set policy-options policy-statement one term o then accept
    set policy-options policy-statement one term r then reject
    set policy-options as-path one ".* 101"
    """
    found = sent(world(network, only))
    assert (found.as_path, found.atomic_aggregate) == ((1, 7, 101), False)


def test_who_is_in_the_set_does_not_take_the_route(network: Callable[..., Network]) -> None:
    assert world(network, ROUTE).nodes["one"].rib("inet.0").active(FIVE) is None
    assert sent(world(network, f"{ROUTE} brief"), "one").as_path == (1, 7)


@pytest.mark.parametrize(
    ("statement", "aggregator"),
    [
        ("", (1, "9.9.9.9")),
        ("\nset protocols bgp group up no-aggregator-id", (1, None)),
        (" as-path aggregator 65000 8.8.8.8", (65000, "8.8.8.8")),
    ],
)
def test_who_made_it_signs_it(
    network: Callable[..., Network], statement: str, aggregator: tuple[int, str | None]
) -> None:
    number, router = aggregator
    assert sent(world(network, ROUTE + statement)).aggregator == (
        number,
        Address.parse(router) if router else 0,
    )


@pytest.mark.parametrize(
    ("statement", "origin"),
    [("", Origin.INCOMPLETE), (" as-path origin egp", Origin.EGP)],
)
def test_the_worst_origin_is_the_aggregates(
    network: Callable[..., Network], statement: str, origin: Origin
) -> None:
    assert sent(world(network, ROUTE + statement, ORIGIN)).origin is origin


def test_a_set_is_one_step_and_no_neighbour(network: Callable[..., Network]) -> None:
    """`as-override` and `remove-private` look into it; a path that begins with it has no first AS."""
    override = (
        "\nset protocols bgp group g as-override\nset protocols bgp group up remove-private all"
    )
    made = world(network, f'{ROUTE} as-path path "[ 101 64512 ]"{override}')
    assert sent(made).as_path == (1, frozenset({101, 64512}))
    assert sent(made, "one").as_path == (1, frozenset({1, 64512}))


@pytest.mark.parametrize(
    ("expression", "matches"),
    [("1 .", True), ("1 7", True), ("1 8", True), ("1 9", False), ("1 7 8", False), (".{2}", True)],
)
def test_an_expression_takes_a_set_for_any_of_its_numbers(
    expression: str, *, matches: bool
) -> None:
    assert AsPathPattern.parse(expression).matches((1, frozenset({7, 8}))) is matches
