"""The table: what it holds, what it tells, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.rib import Rib
from multihome.twin.routing.route import InactiveReason, Protocol, Route

TEN = Prefix.parse("10.0.0.0/8")
SMALLER = Prefix.parse("10.1.0.0/16")


def static(prefix: Prefix = TEN, preference: int = 5, source: str = "", **facts: object) -> Route:
    return Route(prefix, Protocol.STATIC, preference, source=source)._replace(**facts)


def test_nothing_is_told_before_the_table_settles() -> None:
    rib, told = Rib("inet.0"), []
    rib.subscribe(lambda prefix, old, new, _: told.append((prefix, old, new)))
    first, second = static(), static(preference=4, source="better")
    rib.put(first)
    rib.put(second)
    assert not told
    assert rib.settle()
    assert told == [(TEN, None, second)]
    rib.withdraw(TEN, Protocol.STATIC, "better")
    rib.settle()
    assert told[1:] == [(TEN, second, first)]


def test_an_equal_route_changes_nothing_not_even_its_age() -> None:
    rib = Rib("inet.0")
    rib.put(static(installed=1.0))
    rib.settle()
    rib.put(static(installed=9.0))
    assert not rib.dirty
    assert rib.active(TEN).installed == 1.0


def test_inactive_changes_are_told_to_who_asks() -> None:
    rib, active, entries = Rib("inet.0"), [], []
    rib.subscribe(lambda *change: active.append(change))
    rib.subscribe_entries(lambda *change: entries.append(change))
    rib.put(static())
    rib.settle()
    rib.put(static(preference=9, source="worse"))
    rib.settle()
    assert len(active) == 1
    assert entries == [(TEN, None), (TEN, None)]


def test_the_entry_lists_losers_with_reasons_then_hidden_routes() -> None:
    rib = Rib("inet.0")
    hidden = static(source="hidden", hidden="unusable path")
    for route in (hidden, static(preference=9, source="worse"), static()):
        rib.put(route)
    rib.settle()
    entry = rib.entry(TEN)
    assert [route.source for route in entry.routes] == ["", "worse", "hidden"]
    assert entry.inactive == {entry.routes[1]: InactiveReason.PREFERENCE}
    assert rib.counts() == (1, 3, 1, 0, 1)


def test_a_prefix_with_hidden_routes_alone_is_a_destination_without_an_active_route() -> None:
    rib = Rib("inet.0")
    rib.put(static(hidden="unusable path"))
    rib.settle()
    assert rib.active(TEN) is None
    assert rib.counts() == (1, 1, 0, 0, 1)
    assert rib.lookup(Address.parse("10.1.1.1")) is None


def test_an_owner_replaces_its_routes_at_once() -> None:
    rib = Rib("inet.0")
    rib.replace(Protocol.ISIS, "isis", [static(TEN)._replace(protocol=Protocol.ISIS)])
    rib.put(static(TEN, preference=200))
    rib.settle()
    rib.replace(Protocol.ISIS, "isis", [static(SMALLER)._replace(protocol=Protocol.ISIS)])
    rib.settle()
    assert [(e.prefix, e.active.protocol) for e in rib.entries()] == [
        (TEN, Protocol.STATIC),
        (SMALLER, Protocol.ISIS),
    ]


def test_distinguishers_keep_equal_prefixes_apart() -> None:
    rib = Rib("bgp.l3vpn.0")
    for rd in ("10.0.0.1:1", "10:1", "2:2", "1:1"):
        rib.put(static(rd=rd))
    rib.settle()
    assert [entry.rd for entry in rib.entries()] == ["1:1", "2:2", "10:1", "10.0.0.1:1"]
    rib.withdraw(TEN, Protocol.STATIC, "", "1:1")
    rib.settle()
    assert rib.active(TEN, "1:1") is None
    assert rib.active(TEN, "2:2") is not None


prefixes = st.builds(Prefix.of, st.integers(0, 2**32 - 1).map(Address), st.integers(0, 32))


@given(st.lists(prefixes, max_size=20), st.lists(prefixes, max_size=10), st.integers(0, 2**32 - 1))
def test_a_lookup_finds_the_longest_match(
    added: list[Prefix], removed: list[Prefix], number: int
) -> None:
    rib, address = Rib("inet.3"), Address(number)
    for prefix in added:
        rib.put(static(prefix))
    rib.settle()
    for prefix in removed:
        rib.withdraw(prefix, Protocol.STATIC)
    rib.settle()
    left = [p for p in set(added) - set(removed) if p.contains(address)]
    found = rib.lookup(address)
    assert (found.prefix if found else None) == max(left, key=lambda p: p.length, default=None)


@pytest.mark.parametrize(
    ("prefix", "hidden"),
    [
        ("0.0.0.0/0", False),
        ("0.1.0.0/16", True),
        ("10.0.0.0/8", False),
        ("127.0.0.1/32", True),
        ("192.0.0.8/32", True),
        ("192.0.2.0/24", False),
        ("224.0.0.0/4", True),
        ("224.0.0.5/32", False),
        ("255.255.255.255/32", True),
    ],
)
def test_martians_are_hidden(prefix: str, *, hidden: bool) -> None:
    rib = Rib("v.inet.0")
    rib.put(Route(Prefix.parse(prefix), Protocol.STATIC, 5))
    rib.settle()
    assert (rib.active(Prefix.parse(prefix)) is None) is hidden
    assert rib.counts() == (1, 1, 1 - hidden, 0, int(hidden))
