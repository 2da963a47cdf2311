"""`show | compare`, case by case: a configuration, what is done to it, what must be printed."""

from pathlib import Path

import pytest

from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.formats.diff_xml import diff_xml
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.load import load, parse

CASES = sorted((Path(__file__).parent / "cases" / "diff").glob("*.txt"))


def case(path):
    before, change, expected = path.read_text().split("===\n")
    old = parse(before, "set")
    new = load(old.root, change, action="set")
    assert old.problems == new.problems == ()
    return old.root, new.root, expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_differences_are_printed_as_a_router_prints_them(path):
    old, new, expected = case(path)
    assert diff_text(old, new) == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_differences_are_a_patch(path):
    old, new, expected = case(path)
    patched = load(old, expected, action="patch")
    assert patched.problems == ()
    assert print_text(patched.root) == print_text(new)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_way_back_is_a_patch_as_well(path):
    old, new, _ = case(path)
    back = load(new, diff_text(new, old), action="patch")
    assert back.problems == ()
    assert print_text(back.root) == print_text(old)


def test_equal_trees_do_not_differ():
    tree = parse("set system host-name x", "set").root
    assert diff_text(tree, tree) == ""
    assert diff_text(tree, parse("set system host-name x", "set").root) == ""


def test_a_patch_that_does_not_fit_says_so_and_changes_nothing():
    tree = parse("set system host-name x", "set").root
    patch = "[edit protocols bgp group g]\n-    hold-time 10;\n"
    outcome = load(tree, patch, action="patch")
    assert [each.message for each in outcome.errors] == ["statement does not match patch"]
    assert diff_text(tree, outcome.root) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("host a; /* r */ host b;", "host b; host a;"),
        ("host a; host b;", "/* r */ host b; host a;"),
    ],
)
def test_an_entry_may_move_and_lose_or_get_its_annotation_at_once(old, new):
    before, after = (parse(f"system {{ syslog {{ {each} }} }}", "text").root for each in (old, new))
    patched = load(before, diff_text(before, after), action="patch")
    assert print_text(patched.root) == print_text(after)


def test_what_stands_on_one_line_changes_as_one_line():
    line = "set class-of-service scheduler-maps m forwarding-class be scheduler {}"
    old, new = (parse(line.format(name), "set").root for name in ("a", "b"))
    assert diff_text(old, new) == (
        "[edit class-of-service scheduler-maps m]\n"
        "-   forwarding-class be scheduler a;\n"
        "+   forwarding-class be scheduler b;\n"
    )
    patched = load(old, diff_text(old, new), action="patch")
    assert patched.problems == ()
    assert print_text(patched.root) == print_text(new)


def test_a_new_instance_is_laid_out_as_routers_do():
    new = parse(
        """
        set routing-instances e instance-type mac-vrf
        set routing-instances e vlans v10 vlan-id 10
        set routing-instances e vrf-target target:1:3
        set routing-instances e service-type vlan-aware
        set routing-instances e vtep-source-interface lo0.0
        set routing-instances e protocols evpn encapsulation vxlan
        set routing-instances e protocols igmp-snooping vlan v10 proxy
        """,
        "set",
    ).root
    old = parse("set routing-instances a instance-type vrf", "set").root
    keywords = [
        line.split()[1]
        for line in diff_text(old, new).splitlines()
        if line[:9] == "+" + " " * 7 + "v"
    ]
    assert keywords == ["vtep-source-interface", "vrf-target", "vlans"]
    texts = diff_text(old, new)
    assert texts.index("igmp-snooping") < texts.index("evpn {") < texts.index("service-type")


def test_interfaces_of_pim_are_sorted_and_those_of_ospf_are_not():
    base = "set protocols {0} interface ge-0/0/1\nset protocols {0} interface ge-0/0/3\n"
    for place, context in (("pim", ""), ("ospf area 0", "ge-0/0/3.0")):
        old = parse(base.format(place), "set").root
        new = load(old, f"set protocols {place} interface ge-0/0/2", action="set").root
        shown = [line for line in diff_text(old, new).splitlines() if "{ ... }" in line]
        assert bool(shown) is bool(context)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("as-path a .*", 'as-path a "1 .*"'),
        ("as-path a .*\nas-path b .*", 'as-path b "1 .*"\nas-path a .*'),
        (
            "route-filter-list l 10.0.0.0/8 exact",
            "route-filter-list l 10.0.0.0/8 exact\nroute-filter-list l 10.0.0.0/8 longer",
        ),
    ],
)
def test_differences_as_elements_name_keys_and_values(old, new):
    before, after = (
        parse("\n".join(f"set policy-options {line}" for line in each.split("\n")), "set").root
        for each in (old, new)
    )
    outcome = load(before, diff_xml(before, after, "urn:junos"), format="xml")
    assert outcome.problems == ()
    assert print_text(outcome.root) == print_text(after)


def test_of_two_opposites_the_old_one_is_deleted_first():
    old, new = (
        parse(f"set interfaces ge-0/0/0 {each}", "set").root for each in ("enable", "disable")
    )
    for before, after in ((old, new), (new, old)):
        difference = diff_xml(before, after, "urn:junos")
        outcome = load(before, difference, format="xml")
        assert outcome.problems == ()
        assert print_text(outcome.root) == print_text(after)
