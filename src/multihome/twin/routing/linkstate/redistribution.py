"""Routes of other protocols that a link-state protocol announces, as its export policy says.

Without a policy nothing is redistributed (Junos's default for IS-IS and OSPF).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.routing.policy.evaluation import Engine
from multihome.twin.routing.policy.subject import Destination, Subject
from multihome.twin.routing.vpn.vrf import VPN_TABLE

if TYPE_CHECKING:
    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.policy import Policies
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import Protocol, Route


class Exported(NamedTuple):
    """What a policy made of a route."""

    metric: int | None
    tag: int | None
    from_backbone: bool = False
    """Of a VRF: the route is another PE's."""
    external_type: int | None = None
    """Of OSPF: 1 counts the way to the router that announces it, 2 does not."""


class Redistribution:
    """The accepted routes of one table, kept up as the table changes."""

    def __init__(self, host: Host, destination: Destination, own: Protocol) -> None:
        self._host, self._own = host, own
        self._destination = destination
        self._rib: Rib = host.rib(destination.rib)
        self._engine = Engine(None)
        self._chain: tuple[str, ...] = ()
        self._dirty: dict[Prefix, None] = {}
        self.routes: dict[Prefix, Exported] = {}
        self._rib.subscribe(self._active_changed)

    def configure(self, policies: Policies | None, chain: tuple[str, ...]) -> None:
        """Export by this chain from now on."""
        if chain or self._chain:
            self._engine, self._chain = Engine(policies), chain
            self._dirty.update((route.prefix, None) for route in self._rib.actives())
            self._dirty.update((prefix, None) for prefix in self.routes)

    def flush(self) -> bool:
        """Evaluate what changed; whether the accepted routes are others than before."""
        dirty, self._dirty = self._dirty, {}
        changed = False
        for prefix in dirty:
            new = self._evaluate(self._rib.active(prefix))
            if new == self.routes.get(prefix):
                continue
            changed = True
            if new is None:
                del self.routes[prefix]
            else:
                self.routes[prefix] = new
        return changed

    def _evaluate(self, route: Route | None) -> Exported | None:
        if route is None or route.protocol is self._own or not route.readvertise or not self._chain:
            return None
        subject = Subject(route, rib=self._rib.name, destination=self._destination)
        if not self._engine.accepts(self._chain, subject, default=False):
            return None
        from_backbone = route.primary_table == VPN_TABLE
        return Exported(subject.metric, subject.tag, from_backbone, subject.external_type)

    def _active_changed(
        self, prefix: Prefix, old: Route | None, new: Route | None, _: str | None
    ) -> None:
        if not self._chain:
            return
        if any(route is not None and route.protocol is not self._own for route in (old, new)):
            self._dirty[prefix] = None
