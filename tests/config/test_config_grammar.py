"""The grammar: what it knows, what it holds together, how it is read."""

import re

import pytest

from multihome.twin.config.checks import unmodelled
from multihome.twin.config.grammar.junos import grammar, statements
from multihome.twin.config.grammar.pattern import Choice
from multihome.twin.config.grammar.reader import BadSchema, Reader
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.grammar.types import named
from multihome.twin.config.load import parse

MODELLED = """
protocols bgp group <name> neighbor <name> metric-out
protocols bgp group <name> neighbor <name> as-override
protocols isis interface <name> level <name> metric
protocols ldp session <name> authentication-key
protocols mpls no-propagate-ttl
protocols ospf area <name> interface <name> metric
policy-options policy-statement <name> term <name> from state
policy-options prefix-list <name> apply-path
routing-instances <name> vrf-target
routing-options static route <name> qualified-next-hop <name> preference
interfaces <name> unit <name> family inet address <name> vrrp-group <name> track route <route_address>
"""
KNOWN_ONLY = """
system ntp
snmp
chassis
class-of-service
firewall
security
interfaces <name> link-mode
protocols rsvp
protocols lldp traceoptions
protocols vrrp
event-options
"""


def walk(statement, seen):
    for child in (*statement.described.values(), *([statement.entry] if statement.entry else [])):
        if id(child) not in seen:
            seen.add(id(child))
            yield child
            yield from walk(child, seen)


EVERY = list(walk(grammar(), set()))


@pytest.mark.parametrize("path", MODELLED.split("\n")[1:-1])
def test_the_control_plane_is_modelled(path):
    assert path in set(statements(modelled=True))


@pytest.mark.parametrize("path", KNOWN_ONLY.split("\n")[1:-1])
def test_the_rest_of_a_router_is_known(path):
    assert path in set(statements(modelled=False))


def test_every_element_is_a_name_that_xml_takes():
    name = re.compile(r"[A-Za-z_][\w.-]*\Z")
    assert [each.element for each in EVERY if not name.match(each.element)] == []


def test_every_statement_has_what_its_shape_needs():
    for each in EVERY:
        assert (each.kind is Kind.LIST) == bool(each.keys)
        assert (each.kind is Kind.PHRASE) == (each.phrase is not None)
        assert each.value is not None or each.kind not in (Kind.LEAF, Kind.LEAF_LIST)


def test_a_bare_value_stands_behind_the_words_that_it_would_swallow():
    for each in EVERY:
        choices = [item for item in each.keys if isinstance(item, Choice)]
        for choice in [*choices, *([each.phrase.choice] if each.phrase else [])]:
            assert all(one.word for one in choice.alternatives[:-1]), each.keyword


def test_what_is_not_modelled_is_named_once_by_its_uppermost_part():
    root = parse(
        """
        set system ntp server 10.0.0.1
        set system ntp server 10.0.0.2
        set system host-name x
        set interfaces ge-0/0/0 link-mode full-duplex
        set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
        set logical-systems L interfaces lo0 unit 0 bandwidth 10m
        """,
        "set",
    ).root
    assert unmodelled(root) == (
        "system ntp",
        "interfaces ge-0/0/0 link-mode",
        "logical-systems L interfaces lo0 unit 0 bandwidth",
    )


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("prefix", "10/8", "10.0.0.0/8"),
        ("prefix", "0/0", "0.0.0.0/0"),
        ("prefix", "10.1.2.3/16", "10.1.0.0/16"),
        ("prefix", "2001:DB8::1/64", "2001:db8::/64"),
        ("inet", "10.0.0.1", "10.0.0.1/32"),
        ("ifl", "ge-0/0/0", "ge-0/0/0.0"),
        ("ifl", "lo0.5", "lo0.5"),
        ("ifl", "all", "all"),
        ("area", "5", "0.0.0.5"),
        ("1..10", "010", "10"),
        ("uint", "0x10", "16"),
        ("mac", "0:1:2:a:B:c", "00:01:02:0a:0b:0c"),
        ("1..10|none", "none", "none"),
    ],
)
def test_values_are_stored_as_a_router_stores_them(kind, given, stored):
    assert named(kind)(given) == stored


def test_a_bad_schema_says_where():
    with pytest.raises(BadSchema, match=r"x\.schema:2: use nothing"):
        Reader().read("x.schema", "top\n  use nothing\n")
