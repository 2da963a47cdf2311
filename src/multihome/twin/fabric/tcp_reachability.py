"""Which routers can reach each other, and which must be notified when that changes.

A session depends on two ways, there and back.  A watch remembers every router and table
that decided on them, and is examined again only when one of those changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from multihome.twin.addressing import mask
from multihome.twin.fabric.walk import Fate, Way, Wires, walk
from multihome.twin.routing.forwarding import Packet, flow_of
from multihome.twin.routing.host import Reachability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.routing.host import Host

_TCP = 6


class Ground(Wires, Protocol):
    """What a session needs of the network besides the wires."""

    def refuses(self, node: str, target: Address) -> bool:
        """Whether a fault drops the TCP between a router and an address."""
        ...

    def listens(self, node: str) -> bool:
        """Whether a routing process runs there."""
        ...

    def call(self, node: str, action: Callable[[], None]) -> None:
        """Let the router act and settle; nothing if it is off."""
        ...


class Watching:
    """One watched path; see `Fabric.watch`."""

    __slots__ = (
        "_paths",
        "changed",
        "instance",
        "node",
        "nodes",
        "peer",
        "source",
        "tables",
        "target",
    )

    def __init__(
        self,
        paths: Paths,
        node: str,
        instance: str,
        source: Address | None,
        target: Address,
        changed: Callable[[Reachability | None], None],
    ) -> None:
        self._paths = paths
        self.node, self.instance, self.source, self.target = node, instance, source, target
        self.changed = changed
        self.peer: Reachability | None = None
        self.nodes: tuple[str, ...] = ()
        self.tables: tuple[tuple[str, str, Address], ...] = ()

    def cancel(self) -> None:
        """Watch no longer."""
        self._paths.drop(self)


class Paths:
    """Every watched path of the network."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._by_node: dict[str, dict[Watching, None]] = {}
        self._by_lookup: dict[tuple[str, str], dict[Address, dict[Watching, None]]] = {}
        self._stale: dict[Watching, None] = {}
        self._changed: dict[tuple[str, str], set[Prefix]] = {}

    # --- asking ------------------------------------------------------------------

    def connect(
        self, node: str, instance: str, source: Address | None, target: Address
    ) -> Reachability | None:
        """See `Fabric.connect`."""
        return self._ways(node, instance, source, target)[0]

    def _ways(
        self, node: str, instance: str, source: Address | None, target: Address
    ) -> tuple[Reachability | None, list[Way]]:
        ground = self._ground
        host = ground.host(node)
        there = walk(ground, node, instance, _packet(source, target))
        if there.fate is not Fate.DELIVERED or ground.refuses(node, target):
            return None, [there]
        source = source if source is not None else source_of(host, instance, there, target)
        if source is None or not host.owns(source, instance):
            return None, [there]
        back = walk(ground, there.node, there.instance, _packet(target, source))
        if back.fate is not Fate.DELIVERED or back.node != node:
            return None, [there, back]
        if ground.refuses(there.node, source):
            return None, [there, back]
        far = ground.host(there.node)
        peer = Reachability(
            node=there.node,
            instance=there.instance,
            source=source,
            interface=there.left_by,
            hops=there.hops,
            delay=there.delay,
            incarnation=far.incarnation,
            listening=ground.listens(there.node),
        )
        return peer, [there, back]

    # --- watching ----------------------------------------------------------------

    def watch(self, watching: Watching) -> None:
        """Look for the first time, without a call."""
        self._look(watching)

    def drop(self, watching: Watching) -> None:
        """Forget a path; harmless if it is forgotten."""
        self._unlist(watching)
        self._stale.pop(watching, None)

    def drop_all_of(self, node: str) -> None:
        """A router forgets all it watched."""
        for watching in [w for w in self._by_node.get(node, ()) if w.node == node]:
            self.drop(watching)

    def touch(self, nodes: Iterable[str]) -> bool:
        """Something about these routers changed; whether anybody must look again."""
        for node in nodes:
            self._stale.update(self._by_node.get(node, {}))
        return bool(self._stale)

    def route_changed(self, node: str, table: str, prefix: Prefix) -> bool:
        """A route of a router changed; whether anybody may have to look again."""
        key = (node, table)
        if key not in self._by_lookup:
            return False
        self._changed.setdefault(key, set()).add(prefix)
        return True

    def examine(self) -> None:
        """Look again wherever something changed, and notify those that see something new."""
        changed, self._changed = self._changed, {}
        for key, prefixes in changed.items():
            self._stale.update(self._affected(key, prefixes))
        stale, self._stale = self._stale, {}
        for watching in stale:
            before = watching.peer
            if watching.nodes and self._look(watching) != before:
                self._tell(watching)

    def _tell(self, watching: Watching) -> None:
        peer = watching.peer

        def notify() -> None:
            if watching.nodes:  # or it was dropped meanwhile
                watching.changed(peer)

        self._ground.call(watching.node, notify)

    def _affected(self, key: tuple[str, str], prefixes: set[Prefix]) -> dict[Watching, None]:
        lengths = {prefix.length for prefix in prefixes}
        return {
            watching: None
            for address, watchings in self._by_lookup.get(key, {}).items()
            if any((address & mask(length), length) in prefixes for length in lengths)
            for watching in watchings
        }

    def _look(self, watching: Watching) -> Reachability | None:
        peer, ways = self._ways(watching.node, watching.instance, watching.source, watching.target)
        self._unlist(watching)
        watching.peer = peer
        watching.nodes = tuple(dict.fromkeys(node for way in ways for node in way.nodes))
        watching.tables = tuple(dict.fromkeys(step for way in ways for step in way.lookups))
        for node in watching.nodes:
            self._by_node.setdefault(node, {})[watching] = None
        for node, table, address in watching.tables:
            asked = self._by_lookup.setdefault((node, table), {})
            asked.setdefault(address, {})[watching] = None
        return peer

    def _unlist(self, watching: Watching) -> None:
        for node in watching.nodes:
            self._by_node[node].pop(watching, None)
        for node, table, address in watching.tables:
            self._by_lookup[node, table][address].pop(watching, None)
        watching.nodes = watching.tables = ()


