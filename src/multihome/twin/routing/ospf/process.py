"""OSPF of one router: area 0 in each routing instance that runs it.

Sources: RFC 2328; Junos OS OSPF User Guide for defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.host import Process
from multihome.twin.routing.linkstate.redistribution import Redistribution
from multihome.twin.routing.ospf import lsas, views
from multihome.twin.routing.ospf.area import Backbone
from multihome.twin.routing.ospf.circuits import Circuits
from multihome.twin.routing.policy.subject import Destination
from multihome.twin.routing.route import NextHopKind, Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import End, Host
    from multihome.twin.views import OspfInterfaceView, OspfLsaView, OspfNeighborView

ALL_ROUTERS: Final = Prefix.parse("224.0.0.5/32")


class OspfProcess(Process):
    """`protocols ospf`, in the main instance and in others."""

    def __init__(self, host: Host, bfd: BfdProcess, synchronized: Callable[[str], bool]) -> None:
        self._host, self._bfd, self._synchronized = host, bfd, synchronized
        self._areas: dict[str, Backbone] = {}
        self._exports: dict[str, Redistribution] = {}

    # --- a process of the router ---------------------------------------------------

    def configure(self, old: Router, new: Router) -> None:
        """Apply the difference."""
        del old
        for name in {**self._areas, **new.instances}:
            instance = new.instances.get(name)
            running = self._areas.get(name)
            wanted = instance is not None and instance.ospf is not None
            router_id = self._host.router_id(name)
            if running and (not wanted or running.circuits.router_id != router_id):
                self._stop(name, running)
            if instance is not None and instance.ospf is not None:
                area = self._areas.get(name) or self._start(instance, router_id)
                self._exports[name].configure(new.policies, instance.ospf.export)
                area.configure(new, instance.ospf)

    def _start(self, instance: RoutingInstance, router_id: Address) -> Backbone:
        name, table = instance.name, instance.table
        synchronized = self._synchronized if name == MASTER else _always
        circuits = Circuits(self._host, router_id, self._bfd, synchronized)
        exports = self._exports[name] = Redistribution(
            self._host, Destination("ospf", table, name), Protocol.OSPF
        )
        area = self._areas[name] = Backbone(self._host, name, table, circuits, exports)
        group = Route(
            prefix=ALL_ROUTERS,
            protocol=Protocol.OSPF,
            preference=10,
            kind=NextHopKind.MULTIRECV,
            metric=1,
            instance=name,
            readvertise=False,
            installed=self._host.clock.now,
        )
        self._host.rib(table).put(group)
        return area

    def _stop(self, name: str, area: Backbone) -> None:
        area.close()
        self._host.rib(area.table).withdraw(ALL_ROUTERS, Protocol.OSPF)
        del self._areas[name], self._exports[name]

    def interface_changed(self, interface: str) -> None:
        """An interface came up or went down."""
        name = self._host.instance_of(interface)
        area = self._areas.get(name)
        if area is None:
            return
        if self._host.router_id(name) != area.circuits.router_id:
            self.configure(self._host.config, self._host.config)
        else:
            area.interface_changed(interface)

    def reach_changed(self, interface: str) -> None:
        """Others are heard on a link than before."""
        area = self._areas.get(self._host.instance_of(interface))
        if area is not None:
            area.reach_changed(interface)

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A hello or a batch of LSAs."""
        area = self._areas.get(self._host.instance_of(interface))
        if area is not None:
            area.receive(interface, pdu, sender)

    def flush(self) -> bool:
        """Announce what the export policies accept now."""
        busy = False
        for name, exports in self._exports.items():
            if exports.flush():
                busy = True
                self._areas[name].engine.originate_soon()
        return busy

    def synchronization_changed(self, interface: str) -> None:
        """LDP became ready on a link, or no longer is."""
        if MASTER in self._areas:
            self._areas[MASTER].synchronization_changed(interface)

    # --- views -------------------------------------------------------------------

    def neighbors(self) -> tuple[OspfNeighborView, ...]:
        """Neighbours in any state."""
        return views.neighbors(self._host.clock.now, self._areas.values())

    def interfaces(self) -> tuple[OspfInterfaceView, ...]:
        """Interfaces OSPF runs on."""
        return views.interfaces(self._areas.values(), self._host.up)

    def database(self, instance: str = MASTER) -> tuple[OspfLsaView, ...]:
        """The LSAs of one instance."""
        area = self._areas.get(instance)
        return lsas.database(self._host.clock.now, area) if area else ()

    def running(self) -> bool:
        """Whether OSPF runs at all."""
        return bool(self._areas)


def _always(_: str) -> bool:
    """No LDP to wait for."""
    return True
