"""The time of day in the twin: the network's clock, and the moment at which it started."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.twin.clock import Clock


class Calendar:
    """Turns simulated seconds into dates."""

    def __init__(self, clock: Clock, present: datetime) -> None:
        self.clock = clock
        self.align(present)

    def align(self, present: datetime) -> None:
        """Let it be `present` (with its time zone) at the clock's present moment."""
        self._epoch = present - timedelta(seconds=self.clock.now)

    def now(self) -> datetime:
        """The time of day."""
        return self.at(self.clock.now)

    def at(self, moment: float) -> datetime:
        """The time of day when the clock stood at `moment`."""
        return self._epoch + timedelta(seconds=moment)
