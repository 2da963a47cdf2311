"""A round of checks in one screen: the catalogue's by name, the derived ones counted by kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from multihome.report.model import standing
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.check.result import CheckResult
    from multihome.report.model import Phase

CATALOGUE = "checks/"
"""How the origin of a check begins that an operator wrote."""
_STYLES = {"pass": "green", "fail": "bold red", "warning": "yellow", "unknown": "bold magenta"}


def highlights(phase: Phase) -> Table:
    """The table; every check is in it, by its name or in a count."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("router", "check", "verdict"):
        table.add_column(column, overflow="fold")
    written = [each for each in phase.result.results if _is_written(each)]
    for each in written:
        word = standing(each)
        table.add_row(safe(each.router), safe(each.check), Text(word.upper(), _STYLES[word]))
    implied = [each for each in phase.result.results if not _is_written(each)]
    for kind in sorted({each.kind for each in implied}):
        found = [each for each in implied if each.kind == kind]
        routers = len({each.router for each in found})
        where = "1 router" if routers == 1 else f"{routers} routers"
        table.add_row(where, f"{len(found)} {kind} of the intent", _summed(found))
    return table


def _is_written(result: CheckResult) -> bool:
    return any(finding.origin.startswith(CATALOGUE) for finding in result.findings)


def _summed(results: Iterable[CheckResult]) -> Text:
    counts = Counter(standing(each) for each in results)
    for word in ("unknown", "fail", "warning"):
        if counts[word]:
            return Text(f"{counts[word]} {word.upper()}", _STYLES[word])
    return Text("PASS", _STYLES["pass"])
