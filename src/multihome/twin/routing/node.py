"""One router in the network: its tables, its processes, and how they come to rest together.

The router owns nothing a protocol knows: it hands configuration, interface changes and
messages to its processes, and settles the tables after each event until none is dirty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.model.instances import MASTER, RoutingInstance
from multihome.twin.junos.model.router import Router
from multihome.twin.routing.aggregate import Aggregates
from multihome.twin.routing.bfd.process import BfdProcess
from multihome.twin.routing.bgp.process import Bgp
from multihome.twin.routing.daemons import ROUTING, without
from multihome.twin.routing.forwarding import is_loopback, is_own
from multihome.twin.routing.host import Oscillation
from multihome.twin.routing.interfaces import Hardware, Interfaces
from multihome.twin.routing.isis.process import IsisProcess
from multihome.twin.routing.label import DynamicLabels
from multihome.twin.routing.ldp.process import LdpProcess
from multihome.twin.routing.mpls import MplsProcess
from multihome.twin.routing.ospf.process import OspfProcess
from multihome.twin.routing.resolution import Resolver
from multihome.twin.routing.rib import Rib
from multihome.twin.routing.static import Statics
from multihome.twin.routing.vpn.l3vpn import Vpns
from multihome.twin.routing.vrrp.process import VrrpProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from multihome.twin.clock import Clock, Timer
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.routing.host import End, Fabric, Process
    from multihome.twin.routing.route import Route

_ROUNDS = 10_000
"""No router needs so many rounds of selecting and exporting for one event."""
UNCONFIGURED = Router(instances={MASTER: RoutingInstance(MASTER, type="forwarding")})
"""A router before its first commit."""

UPTIME = 86400.0
"""Seconds that a router has been running when it joins the network; a power cycle begins anew."""


class VirtualRouter:
    """A `Host` to its processes; the network adds, configures and breaks it."""

    def __init__(self, name: str, fabric: Fabric) -> None:
        self.name = name
        self.fabric = fabric
        self.clock: Clock = fabric.clock
        self.config = UNCONFIGURED
        self.intended = UNCONFIGURED
        """What is committed; `config` is what runs, and is empty while the power is off."""
        self.incarnation = 0
        self.powered = True
        self.frozen = False
        self.dead: set[str] = set()
        """Processes that a fault has stopped."""
        self.log: Callable[[str], None] = lambda _: None
        self._hardware = Hardware()
        self._late: list[Callable[[], None]] = []
        self._settling = False
        self.activity = 0
        """Grows with everything that happens to the router."""
        self._begin()

    def _begin(self) -> None:
        """Nothing in memory: as after power on."""
        self.incarnation += 1
        self.started = self.clock.now - (UPTIME if self.incarnation == 1 else 0.0)
        self.ribs: dict[str, Rib] = {}
        self.labels = DynamicLabels()
        self._dirty: dict[Rib, None] = {}
        self._instances: dict[str, str] = {}
        self._router_ids: dict[str, Address] = {}
        self.config = UNCONFIGURED
        self.interfaces = Interfaces(self, self._hardware)
        self._compose()

    def _compose(self) -> None:
        """The processes, in the order they work off what changed: way before who uses it."""
        self.bfd = BfdProcess(self)
        self.ldp = LdpProcess(self)
        self.isis = IsisProcess(self, self.bfd, self.ldp.synchronized)
        self.ospf = OspfProcess(self, self.bfd, self.ldp.synchronized)
        self.ldp.synchronization_changed = self._synchronization_changed
        self.vrrp = VrrpProcess(self)
        resolver, vpns = Resolver(self), Vpns(self)
        self.bgp = Bgp(self, resolver, vpns, self.bfd)
        self.processes: dict[str, Process] = {
            "mpls": MplsProcess(self),
            "bfd": self.bfd,
            "isis": self.isis,
            "ospf": self.ospf,
            "static": Statics(self, resolver, self.bfd),
            "ldp": self.ldp,
            "resolver": resolver,
            "aggregate": Aggregates(self),
            "vpn": vpns,
            "bgp": self.bgp,
            "vrrp": self.vrrp,
        }

    def _synchronization_changed(self, interface: str) -> None:
        self.isis.synchronization_changed(interface)
        self.ospf.synchronization_changed(interface)

    # --- configuration, power ----------------------------------------------------

    def configure(self, new: Router) -> None:
        """Apply the difference between what runs and this, now."""
        self.intended = new
        if self.powered:
            self._apply(without(new, self.dead))

    def power_off(self) -> None:
        """Forget everything but the configuration; no farewell to anybody."""
        self.powered = False
        self._begin()

    def power_on(self) -> None:
        """Boot with the committed configuration."""
        self.powered = True
        self._begin()
        self.configure(self.intended)

    @property
    def listens(self) -> bool:
        """Whether anybody takes a TCP connection."""
        return self.powered and ROUTING not in self.dead

    def stop(self, daemon: str) -> None:
        """A process dies: without a word, as far as others would hear one."""
        self.dead.add(daemon)
        process = self.processes.get(daemon)
        if process is not None:
            process.kill()
        self.configure(self.intended)

    def start(self, daemon: str) -> None:
        """The process runs again."""
        self.dead.discard(daemon)
        self.configure(self.intended)

    def _apply(self, new: Router) -> None:
        old, self.config = self.config, new
        self._instances = {
            interface: instance.name
            for instance in new.instances.values()
            if instance.name != MASTER
            for interface in instance.interfaces
        }
        self._router_ids.clear()
        changed = self.interfaces.configure(old, new)
        for process in self.processes.values():
            process.configure(old, new)
        self._interfaces_changed(changed)
        self.settle()

    # --- what happens to it ------------------------------------------------------

    def carrier(self, interface: str, *, present: bool) -> bool:
        """The link of an interface has or lost its light; whether the interface changed."""
        return self._interfaces_changed(self.interfaces.set_carrier(interface, present=present))

    def fail(self, interface: str, *, failed: bool) -> bool:
        """An interface breaks or is restored; whether any logical interface changed."""
        return self._interfaces_changed(self.interfaces.set_failed(interface, failed=failed))

    def reach_changed(self, interface: str) -> None:
        """Other routers than before are heard on a link."""
        for process in self.processes.values():
            process.reach_changed(interface)

    def receive(self, interface: str, protocol: str, pdu: object, sender: End) -> None:
        """A multicast came in; it is lost if the process does not run."""
        process = self.processes.get(protocol)
        if process is not None and self.up(interface):
            process.receive(interface, pdu, sender)
            self.settle()

    def _interfaces_changed(self, names: Iterable[str]) -> bool:
        changed = False
        for name in names:
            changed = True
            self._router_ids.clear()
            for process in self.processes.values():
                process.interface_changed(name)
        return changed

    # --- coming to rest ----------------------------------------------------------

    def settle(self) -> None:
        """Select, resolve and export until nothing is left to do.

        Raises:
            Oscillation: the router's own tables never come to rest.
        """
        if self._settling or not self.powered:
            return
        self._settling = True
        self.activity += 1
        try:
            for _ in range(_ROUNDS):
                if self._dirty:
                    self._dirty.popitem()[0].settle()
                elif not self._flush():
                    return
        finally:
            self._settling = False
        tables = ", ".join(sorted(rib.name for rib in self._dirty)) or "exports"
        raise Oscillation(f"{self.name}: {tables} never come to rest")

    def _flush(self) -> bool:
        busy = False
        for process in self.processes.values():
            busy |= process.flush()
        return busy or bool(self._dirty)

    def _on_dirty(self, rib: Rib) -> None:
        self._dirty[rib] = None

    def after(self, delay: float, action: Callable[[], None], *, background: bool = False) -> Timer:
        """A timer of this router; see `Host.after`."""
        incarnation = self.incarnation

        def fire() -> None:
            self.act(incarnation, action)

        return self.clock.after(delay, fire, background=background)

    def act(self, incarnation: int, action: Callable[[], None]) -> None:
        """Act and settle: not if rebooted since, later if frozen."""
        if self.frozen:
            self._late.append(lambda: self.act(incarnation, action))
        elif self.incarnation == incarnation:
            action()
            self.settle()

    def thaw(self) -> None:
        """Run on after a freeze: what fell due meanwhile happens now."""
        self.frozen = False
        late, self._late = self._late, []
        for action in late:
            action()

    # --- reading -----------------------------------------------------------------

    def rib(self, name: str) -> Rib:
        """The table of that name, made on demand."""
        rib = self.ribs.get(name)
        if rib is None:
            rib = self.ribs[name] = Rib(name, on_dirty=self._on_dirty)
            if name == "mpls.0" or (name.endswith("inet.0")):
                self._watch_forwarding(rib)
        return rib

    def instance_of(self, interface: str) -> str:
        """The routing instance a logical interface is in."""
        return self._instances.get(interface, MASTER)

    def _watch_forwarding(self, rib: Rib) -> None:
        """Report to the network each change of where packets go."""
        node, table, fabric = self.name, rib.name, self.fabric

        def changed(prefix: Prefix, old: Route | None, new: Route | None, _: str | None) -> None:
            if old is None or new is None or old.next_hops != new.next_hops or old.kind != new.kind:
                fabric.route_changed(node, table, prefix)

        rib.subscribe(changed)

    def unit(self, interface: str) -> Unit | None:
        """The configured logical interface."""
        return self.config.units.get(interface)

    @property
    def units(self) -> Mapping[str, Unit]:
        """Every configured logical interface."""
        return self.config.units

    def up(self, interface: str) -> bool:
        """Whether a logical interface is operational."""
        return self.interfaces.up(interface)

    def owns(self, address: Address, instance: str) -> bool:
        """Whether packets to the address end here, in that instance."""
        configured = self.config.instances.get(instance)
        table = configured.table if configured else "inet.0"
        route = self.rib(table).active(Prefix(address, 32))
        return is_loopback(address) or (route is not None and is_own(route, address))

    def claim_on(self, address: Address, instance: str) -> bool | None:
        """Of a virtual address this router is master of: whether it accepts data; else None."""
        return self.interfaces.claim_on(address, instance) if self.interfaces.claims else None

    def claim(self, interface: str, address: Address, *, accept: bool) -> None:
        """See `Host`."""
        self.interfaces.claim(interface, address, accept=accept)
        self.fabric.virtual_moved(self.name, interface)

    def release(self, interface: str, address: Address) -> None:
        """See `Host`."""
        self.interfaces.release(interface, address)
        self.fabric.virtual_moved(self.name, interface)

    def address_on(self, interface: str, towards: Address | None = None) -> Address | None:
        """See `Host`."""
        unit = self.unit(interface)
        return None if unit is None else unit.local_address(towards)

    def router_id(self, instance: str = MASTER) -> Address:
        """Configured, or the first loopback address, or the first address of the instance."""
        known = self._router_ids.get(instance)
        if known is None:
            known = self._router_ids[instance] = self._find_router_id(instance)
        return known

    def _find_router_id(self, instance: str) -> Address:
        configured = self.config.instances.get(instance)
        if configured is not None and configured.router_id is not None:
            return configured.router_id
        candidates = [
            (not unit.name.startswith("lo0"), not address.primary, address.address)
            for unit in self.units.values()
            if self.instance_of(unit.name) == instance
            for address in unit.addresses
            if not is_loopback(address.address)
        ]
        return min(candidates)[-1] if candidates else Address(0)
