"""One clock for the whole network: events in order of their deadline, then of their making.

Nothing here reads the time of day. A server advances the clock as real time passes, a
rehearsal advances it faster, a test by hand.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(order=True, slots=True)
class Timer:
    """A deadline and what happens then; cancel it and nothing does."""

    deadline: float
    serial: int
    action: Callable[[], None] | None = field(compare=False)

    @property
    def pending(self) -> bool:
        """Whether it is still to fire."""
        return self.action is not None

    def cancel(self) -> None:
        """Forget the action; harmless if it has fired."""
        self.action = None


class Clock:
    """Simulated seconds since the network was made."""

    def __init__(self) -> None:
        self.now = 0.0
        self._serial = 0
        self._queue: list[Timer] = []

    def after(self, delay: float, action: Callable[[], None]) -> Timer:
        """Run `action` in `delay` seconds; simultaneous events keep the order of their making."""
        self._serial += 1
        timer = Timer(self.now + delay, self._serial, action)
        heapq.heappush(self._queue, timer)
        return timer

    def next_deadline(self) -> float | None:
        """When the next event is due, or None if nothing will ever happen."""
        while self._queue and not self._queue[0].pending:
            heapq.heappop(self._queue)
        return self._queue[0].deadline if self._queue else None

    def step(self) -> bool:
        """Jump to the next event and run it; False if there is none."""
        deadline = self.next_deadline()
        if deadline is None:
            return False
        timer = heapq.heappop(self._queue)
        self.now = max(self.now, deadline)
        action, timer.action = timer.action, None
        if action is not None:
            action()
        return True

    def advance_to(self, when: float) -> None:
        """Run every event due up to `when`, then stand at `when`."""
        while (deadline := self.next_deadline()) is not None and deadline <= when:
            self.step()
        self.now = max(self.now, when)