def source_of(
    host: Host, instance: str, way: Way, target: Address, *, routed: bool = False
) -> Address | None:
    """The address a router's own packet to a target leaves with, if none was chosen.

    `default-address-selection` holds for every packet that is `routed` like any other; the
    session with a neighbour on the link keeps the link's address (Junos OS, that statement).
    """
    if not way.left_by:
        return None
    if host.config.default_address_selection:
        loopback = _loopback_address(host, instance)
        if loopback is not None and (routed or not _is_connected(host, way.left_by, target)):
            return loopback
    if host.instance_of(way.left_by) == instance:
        return host.address_on(way.left_by, target)
    return first_address(host, instance)


def _loopback_address(host: Host, instance: str) -> Address | None:
    units = [name for name in host.config.units if name.startswith("lo0.") and host.up(name)]
    return next(
        (host.address_on(name) for name in units if host.instance_of(name) == instance), None
    )


def _is_connected(host: Host, interface: str, target: Address) -> bool:
    unit = host.config.units.get(interface)
    return unit is not None and any(each.subnet.contains(target) for each in unit.addresses)


def first_address(host: Host, instance: str) -> Address | None:
    """The loopback address of an instance, or its lowest one that is up."""
    router_id = host.router_id(instance)
    if host.owns(router_id, instance):
        return router_id
    units = [name for name in host.config.units if host.instance_of(name) == instance]
    found = [host.address_on(name) for name in units if host.up(name)]
    return min((address for address in found if address is not None), default=None)


def _packet(source: Address | None, target: Address) -> Packet:
    return Packet(source or target, target, flow=flow_of(source or target, target, _TCP))
