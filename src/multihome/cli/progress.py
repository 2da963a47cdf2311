"""How far a run is: one line on stderr, only on a terminal, gone when the run is over."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from multihome.fleet.event import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.progress import Progress, TaskID

    from multihome.fleet.event import Event, Listener

_SILENT = frozenset({"close"})


class _Line:
    """A listener of fleets: of the step at hand, how many routers are done, and who is not."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task
        self._lock = threading.Lock()
        self._step = ""
        self._begun = 0
        self._open: dict[str, None] = {}

    def __call__(self, event: Event) -> None:
        if event.moment is Moment.NOTE or event.step in _SILENT:
            return
        with self._lock:
            if event.step != self._step:
                self._step, self._begun, self._open = event.step, 0, {}
            if event.moment is Moment.STARTED:
                if not self._open:
                    self._begun = 0
                self._begun += 1
                self._open[event.router] = None
            else:
                self._open.pop(event.router, None)
            self._draw()

    def _draw(self) -> None:
        waiting = ", ".join([*self._open][:3]) + (", ..." if len(self._open) > 3 else "")
        self._progress.update(
            self._task,
            description=self._step,
            completed=self._begun - len(self._open),
            total=self._begun,
            waiting=f"waiting for {waiting}" if waiting else "",
        )


@contextmanager
def progress(console: Console, *, quiet: bool = False) -> Iterator[list[Listener]]:
    """Listeners for a fleet; none in a pipe, in CI or on a dumb terminal."""
    if quiet or not console.is_interactive:
        yield []
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[waiting]}", markup=False),
    )
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as shown:
        yield [_Line(shown, shown.add_task("connect", total=None, waiting=""))]
