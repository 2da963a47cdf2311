"""One list of fault kinds: each can be injected, and help and completion know it."""

import re

import pytest

from multihome.cli.app import run
from multihome.errors import UnknownName, UsageError
from multihome.twin.fabric.fault_injection import Breaking
from multihome.twin.fabric.faults import KINDS
from multihome.twin.routing.daemons import DAEMONS


def test_every_kind_can_be_asked_for_and_no_other():
    breaking = Breaking({}, None, None)
    for kind in KINDS:
        with pytest.raises(UsageError, match=r"takes \d name"):
            breaking.apply(kind, (), on=True)
    with pytest.raises(UnknownName) as caught:
        breaking.apply("flood", (), on=True)
    assert set(caught.value.known) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_help_says_how_each_is_asked_for(kind, capsys):
    assert run(["lab", "fault", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert KINDS[kind] in words
    assert KINDS[kind].startswith(f"{kind} A")


def test_the_processes_that_help_names_are_those_that_there_are():
    named = re.search(r"\((.*)\)", KINDS["process"])[1]
    assert set(re.split(r", | or ", named)) == set(DAEMONS)
