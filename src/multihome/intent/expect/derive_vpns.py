"""A VPN at its PEs: ports, sessions with CPEs, every route of the VRF, and what must not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.expect.expectation_fields import frame, hold_time, said, wire
from multihome.intent.expect.paths import Source
from multihome.intent.expect.provider import leg_works
from multihome.intent.expectation import (
    AnyExpectation,
    BgpSession,
    Interface,
    PrefixCounts,
    RouteExpectation,
    RpcXPath,
)
from multihome.intent.matcher import AtLeast
from multihome.intent.places import announced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ipaddress import IPv4Network

    from multihome.intent.expect.derived_network import VpnState, World
    from multihome.intent.expect.paths import Path
    from multihome.intent.model import Vpn
    from multihome.intent.site import Attachment, Leg


def vpns(world: World) -> Iterator[AnyExpectation]:
    """Everything that PEs must say of the VPNs."""
    for name, vpn in world.intent.vpns.items():
        state = world.vpns[name]
        owners = _owners(world, name, vpn)
        yield from _ports(world, name, vpn)
        yield from _sessions(world, name, vpn)
        for router, table in state.tables.items():
            yield _distinguisher(world, router, name, vpn)
            if vpn.table_label:
                yield _table_label(world, router, name)
            for prefix in [prefix for prefix in table if prefix not in world.doubtful]:
                best, *others = table[prefix]
                origin = f"{owners.get(prefix, f'VPN {name}')}{_leg(world, vpn, best)}"
                yield RouteExpectation(
                    **frame(world, router, origin, "vpn", name),
                    table=f"{name}.inet.0",
                    prefix=prefix,
                    active=said(world, router, best),
                    alternatives=tuple(said(world, router, path) for path in others),
                )
        yield from _absent(world, name, vpn, state)


def _distinguisher(world: World, router: str, name: str, vpn: Vpn) -> AnyExpectation:
    """What keeps the VPN's prefixes apart from others', which no route in the VRF tells."""
    return RpcXPath(
        **frame(world, router, f"VPN {name}", "vpn", name),
        rpc="get-instance-information",
        arguments={"detail": True},
        xpath=f"//instance-core[instance-name='{name}']/instance-vrf/route-distinguisher",
        value=str(vpn.route_distinguisher),
    )


def _table_label(world: World, router: str, name: str) -> AnyExpectation:
    """That packets with the VPN's label are looked up in its table, and not sent on unseen.

    Junos shows it as `to table ipvpn.inet.0`, or by the interface that leads there, `lsi.0`.
    """
    into = f"nh/nh-table='{name}.inet.0' or contains(nh/via, '({name})')"
    return RpcXPath(
        **frame(world, router, f"VPN {name}, one label for its table", "vpn", name),
        rpc="get-route-information",
        arguments={"table": "mpls.0"},
        xpath=f"//rt-entry[protocol-name='VPN' and ({into})]",
        count=AtLeast(at_least=1),
    )


def _ports(world: World, name: str, vpn: Vpn) -> Iterator[AnyExpectation]:
    for site, single in vpn.single_homed.items():
        for end in (single.pe, single.cpe):
            yield from _port(world, end, single.vlan, f"site {site}", name, site)
    for site, multi in vpn.multihomed.items():
        for leg in multi.legs:
            for end in (leg.pe, leg.cpe):
                origin = f"site {site}, {leg.role} leg"
                yield from _port(world, end, leg.vlan, origin, name, site)


def _port(
    world: World, end: Attachment, vlan: int | None, origin: str, *tags: str
) -> Iterator[AnyExpectation]:
    if not world.alive(end.router) or (end.router, end.interface) in world.scene.failures.doubtful:
        return
    about = frame(world, end.router, origin, "vpn", *tags)
    if world.works(end.router, end.interface):
        address = frozenset({str(end.address)})
        same = wire(world, vlan)
        yield Interface(**about, **same, interface=end.interface, addresses=address)
    else:
        yield Interface(**about, interface=end.interface, oper="down")


def _sessions(world: World, name: str, vpn: Vpn) -> Iterator[AnyExpectation]:
    for site_name, site in vpn.multihomed.items():
        for number, leg in enumerate(site.legs):
            if leg_works(site, number, world.scene.failures):
                about = frame(
                    world,
                    leg.pe.router,
                    f"site {site_name}, {leg.role} leg",
                    "vpn",
                    name,
                    site_name,
                )
                yield BgpSession(
                    **about,
                    peer=leg.cpe.address.ip,
                    instance=name,
                    type="External",
                    group=site.names.of(site_name).group,
                    peer_as=site.autonomous_system,
                    local_as=world.intent.core.autonomous_system,
                    local_address=leg.pe.address.ip,
                    families=frozenset({"inet-unicast"}),
                    hold_time=hold_time(site.hold_time, None),
                    options=frozenset({"Passive"}),
                    authentication=site.signed,
                    tables=_counts(world, name, site_name, leg),
                )


def _counts(world: World, name: str, site: str, leg: Leg) -> dict[str, PrefixCounts] | None:
    """What the session carries; None where that hangs on links of which nothing is known."""
    state = world.vpns[name]
    if world.doubtful:
        return None
    table = state.tables[leg.pe.router]
    mine = [p for paths in table.values() for p in paths if p.teller == leg.cpe.router]
    active = [paths[0] for paths in table.values() if paths[0].teller == leg.cpe.router]
    told = state.sites[site][leg.cpe.router].from_provider or {}
    return {
        f"{name}.inet.0": PrefixCounts(
            received=len(mine), accepted=len(mine), active=len(active), advertised=len(told)
        )
    }


def _owners(world: World, name: str, vpn: Vpn) -> Mapping[IPv4Network, str]:
    """Whose each prefix is, in words."""
    intent = world.intent
    found = {
        intent.routers[router].loopback.address.network: f"VPN {name}, loopback of {router}"
        for router in vpn.loopbacks
    }
    for site, single in vpn.single_homed.items():
        found |= dict.fromkeys(single.prefixes, f"site {site}")
        found[single.pe.address.network] = f"site {site}, its link"
    for site, multi in vpn.multihomed.items():
        found |= dict.fromkeys(multi.customer.prefixes, f"site {site}")
        found[multi.gateway.subnet] = f"site {site}"
        for leg in multi.legs:
            loopback = intent.routers[leg.cpe.router].loopback.address.network
            found[loopback] = f"site {site}"
            found[leg.pe.address.network] = f"site {site}, link of its {leg.role} leg"
    return found


def _leg(world: World, vpn: Vpn, path: Path) -> str:
    """Which leg a site's route comes by."""
    if path.source is not Source.BGP:
        return ""
    for site in vpn.multihomed.values():
        if site.site_of_origin not in path.communities:
            continue
        for number, leg in enumerate(site.legs):
            entry = leg.pe.router if path.edge else leg.cpe.router
            if entry == (path.edge or path.teller) and leg_works(
                site, number, world.scene.failures
            ):
                return f", {leg.role} leg"
    return ""


def _absent(world: World, name: str, vpn: Vpn, state: VpnState) -> Iterator[AnyExpectation]:
    """Nothing of a customer outside the VRF."""
    subnets = {site.gateway.subnet: key for key, site in vpn.multihomed.items()}
    owned = {
        item.prefix: str(item.loc[3]) for item in announced(world.intent) if item.scope == name
    }
    for router in state.tables:
        for prefix, site in {**owned, **subnets}.items():
            about = frame(world, router, f"site {site}, only inside VPN {name}", "vpn", name, site)
            yield RouteExpectation(**about, table="inet.0", prefix=prefix, absent=True)
