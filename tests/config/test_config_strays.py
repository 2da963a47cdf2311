"""Statements that the grammar leaves open: the same tree from every format, whatever the words."""

import pytest
from lxml import etree

from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.xml_format import print_json, print_xml
from multihome.twin.config.load import load, parse

TEXT = """\
system {
    processes {
        steering {
            bgp {
                rib-sharding;
            }
            failover other-routing-engine;
        }
        pools {
            10.1.1.1 {
                secret "two words";
            }
            "(odd) name";
        }
        levels [ one two ];
    }
}
"""
SET = """\
set system processes steering bgp rib-sharding
set system processes steering failover other-routing-engine
set system processes pools 10.1.1.1 secret "two words"
set system processes pools "(odd) name"
set system processes levels [ one two ]
"""


@pytest.fixture
def tree():
    outcome = parse(TEXT, "text")
    assert outcome.problems == ()
    return outcome.root


def test_open_words_are_printed_as_they_were_written(tree):
    assert print_text(tree) == TEXT
    assert print_set(tree) == SET


@pytest.mark.parametrize(
    ("form", "printed"), [("set", print_set), ("xml", print_xml), ("json", print_json)]
)
def test_open_words_survive_every_format(tree, form, printed):
    outcome = parse(printed(tree), form)
    assert outcome.problems == ()
    assert print_set(outcome.root) == SET


def test_a_word_that_is_no_name_of_an_element_is_one_all_the_same(tree):
    pools = print_xml(tree).find("system/processes/pools")
    assert [each.findtext("name") for each in pools.iter("item")] == ["10.1.1.1", "(odd) name"]


@pytest.mark.parametrize("form", ["text", "set"])
@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("delete system processes steering bgp", [2, 3, 4, 5]),
        ("delete system processes steering", [3, 4, 5]),
        ("delete system processes steering failover", [1, 3, 4, 5]),
        ("delete system processes pools 10.1.1.1", [1, 2, 4, 5]),
        ("delete system processes pools 10.1.1.1 secret", [1, 2, 4, 5]),
        ("delete system processes levels", [1, 2, 3, 4]),
        ("delete system processes", []),
    ],
)
def test_what_one_format_made_another_deletes(tree, form, command, left):
    base = tree if form == "text" else parse(SET, "set").root
    outcome = load(base, command, format="set")
    assert outcome.problems == ()
    lines = SET.splitlines()
    if "10.1.1.1 secret" in command:
        assert print_set(outcome.root).splitlines()[2] == "set system processes pools 10.1.1.1"
    else:
        assert print_set(outcome.root).splitlines() == [lines[number - 1] for number in left]


def test_setting_goes_on_where_another_format_began(tree):
    base = parse("system { processes { group g { interface a; } } }", "text").root
    outcome = load(base, "set system processes group g interface b", format="set")
    assert print_text(outcome.root).count("group g {") == 1
    new = load(tree, "set system processes steering bgp update-threading", format="set").root
    assert diff_text(tree, new).splitlines() == [
        "[edit system processes steering bgp]",
        "+      update-threading;",
    ]


def test_a_bad_name_in_json_is_named_and_breaks_nothing():
    outcome = parse('{"system": {"bad name": "x", "host-name": "r1"}}', "json")
    assert [(each.message, each.element) for each in outcome.problems] == [
        ("syntax error", "bad name")
    ]
    assert print_set(outcome.root) == "set system host-name r1\n"


def test_what_is_let_in_can_be_had_as_elements():
    text = "protocols { nonsense { 1.2.3.4 { a; } /x/y { b c; } } }"
    outcome = parse(text, "text", strict=False)
    assert {each.severity for each in outcome.problems} == {"warning"}
    element = etree.fromstring(etree.tostring(print_xml(outcome.root)))
    again = parse(element, "xml", strict=False)
    assert print_set(again.root) == print_set(outcome.root)


FAMILIAR = """\
chassis {
    fpc 0 {
        pic 1 {
            tunnel-services {
                bandwidth 10g;
            }
        }
    }
}
services {
    rpm {
        probe P {
            test T {
                probe-count 5;
                thresholds {
                    total-loss 3;
                }
            }
        }
    }
    flow {
        family inet {
            filter in;
        }
    }
}
snmp {
    v3 {
        usm {
            local-engine {
                user u1 {
                    authentication-none;
                }
            }
        }
    }
}
policy-options {
    condition have-default {
        if-route-exists {
            0.0.0.0/0;
            table inet.0;
        }
    }
}
routing-instances {
    lan {
        instance-type vpls;
        protocols {
            vpls {
                site A {
                    automatic-site-id;
                    interface xe-0/0/1.300;
                }
            }
        }
    }
}
protocols {
    mpls {
        path way {
            10.0.1.0 strict;
        }
        label-switched-path far {
            to 10.0.0.2;
            primary way {
                priority 5 5;
            }
        }
        statistics {
            file mpls size 1m files 2;
        }
    }
}
"""


@pytest.mark.parametrize(
    ("form", "printed"), [("set", print_set), ("xml", print_xml), ("json", print_json)]
)
def test_names_of_entries_are_known_where_nothing_else_is(form, printed):
    root = parse(FAMILIAR, "text").root
    assert print_text(root).splitlines() != []
    outcome = parse(printed(root), form)
    assert outcome.problems == ()
    assert diff_text(root, outcome.root) == ""
    assert sorted(print_text(outcome.root).split("\n")) == sorted(FAMILIAR.split("\n"))


def test_entries_and_families_of_the_open_are_elements_as_ever():
    root = parse(FAMILIAR, "text").root
    configuration = print_xml(parse(print_set(root), "set").root)
    assert configuration.findtext("services/rpm/probe/test/name") == "T"
    assert configuration.findtext("services/flow/family/inet/filter") == "in"
