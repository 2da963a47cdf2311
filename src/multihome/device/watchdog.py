"""One thread that ends what takes too long, for every session of the process."""

from __future__ import annotations

import heapq
import threading
import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Watch:
    """The limit on one piece of work."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self.fired = False
        self.over = False

    def fire(self) -> None:
        """Run the action, unless the work ended in time."""
        if not self.over:
            self.fired = True
            self._action()


class Watchdog:
    """Deadlines in a heap and a thread that sleeps until the next one; started when first used."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._watches: list[tuple[float, int, Watch]] = []
        self._numbers = count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float, action: Callable[[], None]) -> Iterator[Watch]:
        """Call `action` from the watchdog's thread if the body takes longer than `seconds`."""
        watch = Watch(action)
        with self._wake:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            deadline = time.monotonic() + seconds
            heapq.heappush(self._watches, (deadline, next(self._numbers), watch))
            self._wake.notify()
        try:
            yield watch
        finally:
            watch.over = True

    def _run(self) -> None:
        while True:
            self._next().fire()

    def _next(self) -> Watch:
        with self._wake:
            while True:
                while self._watches and self._watches[0][2].over:
                    heapq.heappop(self._watches)
                if not self._watches:
                    self._wake.wait()
                    continue
                delay = self._watches[0][0] - time.monotonic()
                if delay <= 0:
                    return heapq.heappop(self._watches)[2]
                self._wake.wait(delay)


WATCHDOG = Watchdog()
"""The process's own: a thread per session would cost more than the sessions."""
