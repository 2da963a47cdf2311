"""Snapshots as checks: every undeclared difference fails, what matters comes first."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from multihome.check.allowance import Allowance, load_allowances
from multihome.check.comparison import SHOWN, compared
from multihome.check.result import Verdict
from multihome.errors import InvalidFile
from multihome.intent.matcher import Matches
from multihome.state.snapshot import archive
from multihome.state.snapshot.row import COLUMNS, Kind, Row, prefix_order

README = Path(__file__).parents[2] / "checks" / "README.md"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def route(prefix, med="10"):
    values = dict.fromkeys(COLUMNS[Kind.ROUTE], "") | {"protocol": "BGP", "med": med}
    return Row(Kind.ROUTE, prefix_order(prefix), f"inet.0 {prefix}", tuple(values.values()))


def snapshot(path, rows, missing=None):
    with archive.writing(path, NOW) as writer:
        writer.add("r1", Kind.ROUTE, iter(rows))
        writer.add("r1", Kind.BFD, iter([]))
        for kind, why in (missing or {}).items():
            writer.miss("r1", kind, why)
    return archive.open_snapshot(path)


@pytest.fixture
def pair(tmp_path):
    before = [route(f"10.{n}.0.0/16") for n in range(40)]
    after = [route(f"10.{n}.0.0/16", med="20" if n else "10") for n in range(40)]
    return snapshot(tmp_path / "pre", before), snapshot(tmp_path / "post", after)


def by_kind(comparison):
    return {each.kind: each for each in comparison.result.results}


def test_an_undeclared_difference_fails_and_the_rest_is_counted(pair):
    results = by_kind(compared(*pair))
    assert results["bfd"].verdict is Verdict.PASS
    failed = results["route"]
    assert failed.verdict is Verdict.FAIL
    assert failed.findings[0].actual == "39 changed"
    assert len(failed.findings) == 1 + SHOWN
    assert str(failed.findings[1]) == (
        "r1 route inet.0 10.1.0.0/16: changed: expected med 10 (snapshot pre), got med 20"
    )
    assert failed.findings[1].next == "show route table inet.0 10.1.0.0/16 detail"


def test_what_matters_comes_first(pair):
    results = by_kind(compared(*pair, matters={"10.39.0.0/16"}))
    assert "10.39.0.0/16" in results["route"].findings[1].subject


def test_declared_changes_pass_and_are_counted(pair):
    allowed = Allowance(kind=Kind.ROUTE, key=Matches(matches=r"inet\.0 10\..*"))
    idle = Allowance(router=frozenset({"r9"}))
    found = compared(*pair, [allowed, idle])
    assert by_kind(found)["route"].verdict is Verdict.PASS
    assert by_kind(found)["route"].findings[0].actual == "none, 39 declared"
    assert found.unused == (idle,)


def test_one_that_is_not_declared_still_fails(pair):
    allowed = Allowance(key=Matches(matches=r"inet\.0 10\.[0-9]\..*"))
    assert by_kind(compared(*pair, [allowed]))["route"].findings[0].actual == "30 changed"


def test_what_could_not_be_seen_is_unknown(tmp_path, pair):
    blind = snapshot(tmp_path / "blind", [], {Kind.BFD: "session lost"})
    results = by_kind(compared(pair[0], blind))
    assert results["bfd"].verdict is Verdict.UNKNOWN
    assert results["bfd"].findings[0].why == "after: session lost"


def test_the_same_snapshot_differs_in_nothing(pair):
    assert compared(pair[0], pair[0]).result.verdict is Verdict.PASS


def write(tmp_path, text):
    path = tmp_path / "allow.yaml"
    path.write_text(text)
    return path


def test_declared_changes_are_read_from_a_file(tmp_path):
    (one, other) = load_allowances(
        write(
            tmp_path,
            "allow:\n  - {router: r1, kind: route, change: lost, key: inet.0 10.0.0.0/8}\n"
            "  - {router: [r1, r2], key: {matches: 'x.*'}, reason: ticket 7}\n",
        ),
        {"r1", "r2"},
    )
    assert one.router == {"r1"}
    assert other.reason == "ticket 7"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("allow:\n  - {kin: route}\n", ":2: allow[0].kin: unknown key; did you mean 'kind'?"),
        ("allow:\n  - {kind: rout}\n", ":2: allow[0].kind: should be"),
        ("allow:\n  - {change: [vanished]}\n", ":2: allow[0].change: should be"),
        ("allow:\n  - {router: r3}\n", ":2: allow[0].router: unknown router 'r3'; known: r1, r2"),
        ("alow: []\n", "must be a mapping with a list 'allow'"),
        ("allow: []\nmore: 1\n", ":2: more: unknown key"),
    ],
)
def test_a_slip_in_the_file_names_line_and_key(tmp_path, text, message):
    with pytest.raises(InvalidFile) as caught:
        load_allowances(write(tmp_path, text), {"r1", "r2"})
    assert message in str(caught.value)


def test_the_readme_of_the_checks_shows_a_file_that_is_one(tmp_path):
    text = README.read_text(encoding="utf-8").partition("## Snapshots")[2]
    example = text.partition("```yaml\n")[2].partition("```")[0]
    (one,) = load_allowances(write(tmp_path, example), {"luna", "orcus"})
    assert one.kind is Kind.ROUTE
    assert [f"`{kind}`" for kind in Kind if f"`{kind}`" not in text] == []
    loose = example.replace("inet.0 10.0.0.3/32    ", "").replace("# or {", "{", 1)
    (other,) = load_allowances(
        write(tmp_path, loose.replace("}; left", "} # left")), {"luna", "orcus"}
    )
    assert isinstance(other.key, Matches)
