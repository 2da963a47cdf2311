"""Static routes: there while a next hop is on a link that is up, gone otherwise.

Source: Junos OS Protocol-Independent Routing Properties User Guide, "Configure Static
Routes": every `next-hop` that can be used shares one route; each `qualified-next-hop` is
a route of its own preference; `resolve` lets the next hop be anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.junos.community import in_order
from multihome.twin.junos.model.instances import RouteAction
from multihome.twin.routing.host import Process
from multihome.twin.routing.resolution import Question
from multihome.twin.routing.route import NextHop, NextHopKind, Protocol, Route, way_of
from multihome.twin.routing.static_bfd import Liveness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.junos.model.instances import QualifiedNextHop, RoutingInstance, StaticRoute
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.resolution import Resolver

_OWNER = "static"
_KINDS = {
    RouteAction.DISCARD: NextHopKind.DISCARD,
    RouteAction.REJECT: NextHopKind.REJECT,
    RouteAction.RECEIVE: NextHopKind.RECEIVE,
}


class Statics(Process):
    """The static routes of every instance of one router."""

    def __init__(self, host: Host, resolver: Resolver, bfd: BfdProcess) -> None:
        self._host = host
        self._resolver = resolver
        self._liveness = Liveness(bfd, self._outdate)
        self._stale: dict[str, None] = {}
        self._followed: set[str] = set()
        self._written: dict[str, tuple[str, ...]] = {}
        self._indirect: dict[str, set[tuple[Prefix, str]]] = {}

    def configure(self, old: Router, new: Router) -> None:
        """Routes of instances that changed, and of instances that are gone."""
        for name, instance in {**old.instances, **new.instances}.items():
            before, after = old.instances.get(name), new.instances.get(name)
            if after is None:
                self._remove(instance)
            elif before is None or before.static != after.static:
                self._follow(after)
                self._stale[name] = None

    def interface_changed(self, interface: str) -> None:
        """A next hop may be an interface."""
        self._stale[self._host.instance_of(interface)] = None

    def _outdate(self, instance: str) -> None:
        self._stale[instance] = None

    def flush(self) -> bool:
        """Write the routes of instances whose links or configuration changed."""
        stale, self._stale = self._stale, {}
        for name in stale:
            instance = self._host.config.instances.get(name)
            if instance is not None:
                self._write(instance)
        return bool(stale)

    def _follow(self, instance: RoutingInstance) -> None:
        if instance.table in self._followed or not instance.static:
            return
        self._followed.add(instance.table)

        def changed(_: Prefix, old: Route | None, new: Route | None, __: str | None) -> None:
            if any(route is not None and route.protocol is Protocol.DIRECT for route in (old, new)):
                self._stale[instance.name] = None

        self._host.rib(instance.table).subscribe(changed)

    def _remove(self, instance: RoutingInstance) -> None:
        for table in self._written.pop(instance.name, ()):
            self._host.rib(table).replace(Protocol.STATIC, _OWNER, ())
        self._hold(instance, {})
        self._liveness.begin()
        self._liveness.end(instance.name)

    def _write(self, instance: RoutingInstance) -> None:
        self._liveness.begin()
        routes: dict[str, list[Route]] = {
            table: [] for table in self._written.get(instance.name, ())
        }
        for static in instance.static:
            found = routes.setdefault(static.table or instance.table, [])
            found.extend(self._routes(instance, static))
        self._liveness.end(instance.name)
        for table, plain in routes.items():
            self._host.rib(table).replace(Protocol.STATIC, _OWNER, plain)
        self._written[instance.name] = tuple(routes)
        indirect = {
            (static.prefix, str(hop.to)): (_route(static, instance, hop, self._now), hop.to)
            for static in instance.static
            if static.resolve
            for hop in static.next_hops
            if hop.to is not None
        }
        self._hold(instance, indirect)

    def _hold(
        self,
        instance: RoutingInstance,
        wanted: dict[tuple[Prefix, str], tuple[Route, Address]],
    ) -> None:
        """The routes with `resolve`, whose next hop the resolver looks up."""
        held = self._indirect.setdefault(instance.name, set())
        for prefix, source in held - wanted.keys():
            self._resolver.withdraw(instance.table, prefix, Protocol.STATIC, source)
        for route, address in wanted.values():
            self._resolver.put(instance.table, route, Question((instance.table,), address))
        self._indirect[instance.name] = set(wanted)

    def _routes(self, instance: RoutingInstance, static: StaticRoute) -> Iterator[Route]:
        found = () if static.resolve else tuple(self._with_gateway(instance, static))
        yield from found
        if static.action is not None or static.next_table is not None:
            yield _without_gateway(static, instance, self._now)
        elif static.passive and not (found or static.resolve):
            yield _without_gateway(replace(static, action=RouteAction.REJECT), instance, self._now)

    def _with_gateway(self, instance: RoutingInstance, static: StaticRoute) -> Iterator[Route]:
        shared = [hop for hop in static.next_hops if hop.preference is None]
        reached = [found for hop in shared if (found := self._reach(instance, hop)) is not None]
        if reached:
            yield _route(static, instance, shared[0], self._now, tuple(reached), source="")
        for hop in static.next_hops:
            if hop.preference is not None and (way := self._reach(instance, hop)) is not None:
                yield _route(static, instance, hop, self._now, (way,))

    def _reach(self, instance: RoutingInstance, hop: QualifiedNextHop) -> NextHop | None:
        """The way to a gateway on a link that is up, or out of an interface that is."""
        if hop.to is None:
            usable = hop.interface is not None and self._host.up(hop.interface)
            return NextHop(via=hop.interface) if usable else None
        answer = self._resolver.answer(Question((instance.table,), hop.to, connected=True))
        if answer is None or hop.interface not in (None, answer.next_hops[0].via):
            return None
        way = answer.next_hops[0]
        if hop.bfd is not None and not self._liveness.alive(
            instance.name, hop.to, way.via or "", hop.bfd
        ):
            return None
        return way

    @property
    def _now(self) -> float:
        return self._host.clock.now


def _route(
    static: StaticRoute,
    instance: RoutingInstance,
    hop: QualifiedNextHop,
    now: float,
    next_hops: tuple[NextHop, ...] = (),
    source: str | None = None,
) -> Route:
    return Route(
        prefix=static.prefix,
        protocol=Protocol.STATIC,
        preference=static.preference if hop.preference is None else hop.preference,
        next_hops=next_hops,
        source=str(hop.to or hop.interface) if source is None else source,
        metric=static.metric if hop.metric is None else hop.metric,
        tag=static.tag,
        instance=instance.name,
        communities=in_order(static.communities),
        way=way_of(static.as_path),
        readvertise=static.readvertise,
        installed=now,
    )


def _without_gateway(static: StaticRoute, instance: RoutingInstance, now: float) -> Route:
    return Route(
        prefix=static.prefix,
        protocol=Protocol.STATIC,
        preference=static.preference,
        next_hops=() if static.next_table is None else (NextHop(table=static.next_table),),
        kind=NextHopKind.TABLE if static.action is None else _KINDS[static.action],
        metric=static.metric,
        tag=static.tag,
        instance=instance.name,
        communities=in_order(static.communities),
        way=way_of(static.as_path),
        readvertise=static.readvertise,
        installed=now,
    )
