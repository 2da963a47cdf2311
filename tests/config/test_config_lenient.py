"""A running configuration of a real router is taken as it is, and given back as it was."""

import pytest
from lxml import etree

from multihome.twin.config.formats.diff_xml import diff_xml
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.xml_format import print_json, print_xml
from multihome.twin.config.load import parse
from multihome.twin.config.tree import Node

STRANGE = """\
system {
    ports {
        console type vt100 pace [ 9600 19200 ];
    }
    backup-router 192.0.2.1 destination [ 10.0.0.0/8 172.16.0.0/12 ];
}
interfaces {
    ge-0/0/0 {
        hold-time up never;
        unit 0 {
            input-vlan-map pop;
        }
    }
}
snmp {
    contact "noc@example.net";
    v3 {
        usm {
            local-engine {
                user ann {
                    authentication-sha {
                        authentication-key "$9$abc"; ## SECRET-DATA
                    }
                }
            }
        }
    }
}
novel {
    name mine;
    0.0.0.0/0 yours;
}
policy-options {
    policy-statement p {
        then {
            metric plenty of [ it and more ];
        }
    }
}
"""


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("text", print_text),
        ("set", print_set),
        ("xml", lambda root: etree.tostring(print_xml(root)).decode()),
        ("json", print_json),
    ],
)
def test_words_that_make_no_sense_survive_every_format(form, written):
    root = parse(STRANGE, "text", strict=False).root
    again = parse(written(root), form, strict=False).root
    assert print_set(again) == print_set(root)
    if form != "set":  # where the grammar is open, words do not say which of them are a key
        assert print_text(again) == print_text(root)


def test_what_is_known_of_it_is_printed_as_it_was():
    lines = print_text(parse(STRANGE, "text", strict=False).root).splitlines()
    assert not [
        line for line in STRANGE.splitlines() if line not in lines and "console" not in line
    ]


def test_what_made_no_sense_may_be_set_right():
    root = parse(STRANGE, "text", strict=False).root
    fixed = parse(
        print_set(root) + "set interfaces ge-0/0/0 hold-time up 10 down 0\n", "set", strict=False
    )
    assert "set interfaces ge-0/0/0 hold-time up 10 down 0" in print_set(fixed.root)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "class-of-service { schedulers { s { transmit-rate { remainder; } } } }",
            "set class-of-service schedulers s transmit-rate remainder",
        ),
        (
            "system { syslog { file f { archive { size 1m; files 3; } } } }",
            "set system syslog file f archive size 1m files 3",
        ),
        (
            "protocols { bgp { group { g { type internal; } h; } } }",
            "set protocols bgp group g type internal\nset protocols bgp group h",
        ),
    ],
)
def test_braces_may_stand_where_the_printer_writes_none(text, lines):
    outcome = parse(text, "text")
    assert outcome.problems == ()
    assert print_set(outcome.root) == f"{lines}\n"


def test_what_nobody_knows_is_compared_as_elements():
    root = parse(STRANGE, "text", strict=False).root
    for old, new in ((Node(), root), (root, Node())):
        difference = diff_xml(old, new, "urn:junos")
        assert difference is not None
        assert difference.find("novel") is not None
