"""Two operators at the same time, one request at a time: who acts when is told, not left to chance.

Whoever waits lets the other one act, as on a real clock: a second is longer than any request.
"""

import threading
from contextlib import contextmanager

from nornir.plugins.runners import SerialRunner

PATIENCE = 300.0
"""Seconds of real time after which a test is stuck, on the slowest machine."""


class Turns:
    """The second operator acts for so many requests, then the first; then whoever is not waiting."""

    def __init__(self, time):
        self._time, self._changed = time, threading.Condition()
        self._acting = "first"
        self._here = {"first"}
        self._left = 0
        self._thread = None
        self.result = None

    def start(self, work, requests):
        """Let the second operator begin, and come back after so many requests of theirs."""
        self._left = requests
        self._here.add("second")
        self._thread = threading.Thread(target=self._second, args=(work,), daemon=True)
        self._thread.start()
        self._hand_over()

    def finish(self):
        """The first one has gone: what the second comes to in the end."""
        if self._thread is not None:
            self._leave("first")
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive(), "the second operator is stuck"

    def ask(self):
        """Called before every request of either."""
        if self._acting == "second" and "first" in self._here:
            if self._left == 0:
                self._hand_over()
            self._left -= 1

    def wait(self, seconds):
        """Instead of `time.sleep`, and of a Stop's waiting."""
        self._time.move(seconds)
        self._hand_over()

    def _second(self, work):
        with self._changed:
            self._await("second")
        try:
            self.result = work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to see it
            self.result = error
        finally:
            self._leave("second")

    def _other(self):
        return "second" if self._acting == "first" else "first"

    def _hand_over(self):
        with self._changed:
            me, other = self._acting, self._other()
            if other in self._here:
                self._acting = other
                self._changed.notify_all()
                self._await(me)

    def _leave(self, who):
        with self._changed:
            self._here.discard(who)
            self._acting = self._other() if self._acting == who else self._acting
            self._changed.notify_all()

    def _await(self, who):
        assert self._changed.wait_for(lambda: self._acting == who, PATIENCE), f"{who} is stuck"


@contextmanager
def taking_turns(world, monkeypatch):
    """Both operators of a world on these turns; requests to many routers come one by one."""
    turns = Turns(world.time)
    with monkeypatch.context() as patched:
        patched.setattr("multihome.fleet.fleet.ThreadedRunner", lambda **_: SerialRunner())
        patched.setattr("time.sleep", turns.wait)
        patched.setattr(world.stop, "wait", lambda s: (turns.wait(s), world.stop.check()))
        patched.setattr(world.stop, "rest", turns.wait)
        world.turns = turns
        yield turns
