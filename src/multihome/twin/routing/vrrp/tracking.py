"""The priority of a group: configured, less the cost of what it tracks and does not find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.views import VrrpTrackView

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.clock import Timer
    from multihome.twin.junos.model.interfaces import TrackRoute, VrrpGroup
    from multihome.twin.routing.host import Host

_LEAST = 1
"""0 would mean that the master stops."""


class Tracking:
    """Tracked interfaces and routes of one group.

    After a change the next one waits for `priority-hold-time`, so that a flapping link
    does not flap the gateway.
    """

    def __init__(self, host: Host, changed: Callable[[], None]) -> None:
        self._host, self._changed = host, changed
        self._held: Timer | None = None
        self.priority = 0

    def start(self, config: VrrpGroup) -> None:
        """Take the configured priority and what is found now, without delay."""
        self.priority = self._now(config)

    def look(self, config: VrrpGroup) -> None:
        """Something tracked may have changed."""
        now = self._now(config)
        if now == self.priority or (self._held is not None and self._held.pending):
            return
        self.priority = now
        if config.track_hold_time:
            self._held = self._host.after(config.track_hold_time, lambda: self.look(config))
        self._changed()

    def stop(self) -> None:
        """Hold nothing back any more."""
        if self._held is not None:
            self._held.cancel()

    def _now(self, config: VrrpGroup) -> int:
        lost = sum(track.priority_cost for track in self.views(config) if not track.up)
        return config.priority if not lost else max(config.priority - lost, _LEAST)

    def views(self, config: VrrpGroup) -> tuple[VrrpTrackView, ...]:
        """What is tracked, and whether it is there."""
        interfaces = (
            VrrpTrackView("interface", track.name, self._is_up(track.name), track.priority_cost)
            for track in config.track_interfaces
        )
        routes = (
            VrrpTrackView(
                "route",
                str(track.prefix),
                self._has_route(track),
                track.priority_cost,
                track.instance,
            )
            for track in config.track_routes
        )
        return (*interfaces, *routes)

    def _is_up(self, name: str) -> bool:
        if "." in name:
            return self._host.up(name)
        units = [unit for unit in self._host.config.units.values() if unit.physical == name]
        return any(self._host.up(unit.name) for unit in units)

    def _has_route(self, track: TrackRoute) -> bool:
        instance = self._host.config.instances.get(track.instance)
        if instance is None:
            return False
        return self._host.rib(instance.table).active(track.prefix) is not None
