"""How the routers are wired, as the intent has it: for where a router itself cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from multihome.intent.places import segments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv6Address

    from multihome.intent.model import Intent

End: TypeAlias = tuple[str, str]
"""Router and interface."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Whose each address is, and what is at the other end of each interface."""

    owners: Mapping[IPv4Address | IPv6Address, str] = field(default_factory=dict)
    opposite: Mapping[End, tuple[End, ...]] = field(default_factory=dict)


def chart(intent: Intent) -> Chart:
    """The chart of an intent."""
    owners: dict[IPv4Address | IPv6Address, str] = {
        router.loopback.address.ip: name for name, router in intent.routers.items()
    }
    opposite: dict[End, tuple[End, ...]] = {}
    for segment in segments(intent):
        places = [place for place in segment.places if place.router and place.interface]
        ends = [(place.router, place.interface) for place in places]
        owners |= {place.address.ip: place.router for place in places}
        opposite |= {end: tuple(other for other in ends if other != end) for end in ends}
    return Chart(owners, opposite)
