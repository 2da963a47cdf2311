"""A thousand routers must load and commit in seconds: bounds far above what it takes."""

from datetime import UTC, datetime
from timeit import timeit

from multihome.twin.config.database import Database
from multihome.twin.config.diff import diff_text
from multihome.twin.config.history import CommitRequest
from multihome.twin.config.load import parse

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCRIPT = "\n".join(
    f"set interfaces ge-0/0/{port} unit {unit} {rest}"
    for port in range(5)
    for unit in range(10)
    for rest in (
        f"description link-{unit}",
        f"vlan-id {unit + 1}",
        f"family inet address 10.{port}.{unit}.1/30",
    )
)


def load_and_commit():
    database = Database(lambda _: (), lambda _: None)
    database.open(1, "ops", NOW)
    database.load(1, SCRIPT, NOW, action="set")
    assert database.commit(1, CommitRequest(), NOW).ok


def test_loading_and_committing_150_lines_takes_milliseconds():
    load_and_commit()
    assert timeit(load_and_commit, number=20) / 20 < 0.02


def test_comparing_a_tree_with_itself_takes_no_time():
    tree = parse(SCRIPT, "set").root
    assert timeit(lambda: diff_text(tree, tree), number=1000) < 0.05
