"""`snapshot` and `compare`: what the network says before and after, and every difference judged."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.check.allowance import load_allowances
from multihome.check.comparison import compared
from multihome.errors import DeviceError, UnknownName, UsageError
from multihome.fleet.asking import ask
from multihome.fleet.outcome import errors
from multihome.intent.places import announced
from multihome.report.model import Phase, Run, exit_code
from multihome.runbook.evidence import runs_folder
from multihome.runbook.runs import fleet_of
from multihome.state.snapshot.archive import Snapshot, open_snapshot, writing
from multihome.state.snapshot.routes import stream_routes
from multihome.state.snapshot.take import asks, keep_router, miss_router, routes_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from multihome.device.session import Session
    from multihome.errors import MultihomeError
    from multihome.fleet.event import Listener
    from multihome.fleet.fleet import Fleet
    from multihome.intent.model import Intent
    from multihome.runbook.workspace import Workspace
    from multihome.state.request import Request
    from multihome.state.snapshot.archive import Writer
    from multihome.state.snapshot.row import Row

FOLDER = "snapshots"
AT_ONCE = 16
"""Routers that are read at the same time; of each, a few pieces of its reply are in memory."""


def snapshot_path(name: str) -> Path:
    """Where a snapshot of that name is, or will be: a path, or a name beside the runs."""
    return Path(name) if "/" in name else runs_folder() / FOLDER / name


def known_snapshots() -> tuple[str, ...]:
    """The names of the snapshots that are kept beside the runs."""
    return tuple(sorted(path.name for path in snapshot_path("").glob("*") if path.is_dir()))


def find_snapshot(name: str) -> Snapshot:
    """A snapshot by its name or path.

    Raises:
        UnknownName: no snapshot has that name.
        InvalidFile: it is not complete.
    """
    path = snapshot_path(name)
    if not path.exists():
        raise UnknownName("snapshot", name, known_snapshots())
    return open_snapshot(path)


def take(
    workspace: Workspace, name: str, *, brief: bool = False, listeners: Iterable[Listener] = ()
) -> tuple[Snapshot, Mapping[str, MultihomeError]]:
    """Keep what every router says now; `brief` leaves out communities, for full tables.

    Returns the snapshot, and why a router of it said nothing at all.

    Raises:
        InvalidFile: a snapshot of that name is there already.
        UsageError: it cannot be written.
    """
    path = snapshot_path(name)
    try:
        with (
            writing(path, datetime.now(UTC), brief=brief) as writer,
            fleet_of(workspace, listeners) as fleet,
        ):
            failed = keep_all(writer, fleet, brief=brief)
    except OSError as error:
        raise UsageError(f"cannot write the snapshot {path}: {error.strerror}") from error
    return open_snapshot(path), failed


def keep_all(
    writer: Writer,
    fleet: Fleet,
    *,
    brief: bool,
    between: Callable[[], None] | None = None,
    watch: Callable[[str, Row], None] | None = None,
) -> dict[str, MultihomeError]:
    """A few routers at a time: each writes its rows to disk while it reads them.

    `between` is called before each few of them; `watch` is shown every row, by several threads.
    Returns the routers that could not be asked at all.
    """
    failed: dict[str, MultihomeError] = {}

    def keep(session: Session) -> None:
        answers = ask(session, asks())
        replies = {(session.router, request): reply for request, reply in answers.items()}
        routes = _routes(session, routes_asked(brief=brief))
        keep_router(writer, session.router, replies, routes, watch)

    routers = fleet.routers
    for start in range(0, len(routers), AT_ONCE):
        if between is not None:
            between()
        outcomes = fleet.run(keep, routers[start : start + AT_ONCE], step="snapshot")
        for router, error in errors(outcomes).items():
            why = error.reason if isinstance(error, DeviceError) else str(error)
            miss_router(writer, router, why)
            failed[router] = error
    return failed


def _routes(session: Session, request: Request) -> Iterator[Row]:
    """Routes as they come; they are asked for when the first is wanted."""
    with session.stream(request) as source:
        yield from stream_routes(session.router, source)


def _what_matters(intent: Intent) -> frozenset[str]:
    """The sites' prefixes, reported first: what is behind their routers, and their gateways' LANs."""
    lans = (site.gateway.subnet for _, _, site in intent.multihomed_sites())
    return frozenset(map(str, (*(each.prefix for each in announced(intent)), *lans)))


def compare(workspace: Workspace, before: str, after: str, allow: Path | None = None) -> Run:
    """Every difference between two snapshots; an undeclared one is a failure.

    Raises:
        UnknownName: there is no snapshot of that name.
        InvalidFile: a snapshot is not complete, or the declarations are wrong.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    declared = load_allowances(allow, workspace.inventory.names) if allow else ()
    matters = _what_matters(workspace.intent)
    found = compared(
        find_snapshot(before),
        find_snapshot(after),
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
