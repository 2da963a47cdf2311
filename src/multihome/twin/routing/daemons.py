"""The processes of a router that can die one by one, and what runs without them.

A router runs its configuration less what only a dead process would do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from multihome.twin.junos.model.bgp import Bgp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from multihome.twin.junos.model.igp import IgpInterface
    from multihome.twin.junos.model.instances import RoutingInstance, StaticRoute
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.junos.model.router import Router

ROUTING: Final = "routing"
"""The routing process itself, with every protocol in it."""


def without(router: Router, dead: Collection[str]) -> Router:
    """The configuration as far as living processes carry it out."""
    for name in sorted(dead):
        router = DAEMONS[name](router)
    return router


def _instances(router: Router, edit: Callable[[RoutingInstance], RoutingInstance]) -> Router:
    edited = {name: edit(instance) for name, instance in router.instances.items()}
    return replace(router, instances=edited)


def _no_bgp(router: Router) -> Router:
    return _instances(router, lambda instance: replace(instance, bgp=Bgp()))


def _no_isis(router: Router) -> Router:
    return _instances(router, lambda instance: replace(instance, isis=None))


def _no_ospf(router: Router) -> Router:
    return _instances(router, lambda instance: replace(instance, ospf=None))


def _no_ldp(router: Router) -> Router:
    return replace(router, ldp=None)


def _no_routing(router: Router) -> Router:
    for edit in (_no_bgp, _no_isis, _no_ospf, _no_ldp):
        router = edit(router)
    return _instances(router, lambda instance: replace(instance, static=(), aggregates=()))


def _no_vrrp(router: Router) -> Router:
    units = {name: _no_groups(unit) for name, unit in router.units.items()}
    return replace(router, units=units)


def _no_groups(unit: Unit) -> Unit:
    if not any(address.vrrp for address in unit.addresses):
        return unit
    addresses = tuple(replace(address, vrrp=()) for address in unit.addresses)
    return replace(unit, addresses=addresses)


def _no_bfd(router: Router) -> Router:
    return _instances(router, _no_bfd_in)


def _no_bfd_in(instance: RoutingInstance) -> RoutingInstance:
    neighbors = tuple(replace(neighbor, bfd=None) for neighbor in instance.bgp.neighbors)
    isis, ospf = instance.isis, instance.ospf
    levels = {} if isis is None else {n: _silent(them) for n, them in isis.at_level.items()}
    return replace(
        instance,
        bgp=replace(instance.bgp, neighbors=neighbors),
        isis=isis and replace(isis, interfaces=_silent(isis.interfaces), at_level=levels),
        ospf=ospf and replace(ospf, interfaces=_silent(ospf.interfaces)),
        static=tuple(_unwatched(route) for route in instance.static),
    )


def _unwatched(route: StaticRoute) -> StaticRoute:
    if not any(hop.bfd for hop in route.next_hops):
        return route
    return replace(route, next_hops=tuple(replace(hop, bfd=None) for hop in route.next_hops))


def _silent(interfaces: tuple[IgpInterface, ...]) -> tuple[IgpInterface, ...]:
    return tuple(replace(interface, bfd=None) for interface in interfaces)


DAEMONS: Final[Mapping[str, Callable[[Router], Router]]] = {
    "bfd": _no_bfd,
    "bgp": _no_bgp,
    "isis": _no_isis,
    "ldp": _no_ldp,
    "ospf": _no_ospf,
    ROUTING: _no_routing,
    "vrrp": _no_vrrp,
}
