"""Commit checks: what a router refuses, where, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.set_format import Commands
from multihome.twin.config.inherit import effective
from multihome.twin.junos.check.router import problems

if TYPE_CHECKING:
    from multihome.twin.config.problem import Problem


def complaints(text: str) -> list[Problem]:
    draft = Draft()
    assert not Commands(draft).run(text)
    return list(problems(effective(draft.finish())))


GOOD = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24 vrrp-group 1 virtual-address 10.0.0.9
set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24
set interfaces lo0 unit 1 family inet address 9.9.9.9/32
set interfaces lo0 unit 2 family inet address 9.9.9.9/32
set routing-options autonomous-system 1
set policy-options community c members 1:1
set policy-options prefix-list l 10.0.0.0/8
set policy-options as-path a "1 .*"
set policy-options policy-statement p term t from community c
set policy-options policy-statement p term t from prefix-list l
set policy-options policy-statement p term t from as-path a
set policy-options policy-statement p term t then community add c
set policy-options policy-statement p term t then accept
set protocols bgp group i type internal
set protocols bgp group i export p
set protocols bgp group i neighbor 10.0.0.2
set protocols bgp group e type external
set protocols bgp group e peer-as 2
set protocols bgp group e neighbor 10.0.1.2 import [ p ]
set routing-instances v instance-type vrf
set routing-instances v interface lo0.2
set routing-instances v route-distinguisher 1:1
set routing-instances v vrf-target target:1:1
"""


def test_a_good_configuration_has_nothing_to_complain_about() -> None:
    assert complaints(GOOD) == []


