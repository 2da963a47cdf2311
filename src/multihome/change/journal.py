"""The write-ahead journal: one JSON line per operation, fsynced before the operation.

After a crash the journal says which routers a run may have changed, and their state
before; the routers say the rest.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from multihome.errors import InvalidFile, Problem
from multihome.values.private import private
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import FileIO
    from pathlib import Path

Detail: TypeAlias = "str | int | float | bool | Sequence[Detail] | Mapping[str, Detail] | None"


class Digest(str):
    """A digest in hexadecimal: no secret, though one that is four digits may occur in it."""

    __slots__ = ()


BEGIN = "begin"
LONGEST = 1 << 20
"""Bytes of a line, at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: at what time, on which router (empty: all), which step, which moment of it."""

    at: datetime
    router: str
    step: str
    moment: str
    """`begin`, `done`, `failed`; `note` for what is no step."""
    detail: Mapping[str, Detail]


class Journal:
    """Appends to one file; safe to use from several threads."""

    def __init__(self, path: Path, secrets: Iterable[str] = ()) -> None:
        self.path = path
        self._secrets = tuple(secrets)
        self._writing = threading.Lock()

    def write(self, step: str, moment: str, on: Iterable[str] = ("",), **detail: Detail) -> None:
        """One line per router.

        Before the beginning of a step this line and all before it are on disk when this
        returns; what follows a step need not be, since the routers know it as well.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        clean = {name: self._clean(value) for name, value in detail.items()}
        head = {"at": at, "step": step, "moment": moment, "detail": clean}
        text = "".join(json.dumps({**head, "router": router}) + "\n" for router in on)
        if not text:
            return
        with self._writing, open(self.path, "a+b", buffering=0, opener=private) as stream:
            _append(stream, text.encode())
            if moment == BEGIN:
                os.fsync(stream.fileno())

    def _clean(self, value: Detail) -> Detail:
        if isinstance(value, Digest):
            return value
        if isinstance(value, str):
            return redact(value, self._secrets)
        if isinstance(value, Mapping):
            return {name: self._clean(inner) for name, inner in value.items()}
        if isinstance(value, Sequence):
            return [self._clean(inner) for inner in value]
        return value


def _append(stream: FileIO, data: bytes) -> None:
    """All of it or nothing; a line that a crash has cut short goes first."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - LONGEST))
    tail = stream.read()
    end = size - len(tail) + tail.rfind(b"\n") + 1
    if end < size:
        stream.truncate(end)
    try:
        while data:
            data = data[stream.write(data) :]
    except OSError:
        stream.truncate(end)
        raise


def read_journal(path: Path) -> tuple[Entry, ...]:
    """Every complete line; the last one may be cut, if that is where the run ended.

    Raises:
        InvalidFile: a line before the last one cannot be read.
    """
    entries = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            if number < len(lines):
                raise InvalidFile([Problem(path, number, "", "not a journal's line")]) from None
    return tuple(entries)


def _entry(line: dict[str, object]) -> Entry:
    detail = line["detail"]
    if not isinstance(detail, dict):
        raise TypeError(detail)
    return Entry(
        datetime.fromisoformat(str(line["at"])),
        str(line["router"]),
        str(line["step"]),
        str(line["moment"]),
        detail,
    )
