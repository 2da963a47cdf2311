"""An IGP that does not use a link at its own metric before LDP is ready there (RFC 5443)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.clock import Timer
    from multihome.twin.routing.host import Host


class Synchronization:
    """Which links still wait for LDP; a link waits no longer than its hold time."""

    def __init__(
        self, host: Host, ready: Callable[[str], bool], changed: Callable[[], None]
    ) -> None:
        self._host, self._ready, self._changed = host, ready, changed
        self._given_up: set[str] = set()
        self._waiting: dict[str, Timer] = {}

    def waits(self, interface: str) -> bool:
        """Whether the link's metric is the highest there is."""
        return interface not in self._given_up and not self._ready(interface)

    def begin(self, interface: str, hold_time: float | None) -> None:
        """A neighbour came up, or LDP is lost: the hold time, if there is one, starts."""
        self._given_up.discard(interface)
        if (timer := self._waiting.pop(interface, None)) is not None:
            timer.cancel()
        if hold_time is not None:
            self._waiting[interface] = self._host.after(hold_time, lambda: self._give_up(interface))

    def weigh(self, interface: str, hold_time: float | None) -> None:
        """LDP became ready on a link, and nothing is waited for, or no longer is."""
        self.begin(interface, None if self._ready(interface) else hold_time)

    def _give_up(self, interface: str) -> None:
        self._given_up.add(interface)
        self._changed()

    def close(self) -> None:
        """Wait no longer."""
        for timer in self._waiting.values():
            timer.cancel()
