"""Routers that have nothing of the intent are one cause with one next step."""

from dataclasses import replace

import pytest
from lxml import etree

from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.errors import Unreachable
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import default_project
from multihome.render.secrets import Secrets
from multihome.report.model import troubles
from multihome.runbook.unconfigured import collapsed, unconfigured
from multihome.runbook.workspace import Workspace
from multihome.state.configuration import STATEMENTS

FOREIGN = ["system host-name x", "interfaces xe-2/0/0 vlan-tagging", "protocols lldp interface all"]


@pytest.fixture(scope="module")
def workspace():
    return Workspace.open(default_project(), Credentials("ops"), Secrets({}))


def check(router, number, verdict=Verdict.FAIL):
    finding = Finding(router, f"thing {number}", "state", "up", "none", verdict)
    return CheckResult(f"c{number}", router, (finding,), kind="interface", subject="thing")


def result(**failing):
    """So many of four checks fail on each router."""
    checks = [
        check(router, number, Verdict.FAIL if number < failed else Verdict.PASS)
        for router, failed in failing.items()
        for number in range(4)
    ]
    return RunResult(len(checks), tuple(checks))


def collecting(configurations, asked):
    def collect(requests):
        asked.extend(requests)
        assert all(list(each) == [STATEMENTS.request] for each in requests.values())
        return {(router, STATEMENTS.request): reply(router) for router in requests}

    def reply(router):
        lines = configurations[router]
        if lines is None:
            return Unreachable(router, "gone")
        element = etree.Element("configuration-set")
        element.text = "\n".join(f"set {line}" for line in lines)
        return element

    return collect


def test_routers_with_nothing_of_the_intent_are_told_from_those_with_some(workspace):
    some = "interfaces xe-2/0/0 unit 105 vlan-id 105"
    asked = []
    collect = collecting(
        {"luna": FOREIGN, "orcus": [*FOREIGN, "interfaces xe-2/0/0 unit 111 vlan-id 111"],
         "mars": FOREIGN, "juno": None}, asked,
    )  # fmt: skip
    found = unconfigured(workspace, result(luna=4, orcus=4, mars=3, sol=2, juno=4), collect)
    assert found == ("luna", "mars")
    assert sorted(asked) == ["juno", "luna", "mars", "orcus"], "sol is not suspected"
    (lonely,) = [unconfigured(workspace, result(luna=4), collecting({"luna": [some]}, []))]
    assert lonely == ()


def test_nothing_is_asked_where_nothing_fails(workspace):
    def collect(_requests):
        raise AssertionError("asked")

    assert unconfigured(workspace, result(luna=0, mars=1), collect) == ()


def test_all_of_their_failures_are_one_line_with_the_next_command():
    before = result(luna=4, mars=4, sol=1)
    after = collapsed(before, ("luna", "mars"))
    assert after.planned == before.planned
    assert [each.verdict for each in after.results] == [each.verdict for each in before.results]
    bare, other = troubles(after)
    assert bare.head == "luna, mars have nothing of the intent: 8 checks fail"
    assert bare.samples(6) == ()
    assert bare.next == "multihome plan"
    assert other.head == ""
    (one, _) = troubles(collapsed(before, ("luna",)))[:2]
    assert one.head == "luna has nothing of the intent: 4 checks fail"
    assert one.next == "multihome plan -l luna"
    assert collapsed(before, ()) is before


def test_a_router_that_could_not_be_asked_stays_unknown():
    silent = replace(check("luna", 9, Verdict.UNKNOWN), check="silent")
    before = RunResult(2, (check("luna", 1), silent))
    assert collapsed(before, ("luna",)).results[1] == silent
