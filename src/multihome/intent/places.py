"""Every interface, link and prefix that an intent names, flat, each with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Interface, IPv4Network

    from multihome.intent.core import Link
    from multihome.intent.model import Intent, Vpn
    from multihome.intent.site import Connection, Multihomed
    from multihome.inventory.document import Loc

OUTSIDE = ""
"""The scope of addresses in no VPN; in any other scope the same address may mean another host."""


@dataclass(frozen=True, slots=True)
class Place:
    """One address on one interface of one router."""

    loc: Loc
    router: str
    interface: str
    address: IPv4Interface


@dataclass(frozen=True, slots=True)
class Segment:
    """One link or LAN: everybody on it shares subnet and VLAN."""

    loc: Loc
    scope: str
    """The VPN, or OUTSIDE."""
    vlan: int | None
    places: tuple[Place, ...]
    subnet: IPv4Network | None = None
    """As far as the file states it; elsewhere it follows from the addresses."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A prefix that a site brings into its VPN."""

    loc: Loc
    scope: str
    prefix: IPv4Network
    owners: frozenset[str]
    """The site's own routers, whose loopbacks may be the prefix."""


def segments(intent: Intent) -> Iterator[Segment]:
    """Every link and LAN."""
    for name, links in (("core", intent.core.links), ("other-links", intent.other_links)):
        for number, link in enumerate(links):
            root: Loc = ("core", "links", number) if name == "core" else (name, number)
            yield _link(root, link)
    for scope, vpn in intent.vpns.items():
        yield from _of_vpn(scope, vpn)


def announced(intent: Intent) -> Iterator[Announced]:
    """Every prefix of every site."""
    for scope, vpn in intent.vpns.items():
        root: Loc = ("vpns", scope)
        for name, single in vpn.single_homed.items():
            for number, prefix in enumerate(single.prefixes):
                loc = (*root, "single-homed", name, "prefixes", number)
                yield Announced(loc, scope, prefix, frozenset({single.cpe.router}))
        for name, site in vpn.multihomed.items():
            owners = frozenset(r for r in (site.customer.router,) if r)
            for number, prefix in enumerate(site.customer.prefixes):
                loc = (*root, "multihomed", name, "customer", "prefixes", number)
                yield Announced(loc, scope, prefix, owners)


def _link(loc: Loc, link: Link) -> Segment:
    places = tuple(
        Place((*loc, "ends", router), router, end.interface, end.address)
        for router, end in link.ends.items()
    )
    return Segment(loc, OUTSIDE, link.vlan, places)


def _of_vpn(scope: str, vpn: Vpn) -> Iterator[Segment]:
    for name, single in vpn.single_homed.items():
        yield _connection(("vpns", scope, "single-homed", name), scope, single)
    for name, site in vpn.multihomed.items():
        loc: Loc = ("vpns", scope, "multihomed", name)
        for number, leg in enumerate(site.legs):
            yield _connection((*loc, "legs", number), scope, leg)
        yield _lan(loc, scope, site)


def _connection(loc: Loc, scope: str, connection: Connection) -> Segment:
    places = tuple(
        Place((*loc, side), end.router, end.interface, end.address)
        for side, end in (("pe", connection.pe), ("cpe", connection.cpe))
    )
    return Segment(loc, scope, connection.vlan, places)


def _lan(loc: Loc, scope: str, site: Multihomed) -> Segment:
    places = [
        Place((*loc, "gateway", "routers", router), router, member.interface, member.address)
        for router, member in site.gateway.routers.items()
    ]
    customer = site.customer
    places.append(
        Place((*loc, "customer"), customer.router or "", customer.interface or "", customer.address)
    )
    gateway = site.gateway
    return Segment((*loc, "gateway"), scope, gateway.vlan, tuple(places), gateway.subnet)