CASES = {
    "no autonomous system": (
        "delete routing-options autonomous-system",
        "[edit protocols]",
        "bgp",
        (
            "Error in neighbor 10.0.0.2 of group i:\n"
            "must define local autonomous system when enabling BGP"
        ),
    ),
    "no peer-as": (
        "delete protocols bgp group e peer-as",
        "[edit protocols]",
        "bgp",
        (
            "Error in neighbor 10.0.1.2 of group e:\n"
            "peer AS number must be configured for an external peer"
        ),
    ),
    "internal peer of another AS": (
        "set protocols bgp group i peer-as 7",
        "[edit protocols]",
        "bgp",
        (
            "Error in neighbor 10.0.0.2 of group i:\n"
            "peer AS number must be the same as the local AS number for an internal peer"
        ),
    ),
    "external peer of the own AS": (
        "set protocols bgp group e peer-as 1",
        "[edit protocols]",
        "bgp",
        (
            "Error in neighbor 10.0.1.2 of group e:\n"
            "peer AS number must be different from the local AS number for an external peer"
        ),
    ),
    "undefined policy": (
        "set protocols bgp group i export nowhere",
        "[edit protocols bgp group i]",
        "export",
        "Policy error: Policy nowhere referenced but not defined",
    ),
    "undefined policy, consequence": (
        "set protocols bgp group e neighbor 10.0.1.2 import nowhere",
        "[edit protocols bgp group e neighbor 10.0.1.2]",
        "import",
        "BGP: import list not applied",
    ),
    "undefined policy in an expression": (
        'set protocols bgp group i export "( p && nowhere )"',
        "[edit protocols bgp group i]",
        "export",
        "Policy error: Policy nowhere referenced but not defined",
    ),
    "undefined community matched": (
        "set policy-options policy-statement p term t from community nowhere",
        "[edit policy-options policy-statement p term t from]",
        "community nowhere",
        "Policy error: Community nowhere referenced but not defined",
    ),
    "undefined community added": (
        "set policy-options policy-statement p term t then community add nowhere",
        "[edit policy-options policy-statement p term t then]",
        "community add nowhere",
        "Policy error: Community nowhere referenced but not defined",
    ),
    "undefined prefix list": (
        "set policy-options policy-statement p term t from prefix-list-filter nowhere orlonger",
        "[edit policy-options policy-statement p term t from]",
        "prefix-list-filter nowhere",
        "Policy error: Prefix-list nowhere referenced but not defined",
    ),
    "undefined as-path": (
        "set policy-options policy-statement p term t from as-path nowhere",
        "[edit policy-options policy-statement p term t from]",
        "as-path nowhere",
        "Policy error: As-path nowhere referenced but not defined",
    ),
    "undefined subroutine": (
        "set policy-options policy-statement p term t from policy nowhere",
        "[edit policy-options policy-statement p term t from]",
        "policy nowhere",
        "Policy error: Policy nowhere referenced but not defined",
    ),
    "undefined interface": (
        "set routing-instances v interface ge-0/0/9.0",
        "[edit routing-instances v]",
        "interface ge-0/0/9.0",
        "RT Instance: Interface ge-0/0/9.0 not configured.",
    ),
    "an interface in two instances": (
        (
            "set routing-instances w instance-type virtual-router\n"
            "set routing-instances w interface lo0.2"
        ),
        "[edit routing-instances w]",
        "interface lo0.2",
        "RT Instance: Interface lo0.2 already configured under instance v.",
    ),
    "one route distinguisher, two instances": (
        (
            "set routing-instances w instance-type vrf\n"
            "set routing-instances w route-distinguisher 1:1\n"
            "set routing-instances w vrf-target target:2:2"
        ),
        "[edit routing-instances]",
        "w",
        "RT Instance: vrf instance w has the route-distinguisher 1:1 of instance v",
    ),
    "duplicate address": (
        "set interfaces ge-0/0/1 unit 0 family inet address 10.0.0.1/24",
        "[edit interfaces ge-0/0/1 unit 0 family inet]",
        "address 10.0.0.1/24",
        (
            "identical local address found on rt_inst [default], "
            "intfs [ge-0/0/0.0 and ge-0/0/1.0], family [inet]."
        ),
    ),
    "a unit without a VLAN where all are tagged": (
        (
            "set interfaces ge-0/0/5 flexible-vlan-tagging\n"
            "set interfaces ge-0/0/5 unit 7 vlan-id 7\n"
            "set interfaces ge-0/0/5 unit 7 family inet address 10.5.7.1/24\n"
            "set interfaces ge-0/0/5 unit 8 family bridge interface-mode trunk\n"
            "set interfaces ge-0/0/5 unit 9 family inet address 10.5.9.1/24"
        ),
        "[edit interfaces ge-0/0/5]",
        "unit 9",
        "VLAN-ID must be specified on tagged ethernet interfaces",
    ),
    "virtual address off the subnet": (
        (
            "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24 vrrp-group 1 "
            "virtual-address 10.0.7.9"
        ),
        "[edit interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24 vrrp-group 1]",
        "virtual-address 10.0.7.9",
        "virtual address must share same mask with interface ip",
    ),
    "no route distinguisher": (
        "delete routing-instances v route-distinguisher",
        "[edit routing-instances]",
        "v",
        "RT Instance: vrf instance v must have a route-distinguisher",
    ),
    "no target": (
        "delete routing-instances v vrf-target",
        "[edit routing-instances]",
        "v",
        "RT Instance: vrf instance v must have vrf-import and vrf-export, or a vrf-target",
    ),
    "no route target": (
        "set routing-instances v vrf-target 1:1",
        "[edit routing-instances v]",
        "vrf-target 1:1",
        "invalid route target: 1:1",
    ),
    "no route target to import": (
        "set routing-instances v vrf-target import origin:1:1",
        "[edit routing-instances v]",
        "vrf-target import origin:1:1",
        "invalid route target: origin:1:1",
    ),
    "no community": (
        "set policy-options community c members 65000:70000",
        "[edit policy-options community c]",
        "members 65000:70000",
        "invalid community expression: 65000:70000 is no community",
    ),
    "bad as-path expression": (
        'set policy-options as-path a "1 ("',
        "[edit policy-options]",
        "as-path a",
        "invalid as-path expression: 1 (",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_refused(case: str) -> None:
    change, path, element, message = CASES[case]
    found = complaints(GOOD + change)
    assert (path, element, message) in [(p.edit_path, p.element, p.message) for p in found]
    assert all(p.severity == "error" for p in found)


def test_the_edit_path_of_a_logical_system_names_it() -> None:
    lines = GOOD.replace("set ", "set logical-systems L ")
    found = complaints(lines + "delete logical-systems L protocols bgp group e peer-as")
    assert [problem.edit_path for problem in found] == ["[edit logical-systems L protocols]"]


def test_an_automatic_distinguisher_is_one() -> None:
    text = GOOD + "set routing-options route-distinguisher-id 1.1.1.1\n"
    assert complaints(text + "delete routing-instances v route-distinguisher") == []


def test_inactive_statements_are_not_looked_at() -> None:
    assert complaints(GOOD + "delete routing-options autonomous-system\ndeactivate protocols") == []
