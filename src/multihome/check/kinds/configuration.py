"""Statements of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import ConfigStatement
from multihome.state import configuration as state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.state.query import Evidence


@check(ConfigStatement, needs=lambda _expected: [state.STATEMENTS])
def configuration(expected: ConfigStatement, evidence: Evidence) -> Iterator[Finding]:
    """Statements are in the committed configuration, or are not.

    Written as `show configuration | display set` prints them, without `set`; `under` is a path
    before each. What is deactivated is not there; `absent` means nothing below it either.
    """
    judge = Judge(expected, next=f"show configuration {expected.under or ''} | display set")
    statements = evidence.table(expected.router, state.STATEMENTS)
    for each in sorted(expected.present or ()):
        wanted = _whole(expected.under, each)
        there = wanted in statements
        yield judge.finding(each, "present", "present" if there else "not there", holds=there)
    for each in sorted(expected.absent or ()):
        unwanted = _whole(expected.under, each)
        found = sorted(line for line in statements if state.below(line, unwanted))
        yield judge.finding(each, "absent", found or "absent", holds=not found)


def _whole(under: str | None, statement: str) -> str:
    return " ".join(f"{under or ''} {statement}".split())
