"""The runs of a folder: all changes, and those that are not finished."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.change.folder import JOURNAL, RunFolder
from multihome.errors import ExitCode, InvalidFile
from multihome.inventory.network import NetworkKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from multihome.change.journal import Entry
    from multihome.inventory.network import Network

FINISHING = ("revert", "reapply")
"""The verbs of runs that undo another run, or bring it back."""
SUPERSEDED = frozenset({"apply", *FINISHING})
"""The verbs of runs that are closed when their routers have been brought to the intent."""


@dataclass(frozen=True, slots=True)
class Account:
    """One change or drill, as recorded in its journal; the routers may know more."""

    run: str
    verb: str
    began: datetime
    routers: tuple[str, ...]
    ticket: str = ""
    code: ExitCode | None = None
    """How it ended, or was finished later; None if it never came to an end."""
    text: str = ""
    pid: int = 0
    host: str = ""
    """The process that it was, and the machine where it ran."""
    network: Network | None = None
    """The network that it was made on; None: not recorded."""
    of: str = ""
    """The run that it undoes or brings back, if it is a revert or a reapply."""

    @property
    def running(self) -> bool:
        """Whether that process is still at it; one of another machine is not seen from here."""
        here = self.host == platform.node() and self.pid != os.getpid()
        return self.code is None and here and _alive(self.pid)

    @property
    def unfinished(self) -> bool:
        """Whether routers may be left between the old configuration and the new one."""
        return self.code in (None, ExitCode.NEEDS_HUMAN)


def accounts(runs: Path) -> tuple[Account, ...]:
    """Every run that had to do with routers' configurations, the latest first.

    A folder whose journal cannot be read is an unfinished run with that as its text.
    """
    found = [_of_folder(path.parent) for path in runs.glob(f"*/{JOURNAL}")]
    return tuple(
        sorted((each for each in found if each), key=lambda each: each.began, reverse=True)
    )


def account(folder: RunFolder) -> Account | None:
    """One run; None if it had nothing to do with routers' configurations.

    Raises:
        InvalidFile: the journal is damaged.
    """
    entries = folder.entries()
    start = next((entry for entry in entries if entry.step == "run"), None)
    if start is None:
        return None
    last = next((entry for entry in reversed(entries) if "code" in entry.detail), None)
    routers = [entry.detail.get("routers") for entry in entries if entry.step == "run"][-1]
    return Account(
        run=folder.run,
        verb=folder.verb,
        began=start.at,
        routers=tuple(map(str, routers)) if isinstance(routers, list) else (),
        ticket=str(start.detail.get("ticket", "")),
        code=_code(last),
        text=str(last.detail.get("text", "")) if last is not None else "",
        pid=_number(start.detail, "pid"),
        host=str(start.detail.get("host", "")),
        network=folder.network,
        of=str(start.detail.get("of", "")),
    )


def supersede(
    runs: Path, routers: Collection[str], run: str, here: NetworkKind = NetworkKind.LIVE
) -> None:
    """Close the unfinished changes whose routers have all been brought to the intent since.

    Those of a network of another kind than `here` are left as they are.

    `run` is the one that did it; empty if it found that nothing differs and nothing waits.
    """
    for each in accounts(runs):
        if each.network is not None and each.network.kind is not here:
            continue
        if each.verb not in SUPERSEDED or not each.routers or not set(each.routers) <= set(routers):
            continue
        if each.unfinished and not each.running and each.run != run:
            how = (
                f"run {run} brought its routers to the intent"
                if run
                else "a later apply found no changes"
            )
            close(RunFolder.find(runs, each.run), f"closed: {how}")


def sessions_of(runs: Path, run: str) -> dict[str, tuple[str, ...]]:
    """Router to the sessions of runs that undo this one or bring it back, as their journals say.

    Only those runs are read, however many others there are.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path in (path for verb in FINISHING for path in runs.glob(f"*-{verb}-*/{JOURNAL}")):
        folder = RunFolder(path.parent, path.parent.name.rsplit("-", 1)[1], "")
        with suppress(InvalidFile):
            known = account(folder)
            if known is None or known.of != run or known.running:
                continue
            for entry in folder.entries():
                if "session" in entry.detail:
                    session = str(entry.detail["session"])
                    found[entry.router] = (*found.get(entry.router, ()), session)
    return found


def close(folder: RunFolder, text: str) -> None:
    """Record that a run needs no further action, if its folder is writable."""
    with suppress(OSError):
        folder.journal.write("closed", "note", text=text, code=int(ExitCode.PROVEN))


def _of_folder(path: Path) -> Account | None:
    folder = RunFolder.find(path.parent, path.name)
    try:
        return account(folder)
    except InvalidFile as error:
        began = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        return Account(folder.run, folder.verb, began, (), text=str(error), network=folder.network)


def _code(entry: Entry | None) -> ExitCode | None:
    if entry is None:
        return None
    try:
        return ExitCode(_number(entry.detail, "code"))
    except ValueError:
        return None


def _number(detail: Mapping[str, object], name: str) -> int:
    found = detail.get(name)
    return found if isinstance(found, int) else 0


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
