"""Ctrl-C as a request: the work ends at the next safe point and undoes itself."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Interrupted(Exception):
    """The operator asked to stop, and this is a point at which it is safe to."""


class Stop:
    """Time, waiting, and the wish to stop waiting."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def asked(self) -> bool:
        """Whether a stop was requested."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask to stop, from anywhere."""
        self._asked.set()

    def check(self) -> None:
        """Raise Interrupted if a stop was requested."""
        if self.asked:
            raise Interrupted

    def wait(self, seconds: float) -> None:
        """Wait; raise Interrupted as soon as a stop is requested."""
        self._asked.wait(max(0.0, seconds))
        self.check()

    def rest(self, seconds: float) -> None:
        """Wait without regard to stop requests: a rollback must not be interrupted halfway."""
        time.sleep(max(0.0, seconds))

    def now(self) -> float:
        """Seconds of a monotonic clock."""
        return time.monotonic()


@contextmanager
def on_signals(stop: Stop) -> Iterator[Stop]:
    """The first SIGINT, SIGTERM or SIGHUP asks to stop; the second ends it at once.

    The end is a KeyboardInterrupt. A terminal that is lost is a wish to stop, too, unless
    hangups are ignored (`nohup`); a shell that ignores SIGINT for what it runs beside itself
    means its own keyboard. Outside the main thread signals cannot be caught, and are left as
    they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.ask()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = [signal.signal(number, ask) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
