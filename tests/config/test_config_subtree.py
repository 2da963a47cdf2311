"""Subtree filters: selecting, matching, and an entry's name that always comes along."""

import pytest
from lxml import etree

from multihome.twin.config.load import parse
from multihome.twin.config.set_format import print_set
from multihome.twin.config.subtree import filtered

ROOT = parse(
    """
    set system host-name x
    set system services ssh
    set interfaces ge-0/0/0 description a
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
    set interfaces ge-0/0/1 description b
    set routing-instances V instance-type vrf
    """,
    "set",
).root


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("", None),
        ("<system/>", ["set system host-name x", "set system services ssh"]),
        ("<system><host-name/></system>", ["set system host-name x"]),
        ("<snmp/>", []),
        (
            "<interfaces><interface><name>ge-0/0/1</name></interface></interfaces>",
            ["set interfaces ge-0/0/1 description b"],
        ),
        (
            "<interfaces><interface><description/></interface></interfaces>",
            ["set interfaces ge-0/0/0 description a", "set interfaces ge-0/0/1 description b"],
        ),
        (
            "<interfaces><interface><name>ge-0/0/0</name><unit/></interface></interfaces>",
            ["set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30"],
        ),
        (
            '<interfaces><interface recurse="false"/></interfaces>',
            ["set interfaces ge-0/0/0", "set interfaces ge-0/0/1"],
        ),
        (
            "<system><host-name/></system><routing-instances/>",
            ["set system host-name x", "set routing-instances V instance-type vrf"],
        ),
    ],
)
def test_a_filter_selects(chosen, expected):
    element = etree.fromstring(f'<configuration xmlns="urn:any">{chosen}</configuration>')
    found = print_set(filtered(ROOT, element)).splitlines()
    assert found == (print_set(ROOT).splitlines() if expected is None else expected)
