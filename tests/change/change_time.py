"""A clock that stands still unless somebody waits."""

import threading
from datetime import UTC, datetime, timedelta

from multihome.change.stop import Stop

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Time:
    """A clock that everybody in a test shares."""

    def __init__(self):
        self.seconds = 0.0
        self._moving = threading.Lock()

    def move(self, seconds):
        with self._moving:
            self.seconds += seconds

    @property
    def now(self):
        return EPOCH + timedelta(seconds=self.seconds)


class TimelessStop(Stop):
    """Waits by moving the clock."""

    def __init__(self, time):
        super().__init__()
        self._time = time

    def now(self):
        return self._time.seconds

    def wait(self, seconds):
        self._time.move(seconds)
        self.check()

    def rest(self, seconds):
        self._time.move(seconds)
