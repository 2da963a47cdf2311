"""Commands that name two statements beside each other: what is moved, renamed or copied."""

import pytest

from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.load import load, parse


@pytest.mark.parametrize(
    ("command", "values", "warned"),
    [
        ("insert protocols bgp group g export c before a", ("c", "a", "b"), False),
        ("insert protocols bgp group g export a after b", ("b", "a", "c"), False),
        ("insert protocols bgp group g export c before nowhere", ("a", "b", "c"), True),
        ("insert protocols bgp group g export nowhere before a", ("a", "b", "c"), True),
        ("insert protocols bgp group g import c before a", ("a", "b", "c"), True),
    ],
)
def test_a_value_is_moved_among_the_values_of_its_statement(command, values, warned):
    base = parse("set protocols bgp group g export [ a b c ]", "set").root
    outcome = load(base, command, action="set")
    assert outcome.root.get("protocols", "bgp", ("group", "g")).leaves("export") == values
    assert [each.message for each in outcome.problems] == ["statement not found"] * warned
    assert base.get("protocols", "bgp", ("group", "g")).leaves("export") == ("a", "b", "c")


@pytest.mark.parametrize(
    "command",
    [
        "rename system syslog file x match to elsewhere",
        "rename system host-name to location",
        "rename protocols bgp to ospf",
        "copy system syslog file x to user y",
    ],
)
def test_only_what_has_a_name_gets_another_and_stays_what_it_is(command):
    lines = "set system host-name r\nset system syslog file x match y\nset protocols bgp group g"
    base = parse(lines, "set").root
    outcome = load(base, command, action="set")
    named = command.split()[-1]
    assert [(each.message, each.element) for each in outcome.problems] == [("syntax error", named)]
    assert print_text(outcome.root) == print_text(base)


@pytest.mark.parametrize(
    ("attributes", "values", "warned"),
    [
        ('insert="before" name="a"', ("c", "a", "b"), False),
        ('insert="after" name="a"', ("a", "c", "b"), False),
        ('insert="first"', ("c", "a", "b"), False),
        (
            'y:insert="before" y:value="b" xmlns:y="urn:ietf:params:xml:ns:yang:1"',
            ("a", "c", "b"),
            False,
        ),
        ('insert="before" name="nowhere"', ("a", "b", "c"), True),
    ],
)
def test_elements_move_a_value_too(attributes, values, warned):
    base = parse("set protocols bgp group g export [ a b c ]", "set").root
    group = f"<group><name>g</name><export {attributes}>c</export></group>"
    text = f"<configuration><protocols><bgp>{group}</bgp></protocols></configuration>"
    outcome = load(base, text, format="xml")
    assert tuple(outcome.root.get("protocols", "bgp", ("group", "g")).leaves("export")) == values
    assert [each.message for each in outcome.problems] == ["statement not found"] * warned
