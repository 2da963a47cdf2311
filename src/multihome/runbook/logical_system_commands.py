"""Where the next command is typed: of a logical system, after changing into it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.check.result import CheckResult, Finding
    from multihome.inventory.target import Target

_PLACE = re.compile(r" \(on (?P<router>[^)]+)\)$")


def placed(
    results: Iterable[CheckResult], targets: Mapping[str, Target]
) -> tuple[CheckResult, ...]:
    """The results, with commands that work where their routers are logical systems.

    `set cli logical-system` is Junos's way to make all that follows be of one of them.
    """
    return tuple(
        replace(each, findings=tuple(_placed(finding, targets) for finding in each.findings))
        for each in results
    )


def _placed(finding: Finding, targets: Mapping[str, Target]) -> Finding:
    if not finding.next or finding.next.startswith("multihome "):
        return finding
    told = _PLACE.search(finding.next)
    router = told["router"] if told else finding.router
    target = targets.get(router)
    if target is None or target.logical_system is None:
        return finding
    command = _PLACE.sub("", finding.next)
    into = f"set cli logical-system {target.logical_system}"
    return replace(finding, next=f"{into}, then {command} (on {router})")
