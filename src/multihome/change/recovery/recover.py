"""A run without its folder, reconstructed from the routers' commit histories.

The machine that started it may be lost or off. The commit histories are enough to confirm the
run or to roll it back. Without the folder there is no fingerprint to prove the configuration
before the run: its place in the history must do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.commit_comment import CommitComment, remembered, signed
from multihome.change.folder import RunFolder
from multihome.errors import UnknownName
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from multihome.change.recovery.recalled import Recalled
    from multihome.device.session import CommitRecord
    from multihome.fleet.fleet import Fleet


def recover(fleet: Fleet, runs: Path, run: str) -> RunFolder:
    """Make a folder for a run, of every router that has a commit of it or does not answer.

    Raises:
        UnknownName: no router has one.
        UsageError: the folder cannot be made.
    """
    outcomes = fleet.run(lambda session: session.history(), _one_each(fleet), step="search")
    histories = values(outcomes)
    theirs = {router: found for router in histories if (found := _of(histories[router], run))}
    if not theirs:
        raise UnknownName("run", run, _known(histories.values()))
    first = next(iter(theirs.values()))[-1]
    mark = remembered(first, run) or CommitComment(run)
    folder = RunFolder.create(runs, signed(first, run) or "apply", run=run)
    among = [router for router in outcomes if router in theirs or router in errors(outcomes)]
    _write(folder, mark, f"found in the commit history of {', '.join(theirs)}", among)
    return folder


def joined_since(fleet: Fleet, folder: RunFolder, recalled: Recalled) -> list[str]:
    """Routers that a run came to after it was found: it was still at work elsewhere.

    They are its own from now on. To be asked under the locks of the others.
    """
    if not recalled.found:
        return []
    covered = {fleet.devices[router] for router in recalled.routers}
    rest = [router for router in _one_each(fleet) if fleet.devices[router] not in covered]
    outcomes = fleet.run(lambda session: session.history(), rest, step="search")
    run = recalled.mark.run
    joined = [router for router, history in values(outcomes).items() if _of(history, run)]
    if not joined:
        return []
    text = f"it has come to {', '.join(joined)} meanwhile"
    _write(folder, recalled.mark, text, [*recalled.routers, *joined])
    return [f"{text}, and may still be at it elsewhere; try again"]


def _write(folder: RunFolder, mark: CommitComment, text: str, routers: Sequence[str]) -> None:
    folder.journal.write(
        "run",
        "note",
        text=f"{mark.run}: {text}",
        verb=folder.verb,
        routers=routers,
        ticket=mark.ticket,
        intent=mark.intent,
        found=True,
    )


def _one_each(fleet: Fleet) -> list[str]:
    """Of the logical systems of one device the first: they share its history, and its lock."""
    firsts = {device: router for router, device in reversed(fleet.devices.items())}.values()
    return [router for router in fleet.routers if router in firsts]


def _of(history: Iterable[CommitRecord], run: str) -> list[CommitRecord]:
    return [record for record in history if signed(record, run)]


def _known(histories: Iterable[Iterable[CommitRecord]]) -> set[str]:
    """The runs of newest commits: those that an operator may want to finish."""
    newest = (record for history in histories for record in list(history)[:1])
    return {mark.run for record in newest if (mark := remembered(record)) is not None}
