"""VRRP of one router: every group of every interface address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.host import Process
from multihome.twin.routing.vrrp import views
from multihome.twin.routing.vrrp.group import Advertisement, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.junos.model.interfaces import VrrpGroup
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import End, Host
    from multihome.twin.views import VrrpView

_Key = tuple[str, int]


class VrrpProcess(Process):
    """`vrrp-group` under every `family inet address`."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._groups: dict[_Key, Group] = {}
        self._tracked: dict[tuple[str, Prefix], None] = {}
        self._followed: set[str] = set()
        self._stale = False

    def configure(self, old: Router, new: Router) -> None:
        """Apply the difference."""
        del old
        wanted = dict(_groups_of(new))
        for key in [key for key in self._groups if key not in wanted]:
            self._groups.pop(key).stop()
        for key, (address, config) in wanted.items():
            self._set_up(key, address, config)
        self._follow(new)

    def _set_up(self, key: _Key, address: Address, config: VrrpGroup) -> None:
        group = self._groups.get(key)
        if group is not None and group.address != address:
            group.stop()
            group = None
        if group is None:
            group = self._groups[key] = Group(self._host, key[0], address, config)
        elif group.config != config:
            group.configure(config)
        if self._host.up(key[0]):
            group.start()

    def _follow(self, new: Router) -> None:
        """Listen to the tables of tracked routes."""
        self._tracked.clear()
        for group in self._groups.values():
            for track in group.config.track_routes:
                instance = new.instances.get(track.instance)
                if instance is not None:
                    self._tracked[instance.table, track.prefix] = None
        for table in {table for table, _ in self._tracked} - self._followed:
            self._followed.add(table)
            self._host.rib(table).subscribe(
                lambda prefix, *_, table=table: self._route_changed(table, prefix)
            )

    def _route_changed(self, table: str, prefix: Prefix) -> None:
        self._stale |= (table, prefix) in self._tracked

    def interface_changed(self, interface: str) -> None:
        """An interface came up or went down, perhaps one that is tracked."""
        up = self._host.up(interface)
        for (name, _), group in tuple(self._groups.items()):
            if name == interface:
                if up:
                    group.start()
                else:
                    group.stop()
        self._stale |= any(group.config.track_interfaces for group in self._groups.values())

    def reach_changed(self, interface: str) -> None:
        """Others are heard on a link than before."""
        for (name, _), group in tuple(self._groups.items()):
            if name == interface:
                group.reach_changed()

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """An advertisement."""
        if isinstance(pdu, Advertisement):
            group = self._groups.get((interface, pdu.group))
            if group is not None:
                group.receive(pdu, sender)

    def flush(self) -> bool:
        """Look at what is tracked, if any of it may have changed."""
        stale, self._stale = self._stale, False
        if stale:
            for group in self._groups.values():
                group.tracking.look(group.config)
        return stale

    def shutdown(self) -> None:
        """Resign everywhere."""
        for group in self._groups.values():
            group.stop()

    def kill(self) -> None:
        """Say nothing any more."""
        for group in self._groups.values():
            group.kill()
        self._groups.clear()

    def groups(self) -> tuple[VrrpView, ...]:
        """Every group of every interface."""
        found = [views.view(self._host, group) for group in self._groups.values()]
        return tuple(sorted(found, key=lambda view: (view.interface, view.group)))


def _groups_of(router: Router) -> Iterator[tuple[_Key, tuple[Address, VrrpGroup]]]:
    for name, unit in router.units.items():
        for address in unit.addresses:
            for config in address.vrrp:
                yield (name, config.group), (address.address, config)
