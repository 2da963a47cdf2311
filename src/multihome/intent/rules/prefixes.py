"""Prefixes and subnets that no customer can have, and prefixes that cover what is another's."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from multihome.intent.places import announced, segments
from multihome.intent.rules.flaw import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent
    from multihome.intent.places import Announced, Segment

_EVERYTHING = IPv4Network("0.0.0.0/0")
_NO_UNICAST = {
    IPv4Network("0.0.0.0/8"): "this host on this network (RFC 1122 section 3.2.1.3)",
    IPv4Network("127.0.0.0/8"): "loopback (RFC 1122 section 3.2.1.3)",
    IPv4Network("224.0.0.0/4"): "multicast (RFC 5771)",
    IPv4Network("240.0.0.0/4"): "reserved (RFC 1112 section 4)",
}
"""Ranges in which no router forwards unicast packets to a host."""
_LINK_LOCAL = IPv4Network("169.254.0.0/16")


def senseless_prefixes(intent: Intent) -> Iterator[Flaw]:
    """A prefix that no host can be in, or all hosts."""
    for item in announced(intent):
        if item.prefix == _EVERYTHING:
            message = f"{item.prefix} covers every address: a site brings its own prefixes only"
            yield Flaw(item.loc, message)
        elif reason := _why_no_unicast(item.prefix):
            yield Flaw(item.loc, f"{item.prefix} {reason}")
        elif item.prefix.overlaps(_LINK_LOCAL):
            message = f"{item.prefix} is link-local (RFC 3927 section 7): no router forwards it"
            yield Flaw(item.loc, message)


def senseless_addresses(intent: Intent) -> Iterator[Flaw]:
    """A link, a LAN or a loopback where no host can be."""
    for segment in segments(intent):
        for place in segment.places:
            if reason := _why_no_unicast(IPv4Network(place.address.ip)):
                yield Flaw((*place.loc, "address"), f"{place.address} {reason}")
    for name, router in intent.routers.items():
        address = router.loopback.address
        if reason := _why_no_unicast(address.network):
            yield Flaw(("routers", name, "loopback", "address"), f"{address} {reason}")


def prefixes_on_links(intent: Intent) -> Iterator[Flaw]:
    """A prefix that covers a link or a LAN of its own VPN, or is a part of one.

    Its static route would lead away from hosts that are directly connected.
    """
    links = [segment for segment in segments(intent) if segment.scope]
    for item in announced(intent):
        if item.prefix == _EVERYTHING or _why_no_unicast(item.prefix):
            continue
        for segment in links:
            subnet = _subnet(segment)
            if segment.scope != item.scope or subnet == item.prefix:
                continue  # equal ones have a rule of their own
            own = segment.loc[:4] == item.loc[:4]
            if subnet.supernet_of(item.prefix) or (own and item.prefix.supernet_of(subnet)):
                word = "covers" if item.prefix.supernet_of(subnet) else "is a part of"
                yield Flaw(item.loc, f"{item.prefix} {word} {_what(segment)} {subnet}")


def covering_prefixes(intent: Intent) -> Iterator[Flaw]:
    """Warnings: a prefix that covers a loopback, or what another site of its VPN has.

    The longer prefix wins, so that all of it may be meant (a site that brings an aggregate);
    more often it is a wrong length.
    """
    items = [item for item in announced(intent) if item.prefix != _EVERYTHING]
    for item in items:
        for message in (*_loopbacks_in(intent, item), *_others_in(intent, item, items)):
            yield Flaw(item.loc, f"{item.prefix} covers {message}")


def _loopbacks_in(intent: Intent, item: Announced) -> Iterator[str]:
    found = [
        name
        for name, router in intent.routers.items()
        if name not in item.owners
        and router.loopback.address.network != item.prefix
        and router.loopback.address.ip in item.prefix
    ]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield f"the loopback of {found[0]}{more}"


def _others_in(intent: Intent, item: Announced, items: list[Announced]) -> Iterator[str]:
    """Prefixes, links and LANs of other sites."""
    inside: dict[str, None] = {}
    for other in items:
        if (
            other.scope == item.scope
            and other.loc[:4] != item.loc[:4]
            and _within(other.prefix, item)
        ):
            inside[f"{other.prefix} of site {other.loc[3]}"] = None
    for segment in segments(intent):
        if (
            segment.scope == item.scope
            and segment.loc[:4] != item.loc[:4]
            and _within(_subnet(segment), item)
        ):
            inside[f"{_subnet(segment)} of site {segment.loc[3]}"] = None
    if inside:
        first = next(iter(inside))
        yield first + (f" and {len(inside) - 1} more" if len(inside) > 1 else "")


def _within(subnet: IPv4Network, item: Announced) -> bool:
    return subnet != item.prefix and item.prefix.supernet_of(subnet)


def _why_no_unicast(network: IPv4Network) -> str:
    return next(
        (f"is {why}" for special, why in _NO_UNICAST.items() if network.overlaps(special)), ""
    )


def _subnet(segment: Segment) -> IPv4Network:
    return segment.subnet or segment.places[0].address.network


def _what(segment: Segment) -> str:
    return "the LAN" if "gateway" in segment.loc else "the link"
