"""The operations on a running lab, from this process or over a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from multihome.lab.boot import Running
    from multihome.lab.place import LabRouter

CONVERGE_LIMIT = 600.0
"""Simulated seconds after which a network that does not come to rest is called restless."""


class Controller:
    """The lab's levers; every method may be called from any thread."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._farm = running.farm

    @property
    def routers(self) -> tuple[LabRouter, ...]:
        """How to reach each router."""
        return self._running.routers

    def fault(self, kind: str, *args: str, on: bool = True) -> str:
        """Inject a fault, or remove it (`on` False). Returns what was done, in words.

        Raises:
            UsageError: there is no such fault, or nothing of that name, or it is not broken.
        """
        return self._farm.call(lambda: self._fault(kind, args, on=on))

    def set_speed(self, speed: float | None) -> None:
        """Simulated seconds per real second from now on; None: time is stopped."""
        if speed is not None and speed <= 0:
            raise UsageError(f"speed {speed}: a factor above 0, or by hand")
        self._farm.set_speed(speed)

    def advance(self, seconds: float) -> None:
        """Let that much simulated time pass at once."""
        if seconds < 0:
            raise UsageError(f"{seconds} s: time passes forwards")
        self._farm.advance(seconds)

    def converge(self, limit: float = CONVERGE_LIMIT) -> float:
        """Let time pass until the network is at rest; the simulated seconds it took."""
        return self._farm.converge(limit)

    def log(self, router: str | None = None) -> tuple[str, ...]:
        """What happened, oldest first."""
        if router is not None and router not in self._farm.fleet:
            raise UnknownName("router", router, self._farm.fleet)
        return tuple(str(line) for line in self._running.journal.lines(router))

    def status(self) -> dict[str, Any]:
        """The status of the lab, as plain values."""
        return self._farm.call(self._status)

    def _status(self) -> dict[str, Any]:
        logins = {name: len(chassis.logins()) for name, chassis in self._farm.fleet.items()}
        return {
            "clock": self._running.network.clock.now,
            "speed": self._farm.speed,
            "sessions": logins,
            "faults": [str(fault) for fault in self._running.network.faults],
        }

    def _fault(self, kind: str, args: tuple[str, ...], *, on: bool) -> str:
        network = self._running.network
        words = " ".join((kind, *args))
        broken = [str(fault) for fault in network.faults]
        if not on and words not in broken:  # a slip would leave it broken, and say it is not
            raise UnknownName("fault", words, broken)
        network.fault(kind, *args, on=on)
        self._farm.power_changed()
        line = f"{words}: {'broken' if on else 'restored'}"
        self._running.journal.write("", line)
        return line
