"""A run as CSV (RFC 4180): a line for each finding, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from multihome.check.result import Verdict
from multihome.report.model import how_bad, standing
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.report.model import Run

COLUMNS = (
    *("phase", "state", "router", "check", "kind", "subject", "verdict"),
    *("attribute", "expected", "actual", "why"),
)
_FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would run."""


def to_csv(run: Run) -> str:
    """The run as CSV text; a check without any finding has a line too, and is unknown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(tuple(map(_cell, row)) for row in _rows(run))
    return out.getvalue()


def _rows(run: Run) -> Iterator[tuple[str, ...]]:
    for phase in run.phases:
        for each in phase.result.results:
            about = (phase.title, phase.state, each.router, each.check, each.kind, each.subject)
            if not each.findings:
                yield (*about, standing(each), "", "", "", "")
            for finding in each.findings:
                verdict = "pass" if finding.verdict is Verdict.PASS else how_bad(finding)
                said = (finding.attribute, finding.expected, finding.actual, finding.why)
                yield (*about, verdict, *map(str, said))


def _cell(text: str) -> str:
    """Text of a router never begins a formula; a number is one."""
    shown = safe(text)
    if not shown.startswith(_FORMULA):
        return shown
    try:
        float(shown)
    except ValueError:
        return f"'{shown}"
    return shown
