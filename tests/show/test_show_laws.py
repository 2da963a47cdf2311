"""What holds for every answer, whatever is in it."""

import re
from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from multihome.twin.addressing import Address
from multihome.twin.show import ages
from multihome.twin.show.as_json import to_data
from multihome.twin.show.as_xml import from_xml, to_xml
from multihome.twin.show.element import Element
from multihome.twin.show.registry import Argument
from multihome.twin.views import RibCounts, VrrpTrackView

UNITS = {"w": 604800, "d": 86400}


def seconds_of(text):
    """Read an age back."""
    days, _, clock = text.rpartition(" ")
    total = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([wd])", days))
    parts = [int(part) for part in clock.split(":")]
    return total + sum(part * 60**power for power, part in enumerate(reversed(parts)))


@given(st.integers(0, 10**9))
def test_an_age_reads_back_as_its_seconds(seconds):
    assert seconds_of(ages.clock_age(seconds)) == seconds
    assert seconds_of(ages.short_age(seconds)) == seconds


@given(st.integers(0, 10**9))
def test_the_narrow_column_never_overflows(seconds):
    assert len(ages.column_age(seconds)) <= 11


@given(st.integers(-1000, -1))
def test_a_clock_that_runs_ahead_never_makes_an_age_negative(seconds):
    assert ages.clock_age(seconds) == "00:00:00"
    assert ages.long_uptime(seconds) == "0 seconds"


names = st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)
texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=12)
trees = st.recursive(
    st.builds(lambda tag, text: (tag, text, []), names, texts),
    lambda children: st.tuples(names, st.just(""), st.lists(children, min_size=1, max_size=4)),
    max_leaves=20,
)


def build(tree):
    tag, text, children = tree
    element = Element(tag, text)
    element.children = [build(child) for child in children]
    return element


def shape(element):
    return element.tag, element.text, [shape(child) for child in element.children]


@given(trees)
def test_an_answer_survives_its_xml(tree):
    assert shape(from_xml(to_xml(build(tree), "18.2R3.4"))) == shape(build(tree))


@given(trees)
def test_json_keeps_the_order_of_elements_of_one_name(tree):
    element = build(tree)
    [value] = to_data([element], "18.2R3.4")[element.tag]
    for name in {child.tag for child in element.children}:
        assert len(value[name]) == len(list(element.all(name)))


@given(names, st.lists(names, max_size=3))
def test_an_argument_may_appear_as_any_of_its_elements(keyword, elements):
    word = f"{keyword}:{','.join(elements)}" if elements else keyword
    assert Argument.parse(word).names == (tuple(elements) or (keyword,))


# --- every field of a view is somewhere in the answer ----------------------------

OTHER = {
    "address": Address.parse("9.9.9.9"),
    "tables": {"inet.0": RibCounts(1, 2, 3, 4, 5)},
    "state": "Idle",
    "tracks": (VrrpTrackView("route", "10.0.0.3/32", up=True, priority_cost=5),),
    "bfd": "enabled, up",
    "vlan": 4000,
}


def different(field, value):
    if field in OTHER:
        return OTHER[field]
    if isinstance(value, bool):
        return not value
    if isinstance(value, Address) or field in ("peer_id", "local_id", "cluster"):
        return Address.parse("9.9.9.9")
    if isinstance(value, int | float):
        return value + 700
    if isinstance(value, tuple):
        return (*value, Address.parse("9.9.9.9")) if field == "virtual_addresses" else ("other",)
    return "other"


BGP_UNSHOWN = {"multihop"}
"""An option word says it."""
VRRP_UNSHOWN = {"dead_timer", "master_priority"}
"""A master says nothing of dead masters."""


def unshown(before, said, **others):
    changes = {
        each.name: others.get(each.name, different(each.name, getattr(before, each.name)))
        for each in fields(before)
    }
    told = said(before)
    return {
        name for name, value in changes.items() if said(replace(before, **{name: value})) == told
    }


def test_every_field_of_a_neighbor_is_told(chassis, views):
    def said(peer):
        chassis.router.bgp.views = (peer,)
        return chassis.cli("show bgp neighbor") + chassis.cli("show bgp summary")

    assert unshown(views.peer("4.0.0.22"), said) == BGP_UNSHOWN


def test_every_field_of_a_group_is_told(chassis, views):
    def said(group):
        chassis.router.vrrp.answers["groups"] = (group,)
        return chassis.cli("show vrrp extensive") + chassis.cli("show vrrp")

    before = views.vrrp(tracks=OTHER["tracks"])
    assert unshown(before, said, tracks=(), state="backup") == VRRP_UNSHOWN
