"""Addresses, interfaces and VLANs: each used once, each where it can work."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from multihome.intent.places import OUTSIDE, Segment, announced, segments
from multihome.intent.rules.flaw import Flaw
from multihome.inventory.document import dotted
from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from ipaddress import IPv4Interface, IPv4Network

    from multihome.intent.model import Intent, Vpn
    from multihome.inventory.document import Loc


def outside_subnet(intent: Intent) -> Iterator[Flaw]:
    """An address outside its link's subnet, or one that no host can have."""
    for segment in segments(intent):
        subnet = segment.subnet or segment.places[0].address.network
        for place in segment.places:
            loc = (*place.loc, "address")
            if place.address.network != subnet:
                yield Flaw(loc, f"{place.address} is not in the link's subnet {subnet}")
            elif _is_reserved(place.address):
                yield Flaw(loc, f"{place.address.ip} is no host address of {subnet}")


def duplicate_interfaces(intent: Intent) -> Iterator[Flaw]:
    """A unit of a router, or a VLAN on one of its ports, used twice."""
    units, tags = _Taken(), _Taken()
    for segment in segments(intent):
        for place in segment.places:
            if not place.interface:
                continue
            yield from units.take(
                (place.router, place.interface),
                (*place.loc, "interface"),
                f"{place.router} {place.interface}",
            )
            if segment.vlan is not None:
                port = InterfaceName.parse(place.interface).physical
                yield from tags.take(
                    (place.router, port, segment.vlan),
                    (*place.loc, "interface"),
                    f"vlan {segment.vlan} on {place.router} {port}",
                )


def missing_vlans(intent: Intent) -> Iterator[Flaw]:
    """Junos wants a VLAN for every unit but 0 of an Ethernet port."""
    for segment in segments(intent):
        for place in segment.places:
            if not place.interface or segment.vlan is not None:
                continue
            if InterfaceName.parse(place.interface).unit != 0:
                loc = (*segment.loc, "vlan")
                yield Flaw(loc, f"is required: {place.interface} of {place.router} is not unit 0")
                break


def duplicate_addresses(intent: Intent) -> Iterator[Flaw]:
    """One address twice in the same scope; loopbacks are in every scope."""
    taken = _Taken()
    for name, router in intent.routers.items():
        loopback = router.loopback
        loc: Loc = ("routers", name, "loopback", "address")
        yield from taken.take((OUTSIDE, loopback.address.ip), loc, str(loopback.address.ip))
    loopbacks = {router.loopback.address.ip: name for name, router in intent.routers.items()}
    for segment in segments(intent):
        for place in segment.places:
            loc, address = (*place.loc, "address"), place.address.ip
            if (owner := loopbacks.get(address)) is not None:
                yield Flaw(loc, f"{address} is the loopback of {owner}")
            else:
                yield from taken.take((segment.scope, address), loc, str(address))


def overlapping_subnets(intent: Intent) -> Iterator[Flaw]:
    """Two links of one scope that claim the same addresses."""
    everything = list(segments(intent))
    for scope in dict.fromkeys(segment.scope for segment in everything):
        yield from _overlaps([segment for segment in everything if segment.scope == scope])


def duplicate_prefixes(intent: Intent) -> Iterator[Flaw]:
    """A prefix that two sites bring, or that is a link or the loopback of another router already."""
    taken = _Taken()
    loopbacks = {router.loopback.address.network: name for name, router in intent.routers.items()}
    links = {(s.scope, s.subnet or s.places[0].address.network): s for s in segments(intent)}
    members = {name: _members(vpn) for name, vpn in intent.vpns.items()}
    for item in announced(intent):
        yield from taken.take((item.scope, item.prefix), item.loc, str(item.prefix))
        owner = loopbacks.get(item.prefix)
        owners_known = item.owners <= set(intent.routers)
        there = owner in members[item.scope]
        if owner is not None and there and owners_known and owner not in item.owners:
            yield Flaw(item.loc, f"{item.prefix} is the loopback of {owner}")
        if (item.scope, item.prefix) in links:
            yield Flaw(item.loc, f"{item.prefix} is a link's subnet already")


def _members(vpn: Vpn) -> set[str]:
    """The routers whose loopbacks are in a VPN: another VPN may have the same addresses."""
    ends = {end.router for link in vpn.connections for end in (link.pe, link.cpe)}
    customers = {site.customer.router for site in vpn.multihomed.values() if site.customer.router}
    return {*ends, *customers, *vpn.loopbacks}


class _Taken:
    """First come, first served: the second claim of a thing is a flaw."""

    def __init__(self) -> None:
        self._owners: dict[Hashable, Loc] = {}

    def take(self, thing: Hashable, loc: Loc, words: str) -> Iterator[Flaw]:
        owner = self._owners.setdefault(thing, loc)
        if owner != loc:
            yield Flaw(loc, f"{words} is used already, by {dotted(owner)}")


def _overlaps(group: list[Segment]) -> Iterator[Flaw]:
    in_order = sorted(((_subnet(s), s) for s in group), key=lambda pair: _span(pair[0]))
    for (lower, first), (upper, second) in pairwise(in_order):
        if lower.overlaps(upper):
            yield Flaw(second.loc, f"its subnet {upper} overlaps {lower} of {_words(first)}")


def _subnet(segment: Segment) -> IPv4Network:
    return segment.subnet or segment.places[0].address.network


def _span(network: IPv4Network) -> tuple[int, int]:
    return int(network.network_address), -network.num_addresses


def _words(segment: Segment) -> str:
    routers = [place.router for place in segment.places if place.router]
    return f"the link of {' and '.join(routers)}"


def _is_reserved(address: IPv4Interface) -> bool:
    """The subnet's own address and its broadcast; RFC 3021 frees both on a /31."""
    network = address.network
    return network.prefixlen < 31 and address.ip in {
        network.network_address,
        network.broadcast_address,
    }
