"""A timer that can be set again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.clock import Timer
    from multihome.twin.routing.host import Host


class Alarm:
    """Runs its action once, so many seconds after it was last set, unless cancelled."""

    def __init__(self, host: Host, action: Callable[[], None]) -> None:
        self._host = host
        self._action = action
        self._timer: Timer | None = None

    @property
    def running(self) -> bool:
        """Whether it is set and has not gone off."""
        return self._timer is not None and self._timer.pending

    def set(self, delay: float, *, background: bool = False) -> None:
        """Go off after so many seconds, and not when it was set to before."""
        self.cancel()
        self._timer = self._host.after(delay, self._action, background=background)

    def cancel(self) -> None:
        """Do not go off."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
