"""Routers, the links between them, what is broken, and one clock: the whole twin of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import UnknownName
from multihome.twin.clock import Clock
from multihome.twin.fabric import probes
from multihome.twin.fabric.faults import Damage, Fault
from multihome.twin.fabric.links import Links
from multihome.twin.fabric.reach import Paths, Watching
from multihome.twin.junos.model import MASTER
from multihome.twin.routing.host import End, Oscillation, Peer
from multihome.twin.routing.node import VirtualRouter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.fabric.links import Link
    from multihome.twin.junos.model import Router
    from multihome.twin.routing.host import Process, Watch
    from multihome.twin.views import PingView, TracerouteView

_NOBODY: tuple[End, ...] = ()
DEFAULT_LIMIT = 3600.0
"""Seconds of simulated time after which a network that does not rest is oscillating."""


class Network:
    """A `Fabric` to its routers; add, configure, break, mend, ask and let time pass."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.nodes: dict[str, VirtualRouter] = {}
        self.faults: dict[Fault, Damage] = {}
        self._damage = Damage()
        self._links = Links()
        self._paths = Paths(self)
        self._heard: dict[End, tuple[End, ...]] = {}
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
        node = self.router(name)
        node.power_off()
        self._paths.drop_all_of(name)
        concerned: set[End] = set()
        for end in self._links.ends_of(name):
            concerned |= self._links.place(end, None)
        del self.nodes[name]
        self._reconsider({end for end in concerned if end.node != name})

    def configure(self, name: str, config: Router) -> None:
        """A router applies a committed configuration, now."""
        node = self.router(name)
        old = node.intended
        node.configure(config)
        concerned: set[End] = set()
        for interface in {**old.units, **config.units}:
            end, unit = End(name, interface), config.units.get(interface)
            concerned |= self._links.place(end, unit)
            if unit != old.units.get(interface):
                concerned.add(end)
        if old.physicals != config.physicals or old.instances != config.instances:
            concerned.update(End(name, interface) for interface in config.units)
        self._reconsider(concerned)

    def set_links(self, links: Iterable[Link] | None) -> None:
        """Only these links exist; None: as subnets and VLANs say."""
        self._reconsider(self._links.set_links(links))

    def router(self, name: str) -> VirtualRouter:
        """The router of that name; raises UnknownName."""
        try:
            return self.nodes[name]
        except KeyError:
            raise UnknownName("router", name, self.nodes) from None

    # --- links -------------------------------------------------------------------

    def links(self) -> tuple[tuple[End, ...], ...]:
        """Every segment with two ends or more."""
        found = {
            frozenset({end, *self._links.others(end)}): None
            for name in self.nodes
            for end in self._links.ends_of(name)
        }
        return tuple(sorted(tuple(sorted(ends)) for ends in found if len(ends) > 1))

    def hears(self, node: str, interface: str) -> Sequence[End]:
        """See `Fabric`."""
        return self._heard.get(End(node, interface), _NOBODY)

    def neighbors_on(self, node: str, interface: str) -> Sequence[End]:
        """See `Fabric`."""
        me = End(node, interface)
        return [far for far in self._heard.get(me, _NOBODY) if me in self._heard.get(far, _NOBODY)]

    def _reconsider(self, ends: Iterable[End]) -> None:
        """Light, then who hears whom, of these ends and all that share a wire with them."""
        wire = dict.fromkeys(ends)
        for end in tuple(wire):
            wire.update(dict.fromkeys(self._links.others(end)))
        for end in wire:
            node = self.nodes.get(end.node)
            if node is not None:
                node.carrier(end.interface, self._is_lit(end))
        changed = [end for end in wire if self._rehear(end)]
        for end in changed:
            self.nodes[end.node].reach_changed(end.interface)
        for name in dict.fromkeys(end.node for end in wire):
            if name in self.nodes:
                self.nodes[name].settle()
        self._touch(end.node for end in wire)

    def _is_lit(self, end: End) -> bool:
        if end in self._damage.cut:
            return False
        others = self._links.others(end)
        if len(others) != 1:
            return True
        [far] = others
        node = self.nodes[far.node]
        return (
            far not in self._damage.cut
            and node.powered
            and node.interfaces.transmits(far.interface)
        )

    def _rehear(self, end: End) -> bool:
        now = self._listen(end) if end.node in self.nodes else _NOBODY
        if now == self._heard.get(end, _NOBODY):
            return False
        if now:
            self._heard[end] = now
        else:
            self._heard.pop(end)
        return end.node in self.nodes

    def _listen(self, end: End) -> tuple[End, ...]:
        me = self.nodes[end.node]
        if me.frozen or not me.up(end.interface):
            return _NOBODY
        return tuple(far for far in self._links.others(end) if self._arrives(far, end))

    def _arrives(self, sender: End, receiver: End) -> bool:
        node = self.nodes[sender.node]
        return (
            not node.frozen
            and node.up(sender.interface)
            and (sender, receiver) not in self._damage.lost
        )

    # --- messages ----------------------------------------------------------------

    def send(self, node: str, interface: str, protocol: str, pdu: object) -> None:
        """See `Fabric`."""
        me = End(node, interface)
        delay = self._links.delay(me)
        for far in self._links.others(me):
            if me in self._heard.get(far, _NOBODY):
                self.clock.after(delay, self._arrival(me, far, protocol, pdu))

    def _arrival(
        self, sender: End, receiver: End, protocol: str, pdu: object
    ) -> Callable[[], None]:
        incarnation = self.nodes[receiver.node].incarnation

        def arrive() -> None:
            node = self.nodes.get(receiver.node)
            if node is None or node.incarnation != incarnation:
                return
            if sender in self._heard.get(receiver, _NOBODY):
                node.receive(receiver.interface, protocol, pdu, sender)

        return arrive

    def deliver(self, delay: float, target: str, action: Callable[[], None]) -> None:
        """See `Fabric`."""
        incarnation = self.router(target).incarnation

        def arrive() -> None:
            node = self.nodes.get(target)
            if node is not None:
                node.act(incarnation, action)

        self.clock.after(delay, arrive)

    # --- packets -----------------------------------------------------------------

    def host(self, node: str) -> VirtualRouter:
        """See `Wires`."""
        return self.nodes[node]

    def owner(self, sender: End, address: Address) -> End | None:
        """See `Wires`: the VRRP master before the interface that has the address."""
        owners = None
        for far in self._links.others(sender):
            node = self.nodes[far.node]
            if (address, far.interface) in node.interfaces.claims:
                return far
            unit = node.intended.units.get(far.interface)
            if unit is not None and any(a.address == address for a in unit.addresses):
                owners = far
        return owners

    def carries(self, sender: End, receiver: End) -> bool:
        """See `Wires`."""
        return sender in self._heard.get(receiver, _NOBODY)

    def delay(self, sender: End) -> float:
        """See `Wires`."""
        return self._links.delay(sender)

    def refuses(self, node: str, target: Address) -> bool:
        """See `Ground`."""
        return (node, target) in self._damage.sessions

    def listens(self, node: str) -> bool:
        """See `Ground`."""
        return self.nodes[node].powered

    def call(self, node: str, action: Callable[[], None]) -> None:
        """See `Ground`."""
        router = self.nodes.get(node)
        if router is not None:
            router.act(router.incarnation, action)

    def process(self, node: str, name: str) -> Process | None:
        """See `Fabric`."""
        return self.router(node).processes.get(name)

    def resolver(self, node: str, interface: str, address: Address) -> End | None:
        """See `Fabric`."""
        me = End(node, interface)
        owner = self.owner(me, address)
        return owner if owner is not None and self.carries(me, owner) else None

    def connect(
        self, node: str, instance: str, source: Address | None, target: Address
    ) -> Peer | None:
        """See `Fabric`."""
        return self._paths.connect(node, instance, source, target)

    def watch(
        self,
        node: str,
        instance: str,
        source: Address | None,
        target: Address,
        changed: Callable[[Peer | None], None],
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
        me = End(node, interface)
        self._touch((node, *(far.node for far in self._links.others(me))))

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
        return probes.ping(
            self, probes.Asking(node, instance, source, target, probes.ICMP, ttl), count, size
        )

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
        return probes.traceroute(
            self, probes.Asking(node, instance, source, target, probes.UDP, max_ttl)
        )

    # --- faults ------------------------------------------------------------------

    # --- time --------------------------------------------------------------------

    def quiet(self) -> bool:
        """Whether nothing will happen but what background timers bring."""
        return self.clock.foreground == 0

    def converge(self, limit: float = DEFAULT_LIMIT) -> float:
        """Let time pass until the network is quiet; the seconds it took.

        Raises:
            Oscillation: it is not quiet after `limit` seconds.
        """
        start = self.clock.now
        while not self.quiet():
            self.clock.step()
            if self.clock.now - start > limit:
                raise Oscillation(f"not quiet after {limit:g} s")
        return self.clock.now - start
