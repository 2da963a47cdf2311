"""What the fleet does, told as it happens: a line per step, not one per router."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from multihome.fleet.event import Moment
from multihome.report.text import safe

if TYPE_CHECKING:
    from rich.console import Console

    from multihome.fleet.event import Event

SILENT_STEPS = frozenset({"close", "watch", "read", "plan", "release", "look"})
"""Steps that are no news: they come often, or change nothing."""
SILENT_NOTES = frozenset({"run"})
"""Notes for the journal: what they say stands on the screen anyway."""
COLLECT = "collect"


class Narration:
    """A listener of fleets; safe to call from any thread."""

    def __init__(self, console: Console, *, quiet: bool = False, verbose: bool = False) -> None:
        self._console, self._quiet, self._verbose = console, quiet, verbose
        self._lock = threading.Lock()
        self._step = ""
        self._began = 0.0
        self._routers: dict[str, None] = {}
        self._told = ""

    def __call__(self, event: Event) -> None:
        """Take one event."""
        with self._lock:
            if event.moment is Moment.TOLD:
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
                self._say(f"{event.step}: {event.error}", "red")

    def end(self) -> None:
        """Tell what is left to tell."""
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
        self._step, self._routers = "", {}

    def _tell(self, event: Event) -> None:
        who = f"{event.router}: " if event.router else ""
        text = f"{event.step:<10} {who}{event.text}"
        if text != self._told:
            self._told = text
            self._say(text)

    def _say(self, text: str, style: str = "") -> None:
        if not self._quiet:
            self._console.print(
                f"  {safe(text)}", style=style, markup=False, highlight=False, soft_wrap=True
            )
