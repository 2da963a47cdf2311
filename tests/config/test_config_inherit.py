"""Groups, wildcards, apply-path, inactive parts: what a configuration means."""

import pytest

from multihome.twin.config.inherit import effective, inherited
from multihome.twin.config.load import parse


def meaning(text):
    outcome = parse(text, "set")
    assert outcome.problems == ()
    return effective(outcome.root)


def test_what_is_configured_wins_over_what_is_inherited():
    root = meaning(
        "set groups g system host-name from-group\nset groups g system domain-name d\n"
        "set apply-groups g\nset system host-name own"
    )
    assert root.get("system").leaf("host-name") == "own"
    assert root.get("system").leaf("domain-name") == "d"
    assert not root.has(("groups", "g"))
    assert not root.has("apply-groups")


def test_the_group_named_first_wins_and_an_inner_one_before_an_outer_one():
    root = meaning(
        """
        set groups a protocols bgp group <*> hold-time 10
        set groups b protocols bgp group <*> hold-time 20
        set groups b protocols bgp group <*> preference 99
        set groups c protocols bgp group <*> hold-time 30
        set apply-groups [ a b ]
        set protocols bgp group plain type internal
        set protocols bgp group inner apply-groups c
        """
    )
    bgp = root.get("protocols", "bgp")
    assert bgp.get(("group", "plain")).leaf("hold-time") == "10"
    assert bgp.get(("group", "plain")).leaf("preference") == "99"
    assert bgp.get(("group", "inner")).leaf("hold-time") == "30"


def test_an_exception_holds_from_there_down():
    root = meaning(
        """
        set groups a protocols bgp group <*> neighbor <*> hold-time 10
        set apply-groups a
        set protocols bgp group g apply-groups-except a
        set protocols bgp group g neighbor 10.0.0.1
        set protocols bgp group h neighbor 10.0.0.2
        """
    )
    bgp = root.get("protocols", "bgp")
    assert bgp.get(("group", "g"), ("neighbor", "10.0.0.1")).leaf("hold-time") is None
    assert bgp.get(("group", "h"), ("neighbor", "10.0.0.2")).leaf("hold-time") == "10"


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [("<*>", {"ge-0/0/0", "xe-0/0/0"}), ("<ge-*>", {"ge-0/0/0"}), ("<[gx]e-0/0/0>", {"ge-0/0/0", "xe-0/0/0"}),
     ("ge-0/0/0", {"ge-0/0/0"}), ("<et-*>", set())],
)  # fmt: skip
def test_wildcards_match_what_is_there_and_make_nothing(pattern, matched):
    root = meaning(
        f"set groups g interfaces {pattern} description inherited\nset apply-groups g\n"
        "set interfaces ge-0/0/0 unit 0\nset interfaces xe-0/0/0 unit 0"
    )
    described = {
        each.name for each in root.get("interfaces").entries("interface") if each.has("description")
    }
    assert described == matched
    assert len(root.get("interfaces")) == 2


def test_lists_of_values_are_joined():
    root = meaning(
        "set groups g protocols bgp group <*> export [ b a ]\nset apply-groups g\n"
        "set protocols bgp group x export [ c a ]"
    )
    assert root.get("protocols", "bgp", ("group", "x")).leaves("export") == ("c", "a", "b")


def test_a_group_for_the_other_routing_engine_does_not_apply():
    root = meaning(
        "set groups re0 system host-name zero\nset groups re1 system host-name one\nset apply-groups [ re1 re0 ]"
    )
    assert root.get("system").leaf("host-name") == "zero"


def test_inactive_parts_mean_nothing_and_hide_nothing():
    root = meaning(
        """
        set groups g system host-name inherited
        set apply-groups g
        set system host-name own
        deactivate system host-name
        set protocols bgp group g neighbor 10.0.0.1
        deactivate protocols bgp group g
        """
    )
    assert root.get("system").leaf("host-name") == "inherited"
    assert root.get("protocols", "bgp") is None or len(root.get("protocols", "bgp")) == 0


def test_an_inactive_apply_groups_applies_nothing():
    root = meaning("set groups g system host-name x\nset apply-groups g\ndeactivate apply-groups")
    assert not root.has("system")


def test_groups_may_name_groups_and_even_themselves():
    root = meaning(
        """
        set groups outer apply-groups inner
        set groups outer system domain-name d
        set groups inner system host-name deep
        set groups inner apply-groups outer
        set apply-groups outer
        """
    )
    assert root.get("system").leaf("host-name") == "deep"


def prefixes(root, *path):
    return [item.name for item in root.get(*path).entries("prefix-list-item")]


def test_a_path_finds_addresses_and_means_their_subnets():
    root = meaning(
        """
        set interfaces ge-0/0/1 unit 0 family inet address 10.1.0.1/24
        set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
        set protocols bgp group a neighbor 10.0.0.2
        set policy-options prefix-list nets apply-path "interfaces <ge-*> unit <*> family inet address <*>"
        set policy-options prefix-list peers apply-path "protocols bgp group <*> neighbor <*>"
        set policy-options prefix-list peers 192.0.2.0/24
        """
    )
    lists = root.get("policy-options")
    assert prefixes(lists, ("prefix-list", "nets")) == ["10.0.0.0/24", "10.1.0.0/24"]
    assert prefixes(lists, ("prefix-list", "peers")) == ["10.0.0.2/32", "192.0.2.0/24"]


def test_a_path_below_a_logical_system_starts_at_the_top():
    root = meaning(
        """
        set logical-systems L interfaces lo0 unit 8 family inet address 10.0.0.8/32
        set logical-systems M interfaces lo0 unit 9 family inet address 10.0.0.9/32
        set logical-systems L policy-options prefix-list own apply-path "logical-systems L interfaces lo0 unit <*> family inet address <*>"
        set logical-systems L policy-options prefix-list all apply-path "logical-systems <*> interfaces lo0 unit <*> family inet address <*>"
        """
    )
    lists = root.get(("logical-systems", "L"), "policy-options")
    assert prefixes(lists, ("prefix-list", "own")) == ["10.0.0.8/32"]
    assert prefixes(lists, ("prefix-list", "all")) == ["10.0.0.8/32", "10.0.0.9/32"]


def test_a_path_sees_what_groups_put_there():
    root = meaning(
        """
        set groups g interfaces lo0 unit 0 family inet address 10.0.0.7/32
        set apply-groups g
        set policy-options prefix-list own apply-path "interfaces lo0 unit <*> family inet address <*>"
        """
    )
    assert prefixes(root, "policy-options", ("prefix-list", "own")) == ["10.0.0.7/32"]


def test_inheritance_as_it_is_displayed_keeps_inactive_parts():
    root = parse(
        "set groups g system domain-name d\nset apply-groups g\nset system host-name x\ndeactivate system host-name",
        "set",
    ).root
    shown = inherited(root)
    assert shown.get("system", "host-name").inactive
    assert shown.get("system").leaf("domain-name") == "d"


def test_what_inherits_nothing_is_shared_with_the_tree_it_came_from():
    root = parse("set system host-name x\nset snmp location here", "set").root
    assert effective(root).get("system").child("host-name") is root.get("system").child("host-name")
