"""The sites: gateway, sessions and tables of CPEs, default routes."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from multihome.intent.expect.customer import siblings_speak
from multihome.intent.expect.expectation_fields import as_path, either, frame, hold_time, said, wire
from multihome.intent.expect.paths import Source
from multihome.intent.expect.provider import site_prefixes
from multihome.intent.expectation import (
    AdvertisedRoutes,
    AnyExpectation,
    BgpSession,
    Interface,
    PrefixCounts,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
    Vrrp,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.intent.expect.customer import Member
    from multihome.intent.expect.derived_network import World
    from multihome.intent.expect.gateway import Gateway
    from multihome.intent.expect.paths import Path
    from multihome.intent.site import Leg, Multihomed, SingleHomed

_DEFAULT = IPv4Network("0.0.0.0/0")
_TABLE = "inet.0"
ADVERTISEMENT_INTERVAL = 1
"""Junos's, of VRRP, in seconds: the two ends must agree, and the intent sets neither."""


def sites(world: World) -> Iterator[AnyExpectation]:
    """Everything that the sites' routers must say."""
    for vpn_name, vpn in world.intent.vpns.items():
        state = world.vpns[vpn_name]
        for name, single in vpn.single_homed.items():
            yield from _single(world, name, single)
        for name, site in vpn.multihomed.items():
            yield from _gateway(world, name, site, state.gateways[name])
            yield from _customer(world, name, site)
            for member in state.sites[name].values():
                yield from _provider_session(world, name, site, member)
                yield from _sibling_sessions(world, name, site, member)
                yield from _table(world, name, member)


def _single(world: World, name: str, single: SingleHomed) -> Iterator[AnyExpectation]:
    end = single.cpe
    doubtful = (end.router, end.interface) in world.scene.failures.doubtful
    if single.default_route and world.works(end.router, end.interface) and not doubtful:
        way = RoutePath(protocol="Static", next_hop=single.pe.address.ip, interface=end.interface)
        about = frame(world, end.router, f"site {name}, default route", "site", name)
        yield RouteExpectation(**about, table=_TABLE, prefix=_DEFAULT, active=way, alternatives=())


def _customer(world: World, name: str, site: Multihomed) -> Iterator[AnyExpectation]:
    customer = site.customer
    if customer.router is None or customer.interface is None or not world.alive(customer.router):
        return
    about = frame(world, customer.router, f"site {name}, customer's router", "site", name)
    address = frozenset({str(customer.address)})
    same = wire(world, site.gateway.vlan)
    yield Interface(**about, **same, interface=customer.interface, addresses=address)
    if customer.default_route:
        way = RoutePath(
            protocol="Static",
            next_hop=site.gateway.virtual_address,
            interface=customer.interface,
        )
        yield RouteExpectation(**about, table=_TABLE, prefix=_DEFAULT, active=way, alternatives=())


def _gateway(
    world: World, name: str, site: Multihomed, gateway: Gateway
) -> Iterator[AnyExpectation]:
    for router, member in site.gateway.routers.items():
        if not world.alive(router):
            continue
        about = frame(world, router, f"site {name}, gateway", "site", "gateway", name)
        up = world.works(router, member.interface)
        same = wire(world, site.gateway.vlan) if up else {}
        yield Interface(**about, **same, interface=member.interface, oper="up" if up else "down")
        if not up:
            group = site.gateway.group
            yield Vrrp(**about, interface=member.interface, group=group, state="init")
        else:
            masters = gateway.masters
            yield Vrrp(
                **about,
                interface=member.interface,
                group=site.gateway.group,
                state=either(["master" if router == name else "backup" for name in masters]),
                priority=either(gateway.priorities[router]),
                configured_priority=member.priority,
                master=either([site.gateway.routers[name].address.ip for name in masters]),
                local_address=member.address.ip,
                virtual_addresses=frozenset({site.gateway.virtual_address}),
                preempt=True,
                advertisement_interval=ADVERTISEMENT_INTERVAL,
                tracked=_tracked(world, site, router),
                tracking=frozenset(_tracked(world, site, router) or ()),
            )


