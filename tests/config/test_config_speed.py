"""The work grows with what is loaded, and not faster; counted in calls, which no load changes."""

import sys
from datetime import UTC, datetime

from multihome.twin.config.database import Database
from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.history import CommitRequest
from multihome.twin.config.load import parse

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def script(ports):
    return "\n".join(
        f"set interfaces ge-0/0/{port} unit {unit} {what}"
        for port in range(ports)
        for unit in range(5)
        for what in (
            f"description link-{unit}",
            f"vlan-id {unit + 1}",
            f"family inet address 10.{port}.{unit}.1/30",
        )
    )


def calls(work):
    """How many functions of Python are called."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def load_and_commit(text):
    database = Database(lambda _: (), lambda _: None)
    database.open(1, "ops", NOW)
    database.load(1, text, NOW, action="set")
    assert database.commit(1, CommitRequest(), NOW).ok


def test_twice_as_many_lines_are_twice_the_work():
    load_and_commit(script(1))  # reads the grammar
    some, more = (calls(lambda ports=ports: load_and_commit(script(ports))) for ports in (10, 20))
    assert some < more < 2.2 * some


def test_comparing_a_tree_with_itself_is_no_work():
    tree = parse(script(10), "set").root
    assert calls(lambda: diff_text(tree, tree)) < 5
