"""What is protected stays as it is, and says so."""

import pytest
from lxml import etree

from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.xml_format import print_json, print_xml
from multihome.twin.config.load import load, parse

BASE = "set system host-name r1\nset system login user ann class operator\n"


def test_a_protected_statement_stays_as_it_is():
    root = parse(BASE + "protect system", "set").root
    outcome = load(root, "set system host-name other\ndelete system login", action="set")
    assert [each.severity for each in outcome.problems] == ["warning", "warning"]
    assert print_set(outcome.root) == print_set(root)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("set system host-name other", "'system host-name' cannot be changed"),
        ("set system services ssh", "'system services ssh' cannot be created"),
        ("delete system", "'system' cannot be deleted"),
        ("delete system host-name", "'system host-name' cannot be deleted"),
        ("deactivate system host-name", "'system host-name' cannot be changed"),
        ("set system host-name r1", None),
        ("delete", "'system' cannot be deleted"),
    ],
)
def test_what_is_protected_says_what_cannot_be_done(command, why):
    root = parse("set system host-name r1\nprotect system", "set").root
    outcome = load(root, command, action="set")
    expected = [] if why is None else [f"[system] is protected, {why}"]
    assert [each.message for each in outcome.problems] == expected
    assert print_set(outcome.root) == print_set(root)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("delete interfaces", "set"),
        ("replace: interfaces { ge-0/0/2 { mtu 1500; } }", "replace"),
        ("edit interfaces\ndelete", "set"),
    ],
)
def test_around_what_is_protected_the_rest_is_deleted(text, action):
    root = parse(
        "set interfaces ge-0/0/0 mtu 1500\nset interfaces ge-0/0/0 unit 0 vlan-id 5\n"
        "set interfaces ge-0/0/1 mtu 1500\nprotect interfaces ge-0/0/0 unit 0",
        "set",
    ).root
    outcome = load(root, text, action=action)
    assert [each.message for each in outcome.problems] == [
        "[interfaces ge-0/0/0 unit 0] is protected, 'interfaces ge-0/0/0 unit 0' cannot be deleted"
    ]
    kept = ["set interfaces ge-0/0/0 unit 0 vlan-id 5", "protect interfaces ge-0/0/0 unit 0"]
    assert print_set(outcome.root).splitlines()[:2] == kept


def test_a_list_of_values_may_be_protected_as_elements():
    root = parse("set system domain-search [ a b ]\nprotect system domain-search", "set").root
    again = parse(etree.tostring(print_xml(root)).decode(), "xml")
    assert again.problems == ()
    assert print_set(again.root) == print_set(root)
    assert print_set(parse(print_json(root), "json").root) == print_set(root)
