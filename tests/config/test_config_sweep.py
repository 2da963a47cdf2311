"""Commands that touch many statements at once."""

import pytest

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.set_format import Commands, print_set
from multihome.twin.config.load import load, parse

BASE = """
set system host-name r1
set interfaces ge-0/0/0 description one
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
set interfaces ge-0/0/0 unit 7 family iso
set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24
set interfaces xe-0/0/0 unit 0 family inet address 10.0.2.1/24
set protocols bgp group g neighbor 10.0.0.2 peer-as 65010
"""


def after(commands):
    """What commands at the prompt take away and add, and what is said of them."""
    base = parse(BASE, "set").root
    draft = Draft(base)
    problems = Commands(draft).run(commands)
    said = [(each.severity, each.message, each.element) for each in problems]
    before = print_set(base).splitlines()
    now = print_set(draft.finish()).splitlines()
    gone = [line.removeprefix("set ") for line in before if line not in now]
    new = [line.removeprefix("set ") for line in now if line not in before]
    return gone, new, said


@pytest.mark.parametrize(
    ("command", "gone"),
    [
        (
            "wildcard delete interfaces ge-*",
            [
                "interfaces ge-0/0/0 description one",
                "interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24",
                "interfaces ge-0/0/0 unit 7 family iso",
                "interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24",
            ],
        ),
        (
            "wildcard delete interfaces .e-0/0/0",
            [
                "interfaces ge-0/0/0 description one",
                "interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24",
                "interfaces ge-0/0/0 unit 7 family iso",
                "interfaces xe-0/0/0 unit 0 family inet address 10.0.2.1/24",
            ],
        ),
        (
            "wildcard delete interfaces ge-0/0/[1-9]",
            ["interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24"],
        ),
        (
            "wildcard delete interfaces ge-0/0/0 unit *",
            [
                "interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24",
                "interfaces ge-0/0/0 unit 7 family iso",
            ],
        ),
        (
            "wildcard delete interfaces ge-0/0/0 desc*",
            ["interfaces ge-0/0/0 description one"],
        ),
    ],
)
def test_a_pattern_deletes_what_it_means(command, gone):
    assert after(command) == (gone, [], [])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("wildcard delete interfaces et-*", ("warning", "statement not found", "")),
        ("wildcard delete snmp *", ("warning", "statement not found", "")),
        ("wildcard delete interfaces (", ("error", "syntax error", "(")),
        ("wildcard delete nonsense *", ("error", "syntax error", "nonsense")),
        ("wildcard", ("error", "syntax error", "wildcard")),
        ("wildcard range set interfaces ge-0/0/1", ("error", "syntax error", "range")),
        ("wildcard range set interfaces ge-[x] mtu 1500", ("error", "syntax error", "range")),
        ("replace pattern ge", ("error", "syntax error", "pattern")),
        ("replace pattern ( with x", ("error", "syntax error", "(")),
        ("replace pattern a with b upto x", ("error", "syntax error", "upto")),
    ],
)
def test_what_means_nothing_is_said(command, said):
    assert after(command) == ([], [], [said])


def test_a_range_is_as_many_commands():
    gone, new, said = after(
        "wildcard range set interfaces et-0/0/[0-3,!1-2] unit [5,6] disable\n"
        "wildcard range delete interfaces ge-0/0/[0-1] description"
    )
    assert new == [
        f"interfaces et-0/0/{port} unit {unit} disable" for port in (0, 3) for unit in (5, 6)
    ]
    assert gone == ["interfaces ge-0/0/0 description one"]
    assert said == [("warning", "statement not found", "")]


def test_a_pattern_is_replaced_in_names_and_values():
    gone, new, _ = after(r'replace pattern "10\.0\.([01])" with "172.16.\1"')
    assert new == [
        "interfaces ge-0/0/0 unit 0 family inet address 172.16.0.1/24",
        "interfaces ge-0/0/1 unit 0 family inet address 172.16.1.1/24",
        "protocols bgp group g neighbor 172.16.0.2 peer-as 65010",
    ]
    assert len(gone) == len(new)


def test_a_replacement_goes_from_where_one_stands_and_as_far_as_told():
    _, new, _ = after("edit interfaces\nreplace pattern 0/0/0 with 1/1/1 upto 1\n")
    assert {line.split()[1] for line in new} == {"ge-1/1/1"}
    _, new, _ = after("edit protocols\nreplace pattern r1 with r2")
    assert new == []
    _, new, _ = after("replace pattern r1 with router-&")
    assert new == ["system host-name router-r1"]


def test_two_statements_that_become_one_are_joined():
    gone, new, _ = after("edit interfaces\nreplace pattern 0/0/1 with 0/0/0")
    assert gone == ["interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24"]
    assert new == ["interfaces ge-0/0/0 unit 0 family inet address 10.0.1.1/24"]


def test_replace_is_a_command_of_the_prompt_and_not_of_a_file():
    """Juniper/py-junos-eznc pull request 792, on Junos 17.3."""
    base = parse(BASE, "set").root
    outcome = load(base, "replace pattern r1 with r2", format="set")
    assert [(each.severity, each.message) for each in outcome.problems] == [
        ("error", "unknown command.")
    ]
    assert print_set(outcome.root) == print_set(base)
