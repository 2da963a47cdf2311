"""A PE's VRFs: routes out to the backbone, routes in from it, routes between VRFs.

Source: RFC 4364; Junos OS Layer 3 VPNs User Guide.  A PE advertises straight from its
VRFs; one that reflects copies them to `bgp.l3vpn.0` first and advertises from there.
Every route in `bgp.l3vpn.0` that a VRF accepts is copied there, not the active one alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from multihome.twin.routing.host import Process
from multihome.twin.routing.policy.evaluation import Engine
from multihome.twin.routing.resolution import UNUSABLE
from multihome.twin.routing.route import Protocol, Route
from multihome.twin.routing.vpn.labels import VpnLabels
from multihome.twin.routing.vpn.vrf import VPN_TABLE, Vrf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.route import Entry
    from multihome.twin.routing.vpn.labels import Way

Key = tuple["Prefix", str]
_K = TypeVar("_K")
_V = TypeVar("_V")


class Vpns(Process):
    """The VRFs of one router."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._labels = VpnLabels(host)
        self._vrfs: dict[str, Vrf] = {}
        self._targets: frozenset[str] = frozenset()
        """What VRFs without an import policy want."""
        self._choosy: tuple[Vrf, ...] = ()
        """The VRFs with one."""
        self._from_main_table = False
        self._followed: set[str] = set()
        self._stale_exports: dict[tuple[str, Prefix], None] = {}
        self._stale_links: dict[str, None] = {}
        """VRFs whose links have to be looked at again."""
        self._stale_imports: dict[Key, None] = {}
        self._leaks: dict[tuple[str, Prefix, str], str] = {}
        self._exports: dict[Key, Route] = {}
        self._external: dict[Key, Route] = {}
        self._ways: dict[Key, Way] = {}
        self._listeners: list[Callable[[Prefix, str], None]] = []

    # --- what BGP asks -------------------------------------------------------------

    @property
    def from_main_table(self) -> bool:
        """Whether VRF routes are advertised from `bgp.l3vpn.0` (the router reflects)."""
        return self._from_main_table

    def exported(self, prefix: Prefix, rd: str) -> Route | None:
        """The VRF route of that name for the backbone, the VRF's active one."""
        return self._exports.get((prefix, rd))

    def best_external(self, prefix: Prefix, rd: str) -> Route | None:
        """The best route from a CE where the VRF's active route is not from one."""
        return self._external.get((prefix, rd))

    def exports(self) -> Iterator[Key]:
        """The names of everything the VRFs could advertise."""
        yield from {**self._exports, **self._external}

    def wants(self, route: Route) -> bool:
        """Whether any VRF would import a route of the backbone."""
        communities = () if route.bgp is None else route.bgp.communities
        by_target = not self._targets.isdisjoint(communities)
        return by_target or any(vrf.accepts(route) for vrf in self._choosy)

    def wants_targets(self, communities: tuple[str, ...]) -> bool | None:
        """`wants`, of any route with these communities; None if that takes a look at the route."""
        if not self._targets.isdisjoint(communities):
            return True
        return None if self._choosy else False

    def on_export(self, callback: Callable[[Prefix, str], None]) -> None:
        """Call `callback(prefix, rd)` when an export changes, comes or goes."""
        self._listeners.append(callback)

    # --- a process of the router -----------------------------------------------------

    def configure(self, old: Router, new: Router) -> None:
        """Take VRFs up, down, or through their routes again."""
        engine = Engine(new.policies)
        changed_policies = old.policies != new.policies
        was, now = dict(_vrfs_of(old)), dict(_vrfs_of(new))
        reflects = _reflects(new)
        everything = changed_policies or reflects != self._from_main_table
        self._advertise_from_main_table(reflects=reflects)
        for name in was.keys() - now.keys():
            self._remove(name)
        for name, instance in now.items():
            if everything or was.get(name) != instance:
                if name in was and _identity(was[name]) != _identity(instance):
                    self._remove(name)
                self._vrfs[name] = Vrf(instance, engine)
                self._restart(self._vrfs[name])
        if was != now:
            self._leak_again()
        self._choosy = tuple(vrf for vrf in self._vrfs.values() if vrf.instance.vrf_import)
        self._targets = frozenset(
            target
            for vrf in self._vrfs.values()
            if not vrf.instance.vrf_import
            for target in vrf.instance.vrf_target_import
        )

    def flush(self) -> bool:
        """Carry changed routes over, in both directions."""
        links, self._stale_links = self._stale_links, {}
        for name in links.keys() & self._vrfs.keys():
            # A LAN is worth advertising only while something is known to be on it.
            for link in self._links(self._vrfs[name]):
                self._stale_exports[name, link] = None
        exports, self._stale_exports = self._stale_exports, {}
        for name, prefix in exports:
            if name in self._vrfs:
                self._export(self._vrfs[name], prefix)
        imports, self._stale_imports = self._stale_imports, {}
        for prefix, rd in imports:
            self._import(prefix, rd)
        return bool(exports or imports)

    def _restart(self, vrf: Vrf) -> None:
        if vrf.table not in self._followed:
            self._followed.add(vrf.table)
            self._host.rib(vrf.table).subscribe_entries(
                lambda prefix, _: self._changed(vrf.name, vrf.table, prefix)
            )
        if VPN_TABLE not in self._followed:
            self._followed.add(VPN_TABLE)
            self._host.rib(VPN_TABLE).subscribe_entries(self._received)
        if vrf.instance.vrf_table_label:
            self._labels.table_label(vrf)
        for entry in self._host.rib(vrf.table).entries():
            self._stale_exports[vrf.name, entry.prefix] = None
        for entry in self._host.rib(VPN_TABLE).entries():
            self._stale_imports[entry.prefix, entry.rd or ""] = None

    def _leak_again(self) -> None:
        """What a VRF lets in from others may be something else now."""
        for vrf in self._vrfs.values():
            if vrf.instance.auto_export:
                for route in self._host.rib(vrf.table).actives():
                    self._stale_exports[vrf.name, route.prefix] = None

    def _remove(self, name: str) -> None:
        vrf = self._vrfs.pop(name)
        for prefix, rd in [key for key, route in self._all() if route.primary_table == vrf.table]:
            self._set_export(vrf, (prefix, rd), None, None)
        for entry in self._host.rib(vrf.table).entries():
            self._write_copies(vrf.table, [*filter(_is_copy, entry.routes)], {})
        for leaked in [known for known in self._leaks if name in (known[0], known[2])]:
            self._unleak(leaked)
        self._labels.forget_table(name)

    def _all(self) -> list[tuple[Key, Route]]:
        return [*self._exports.items(), *self._external.items()]

    def _changed(self, name: str, table: str, prefix: Prefix) -> None:
        vrf = self._vrfs.get(name)
        if vrf is None or vrf.table != table:
            return
        self._stale_exports[name, prefix] = None
        if not vrf.instance.vrf_table_label:
            self._stale_links[vrf.name] = None

    def _received(self, prefix: Prefix, rd: str | None) -> None:
        self._stale_imports[prefix, rd or ""] = None

    # --- out -------------------------------------------------------------------------

    def _export(self, vrf: Vrf, prefix: Prefix) -> None:
        entry = self._host.rib(vrf.table).entry(prefix)
        active = None if entry is None else entry.active
        accepted = None if active is None else vrf.export(active)
        route = accepted if active is not None and self._can_label(vrf, active) else None
        external = None
        if route is None and entry is not None:
            best = next(filter(_from_ce, entry.routes), None)
            external = None if best is None else vrf.export(best)
        if not vrf.instance.vrf_advertise:
            route = external = None
        self._set_export(vrf, (prefix, vrf.rd), route, external)
        for other in self._vrfs.values():
            joined = vrf.instance.auto_export and other.instance.auto_export
            if other is not vrf and (joined or self._leaks):
                self._leak(vrf, other, prefix, (active, accepted) if joined else None)

    def _can_label(self, vrf: Vrf, route: Route) -> bool:
        return vrf.instance.vrf_table_label or self._reachable(vrf, route)

    def _set_export(self, vrf: Vrf, key: Key, route: Route | None, external: Route | None) -> None:
        before = (self._exports.get(key), self._external.get(key))
        released = self._ways.pop(key, None)
        route = None if route is None else self._labelled(vrf, key, route)
        external = None if external is None else self._labelled(vrf, key, external)
        if released is not None:
            self._labels.release(released)
        if (route, external) == before:
            return
        _assign(self._exports, key, route)
        _assign(self._external, key, external)
        if self._from_main_table:
            self._write_secondary(key, before[0], route)
        for listener in self._listeners:
            listener(*key)

    def _labelled(self, vrf: Vrf, key: Key, route: Route) -> Route:
        if vrf.instance.vrf_table_label:
            label = self._labels.table_label(vrf)
        else:
            self._ways[key], label = self._labels.take(vrf, route)
        attributes = route.bgp
        return (
            route
            if attributes is None
            else route._replace(bgp=replace(attributes, vpn_label=label))
        )

    def _write_secondary(self, key: Key, before: Route | None, route: Route | None) -> None:
        rib = self._host.rib(VPN_TABLE)
        if before is not None and (route is None or _source(before) != _source(route)):
            rib.withdraw(key[0], before.protocol, before.source, key[1])
        if route is not None:
            rib.put(route)

    def _advertise_from_main_table(self, *, reflects: bool) -> None:
        """What is exported already enters the main table, or leaves it, as the router's part is."""
        if reflects is self._from_main_table:
            return
        self._from_main_table = reflects
        for key, route in self._exports.items():
            if reflects:
                self._write_secondary(key, None, route)
            else:
                self._write_secondary(key, route, None)

    def _reachable(self, vrf: Vrf, route: Route) -> bool:
        if route.protocol is not Protocol.DIRECT or route.prefix.length == 32:
            return True
        return any(
            hop.to is not None and route.prefix.contains(hop.to)
            for other in self._host.rib(vrf.table).actives()
            for hop in other.next_hops
        )

    def _links(self, vrf: Vrf) -> Iterator[Prefix]:
        for route in self._host.rib(vrf.table).actives():
            if route.protocol is Protocol.DIRECT:
                yield route.prefix

    # --- in --------------------------------------------------------------------------

    def _import(self, prefix: Prefix, rd: str) -> None:
        entry = self._host.rib(VPN_TABLE).entry(prefix, rd)
        for vrf in self._vrfs.values():
            wanted = {} if entry is None else dict(_copies_for(vrf, entry))
            known = [
                route
                for route in self._host.rib(vrf.table).routes(prefix)
                if _is_copy(route) and _distinguisher(route) == rd
            ]
            self._write_copies(vrf.table, known, wanted)

    def _write_copies(self, table: str, known: Iterable[Route], wanted: dict[str, Route]) -> None:
        rib = self._host.rib(table)
        for route in known:
            if route.source not in wanted:
                rib.withdraw(route.prefix, Protocol.BGP, route.source)
        for route in wanted.values():
            rib.put(route)

    # --- between VRFs ------------------------------------------------------------------

    def _leak(
        self, vrf: Vrf, other: Vrf, prefix: Prefix, found: tuple[Route | None, Route | None] | None
    ) -> None:
        """`auto-export`: what one VRF exports and another imports needs no backbone."""
        key = (vrf.name, prefix, other.name)
        copy = None
        active, accepted = found or (None, None)
        if active is not None and accepted is not None and other.accepts(accepted):
            copy = _leaked(active, accepted, vrf, other)
        known = self._leaks.get(key)
        if known is not None and (copy is None or known != _source(copy)):
            self._unleak(key)
        if copy is not None:
            self._host.rib(other.table).put(copy)
            self._leaks[key] = _source(copy)

    def _unleak(self, key: tuple[str, Prefix, str]) -> None:
        protocol, _, source = self._leaks.pop(key).partition(" ")
        table = f"{key[2]}.inet.0"
        self._host.rib(table).withdraw(key[1], Protocol(protocol), source)


