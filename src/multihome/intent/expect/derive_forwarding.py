"""Packets between a multihomed site's customer and every single-homed site, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from multihome.intent.expect.expectation_fields import either, frame
from multihome.intent.expect.paths import Source
from multihome.intent.expectation import AnyExpectation, Path, Ping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network

    from multihome.intent.expect.derived_network import World
    from multihome.intent.expect.paths import Path as RoutePath
    from multihome.intent.model import Vpn
    from multihome.intent.site import Multihomed, SingleHomed

    Hops = list[Any]
    """Addresses, or matchers of one of several."""


@dataclass(frozen=True, slots=True)
class Host:
    """A router of a site with an address that the VPN carries."""

    router: str
    address: IPv4Address


def forwarding(world: World) -> Iterator[AnyExpectation]:
    """Both directions of every pair that the state leaves connected."""
    for vpn_name, vpn in world.intent.vpns.items():
        for name, site in vpn.multihomed.items():
            customer = _customer_host(world, site)
            if customer is None:
                continue
            for other, single in vpn.single_homed.items():
                host = _single_host(world, single)
                if host is None:
                    continue
                way = _Way(world, vpn_name, vpn, name, site, single)
                there, back = way.out(host), way.back(customer)
                if not there or back is None:
                    continue  # no answer comes back from a one-way street
                yield from _said(world, customer, host, there, f"site {name} to site {other}")
                yield from _said(world, host, customer, [back], f"site {other} to site {name}")


def _said(
    world: World, start: Host, end: Host, ways: list[Hops], origin: str
) -> Iterator[AnyExpectation]:
    """`ways` has several where it hangs on who is the gateway's master."""
    about = frame(world, start.router, origin, "forwarding")
    ends: dict[str, Any] = {"target": end.address, "source": start.address}
    yield Ping(**about, **ends)
    if len(ways) == 1 and not world.intent.core.propagate_ttl:
        yield Path(**about, **ends, hops=(*ways[0], end.address))
        return
    sure = (hop for hop in ways[0] if isinstance(hop, IPv4Address))
    common = tuple(hop for hop in sure if all(hop in way for way in ways))
    yield Path(**about, **ends, passes=(*common, end.address))


class _Way:
    """The way between one customer's router and one single-homed site."""

    def __init__(
        self,
        world: World,
        vpn_name: str,
        vpn: Vpn,
        name: str,
        site: Multihomed,
        single: SingleHomed,
    ) -> None:
        self._world, self._vpn, self._site, self._single = world, vpn, site, single
        self._state = world.vpns[vpn_name]
        self._members = self._state.sites[name]
        self._masters = self._state.gateways[name].masters

    def out(self, target: Host) -> list[Hops]:
        """The way by each router that may be the gateway; none if one of them leads nowhere."""
        ways = [self._by(master, target) for master in self._masters]
        found = [way for way in ways if way is not None]
        return found if len(found) == len(ways) else []

    def _by(self, master: str, target: Host) -> Hops | None:
        """Gateway, perhaps its sibling, the leg's PE, the far PE."""
        router = master
        hops: Hops = []
        gateway = self._site.gateway.routers
        prefix = _holding(self._single.prefixes, target.address)
        for _ in self._site.legs:
            if prefix not in self._members[router].table:
                return None
            hops.append(gateway[router].address.ip)
            path = self._members[router].table[prefix][0]
            if path.external:
                hops.append(path.next_hop)
                far = self._egress(path.teller, prefix)
                return None if far is None else [*hops, *far]
            router = path.teller
        return None

    def back(self, target: Host) -> Hops | None:
        """The single-homed site's PE, the leg's PE, the leg's CPE."""
        prefix = _holding(self._site.customer.prefixes, target.address)
        near = self._single.pe
        table = self._state.tables.get(near.router, {})
        if prefix not in table:
            return None
        path = table[prefix][0]
        far: Hops = []
        if path.edge:
            path, far = self._state.tables[path.edge][prefix][0], [self._seen(path.edge)]
        return [near.address.ip, *far, path.next_hop]

    def _egress(self, router: str, prefix: IPv4Network) -> Hops | None:
        """The PE where packets leave the core, unless it is the one where they entered."""
        path: RoutePath | None = self._state.tables[router].get(prefix, (None,))[0]
        if path is None:
            return None
        if path.edge:
            return [self._seen(path.edge)]
        return [] if path.source is not Source.BGP or path.external else None

    def _seen(self, router: str) -> Any:  # noqa: ANN401 - one address or one of several
        """What an egress PE answers with: an address of the VRF, which one is its own choice."""
        ports = [
            connection.pe.address.ip
            for connection in self._vpn.connections
            if connection.pe.router == router
        ]
        if router in self._vpn.loopbacks:
            ports.append(self._world.intent.routers[router].loopback.address.ip)
        return either(ports)


def _customer_host(world: World, site: Multihomed) -> Host | None:
    customer = site.customer
    if customer.router is None or not customer.default_route:
        return None
    return _host(world, customer.router, customer.prefixes)


def _single_host(world: World, single: SingleHomed) -> Host | None:
    return _host(world, single.cpe.router, single.prefixes) if single.default_route else None


def _host(world: World, router: str, prefixes: tuple[IPv4Network, ...]) -> Host | None:
    """The router itself, if its loopback is in what its site announces."""
    address = world.intent.routers[router].loopback.address.ip
    if not world.alive(router) or not any(address in prefix for prefix in prefixes):
        return None
    return Host(router, address)


def _holding(prefixes: tuple[IPv4Network, ...], address: IPv4Address) -> IPv4Network:
    """The longest of the prefixes that holds the address."""
    return max((p for p in prefixes if address in p), key=lambda prefix: prefix.prefixlen)
