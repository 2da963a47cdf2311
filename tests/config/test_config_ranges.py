"""Interface ranges, and where a configuration says that its statements come from."""

import pytest
from lxml import etree

from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.xml_format import print_xml
from multihome.twin.config.inherit import effective, inherited
from multihome.twin.config.load import parse

JUNOS = "urn:test:junos"


def tree(text):
    outcome = parse(text, "set")
    assert outcome.problems == ()
    return outcome.root


def named(root, *system):
    interfaces = root.get(*(("logical-systems", name) for name in system), "interfaces")
    return [each.name for each in interfaces.entries("interface")]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (["member ge-0/0/4"], ["ge-0/0/4"]),
        (['member "ge-0/0/[1-3]"'], ["ge-0/0/1", "ge-0/0/2", "ge-0/0/3"]),
        (['member "ge-0/[0,2]/[7,9-10]"'], [f"ge-0/{p}/{n}" for p in (0, 2) for n in (7, 9, 10)]),
        (["member-range xe-1/0/8 to xe-1/0/11"], [f"xe-1/0/{n}" for n in range(8, 12)]),
        (["member-range xe-1/0/3 to xe-2/0/0"], ["xe-1/0/3", "xe-2/0/0"]),
        (["member ge-0/0/1", "member ge-0/0/1"], ["ge-0/0/1"]),
        (["member-range xe-1/0/3 to xe-1/0/1"], []),
    ],
)
def test_a_range_is_what_its_members_have(members, expected):
    lines = [f"set interfaces interface-range r {member}" for member in members]
    root = effective(tree("\n".join([*lines, "set interfaces interface-range r mtu 9000"])))
    found = list(root.get("interfaces").entries("interface"))
    assert sorted(each.name for each in found) == sorted(expected)
    assert all(each.leaf("mtu") == "9000" for each in found)
    assert not list(root.get("interfaces").entries("interface-range"))


def test_a_pattern_means_configured_interfaces_alone():
    root = effective(
        tree(
            """
            set interfaces interface-range r member "ge-*"
            set interfaces interface-range r disable
            set interfaces ge-0/0/0 mtu 1500
            set interfaces xe-0/0/0 mtu 1500
            """
        )
    )
    assert named(root) == ["ge-0/0/0", "xe-0/0/0"]
    disabled = [each.name for each in root.get("interfaces").children if each.has("disable")]
    assert disabled == ["ge-0/0/0"]


def test_an_interface_wins_over_its_range_and_a_range_over_any_group():
    root = effective(
        tree(
            """
            set groups g interfaces <*> mtu 1400
            set groups g interfaces <*> description group
            set apply-groups g
            set interfaces interface-range r member "ge-0/0/[0-1]"
            set interfaces interface-range r mtu 9000
            set interfaces interface-range r unit 0 family inet
            set interfaces ge-0/0/0 mtu 1500
            set interfaces ge-0/0/0 apply-groups g
            """
        )
    )
    own, other = root.get("interfaces").entries("interface")
    assert (own.leaf("mtu"), own.leaf("description")) == ("1500", "group")
    assert (other.leaf("mtu"), other.leaf("description")) == ("9000", "group")
    assert other.has(("unit", "0"), "family", "inet")


def test_inactive_members_and_ranges_do_not_count():
    text = """
    set interfaces interface-range r member ge-0/0/0
    set interfaces interface-range r member ge-0/0/1
    set interfaces interface-range r mtu 9000
    set interfaces interface-range s member ge-0/0/2
    set interfaces interface-range s mtu 9000
    deactivate interfaces interface-range r member ge-0/0/0
    deactivate interfaces interface-range s
    """
    assert named(effective(tree(text))) == ["ge-0/0/1"]


def test_a_logical_system_has_ranges_of_its_own():
    root = effective(
        tree(
            """
            set logical-systems A interfaces interface-range r member ge-0/0/0
            set logical-systems A interfaces interface-range r unit 1 family inet
            set interfaces interface-range r member ge-0/0/1
            set interfaces interface-range r mtu 9000
            """
        )
    )
    assert named(root) == ["ge-0/0/1"]
    assert named(root, "A") == ["ge-0/0/0"]


def test_inheritance_says_where_a_statement_comes_from():
    root = inherited(
        tree(
            """
            set groups g interfaces <ge-*> mtu 1400
            set apply-groups g
            set interfaces interface-range r member ge-0/0/0
            set interfaces interface-range r unit 0
            set interfaces ge-0/0/0 description own
            """
        ),
        origins=True,
    )
    assert print_text(root).splitlines() == [
        "interfaces {",
        "    ge-0/0/0 {",
        "        description own;",
        "        ##",
        "        ## '1400' was inherited from group 'g'",
        "        ##",
        "        mtu 1400;",
        "        ##",
        "        ## '0' was expanded from interface-range 'r'",
        "        ##",
        "        unit 0;",
        "    }",
        "}",
    ]
    interface = print_xml(root, junos=JUNOS).find("interfaces/interface")
    assert interface.find("mtu").get(f"{{{JUNOS}}}group") == "g"
    assert interface.find("unit").get(f"{{{JUNOS}}}interface-range") == "r"
    assert not interface.attrib


def test_inheritance_without_origins_says_nothing_about_them():
    root = tree("set groups g system host-name r1\nset apply-groups g")
    assert print_text(inherited(root)) == "system {\n    host-name r1;\n}\n"
    text = etree.tostring(print_xml(inherited(root)), encoding="unicode")
    assert "group" not in text
