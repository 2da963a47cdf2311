"""Draw the blueprint of one router from the intent."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from multihome.errors import UnknownName
from multihome.intent.blueprint import (
    Backbone,
    Blueprint,
    LoopbackUnit,
    Mesh,
    Port,
    Static,
    Virtual,
)
from multihome.intent.build_blueprint_customer import uplink
from multihome.intent.build_blueprint_vrf import vrfs
from multihome.intent.draw_keys import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.core import Link
    from multihome.intent.model import Intent
    from multihome.intent.site import Connection, Multihomed

_EVERYWHERE = IPv4Network("0.0.0.0/0")


def blueprint(intent: Intent, router: str) -> Blueprint:
    """What `router` must be.

    Raises:
        UnknownName: the intent has no such router.
    """
    if router not in intent.routers:
        raise UnknownName("router", router, intent.routers)
    ports = tuple(_ports(intent, router))
    managed = intent.core.managed
    speaks = managed and router in intent.bgp_speakers
    own_uplink = uplink(intent, router)
    provider_as = intent.core.autonomous_system if speaks else None
    return Blueprint(
        router=router,
        title=intent.title(router),
        ports=ports,
        mtu=intent.mtu,
        loopbacks=tuple(_loopbacks(intent, router)),
        statics=tuple(_statics(intent, router)),
        router_id=intent.routers[router].loopback.address.ip if speaks else None,
        autonomous_system=own_uplink.own_as if own_uplink else provider_as,
        backbone=_backbone(intent, router, ports) if managed else None,
        vrfs=tuple(vrfs(intent, router)),
        uplink=own_uplink,
    )


# --- interfaces ------------------------------------------------------------------


def _ports(intent: Intent, router: str) -> Iterator[Port]:
    if intent.core.managed:
        for link in intent.core.links:
            yield from _link_ports(intent, router, link, core=True)
    for vpn in intent.vpns.values():
        for single in vpn.single_homed.values():
            yield from _access_ports(intent, router, single)
        for site in vpn.multihomed.values():
            for leg in site.legs:
                yield from _access_ports(intent, router, leg)
            yield from _lan_ports(intent, router, site)
    for link in intent.other_links:
        yield from _link_ports(intent, router, link, core=False)


def _link_ports(intent: Intent, router: str, link: Link, *, core: bool) -> Iterator[Port]:
    if (end := link.ends.get(router)) is None:
        return
    others = [intent.title(name).upper() for name in link.ends if name != router]
    yield Port(
        name=end.interface,
        description=end.description or "_".join(others),
        address=end.address,
        purpose="core" if core else "outside",
        vlan=link.vlan,
        metric=end.metric if core else None,
    )


def _access_ports(intent: Intent, router: str, connection: Connection) -> Iterator[Port]:
    for own, other in ((connection.pe, connection.cpe), (connection.cpe, connection.pe)):
        if own.router == router:
            yield Port(
                name=own.interface,
                description=intent.title(other.router).upper(),
                address=own.address,
                purpose="access",
                vlan=connection.vlan,
            )


def _lan_ports(intent: Intent, router: str, site: Multihomed) -> Iterator[Port]:
    gateway, customer = site.gateway, site.customer
    everybody = [customer.router, *gateway.routers] if customer.router else list(gateway.routers)
    description = "_".join(intent.title(name) for name in everybody if name != router)
    if (member := gateway.routers.get(router)) is not None:
        yield Port(
            name=member.interface,
            description=description,
            address=member.address,
            purpose="lan",
            vlan=gateway.vlan,
            virtual=_virtual(router, site),
        )
    elif customer.router == router and customer.interface is not None:
        yield Port(
            name=customer.interface,
            description=description,
            address=customer.address,
            purpose="lan",
            vlan=gateway.vlan,
        )


def _virtual(router: str, site: Multihomed) -> Virtual:
    gateway, cost = site.gateway, site.options.track_uplink
    [leg] = [leg for leg in site.legs if leg.cpe.router == router]
    return Virtual(
        group=gateway.group,
        address=gateway.virtual_address,
        priority=gateway.routers[router].priority,
        tracked=leg.cpe.interface if cost is not None else None,
        cost=cost or 0,
    )


def _loopbacks(intent: Intent, router: str) -> Iterator[LoopbackUnit]:
    facts, title = intent.routers[router], intent.title(router)
    in_core = facts.iso is not None
    if intent.core.managed or not in_core:
        loopback = facts.loopback
        yield LoopbackUnit(loopback.interface, title.upper(), loopback.address, facts.iso)
    for name, vpn in intent.vpns.items():
        if (interface := vpn.loopbacks.get(router)) is not None:
            yield LoopbackUnit(interface, f"{name}-{title}", facts.loopback.address)


# --- routes ----------------------------------------------------------------------


def _statics(intent: Intent, router: str) -> Iterator[Static]:
    for vpn in intent.vpns.values():
        for single in vpn.single_homed.values():
            if single.cpe.router == router and single.default_route:
                yield Static(_EVERYWHERE, single.pe.address.ip)
        for site in vpn.multihomed.values():
            if router in site.gateway.routers:
                next_hop = site.customer.address.ip
                yield from (Static(prefix, next_hop) for prefix in site.customer.prefixes)
            elif site.customer.router == router and site.customer.default_route:
                yield Static(_EVERYWHERE, site.gateway.virtual_address)


# --- core ------------------------------------------------------------------------


def _backbone(intent: Intent, router: str, ports: tuple[Port, ...]) -> Backbone | None:
    core_ports = tuple(port for port in ports if port.purpose == "core")
    if not core_ports:
        return None
    core = intent.core
    adjacent = {
        name for link in core.links if router in link.ends for name in link.ends if name != router
    }
    return Backbone(
        isis=core.isis,
        ldp=core.ldp,
        ipv6=router in core.isis.ipv6_routing,
        propagate_ttl=core.propagate_ttl or router not in intent.provider_edges,
        loopback=intent.routers[router].loopback.interface,
        ports=core_ports,
        ldp_neighbors=tuple(
            intent.routers[name].loopback.address.ip for name in intent.routers if name in adjacent
        ),
        mesh=_mesh(intent, router) if router in intent.bgp_speakers else None,
        isis_chain=chain(intent, core.isis.authentication_key_chain),
        ldp_chain=chain(intent, core.ldp.authentication_key_chain),
    )


def _mesh(intent: Intent, router: str) -> Mesh:
    bgp = intent.core.bgp
    return Mesh(
        group=bgp.group,
        local_address=intent.routers[router].loopback.address.ip,
        neighbors=tuple(
            intent.routers[name].loopback.address.ip for name in intent.bgp_neighbors(router)
        ),
        cluster=bgp.reflectors.get(router),
        key=bgp.authentication_key,
        chain=chain(intent, bgp.authentication_key_chain),
        hold_time=bgp.hold_time,
        bfd_interval=bgp.bfd_interval,
    )
