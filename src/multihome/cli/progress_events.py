"""What the fleet does, printed as it happens: a line per step, not one per router."""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from multihome.cli.lines import print_as_is, print_line
from multihome.fleet.event import Moment
from multihome.report.text import safe
from multihome.values.grouping import Message, lines, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from multihome.cli.settings import Settings
    from multihome.fleet.event import Event, Listener

SILENT_STEPS = frozenset(
    {"close", "watch", "read", "plan", "release", "look", "renew", "read back", "status"}
)
"""Steps not shown: they are frequent, change nothing, or are reported in words as well."""
SILENT_NOTES = frozenset({"end"})
"""Notes for the journal alone: the screen shows the same elsewhere."""
INDENT = 13
"""Of whatever does not fit on the line that it belongs to."""
COLLECT = "collect"
WAITING = frozenset({"verify"})
"""Notes that come with every look while something is waited for."""
EVERY = 10.0
"""Seconds between two lines of looks that differ in numbers only."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@contextmanager
def narrated(settings: Settings, console: Console | None = None) -> Iterator[list[Listener]]:
    """The listeners to what the fleet does: the screen (stderr unless given) and the log."""
    narration = Narration(console or settings.screen.err, quiet=settings.screen.quiet)
    yield [narration, *settings.listeners()]
    narration.end()


class Narration:
    """A listener of fleets; safe to call from any thread."""

    def __init__(self, console: Console, *, quiet: bool = False, verbose: bool = False) -> None:
        self._console, self._quiet, self._verbose = console, quiet, verbose
        self._lock = threading.Lock()
        self._step = ""
        self._began = 0.0
        self._routers: dict[str, None] = {}
        self._told: dict[str, str] = {}
        self._complaints: list[Message] = []
        self._shape, self._looked = "", 0.0
        self._known: set[tuple[str, Message]] = set()

    def __call__(self, event: Event) -> None:
        """Take one event."""
        with self._lock:
            if event.moment is Moment.NOTE:
                self._flush()
                if event.step not in SILENT_NOTES:
                    self._tell(event)
                return
            if event.step != self._step:
                self._flush()
                self._step, self._began = event.step, time.monotonic()
            if event.moment is Moment.FINISHED:
                self._routers[event.router] = None
            elif event.moment is Moment.FAILED and event.error is not None:
                self._complain(message(event.router, str(event.error)))

    def end(self) -> None:
        """Print the remaining events."""
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        """The step that just ended, in one line."""
        wanted = self._verbose or self._step not in SILENT_STEPS | {COLLECT}
        if self._routers and wanted:
            count = len(self._routers)
            who = next(iter(self._routers)) if count == 1 else f"{count} routers"
            seconds = time.monotonic() - self._began
            self._say(f"{self._step:<10} {who:<12} {seconds:6.2f} s")
        for line in lines(self._complaints):
            self._say(f"{self._step}: {line}", "red")
        self._step, self._routers, self._complaints = "", {}, []

    def _complain(self, complaint: Message) -> None:
        """What is tried again and again is said once, at the end of the first try."""
        if (self._step, complaint) not in self._known:
            self._known.add((self._step, complaint))
            self._complaints.append(complaint)

    def _tell(self, event: Event) -> None:
        who = f"{event.router}: " if event.router else ""
        text = f"{event.step:<10} {who}{event.text}"
        if self._told.get(event.step) == text:
            return
        if event.step in WAITING and not self._due(text):
            return
        self._told[event.step] = text
        first, *rest = text.splitlines()
        self._say(first)
        for line in rest:
            if not self._quiet:
                print_as_is(self._console, f"  {safe(line)}")

    def _due(self, text: str) -> bool:
        """Whether a look that is one of many is worth a line: it says something else, or time passed."""
        shape, now = _NUMBER.sub("#", text.partition(": ")[0]), time.monotonic()
        if shape == self._shape and now - self._looked < EVERY:
            return False
        self._shape, self._looked = shape, now
        return True

    def _say(self, text: str, style: str = "") -> None:
        if not self._quiet:
            print_line(self._console, f"  {text}", style=style, indent=INDENT)
