"""Aggregate and generated routes: active while a more specific route contributes.

Source: Junos OS Protocol-Independent Routing Properties User Guide, "Understanding Route
Aggregation" and "Understanding Conditionally Generated Routes".  An aggregate rejects or
discards what only it covers; a generated route forwards as its primary contributor does.
Unless `as-path` gives it a path, it is put together of the contributors' (RFC 4271 section
9.2.2.2): what all begin with, and a set of the rest, which `brief` leaves out.
Without a contributor the route is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.aspath import numbers_in
from multihome.twin.junos.community import in_order
from multihome.twin.junos.model.instances import RouteAction
from multihome.twin.routing.host import Process
from multihome.twin.routing.policy.evaluation import Engine
from multihome.twin.routing.policy.subject import Subject
from multihome.twin.routing.route import NextHopKind, Origin, Protocol, Route, Way, way_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.junos.model.instances import AggregateRoute, RoutingInstance
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.rib import Rib

NO_CONTRIBUTOR = "no contributing route"


class Aggregates(Process):
    """The aggregate and generated routes of every instance of one router."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._engine = Engine(None)
        self._stale: dict[tuple[str, AggregateRoute], None] = {}
        self._followed: set[str] = set()

    def configure(self, old: Router, new: Router) -> None:
        """Look for contributors anew where the routes or the policies changed."""
        same_policies = old.policies == new.policies
        if not same_policies or self._engine.policies is not new.policies:
            self._engine = Engine(new.policies)
        for name in {**old.instances, **new.instances}:
            before, after = old.instances.get(name), new.instances.get(name)
            was = () if before is None else before.aggregates
            now = () if after is None else after.aggregates
            for gone in (one for one in was if one not in now):
                self._table(before or after).withdraw(
                    gone.prefix, Protocol.AGGREGATE, _source(gone)
                )
            for one in now:
                if one not in was or not same_policies:
                    self._stale[name, one] = None
            if after is not None and now:
                self._follow(after)

    def flush(self) -> bool:
        """Write the routes below which something changed."""
        stale, self._stale = self._stale, {}
        for name, aggregate in stale:
            instance = self._host.config.instances.get(name)
            if instance is not None and aggregate in instance.aggregates:
                self._host.rib(instance.table).put(self._route(instance, aggregate))
        return bool(stale)

    def _follow(self, instance: RoutingInstance) -> None:
        if instance.table in self._followed:
            return
        self._followed.add(instance.table)

        def changed(prefix: Prefix, _: Route | None, __: Route | None, ___: str | None) -> None:
            current = self._host.config.instances.get(instance.name)
            for aggregate in () if current is None else current.aggregates:
                if _is_below(prefix, aggregate.prefix):
                    self._stale[instance.name, aggregate] = None

        self._host.rib(instance.table).subscribe(changed)

    def _contributors(
        self, instance: RoutingInstance, aggregate: AggregateRoute
    ) -> Iterator[Route]:
        """A route contributes to the most specific aggregate that takes it, and to no other."""
        closer = [
            one
            for one in instance.aggregates
            if one.generate is aggregate.generate and _is_below(one.prefix, aggregate.prefix)
        ]
        for route in self._host.rib(instance.table).actives():
            taken = (self._takes(instance, one, route) for one in closer)
            if self._takes(instance, aggregate, route) and not any(taken):
                yield route

    def _takes(self, instance: RoutingInstance, aggregate: AggregateRoute, route: Route) -> bool:
        if not _is_below(route.prefix, aggregate.prefix):
            return False
        if aggregate.generate and not any(hop.to for hop in route.next_hops):
            return False
        subject = Subject(route, rib=instance.table, accepted_by_default=True)
        return self._engine.accepts(aggregate.policies, subject, default=True)

    def _route(self, instance: RoutingInstance, aggregate: AggregateRoute) -> Route:
        contributors = tuple(self._contributors(instance, aggregate))
        # The primary contributor: most preferred, then the lowest numbered prefix.
        primary = min(
            contributors,
            key=lambda route: (route.preference, route.prefix),
            default=None,
        )
        forwards = aggregate.generate and primary is not None
        discards = aggregate.action is RouteAction.DISCARD
        action = NextHopKind.DISCARD if discards else NextHopKind.REJECT
        return Route(
            prefix=aggregate.prefix,
            protocol=Protocol.AGGREGATE,
            preference=aggregate.preference,
            next_hops=primary.next_hops if forwards and primary else (),
            kind=NextHopKind.ROUTER if forwards else action,
            source=_source(aggregate),
            metric=aggregate.metric,
            instance=instance.name,
            communities=in_order(aggregate.communities),
            way=_way(aggregate, contributors),
            hidden=NO_CONTRIBUTOR if primary is None else None,
            installed=self._host.clock.now,
        )

    def _table(self, instance: RoutingInstance | None) -> Rib:
        return self._host.rib("inet.0" if instance is None else instance.table)


def _way(aggregate: AggregateRoute, contributors: Iterable[Route]) -> Way:
    said, ways = way_of(aggregate.as_path), [_way_to(route) for route in contributors]
    if aggregate.as_path.path is None:
        path = _common_path([way.as_path for way in ways])
        left_out = frozenset(
            number for way in ways for number in numbers_in(way.as_path[len(path) :])
        )
        if left_out and not aggregate.brief:
            path = (*path, left_out)
        atomic = (bool(left_out) and aggregate.brief) or any(way.atomic_aggregate for way in ways)
        said = said._replace(as_path=path, atomic_aggregate=said.atomic_aggregate or atomic)
    if aggregate.as_path.origin is None:
        said = said._replace(origin=max((way.origin for way in ways), default=Origin.IGP))
    return said


def _way_to(route: Route) -> Way:
    bgp = route.bgp
    return route.way if bgp is None else Way(bgp.as_path, bgp.origin, bgp.atomic_aggregate)


def _common_path(paths: Sequence[AsPath]) -> AsPath:
    """The numbers that every path begins with."""
    if not paths:
        return ()
    shortest = min(paths, key=len)
    length = next(
        (n for n, number in enumerate(shortest) if any(path[n] != number for path in paths)),
        len(shortest),
    )
    return shortest[:length]


def _source(aggregate: AggregateRoute) -> str:
    return "generate" if aggregate.generate else "aggregate"


def _is_below(prefix: Prefix, aggregate: Prefix) -> bool:
    return prefix.length > aggregate.length and aggregate.covers(prefix)
