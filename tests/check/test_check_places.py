"""The next command works where it is typed, also on a logical system."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from multihome.check.result import CheckResult, Finding, Verdict
from multihome.runbook.logical_system_commands import placed

TARGETS = {
    "luna": SimpleNamespace(logical_system="Luna"),
    "juno": SimpleNamespace(logical_system=None),
}
FAILED = Finding("luna", "s", "a", "1", "2", Verdict.FAIL)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("show vrrp", "set cli logical-system Luna, then show vrrp (on luna)"),
        ("show vrrp (on luna)", "set cli logical-system Luna, then show vrrp (on luna)"),
        ("show vrrp (on juno)", "show vrrp (on juno)"),
        ("show vrrp (on nobody)", "show vrrp (on nobody)"),
        ("multihome preflight -l luna", "multihome preflight -l luna"),
        ("", ""),
    ],
)
def test_a_command_for_a_logical_system_begins_by_changing_into_it(said, told):
    (result,) = placed([CheckResult("c", "luna", (replace(FAILED, next=said),))], TARGETS)
    assert result.findings[0].next == told


def test_what_has_once_been_placed_stays_as_it_is():
    once = placed([CheckResult("c", "luna", (replace(FAILED, next="show vrrp"),))], TARGETS)
    assert placed(once, {}) == once
