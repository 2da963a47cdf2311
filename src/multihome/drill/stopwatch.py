"""How long traffic was lost: repeated probes from before the fault until after its removal."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

INTERVAL = 0.05
"""Seconds between two probes: the resolution of what is measured."""
MOST_SAMPLES = 100_000
"""Over an hour at that interval; then the watch ends and says so by its last sample."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One probe: sent so many seconds after the start, and whether it came back."""

    at: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Outage:
    """Traffic was lost from the first probe without an answer to the next one with."""

    began: float
    ended: float | None
    """None: it had not come back when the watch ended."""
    lost: int
    """Probes without an answer."""

    @property
    def seconds(self) -> float | None:
        """Its length; exact to the interval between two probes."""
        return None if self.ended is None else self.ended - self.began


class Stopwatch:
    """Probes in a thread of its own for the body of a `with`."""

    def __init__(self, probe: Callable[[], bool] | None, *, interval: float = INTERVAL) -> None:
        """`probe` sends one packet and says whether it came back; it must not raise.

        Without one, time passes and nothing is measured.
        """
        self._interval = interval
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(each,), name="stopwatch", daemon=True)
            for each in (probe,)
            if each is not None
        ]
        self._start = time.monotonic()
        self.samples: list[Sample] = []

    @property
    def now(self) -> float:
        """Seconds since the watch began."""
        return time.monotonic() - self._start

    def outages(self) -> tuple[Outage, ...]:
        """Every loss of traffic seen, in order."""
        return outages(self.samples)

    def __enter__(self) -> Self:
        self._start = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self, probe: Callable[[], bool]) -> None:
        while not self._ended.is_set() and len(self.samples) < MOST_SAMPLES:
            at = self.now
            self.samples.append(Sample(at, probe()))
            self._ended.wait(max(0.0, at + self._interval - self.now))


def outages(samples: list[Sample]) -> tuple[Outage, ...]:
    """The runs of probes without an answer."""
    found: list[Outage] = []
    began: float | None = None
    lost = 0
    for sample in samples:
        if not sample.answered:
            began = sample.at if began is None else began
            lost += 1
        elif began is not None:
            found.append(Outage(began, sample.at, lost))
            began, lost = None, 0
    if began is not None:
        found.append(Outage(began, None, lost))
    return tuple(found)
