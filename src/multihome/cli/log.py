"""`--log-file`: every step on every router, a line each, for the review afterwards."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.errors import UsageError
from multihome.values.printable import printable
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from pathlib import Path

    from multihome.fleet.event import Event


class LogFile:
    """A listener of fleets that appends to a file; safe to call from any thread."""

    def __init__(self, path: Path) -> None:
        """Raise UsageError at once if the file cannot be written; later errors are only reported."""
        self._path, self._lock = path, threading.Lock()
        self._failed = False
        try:
            self._write("log begins")
        except OSError as error:
            raise UsageError(f"cannot write the log {path}: {error.strerror}") from error

    def __call__(self, event: Event) -> None:
        """Write one event, without secrets."""
        said = [event.router or "all", event.step, event.moment.value]
        if event.seconds:
            said.append(f"{event.seconds:.3f} s")
        if event.error is not None:
            said.append(str(event.error))
        if event.text:
            said.append(event.text)
        try:
            self._write(" ".join(" ".join(said).split()))
        except OSError as error:
            if not self._failed:
                self._warn(f"warning: no log any more: {error.strerror}")
            self._failed = True

    def _warn(self, text: str) -> None:
        from multihome.cli.screen import Screen

        Screen().err.print(text)

    def _write(self, text: str) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._lock, self._path.open("a", encoding="utf-8") as stream:
            stream.write(f"{moment} {printable(redact(text))}\n")
