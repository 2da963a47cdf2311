"""What may follow from what: one cause over many failures, and never a wrong one."""

from dataclasses import replace

from multihome.check.diagnosis.root_cause import correlated
from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.report.model import troubles


def finding(router, **more):
    return Finding(router, "s", "a", "1", "2", Verdict.FAIL, **more)


def result(kind, *findings):
    return CheckResult("c", findings[0].router, findings, kind=kind)


def test_what_follows_is_grouped_under_the_one_thing_that_is_broken():
    broken = result("bgp-session", finding("r1", cause="BGP session r1 - r2"))
    path_failed = result("path", finding("r3", cause="way from r3", why="r3 sends packets to r9"))
    _, followed = correlated([broken, path_failed])
    assert followed.findings[0].cause == "BGP session r1 - r2"
    assert followed.findings[0].follows
    assert (
        followed.findings[0].why
        == "r3 sends packets to r9; it may follow from: BGP session r1 - r2"
    )
    vrrp = result("vrrp", finding("r4"))
    assert correlated([broken, vrrp])[1] == vrrp


def test_several_broken_things_are_named_and_none_is_blamed():
    one = result("bgp-session", finding("r1", cause="one"))
    other = result("interface", finding("r2", cause="other"))
    followed = correlated([one, other, result("route", finding("r3"))])[2]
    assert followed.findings[0].why == "it may follow from: one; other"
    assert followed.findings[0].follows


def test_a_session_follows_from_what_is_certainly_broken_and_from_nothing_less():
    vague = result("bgp-session", finding("r1", cause="BGP session r1 - r2"))
    link_down = result("isis-adjacency", finding("r3", cause="link r3 - r4 is down"))
    assert correlated([vague, link_down]) == (vague, link_down)
    followed, root = correlated([vague, link_down], certain={"link r3 - r4 is down"})
    assert (followed.findings[0].cause, followed.findings[0].follows) == (
        root.findings[0].cause,
        True,
    )
    assert root == link_down


def test_what_may_follow_from_several_things_stands_under_all_of_them_and_last():
    results = [
        replace(result("route", finding("r3")), check="a"),
        replace(result("ping", finding("r4")), check="b"),
        result("interface", finding("r1", cause="one")),
        result("interface", finding("r2", cause="other")),
    ]
    found = troubles(RunResult(4, correlated(results)))
    assert [each.cause for each in found] == ["one", "other", "one; other"]
    assert found[-1].head == "2 checks fail, and may follow from: one; other"


def test_the_few_causes_that_there_are_count():
    explained = result("route", finding("r1", cause="med sent by r2"))
    counted = result("bgp-session", finding("r3"))
    assert correlated([explained, counted])[1].findings[0].cause == "med sent by r2"
    other = result("route", finding("r4", cause="med sent by r5"))
    followed = correlated([explained, other, counted])[2].findings[0]
    assert followed.follows
    assert followed.cause == "med sent by r2; med sent by r5"
    many = [result("route", finding("r4", cause=f"med sent by r{n}")) for n in range(9)]
    assert correlated([*many, counted])[-1] == counted


def test_what_is_broken_itself_is_told_before_what_follows():
    root = result("bgp-session", finding("r1", cause="x"))
    follower = result("bgp-session", replace(finding("r2", cause="x"), follows=True))
    route = result("route", finding("r3", cause="x"))
    (found,) = troubles(RunResult(3, (follower, route, root)))
    assert [each.router for each in found.findings] == ["r1", "r3", "r2"]
    assert found.head == "x: 2 checks fail, 1 more may follow from it"
