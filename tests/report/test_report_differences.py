"""Differences of snapshots: what happened once, however many routers; before and after in columns."""

from datetime import UTC, datetime

import pytest

from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.errors import ExitCode
from multihome.report.console import render_console
from multihome.report.differences import groups, unlisted, unseen
from multihome.report.model import Phase, Run
from multihome.state.snapshot.row import Kind

NAMES = tuple(f"edge-{number:02}" for number in range(60))


def one(
    router, subject, change="moved", before="med 10, labels Push 16, Push 17(top)", after="med 5"
):
    return Finding(
        router, subject, f"{change}:", before, after, Verdict.FAIL, next=f"show {subject}"
    )


def check(router, kind, *found, told="1 moved", verdict=Verdict.FAIL, why=""):
    whole = Finding(router, kind, "differences", "none", told, verdict, why=why)
    return CheckResult(f"unchanged: {kind}", router, (whole, *found), kind=kind, subject=kind)


def screen(*checks, verbose=False):
    phase = Phase("compare", "pre to post", RunResult(len(checks), checks))
    run = Run("compare", datetime(2026, 1, 1, tzinfo=UTC), 1.0, ExitCode.FAILED, phases=(phase,))
    return render_console(run, verbose=verbose)


def test_one_difference_of_sixty_routers_is_one_group():
    subject = "route blue.inet.0 10.9.0.0/16"
    found = groups(
        check(name, "route", one(name, subject, after=f"med {n}")) for n, name in enumerate(NAMES)
    )
    (group,) = found
    assert group.routers == NAMES
    assert group.head.startswith("route: 1 moved on 60 routers (edge-00, edge-01, ")
    assert group.head.endswith(": blue.inet.0 10.9.0.0/16")


def test_values_with_commas_stay_in_their_column():
    (group,) = groups([check("a", "route", one("a", "route inet.0 10.9.0.0/16"))])
    assert group.columns == (("med", "10", "5"), ("labels", "Push 16, Push 17(top)", "-"))


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_lost_of_any_kind_needs_no_value_of_afterwards(kind):
    found = groups(
        [check("a", str(kind), one("a", f"{kind} x", "lost", "state Up, unknown 1", "not there"))]
    )
    assert found[0].change == "lost"
    assert all(after == "-" for _, _, after in found[0].columns)


def test_what_others_run_over_comes_first_and_losses_before_gains():
    found = groups(
        [
            check("a", "route", one("a", "route x"), one("a", "route y", "lost")),
            check("a", "interface", one("a", "interface ge-0/0/0", "gained")),
        ]
    )
    assert [(each.kind, each.change) for each in found] == [
        ("interface", "gained"),
        ("route", "lost"),
        ("route", "moved"),
    ]


def test_what_is_counted_and_not_named_is_said():
    checks = [check("a", "route", one("a", "route x"), told="30 changed, 4 lost")]
    assert unlisted(checks) == 33
    assert "33 more differences" in screen(*checks)


def test_what_was_not_seen_is_said_once():
    checks = [
        check(n, "route", told="one of them", verdict=Verdict.UNKNOWN, why="before: was not asked")
        for n in NAMES
    ]
    (line,) = unseen(checks)
    assert line.startswith("60 routers: route: before: was not asked (edge-00, ")
    assert groups(checks) == ()
    assert screen(*checks).count("was not asked") == 1


def test_many_groups_are_counted_unless_all_are_wanted():
    found = [one("a", f"route inet.0 10.{n}.0.0/16", before=f"med {n}") for n in range(40)]
    checks = [check(f"r{n}", "route", each) for n, each in enumerate(found)]
    apart = [
        CheckResult(c.check, c.router, tuple(_at(f, c.router) for f in c.findings), kind="route")
        for c in checks
    ]
    assert "... and 28 more; -v names them" in screen(*apart)
    assert "10.39.0.0/16" in screen(*apart, verbose=True)


def _at(finding, router):
    return Finding(
        router,
        finding.subject,
        finding.attribute,
        finding.expected,
        finding.actual,
        finding.verdict,
    )


def test_no_line_is_wider_than_the_screen_but_for_commands():
    text = screen(
        check(
            "a", "route", one("a", "route inet.0 10.9.0.0/16", before="alternatives " + "BGP " * 60)
        )
    )
    assert max(map(len, text.splitlines())) <= 80