def _copies_for(vrf: Vrf, entry: Entry) -> Iterator[tuple[str, Route]]:
    for route in entry.routes:
        if route.primary_table is None and route.hidden in (None, UNUSABLE):
            copy = vrf.copy_of(route)
            if copy is not None:
                yield copy.source, copy


def _is_copy(route: Route) -> bool:
    return route.primary_table == VPN_TABLE


def _distinguisher(route: Route) -> str | None:
    return None if route.bgp is None else route.bgp.route_distinguisher


def _leaked(active: Route, route: Route, vrf: Vrf, other: Vrf) -> Route:
    """As the VRF exports it, but with the next hop it has there: it does not leave the router."""
    bgp, own = route.bgp, active.bgp
    return route._replace(
        rd=None,
        source=f"{route.source} {vrf.name}",
        instance=other.name,
        bgp=None if bgp is None or own is None else replace(bgp, next_hop=own.next_hop),
        communities=() if bgp is None else bgp.communities,
    )


def _from_ce(route: Route) -> bool:
    return route.external and route.primary_table is None and route.hidden is None


def _source(route: Route) -> str:
    return f"{route.protocol} {route.source}"


def _assign(known: dict[_K, _V], key: _K, value: _V | None) -> None:
    if value is None:
        known.pop(key, None)
    else:
        known[key] = value


def _vrfs_of(router: Router) -> Iterator[tuple[str, RoutingInstance]]:
    for name, instance in router.instances.items():
        if instance.type == "vrf" and instance.route_distinguisher is not None:
            yield name, instance


def _identity(instance: RoutingInstance) -> tuple[object, ...]:
    """What an export is filed under: if this changes, the old ones go first."""
    return instance.table, instance.route_distinguisher, instance.vrf_table_label


def _reflects(router: Router) -> bool:
    return any(
        neighbor.cluster is not None or instance.bgp.advertise_from_main_vpn_tables
        for instance in router.instances.values()
        for neighbor in instance.bgp.neighbors
        if "inet-vpn-unicast" in neighbor.families
    )
