"""A snapshot on disk: a folder for each router, a file of columns for each kind of row.

    NAME/snapshot.json              when it was taken, of which routers, what could not be read
    NAME/ROUTER/route.parquet       with pyarrow: columns, compressed, written and read in batches
    NAME/ROUTER/route.jsonl.gz      without it: the same rows, line by line

Rows are written as they come and read back one batch at a time, so the size of a table costs
disk and no memory.
"""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from multihome.errors import DeviceError, InvalidFile, Problem
from multihome.state.snapshot.row import Kind, Row
from multihome.state.snapshot.sorting import in_order
from multihome.values.private import make_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_INDEX = "snapshot.json"
_VERSION = 1


class Format(Protocol):
    """One way to keep rows in a file."""

    suffix: str

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write rows of one kind; returns how many."""
        ...

    def read(self, path: Path, kind: Kind) -> Iterator[Row]:
        """Read them again, in the same order."""
        ...


class Lines:
    """One row a line, compressed; needs nothing but Python."""

    suffix = ".jsonl.gz"

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write rows of one kind; returns how many."""
        count = 0
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=3) as stream:
            for row in rows:
                stream.write(json.dumps([row.order, row.key, *row.values]))
                stream.write("\n")
                count += 1
        return count

    def read(self, path: Path, kind: Kind) -> Iterator[Row]:
        """Read them again, in the same order."""
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                order, key, *values = json.loads(line)
                yield Row(kind, order, key, tuple(values))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a snapshot says of itself."""

    path: Path
    taken: datetime
    routers: Mapping[str, Mapping[str, int]]
    """Rows by router and kind."""
    missing: Mapping[str, Mapping[str, str]]
    """By router and kind, why there are no rows; a protocol that does not run is not missing."""
    brief: bool = False
    """Routes without communities."""
    unsorted: frozenset[str] = frozenset()
    """`ROUTER/KIND` of files whose rows did not come in order."""

    def rows(self, router: str, kind: Kind) -> Iterator[Row]:
        """The rows of one kind of one router, in order."""
        found = self._written(router, kind)
        return in_order(found) if f"{router}/{kind}" in self.unsorted else found

    def _written(self, router: str, kind: Kind) -> Iterator[Row]:
        for form in _formats():
            path = self.path / router / f"{kind}{form.suffix}"
            if path.exists():
                yield from form.read(path, kind)
                return


class Writer:
    """Takes in rows, router by router and kind by kind."""

    def __init__(self, path: Path) -> None:
        self._path, self._form = path, _formats()[0]
        self.counts: dict[str, dict[str, int]] = {}
        self.missing: dict[str, dict[str, str]] = {}
        self.unsorted: set[str] = set()

    def add(self, router: str, kind: Kind, rows: Iterable[Row]) -> None:
        """Write all rows of one kind of one router; if they break off, they are missing."""
        folder = self._path / router
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{kind}{self._form.suffix}"
        make_private(path)
        try:
            count = self._form.write(path, self._watched(router, kind, rows))
            self.counts.setdefault(router, {})[kind] = count
        except DeviceError as error:
            path.unlink(missing_ok=True)
            self.miss(router, kind, error.reason)

    def _watched(self, router: str, kind: Kind, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows; whether they came in order is noted, for they hardly ever do not."""
        last = ""
        for row in rows:
            if row.order < last:
                self.unsorted.add(f"{router}/{kind}")
            last = row.order
            yield row

    def miss(self, router: str, kind: Kind, why: str) -> None:
        """Note that there are no rows, and why."""
        self.missing.setdefault(router, {})[kind] = why


@contextmanager
def writing(path: Path, taken: datetime, *, brief: bool = False) -> Iterator[Writer]:
    """Write a snapshot; its index comes last, so that one cut short is none.

    Raises InvalidFile if there is one of that name.
    """
    if (path / _INDEX).exists():
        raise InvalidFile([Problem(path, None, "", "a snapshot of that name is there already")])
    path.mkdir(parents=True, exist_ok=True)
    writer = Writer(path)
    yield writer
    index = {
        "version": _VERSION,
        "taken": taken.isoformat(),
        "brief": brief,
        "routers": writer.counts,
        "missing": writer.missing,
        "unsorted": sorted(writer.unsorted),
    }
    make_private(path / _INDEX)
    (path / _INDEX).write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def open_snapshot(path: Path) -> Snapshot:
    """A snapshot that is complete; raises InvalidFile."""
    index = path / _INDEX
    try:
        data = json.loads(index.read_text(encoding="utf-8"))
        taken = datetime.fromisoformat(data["taken"])
        version, routers, missing = data["version"], data["routers"], data["missing"]
        brief, unsorted = bool(data["brief"]), frozenset(data["unsorted"])
    except OSError as error:
        raise InvalidFile([Problem(path, None, "", "is no complete snapshot")]) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidFile([Problem(index, None, "", f"is no index: {error}")]) from error
    if version != _VERSION:
        raise InvalidFile([Problem(index, None, "version", f"is {version}, not {_VERSION}")])
    return Snapshot(path, taken, routers, missing, brief=brief, unsorted=unsorted)


def _formats() -> tuple[Format, ...]:
    """Columns where pyarrow is installed, lines always: what was written can be read."""
    if find_spec("pyarrow") is None:
        return (Lines(),)
    from multihome.state.snapshot.columns import Columns  # noqa: PLC0415 - an optional library

    return (Columns(), Lines())
