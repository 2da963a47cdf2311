"""The form of a configuration, by its content."""

import pytest

from multihome.syntax.recognize import Unrecognized, recognize

SET = "set system host-name r9\nset interfaces et-0/0/0 unit 0 family inet\n"
TEXT = "system {\n    host-name r9;\n}\n"
XML = "<configuration><system><host-name>r9</host-name></system></configuration>\n"
JSON = '{"configuration": {"system": {"host-name": "r9"}}}\n'


@pytest.mark.parametrize(
    ("form", "text"), [("set", SET), ("text", TEXT), ("xml", XML), ("json", JSON)]
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "\n\n{}\n",
        "## Last commit: 2026-01-02 03:04:05 UTC by ops\n{}",
        "ops@r9-re0> show configuration | no-more\n{}\n{{master}}\nops@r9-re0> \n",
        "{{master:0}}[edit]\nops@r9# show\n{}\n[edit]\nops@r9# exit\n",
        "\ufeff{}",
    ],
    ids=["bare", "blank", "stamp", "operational", "configuration mode", "mark"],
)
def test_a_form_is_seen_through_what_a_terminal_adds(form, text, around):
    found = recognize(around.format(text))
    assert found.form == form
    assert "ops@" not in found.text


@pytest.mark.parametrize("text", [SET, TEXT])
def test_carriage_returns_are_no_part_of_a_configuration(text):
    assert recognize(text.replace("\n", "\r\n")).text == text


def test_a_statement_of_the_form_with_braces_may_be_called_like_a_command():
    assert recognize("protect: system {\n    host-name r9;\n}\n").form == "text"
    assert recognize("groups {\n    set {\n        system;\n    }\n}\n").form == "text"


def test_a_quoted_value_may_go_on_over_lines():
    text = 'set system login message "one\ntwo\nthree"\nset system host-name r9\n'
    assert recognize(text).text == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("# nothing\n\n", 1),
        ("hostname r9\ninterface Gi0/0\n", 1),
        ("set system host-name r9\n\nsett system\n", 3),
        ("router r9\nsystem {\n host-name r9;\n}\n", 1),
    ],
    ids=["empty", "comment", "another vendor's", "misspelt", "a stray line first"],
)
def test_what_is_no_configuration_is_named_by_its_first_bad_line(text, line):
    with pytest.raises(Unrecognized) as caught:
        recognize(text)
    assert caught.value.line == line
