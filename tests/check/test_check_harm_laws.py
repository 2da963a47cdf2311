"""Laws: every harm among honest differences is found, and no fault that was there before counts."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from multihome.change.statements import statements_of
from multihome.check.harm.before import red_before
from multihome.check.harm.declared import Declared
from multihome.check.harm.judgement import judge
from multihome.check.harm.scope import Scopes
from multihome.check.harm.touched import Touched
from multihome.check.result import CheckResult, Finding, Verdict
from multihome.intent.expect import expectations
from multihome.intent.expectation import RouteExpectation
from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.state.snapshot.archive import open_snapshot, writing
from multihome.state.snapshot.row import COLUMNS, Kind, Row, prefix_order

PROJECT = default_project()
INTENT = load_intent(PROJECT.intent, read_inventory(PROJECT).roles)
STEADY = expectations(INTENT)
ROUTERS = ("liber", "juno", "ceres", "far")
SITE_ROUTE = RouteExpectation(router="liber", table="ipvpn.inet.0", prefix="10.0.0.12/32", count=1)


def row(kind, key, **values):
    table, _, destination = key.partition(" ")
    order = f"{table}\x00{prefix_order(destination)}" if kind is Kind.ROUTE else key
    return Row(kind, order, key, tuple(values.get(n.replace("-", "_"), "") for n in COLUMNS[kind]))


def _route(number):
    key = f"{('ipvpn', 'other')[number % 2]}.inet.0 172.16.{number}.0/24"
    return row(Kind.ROUTE, key, protocol="BGP", next_hop="192.0.2.1", learned_from="192.0.2.2")


def _session(number):
    return row(Kind.BGP, f"192.0.2.{number} other", state="Established", flaps="3")


FOREIGN = st.lists(
    st.tuples(
        st.sampled_from(ROUTERS),
        st.one_of(st.integers(0, 99).map(_route), st.integers(1, 99).map(_session)),
    ),
    unique_by=lambda each: (each[0], each[1].key),
    min_size=1,
    max_size=12,
)


def _harmed(each, how):
    """What becomes of a row; None: it is gone."""
    if how == "lost":
        return None
    values = list(each.values)
    at = {"moved": 2, "changed": 5} if each.kind is Kind.ROUTE else {"moved": 0, "changed": 5}
    values[at[how]] = "9"
    return each._replace(values=tuple(values))


def _shot(folder, name, rows):
    with writing(folder / name, datetime.now(UTC)) as writer:
        for router in ROUTERS:
            for kind in (Kind.ROUTE, Kind.BGP):
                mine = [each for at, each in rows if at == router and each.kind is kind]
                writer.add(router, kind, sorted(mine, key=lambda each: (each.order, each.key)))
    return open_snapshot(folder / name)


@given(
    rows=FOREIGN,
    harms=st.lists(st.tuples(st.integers(0, 11), st.sampled_from(("lost", "moved", "changed")))),
)
def test_k_harms_hidden_in_a_change_are_all_found_and_nothing_else(rows, harms):
    hurt = {number: how for number, how in harms if number < len(rows)}
    honest = ("liber", row(Kind.ROUTE, "ipvpn.inet.0 10.0.0.12/32", protocol="BGP"))
    after = [
        (router, kept)
        for n, (router, each) in enumerate(rows)
        if (kept := _harmed(each, hurt[n]) if n in hurt else each) is not None
    ]
    with tempfile.TemporaryDirectory() as folder:
        old = _shot(Path(folder), "old", rows)
        new = _shot(Path(folder), "new", [*after, honest])
        scopes = Scopes(INTENT)
        for router, each in rows:
            scopes.learn(router, each)
        declared = Declared(Touched(INTENT), (SITE_ROUTE,), (0,), scopes)
        found = judge(old, new, declared).harm
    assert {(each.router, each.key) for each in found} == {
        (rows[n][0], rows[n][1].key) for n in hurt
    }


TOUCHED = Touched(
    INTENT,
    {"luna": statements_of("luna", ["set protocols bgp group pe-connection hold-time 9"])},
)
UNTOUCHED = [n for n, each in enumerate(STEADY) if not TOUCHED.check(each)]


@given(faults=st.sets(st.sampled_from(UNTOUCHED), max_size=20))
def test_k_faults_before_the_change_do_not_count_whatever_they_are(faults):
    failing = {n: _red(STEADY[n]) for n in faults}
    assert red_before(STEADY, failing, failing, TOUCHED) == faults


@given(faults=st.sets(st.sampled_from(range(len(STEADY))), max_size=20))
def test_what_held_before_always_counts(faults):
    failing = {n: _red(STEADY[n]) for n in faults}
    assert red_before(STEADY, {}, failing, TOUCHED) == frozenset()


def test_the_change_touches_some_and_not_all():
    assert 0 < len(UNTOUCHED) < len(STEADY)


def _red(check):
    finding = Finding(check.router, check.subject, "state", "x", "y", Verdict.FAIL)
    return CheckResult(check.identity, check.router, (finding,))
