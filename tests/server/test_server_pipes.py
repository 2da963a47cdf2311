"""Pipes as an engineer types them."""

import pytest

from multihome.twin.netconf.messages import Refused
from multihome.twin.netconf.pipes import split

TEXT = "alpha\nBeta\ngamma\n"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param("show x", TEXT, id="nothing"),
        pytest.param("show x | match bet", "Beta\n", id="match ignores case"),
        pytest.param('show x | match "a|e"', TEXT, id="a bar in quotes is no pipe"),
        pytest.param("show x | except beta", "alpha\ngamma\n", id="except"),
        pytest.param("show x | find beta", "Beta\ngamma\n", id="find"),
        pytest.param("show x | count", "Count: 3 lines\n", id="count"),
        pytest.param("show x | last 1", "gamma\n", id="last"),
        pytest.param("show x | trim 4", "a\n\na\n", id="trim"),
        pytest.param(
            "show x | save /var/tmp/x",
            "Wrote 3 lines of output to '/var/tmp/x'\n",
            id="save",
        ),
        pytest.param("show x | m bet", "Beta\n", id="abbreviated"),
        pytest.param("show x | cou", "Count: 3 lines\n", id="as short as it is clear"),
        pytest.param("show x | match a | except gamma | no-more", "alpha\nBeta\n", id="chained"),
    ],
)
def test_filters_keep_what_they_say(line, kept):
    command = split(line)
    assert (command.words, command.keep(TEXT)) == ("show x", kept)


def test_display_and_compare_are_told_apart():
    command = split("show  configuration | compare rollback 3 | display xml rpc")
    assert (command.words, command.display, command.compare) == (
        "show configuration",
        ("xml", "rpc"),
        "3",
    )


def test_what_is_displayed_may_be_abbreviated():
    assert split("show x | d x").display == ("xml",)
    assert split("show x | disp inh").display == ("inheritance",)
    with pytest.raises(Refused, match="'co' is ambiguous"):
        split("show x | co")


@pytest.mark.parametrize("line", ["show x | nonsense", "show x | match [", "show x | display tar"])
def test_a_pipe_that_is_none_of_junos_is_a_syntax_error(line):
    with pytest.raises(Refused, match="syntax error"):
        split(line)
