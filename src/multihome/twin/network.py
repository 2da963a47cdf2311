"""Routers, the links between them, what is broken, and one clock: the whole twin of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import UnknownName
from multihome.twin.clock import Clock
from multihome.twin.fabric import probes
from multihome.twin.fabric.convergence import rest
from multihome.twin.fabric.duplicate_addresses import contested
from multihome.twin.fabric.fault_injection import Breaking
from multihome.twin.fabric.tcp_reachability import Paths, Watching
from multihome.twin.fabric.wiring import Wiring
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.host import End, Reachability
from multihome.twin.routing.node import VirtualRouter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.fabric.faults import Fault
    from multihome.twin.fabric.links import Link
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import Process, Watch
    from multihome.twin.views import PingView, TracerouteView

DEFAULT_LIMIT = 3600.0
"""Seconds of simulated time after which a network that does not rest is oscillating."""


class Network:
    """A `Fabric` to its routers; add, configure, break, restore, ask and let time pass."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.nodes: dict[str, VirtualRouter] = {}
        self._wiring = Wiring(self.clock, self.nodes, self._touch)
        self._paths = Paths(self)
        self._breaking = Breaking(self.nodes, self._wiring, self._paths)
        self._examining = False

    # --- routers -----------------------------------------------------------------

    def add(self, name: str, config: Router | None = None) -> VirtualRouter:
        """A router with power on, configured or not."""
        node = self.nodes[name] = VirtualRouter(name, self)
        if config is not None:
            self.configure(name, config)
        return node

    def remove(self, name: str) -> None:
        """Take a router away, with its cables."""
        self.router(name).power_off()
        self._paths.drop_all_of(name)
        links = self._wiring.links
        concerned = {e for end in links.ends_of(name) for e in links.place(end, None)}
        del self.nodes[name]
        self._wiring.reconsider({end for end in concerned if end.node != name})

    def configure(self, name: str, config: Router) -> None:
        """A router applies a committed configuration, now."""
        node = self.router(name)
        old = node.intended
        node.configure(config)
        concerned: set[End] = set()
        for interface in {**old.units, **config.units}:
            end, unit = End(name, interface), config.units.get(interface)
            concerned |= self._wiring.links.place(end, unit)
            if unit != old.units.get(interface):
                concerned.add(end)
        if old.physicals != config.physicals or old.instances != config.instances:
            concerned.update(End(name, interface) for interface in config.units)
        self._wiring.reconsider(concerned)

    def router(self, name: str) -> VirtualRouter:
        """The router of that name; raises UnknownName."""
        try:
            return self.nodes[name]
        except KeyError:
            raise UnknownName("router", name, self.nodes) from None

    # --- links and faults ----------------------------------------------------------

    def set_links(self, links: Iterable[Link] | None) -> None:
        """Only these links exist; None: as subnets and VLANs say."""
        self._wiring.reconsider(self._wiring.links.set_links(links))

    def links(self) -> tuple[tuple[End, ...], ...]:
        """Every segment with two ends or more."""
        return self._wiring.segments()

    def contested(self) -> tuple[str, ...]:
        """Addresses that stand on several ends of one segment, with these ends."""
        return tuple(contested(self.links(), self.nodes))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is broken on purpose, in the order it was."""
        return tuple(self._breaking.faults)

    def fault(self, kind: str, *args: str, on: bool = True) -> None:
        """Break something (`faults` lists the words), or restore it.

        Raises:
            UnknownName: no such kind of fault, router, link, interface or process.
            UsageError: the words do not fit the kind.
        """
        self._breaking.apply(kind, args, on=on)

    def hears(self, node: str, interface: str) -> Sequence[End]:
        """See `Fabric`."""
        return self._wiring.hears(End(node, interface))

    def neighbors_on(self, node: str, interface: str) -> Sequence[End]:
        """See `Fabric`."""
        return self._wiring.both_ways(End(node, interface))

    # --- messages ----------------------------------------------------------------

    def send(self, node: str, interface: str, protocol: str, pdu: object) -> None:
        """See `Fabric`."""
        self._wiring.send(End(node, interface), protocol, pdu)

    def deliver(self, delay: float, target: str, action: Callable[[], None]) -> None:
        """See `Fabric`."""
        there = self.nodes.get(target)
        if there is None:
            return
        incarnation = there.incarnation

        def arrive() -> None:
            node = self.nodes.get(target)
            if node is not None:
                node.act(incarnation, action)

        self.clock.after(delay, arrive)

    def process(self, node: str, name: str) -> Process | None:
        """See `Fabric`."""
        return self.router(node).processes.get(name)

    # --- packets -----------------------------------------------------------------

    def host(self, node: str) -> VirtualRouter:
        """See `Wires`."""
        return self.nodes[node]

    def owner(self, sender: End, address: Address) -> End | None:
        """See `Wires`."""
        return self._wiring.owner(sender, address)

    def carries(self, sender: End, receiver: End) -> bool:
        """See `Wires`."""
        return self._wiring.carries(sender, receiver)

    def delay(self, sender: End) -> float:
        """See `Wires`."""
        return self._wiring.links.delay(sender)

    def refuses(self, node: str, target: Address) -> bool:
        """See `Ground`."""
        return (node, target) in self._wiring.damage.sessions

    def listens(self, node: str) -> bool:
        """See `Ground`."""
        return self.nodes[node].listens

    def call(self, node: str, action: Callable[[], None]) -> None:
        """See `Ground`."""
        router = self.nodes.get(node)
        if router is not None:
            router.act(router.incarnation, action)

    def resolver(self, node: str, interface: str, address: Address) -> End | None:
        """See `Fabric`."""
        me = End(node, interface)
        owner = self.owner(me, address)
        return owner if owner is not None and self.carries(me, owner) else None

    def connect(
        self, node: str, instance: str, source: Address | None, target: Address
    ) -> Reachability | None:
        """See `Fabric`."""
        return self._paths.connect(node, instance, source, target)

    def watch(
        self,
        node: str,
        instance: str,
        source: Address | None,
        target: Address,
        changed: Callable[[Reachability | None], None],
    ) -> Watch:
        """See `Fabric`."""
        watching = Watching(self._paths, node, instance, source, target, changed)
        self._paths.watch(watching)
        return watching

    def route_changed(self, node: str, table: str, prefix: Prefix) -> None:
        """See `Fabric`."""
        if self._paths.route_changed(node, table, prefix):
            self._examine_soon()

    def virtual_moved(self, node: str, interface: str) -> None:
        """See `Fabric`."""
        others = self._wiring.links.others(End(node, interface))
        self._touch((node, *(far.node for far in others)))

    def _touch(self, nodes: Iterable[str]) -> None:
        if self._paths.touch(nodes):
            self._examine_soon()

    def _examine_soon(self) -> None:
        if not self._examining:
            self._examining = True
            self.clock.after(0.0, self._examine)

    def _examine(self) -> None:
        self._examining = False
        self._paths.examine()

    def ping(  # noqa: PLR0913 - the words of the command
        self,
        node: str,
        target: Address,
        *,
        source: Address | None = None,
        count: int = 5,
        size: int = 56,
        instance: str = MASTER,
        ttl: int = 64,
    ) -> PingView:
        """Echo requests from a router, answered by the tables as they stand now."""
        self.router(node)
        asking = probes.Asking(node, instance, source, target, probes.ICMP, ttl)
        return probes.ping(self, asking, count, size)

    def traceroute(
        self,
        node: str,
        target: Address,
        *,
        source: Address | None = None,
        instance: str = MASTER,
        max_ttl: int = 30,
    ) -> TracerouteView:
        """UDP probes from a router, three for each TTL."""
        self.router(node)
        asking = probes.Asking(node, instance, source, target, probes.UDP, max_ttl)
        return probes.traceroute(self, asking)

    # --- time --------------------------------------------------------------------

    def quiet(self) -> bool:
        """Whether nothing will happen but what background timers bring."""
        return self.clock.foreground == 0

    def converge(self, limit: float = DEFAULT_LIMIT) -> float:
        """Let time pass until the network is quiet; the seconds it took.

        Raises:
            Oscillation: it is not quiet after `limit` seconds, or after far more events
                than a network of this size can need; names what keeps changing.
        """
        return rest(self.clock, self.nodes, limit)
