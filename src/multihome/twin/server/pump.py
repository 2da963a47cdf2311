"""What turns real time into the network's: the only place where the two meet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from multihome.twin.clock import Clock

SLICE = 0.05
"""Real seconds of events that one turn of the loop may run before others get theirs."""
CATCH_UP = 2.0
"""Real seconds that an RPC waits at most for events that are overdue."""


class Pump:
    """Advances a clock as real time passes, `speed` times as fast; None: by hand alone.

    Where the machine cannot keep up, simulated time falls behind rather than pile up: what
    was missed is not made good later.
    """

    def __init__(
        self, clock: Clock, loop: asyncio.AbstractEventLoop, failed: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._loop = loop
        self._failed = failed
        self._speed: float | None = None
        self._anchor = (time.monotonic(), clock.now)
        self._armed: asyncio.Handle | None = None

    @property
    def speed(self) -> float | None:
        """Simulated seconds per real second."""
        return self._speed

    def set_speed(self, speed: float | None) -> None:
        """Go on from now at another speed."""
        self.catch_up()
        self._speed = speed
        self._anchor_here()
        self.arm()

    def catch_up(self) -> None:
        """Run what is due by now."""
        if self._speed is None:
            return
        target = self._due()
        if self._run_to(target, CATCH_UP):
            self._clock.advance_to(target)
        else:
            self._anchor_here()

    def advance(self, seconds: float) -> None:
        """Jump ahead, running everything on the way."""
        self.catch_up()
        target = self._clock.now + seconds
        self._run_to(target, None)
        self._clock.advance_to(target)
        self._anchor_here()
        self.arm()

    def resume(self) -> None:
        """The clock was moved from outside: go on from its present time."""
        self._anchor_here()
        self.arm()

    def arm(self) -> None:
        """Wake up at the next deadline; to be called after anything that may have set one."""
        if self._armed is not None:
            self._armed.cancel()
            self._armed = None
        deadline = self._clock.next_deadline()
        if self._speed is not None and deadline is not None:
            delay = (deadline - self._due()) / self._speed
            self._armed = self._loop.call_later(max(0.0, delay), self._tick)

    def stop(self) -> None:
        """Let the clock stand."""
        self._speed = None
        if self._armed is not None:
            self._armed.cancel()
            self._armed = None

    def _tick(self) -> None:
        target = self._due()
        if self._run_to(target, SLICE):
            self._clock.advance_to(target)
        self.arm()

    def _due(self) -> float:
        real, simulated = self._anchor
        return simulated + (time.monotonic() - real) * (self._speed or 0.0)

    def _anchor_here(self) -> None:
        self._anchor = (time.monotonic(), self._clock.now)

    def _run_to(self, target: float, budget: float | None) -> bool:
        """Run what is due up to `target`; False if the budget of real seconds ran out first."""
        limit = None if budget is None else time.monotonic() + budget
        while (deadline := self._clock.next_deadline()) is not None and deadline <= target:
            try:
                self._clock.step()
            except Exception:  # noqa: BLE001 - one event's defect must not stop time for everybody
                self._failed()
            if limit is not None and time.monotonic() > limit:
                return False
        return True
