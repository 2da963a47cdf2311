"""What happened in the twin that no router reports: a bounded list of lines."""

from __future__ import annotations

import traceback
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from multihome.twin.calendar import Calendar

LINES = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """One event; `router` is empty for the network as a whole."""

    at: datetime
    router: str
    message: str

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.router or 'lab'}: {self.message}"


class Journal:
    """The newest lines, oldest first; `sink` sees each line as it is written."""

    def __init__(self, calendar: Calendar, sink: Callable[[Line], None] | None = None) -> None:
        self._calendar = calendar
        self._lines: deque[Line] = deque(maxlen=LINES)
        self._sink = sink

    def write(self, router: str, message: str) -> None:
        """Add a line; the secrets of a statement that it quotes are masked."""
        line = Line(self._calendar.now(), router, redact(message))
        self._lines.append(line)
        if self._sink is not None:
            self._sink(line)

    def write_failure(self, router: str, what: str) -> None:
        """Add the exception being handled, with its traceback."""
        self.write(router, f"internal error in {what}\n{traceback.format_exc().rstrip()}")

    def lines(self, router: str | None = None) -> tuple[Line, ...]:
        """Every line, or those of one router."""
        return tuple(line for line in self._lines if router is None or line.router == router)
