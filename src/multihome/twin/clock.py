"""One clock for the whole network: events in order of their deadline, then of their making.

Nothing here reads the time of day. A server advances the clock as real time passes, a
rehearsal advances it faster, a test by hand.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer:
    """A deadline and what happens then; cancel it and nothing does.

    A background timer (a commit awaiting its confirmation, a periodic refresh) does not
    keep a network from being quiet.
    """

    __slots__ = ("_action", "_clock", "background", "deadline")

    def __init__(
        self, clock: Clock, deadline: float, action: Callable[[], None], *, background: bool
    ) -> None:
        self._clock = clock
        self._action: Callable[[], None] | None = action
        self.deadline = deadline
        self.background = background

    @property
    def pending(self) -> bool:
        """Whether it is still to fire."""
        return self._action is not None

    def cancel(self) -> None:
        """Forget the action; harmless if it has fired."""
        self.take()

    def take(self) -> Callable[[], None] | None:
        """The action, once: afterwards nothing is pending."""
        action, self._action = self._action, None
        if action is not None and not self.background:
            self._clock.foreground -= 1
        return action


class Clock:
    """Simulated seconds since the network was made."""

    def __init__(self) -> None:
        self.now = 0.0
        self.foreground = 0
        """Pending timers that are not background."""
        self._serial = 0
        self._queue: list[tuple[float, int, Timer]] = []

    def after(self, delay: float, action: Callable[[], None], *, background: bool = False) -> Timer:
        """Run `action` in `delay` seconds; simultaneous events keep the order of their making."""
        self._serial += 1
        timer = Timer(self, self.now + delay, action, background=background)
        self.foreground += not background
        heapq.heappush(self._queue, (timer.deadline, self._serial, timer))
        return timer

    def next_deadline(self) -> float | None:
        """When the next event is due, or None if nothing will ever happen."""
        while self._queue and not self._queue[0][2].pending:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def step(self) -> bool:
        """Jump to the next event and run it; False if there is none."""
        deadline = self.next_deadline()
        if deadline is None:
            return False
        timer = heapq.heappop(self._queue)[2]
        self.now = max(self.now, deadline)
        action = timer.take()
        if action is not None:
            action()
        return True

    def advance_to(self, when: float) -> None:
        """Run every event due up to `when`, then stand at `when`."""
        while (deadline := self.next_deadline()) is not None and deadline <= when:
            self.step()
        self.now = max(self.now, when)
