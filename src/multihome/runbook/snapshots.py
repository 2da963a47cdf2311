"""`snapshot` and `compare`: what the network says before and after, and every difference judged."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.check.allowance import load_allowances
from multihome.check.comparison import compared
from multihome.errors import UsageError
from multihome.intent.places import announced
from multihome.report.model import Phase, Run, exit_code
from multihome.runbook.evidence import runs_folder
from multihome.runbook.runs import fleet_of
from multihome.state.snapshot.archive import Snapshot, open_snapshot
from multihome.state.snapshot.take import asks, keep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

    from multihome.errors import DeviceError
    from multihome.fleet.fleet import Fleet
    from multihome.runbook.workspace import Workspace
    from multihome.state.request import Request

FOLDER = "snapshots"
AT_ONCE = 4
"""Routers whose answers are in memory at the same time."""


def snapshot_path(name: str) -> Path:
    """Where a snapshot of that name is, or will be: a path, or a name beside the runs."""
    return Path(name) if "/" in name else runs_folder() / FOLDER / name


def take(workspace: Workspace, name: str, *, brief: bool = False) -> Snapshot:
    """Keep what every router says now.

    Raises:
        InvalidFile: a snapshot of that name is there already.
        UsageError: it cannot be written.
    """
    path = snapshot_path(name)
    with fleet_of(workspace) as fleet:
        try:
            keep(path, datetime.now(UTC), _answers(fleet, brief=brief), brief=brief)
        except OSError as error:
            raise UsageError(f"cannot write the snapshot {path}: {error.strerror}") from error
    return open_snapshot(path)


def compare(workspace: Workspace, before: str, after: str, allow: Path | None = None) -> Run:
    """Every difference between two snapshots; one that nobody declared is a failure.

    Raises:
        InvalidFile: a snapshot is not complete, or the declarations are wrong.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    declared = load_allowances(allow, workspace.inventory.names) if allow else ()
    matters = {str(each.prefix) for each in announced(workspace.intent)}
    found = compared(
        open_snapshot(snapshot_path(before)),
        open_snapshot(snapshot_path(after)),
        declared,
        matters,
    )
    unused = tuple(f"declared and not seen: {each.key or each.kind}" for each in found.unused)
    return Run(
        verb="compare",
        subject=f"{before} {after}",
        started=started,
        seconds=time.monotonic() - clock,
        exit_code=exit_code(found.result),
        phases=(Phase("compare", f"{before} to {after}", found.result),),
        notes=unused,
    )


def _answers(
    fleet: Fleet, *, brief: bool
) -> Iterator[tuple[str, Mapping[Request, _Element | DeviceError]]]:
    """A few routers at a time, so that full tables of all of them are never in memory at once."""
    routers = fleet.routers
    requests = asks(brief=brief)
    for start in range(0, len(routers), AT_ONCE):
        chosen = routers[start : start + AT_ONCE]
        replies = fleet.collect(dict.fromkeys(chosen, requests))
        for router in chosen:
            yield router, {request: replies[router, request] for request in requests}
