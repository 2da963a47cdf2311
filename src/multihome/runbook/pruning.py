"""The folder of runs: what is in it, how large it is, and which runs may go."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.change.folder import RunFolder
from multihome.change.recovery.run_list import account
from multihome.errors import InvalidFile
from multihome.runbook.evidence import RESULT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta
    from pathlib import Path

_NAME = re.compile(r"(?P<began>\d{8}T\d{6})-(?P<verb>.+)-(?P<run>[0-9a-z]+)")
_MAY_STILL_RUN = 3600.0
"""Seconds without a word after which a run that only looked has ended, result or not."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run on disk."""

    path: Path
    run: str
    verb: str
    began: datetime
    size: int
    """Bytes."""
    ended: str
    """Its last word."""
    needed: str = ""
    """Why it must stay; empty if nothing depends on it."""


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of runs."""

    path: Path
    runs: tuple[StoredRun, ...]
    """The latest first."""
    besides: int
    """Bytes of everything else there, such as snapshots."""

    @property
    def size(self) -> int:
        """Bytes of all of it."""
        return self.besides + sum(each.size for each in self.runs)


def stored(folder: Path) -> Store:
    """Everything in the folder; a folder that is not there is empty."""
    runs = tuple(each for path in _folders(folder) if (each := _stored(path)) is not None)
    ordered = tuple(sorted(runs, key=lambda each: each.began, reverse=True))
    return Store(folder, ordered, _size(folder) - sum(each.size for each in runs))


def expendable(
    store: Store, now: datetime, *, older_than: timedelta | None, keep_size: int | None
) -> tuple[StoredRun, ...]:
    """The runs that may go, the oldest first.

    Those that began more than `older_than` ago; then the oldest of the others, until the folder
    is not larger than `keep_size` bytes. A run that is needed is never one of them.
    """
    free = [each for each in reversed(store.runs) if not each.needed]
    gone = [each for each in free if older_than is not None and now - each.began > older_than]
    left = store.size - sum(each.size for each in gone)
    for each in free:
        if keep_size is None or left <= keep_size:
            break
        if each not in gone:
            gone.append(each)
            left -= each.size
    return tuple(sorted(gone, key=lambda each: each.began))


def remove(runs: Iterable[StoredRun]) -> tuple[tuple[StoredRun, str], ...]:
    """Delete runs, each looked at once more; those that stayed, with the reason."""
    stayed: list[tuple[StoredRun, str]] = []
    for each in runs:
        again = _stored(each.path)
        if again is None or again.needed:
            stayed.append((each, again.needed if again else "it is gone already"))
            continue
        try:
            shutil.rmtree(each.path)
        except OSError as error:
            stayed.append((each, error.strerror or str(error)))
    return tuple(stayed)


def _folders(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() else ()


def _stored(path: Path) -> StoredRun | None:
    """A run's own folder; a link, or anything that another program put there, is none."""
    named = _NAME.fullmatch(path.name)
    if named is None or path.is_symlink() or not path.is_dir():
        return None
    folder = RunFolder(path, named["run"], named["verb"])
    try:
        ended, needed = _last_word(folder)
    except InvalidFile as error:
        ended, needed = str(error), "its journal cannot be read"
    began = datetime.strptime(named["began"], "%Y%m%dT%H%M%S").astimezone()
    return StoredRun(path, folder.run, folder.verb, began, _size(path), ended, needed)


def _last_word(folder: RunFolder) -> tuple[str, str]:
    """How a run ended, and why it is needed."""
    entries = folder.entries()
    text = next(
        (str(each.detail["text"]) for each in reversed(entries) if "text" in each.detail), ""
    )
    found = account(folder)
    if found is not None:
        if found.running:
            return "still running", f"still running (pid {found.pid})"
        return found.text or text, "not finished" if found.unfinished else ""
    if not (folder.path / RESULT).is_file():
        last = entries[-1].at if entries else _changed(folder.path)
        if (datetime.now(UTC) - last).total_seconds() < _MAY_STILL_RUN:
            return text, "it may still be running"
    return text, ""


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)


def _size(path: Path) -> int:
    """Bytes of the files below a folder; links are not followed."""
    return sum(each.lstat().st_size for each in path.rglob("*") if not each.is_dir())
