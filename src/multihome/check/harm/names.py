"""Which site or router each name, address, prefix and interface of an intent belongs to.

A party is a site, by its VPN and name, or a router that no site owns.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_interface
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from multihome.intent.places import OUTSIDE, announced, segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.intent.model import Intent, Vpn
    from multihome.intent.site import Multihomed

    Network: TypeAlias = IPv4Network | IPv6Network
    Address: TypeAlias = IPv4Address | IPv6Address


class Party(NamedTuple):
    """A site of a VPN, or (`vpn` empty) a router."""

    vpn: str
    name: str

    @property
    def site(self) -> bool:
        """Whether it is a site."""
        return bool(self.vpn)


@dataclass(frozen=True)
class Names:
    """Whose each thing of an intent is."""

    routers: Mapping[str, Party]
    """The party of each router: its site, if one owns it, or itself."""
    networks: Mapping[Network, Party]
    addresses: Mapping[Address, Party]
    interfaces: Mapping[tuple[str, str], Party]
    words: Mapping[str, Party]
    """Policies, communities and BGP groups of a site by name."""

    def of_network(self, network: Network) -> Party | None:
        """Whose a prefix is, exactly."""
        return self.networks.get(network)

    def of_address(self, address: Address) -> Party | None:
        """Whose an address is: an interface's, or one of a prefix."""
        if address in self.addresses:
            return self.addresses[address]
        found = [net for net in self.networks if address in net]
        return self.networks[max(found, key=lambda net: net.prefixlen)] if found else None

    def of_word(self, word: str) -> Party | None:
        """Whose a word of a statement is: a name, one with a suffix, an address or a prefix."""
        for name, party in self.words.items():
            if word == name or word.startswith(f"{name}-"):
                return party
        try:
            found = ip_interface(word)
        except ValueError:
            return None
        if "/" in word and found.network in self.networks:
            return self.networks[found.network]
        return self.addresses.get(found.ip)


def names(intent: Intent) -> Names:
    """Read them from an intent; of what two sites share, the first has it."""
    routers = {name: Party("", name) for name in intent.routers}
    words: dict[str, Party] = {}
    for vpn_name, vpn in intent.vpns.items():
        routers |= dict(_owned(vpn_name, vpn))
        for key, multi in vpn.multihomed.items():
            words |= dict.fromkeys(_words(key, multi), Party(vpn_name, key))
    networks: dict[Network, Party] = {}
    addresses: dict[Address, Party] = {}
    interfaces: dict[tuple[str, str], Party] = {}
    for segment in segments(intent):
        site = Party(segment.scope, str(segment.loc[3])) if segment.scope != OUTSIDE else None
        for place in segment.places:
            party = site or routers.get(place.router, Party("", place.router))
            networks.setdefault(place.address.network, party)
            addresses[place.address.ip] = party
            interfaces[place.router, place.interface] = party
    for each in announced(intent):
        networks[each.prefix] = Party(each.scope, str(each.loc[3]))
    for name, router in intent.routers.items():
        networks[router.loopback.address.network] = routers[name]
        addresses[router.loopback.address.ip] = routers[name]
        interfaces[name, router.loopback.interface] = routers[name]
    return Names(routers, networks, addresses, interfaces, words)


def _owned(name: str, vpn: Vpn) -> Iterator[tuple[str, Party]]:
    """The routers at the customer's end."""
    for site, single in vpn.single_homed.items():
        yield single.cpe.router, Party(name, site)
    for site, multi in vpn.multihomed.items():
        yield from ((leg.cpe.router, Party(name, site)) for leg in multi.legs)
        if multi.customer.router:
            yield multi.customer.router, Party(name, site)


def _words(name: str, site: Multihomed) -> tuple[str, ...]:
    return tuple(site.names.of(name))
