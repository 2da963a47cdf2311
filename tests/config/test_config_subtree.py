"""Subtree filters: selecting, matching, and an entry's name that always comes along."""

import pytest
from lxml import etree

from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.load import parse
from multihome.twin.config.subtree import filtered

XNM = "http://xml.juniper.net/xnm/1.1/xnm"
ROOT = parse(
    """
    set system host-name x
    set system services ssh
    set interfaces ge-0/0/0 description a
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
    set interfaces ge-0/0/1 description b
    set interfaces ge-0/0/2 disable
    deactivate interfaces ge-0/0/2
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
            [
                "set interfaces ge-0/0/0",
                "set interfaces ge-0/0/1",
                "set interfaces ge-0/0/2",
                "deactivate interfaces ge-0/0/2",
            ],
        ),
        (
            "<system><services><ssh/></services></system><system><host-name/></system>",
            ["set system host-name x", "set system services ssh"],
        ),
        (
            (
                "<interfaces><interface><name>ge-0/0/0</name><description/></interface>"
                "<interface><name>ge-0/0/1</name></interface></interfaces>"
            ),
            ["set interfaces ge-0/0/0 description a", "set interfaces ge-0/0/1 description b"],
        ),
        (
            (
                "<interfaces><interface><name>ge-0/0/0</name><description>b</description></interface>"
                "</interfaces>"
            ),
            [],
        ),
        (
            '<interfaces><interface inactive="inactive"/></interfaces>',
            ["set interfaces ge-0/0/2 disable", "deactivate interfaces ge-0/0/2"],
        ),
        (
            '<interfaces><interface start="2" count="1"/></interfaces>',
            ["set interfaces ge-0/0/1 description b"],
        ),
        (
            '<interfaces><interface><name matching="/[01]$"/></interface></interfaces>',
            ["set interfaces ge-0/0/0", "set interfaces ge-0/0/1"],
        ),
        (
            "<interfaces matching=\"interface[name='^GE-.*/[01]$']/description\"/>",
            ["set interfaces ge-0/0/0 description a", "set interfaces ge-0/0/1 description b"],
        ),
        (
            "<interfaces matching=\"/interface[name='0/2']\"/>",
            ["set interfaces ge-0/0/2 disable", "deactivate interfaces ge-0/0/2"],
        ),
        ("<interfaces matching=\"interface[name='xe-']\"/>", []),
        ('<system xmlns="http://openconfig.net/yang/system"/>', []),
        (
            "<system><host-name/></system><routing-instances/>",
            ["set system host-name x", "set routing-instances V instance-type vrf"],
        ),
    ],
)
def test_a_filter_selects(chosen, expected):
    element = etree.fromstring(f'<configuration xmlns="{XNM}">{chosen}</configuration>')
    found = print_set(filtered(ROOT, [element])).splitlines()
    assert found == (print_set(ROOT).splitlines() if expected is None else expected)


def test_filters_beside_each_other_select_the_sum_and_none_selects_nothing():
    chosen = ("<system><host-name/></system>", "<system><services/></system>")
    filters = [etree.fromstring(f"<configuration>{each}</configuration>") for each in chosen]
    found = print_set(filtered(ROOT, filters)).splitlines()
    assert found == ["set system host-name x", "set system services ssh"]
    assert not len(filtered(ROOT, []))


def test_what_is_selected_keeps_its_annotation():
    root = parse("/* who */ system { /* name */ host-name x; }", "text").root
    element = etree.fromstring("<configuration><system><host-name/></system></configuration>")
    assert print_text(filtered(root, [element])) == print_text(root)
