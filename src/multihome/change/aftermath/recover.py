"""A run without its folder, found again in the routers' commit histories.

The machine that made it may be lost, or asleep at home. What the routers remember is enough to
finish it in either direction, except that nobody can prove any more that the configuration
before is the one that was there: its place in the history must do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.folder import RunFolder
from multihome.change.mark import Mark, remembered, signed
from multihome.errors import UnknownName
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from multihome.device.session import CommitRecord
    from multihome.fleet.fleet import Fleet


def recover(fleet: Fleet, runs: Path, run: str) -> RunFolder:
    """Make a folder for a run, of every router that has a commit of it or does not answer.

    Raises:
        UnknownName: no router has one.
        UsageError: the folder cannot be made.
    """
    outcomes = fleet.run(lambda session: session.history(), fleet.routers, step="search")
    histories = values(outcomes)
    theirs = {router: found for router in histories if (found := _of(histories[router], run))}
    if not theirs:
        raise UnknownName("run", run, _known(histories.values()))
    first = next(iter(theirs.values()))[-1]
    mark = remembered(first, run) or Mark(run)
    folder = RunFolder.create(runs, signed(first, run) or "apply", run=run)
    folder.journal.write(
        "run",
        "note",
        text=f"{run}: found in the commit history of {', '.join(theirs)}",
        verb=folder.verb,
        routers=[router for router in outcomes if router in theirs or router in errors(outcomes)],
        ticket=mark.ticket,
        intent=mark.intent,
    )
    return folder


def _of(history: Iterable[CommitRecord], run: str) -> list[CommitRecord]:
    return [record for record in history if signed(record, run)]


def _known(histories: Iterable[Iterable[CommitRecord]]) -> set[str]:
    """The runs of newest commits: those that somebody may want to finish."""
    newest = (record for history in histories for record in list(history)[:1])
    return {mark.run for record in newest if (mark := remembered(record)) is not None}