def _tracked(world: World, site: Multihomed, router: str) -> dict[str, Any] | None:
    """The uplink and its state, if the gateway is to follow it."""
    if site.options.track_uplink is None:
        return None
    [uplink] = [leg.cpe.interface for leg in site.legs if leg.cpe.router == router]
    if (router, uplink) in world.scene.failures.doubtful:
        return {uplink: either(["up", "down"])}
    return {uplink: "up" if world.works(router, uplink) else "down"}


def _provider_session(
    world: World, name: str, site: Multihomed, member: Member
) -> Iterator[AnyExpectation]:
    leg, told = member.leg, member.from_provider
    if told is None:
        return
    router, peer = leg.cpe.router, leg.pe.address.ip
    about = {**frame(world, router, f"site {name}, {leg.role} leg", "site", name), "peer": peer}
    mine = frozenset(site_prefixes(world.intent, site, router, world.scene.failures))
    active = frozenset(p for p, path in told.items() if member.table[p][0] is path)
    counts = PrefixCounts(
        received=len(told), accepted=len(told), active=len(active), advertised=len(mine)
    )
    yield BgpSession(
        **about,
        instance="master",
        type="External",
        peer_as=world.intent.core.autonomous_system,
        local_as=site.autonomous_system,
        local_address=leg.cpe.address.ip,
        families=frozenset({"inet-unicast"}),
        hold_time=hold_time(site.hold_time, None),
        options=frozenset({"LogUpDown"}),
        authentication=site.signed,
        tables=None if world.doubtful else {_TABLE: counts},
    )
    yield AdvertisedRoutes(
        **about,
        prefixes=mine,
        each=RoutePath(with_communities=frozenset({site.site_of_origin})),
    )
    received = frozenset(told)
    yield ReceivedRoutes(
        **about,
        prefixes=None if world.doubtful else received,
        active=None if world.doubtful else active,
        includes=received - world.doubtful if world.doubtful else None,
        excludes=_own_prefixes(world, site) - received,
        each=_as_received(leg, told, site),
    )


def _as_received(leg: Leg, told: Mapping[IPv4Network, Path], site: Multihomed) -> RoutePath:
    """What every path from the PE has in common."""
    paths = {as_path(path.as_path) for path in told.values()}
    return RoutePath(
        med=leg.med,
        as_path=paths.pop() if len(paths) == 1 else None,
        without_communities=frozenset({site.site_of_origin}),
    )


def _own_prefixes(world: World, site: Multihomed) -> frozenset[IPv4Network]:
    """What the site must never get back from a PE."""
    loopbacks = [world.intent.routers[leg.cpe.router].loopback.address.network for leg in site.legs]
    return frozenset({*loopbacks, site.gateway.subnet, *site.customer.prefixes})


def _sibling_sessions(
    world: World, name: str, site: Multihomed, member: Member
) -> Iterator[AnyExpectation]:
    router, gateway = member.leg.cpe.router, site.gateway.routers
    for sibling, end in gateway.items():
        if sibling == router or not siblings_speak(site, router, sibling, world.scene.failures):
            continue
        told = member.from_siblings.get(sibling, {})
        active = [p for p, path in told.items() if member.table[p][0] is path]
        counts = PrefixCounts(received=len(told), accepted=len(told), active=len(active))
        yield BgpSession(
            **frame(world, router, f"site {name}, between its CPEs", "site", name),
            peer=end.address.ip,
            instance="master",
            type="Internal",
            peer_as=site.autonomous_system,
            local_as=site.autonomous_system,
            local_address=gateway[router].address.ip,
            families=frozenset({"inet-unicast"}),
            hold_time=hold_time(site.inter_cpe.hold_time),
            authentication=site.inter_cpe.signed,
            tables=None if world.doubtful else {_TABLE: counts},
        )


def _table(world: World, name: str, member: Member) -> Iterator[AnyExpectation]:
    router = member.leg.cpe.router
    for prefix, paths in member.table.items():
        if prefix in world.doubtful:
            continue
        active = paths[0]
        own = active.source is not Source.BGP
        if own:
            origin = f"site {name}, its own"
        elif active.external:
            origin = f"site {name}, {member.leg.role} leg"
        else:
            origin = f"site {name}, by way of {active.teller}"
        yield RouteExpectation(
            **frame(world, router, origin, "site", name),
            table=_TABLE,
            prefix=prefix,
            active=said(world, router, active),
            alternatives=tuple(said(world, router, path) for path in paths[1:]),
        )
