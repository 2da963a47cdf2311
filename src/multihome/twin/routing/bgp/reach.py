"""Whether, and how, packets of a session get to the peer and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.bgp.handshake import is_single_hop, within_reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.routing.bgp.connection import Connection
    from multihome.twin.routing.host import Host, Reachability, Watch


class Reach:
    """The way to one neighbour, watched from `start` to `stop`."""

    def __init__(self, host: Host, instance: str, config: BgpNeighbor) -> None:
        self._host = host
        self._instance = instance
        self._config = config
        self._watch: Watch | None = None

    def start(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever the way is another one, comes or goes."""
        config = self._config
        self._watch = self._host.fabric.watch(
            self._host.name,
            self._instance,
            config.local_address,
            config.address,
            lambda _: changed(),
        )

    def stop(self) -> None:
        """Watch no longer; there is no way then."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    @property
    def path(self) -> Reachability | None:
        """How packets get there and back within the TTL the session has, if they do."""
        path = None if self._watch is None else self._watch.peer
        if path is None:
            return None
        unit = self._host.unit(path.interface)
        return path if within_reach(self._config, path, unit) else None

    def lost(self, end: Connection, path: Reachability) -> bool:
        """Whether a connection's far end is not at the end of this path, or ours is gone."""
        far = (path.node, path.instance, path.incarnation)
        if far != (end.remote, end.instance, end.incarnation):
            return True
        ours_gone = not self._host.owns(end.local_address, self._instance)
        return ours_gone or (end.far is not None and end.far.closed)

    def link_down(self, end: Connection, interface: str) -> bool:
        """Whether a directly connected neighbour's connection depends on this dead interface."""
        if not is_single_hop(self._config) or self._host.up(interface):
            return False
        unit = self._host.unit(interface)
        return unit is not None and any(
            address.address == end.local_address for address in unit.addresses
        )
