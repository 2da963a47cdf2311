"""How the routers are wired, as the intent has it: for where they cannot be asked, or err."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from multihome.intent.places import segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ipaddress import IPv4Address, IPv4Interface, IPv6Address

    from multihome.intent.model import Intent
    from multihome.intent.places import Place, Segment

End: TypeAlias = tuple[str, str]
"""Router and interface."""


@dataclass(frozen=True, slots=True)
class IntendedLink:
    """What one end of a link must be."""

    address: IPv4Interface
    vlan: int | None = None
    mtu: int | None = None
    instance: str = ""
    """The routing instance; empty: the main one."""


@dataclass(frozen=True, slots=True)
class IntendedWiring:
    """Whose each address is, and what is at the other end of each interface."""

    owners: Mapping[IPv4Address | IPv6Address, str] = field(default_factory=dict)
    opposite: Mapping[End, tuple[End, ...]] = field(default_factory=dict)
    wires: Mapping[End, IntendedLink] = field(default_factory=dict)
    loopbacks: Mapping[str, str] = field(default_factory=dict)
    """The loopback interface that each router is known by."""
    targets: Mapping[End, str] = field(default_factory=dict)
    """The route target of each router's routing instances."""
    systems: Mapping[str, int] = field(default_factory=dict)
    """The AS of each router that speaks BGP."""


def chart(intent: Intent) -> IntendedWiring:
    """The chart of an intent."""
    owners: dict[IPv4Address | IPv6Address, str] = {
        router.loopback.address.ip: name for name, router in intent.routers.items()
    }
    opposite: dict[End, tuple[End, ...]] = {}
    wires = {
        (name, router.loopback.interface): IntendedLink(router.loopback.address)
        for name, router in intent.routers.items()
    }
    for segment in segments(intent):
        places = [place for place in segment.places if place.router and place.interface]
        ends = [(place.router, place.interface) for place in places]
        owners |= {place.address.ip: place.router for place in places}
        opposite |= {end: tuple(other for other in ends if other != end) for end in ends}
        mtu = intent.mtu if intent.core.managed or segment.loc[0] != "core" else None
        wires |= {(place.router, place.interface): _wire(segment, place, mtu) for place in places}
    return IntendedWiring(
        owners,
        opposite,
        wires,
        {name: router.loopback.interface for name, router in intent.routers.items()},
        dict(_targets(intent)),
        dict(_systems(intent)),
    )


def _wire(segment: Segment, place: Place, mtu: int | None) -> IntendedLink:
    instance = segment.scope if place.loc[-1] == "pe" else ""
    return IntendedLink(place.address, segment.vlan, mtu, instance)


def _targets(intent: Intent) -> Iterator[tuple[End, str]]:
    for name, vpn in intent.vpns.items():
        edges = {*vpn.loopbacks, *(each.pe.router for each in vpn.single_homed.values())}
        edges |= {leg.pe.router for site in vpn.multihomed.values() for leg in site.legs}
        yield from (((router, name), str(vpn.vrf_target)) for router in edges)


def _systems(intent: Intent) -> Iterator[tuple[str, int]]:
    yield from ((name, intent.core.autonomous_system) for name in intent.bgp_speakers)
    for vpn in intent.vpns.values():
        for site in vpn.multihomed.values():
            yield from ((leg.cpe.router, site.autonomous_system) for leg in site.legs)
