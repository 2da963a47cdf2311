"""The sites that a change may leave without service: their legs, and the order of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent
    from multihome.intent.site import Connection


@dataclass(frozen=True, slots=True)
class Leg:
    """A PE and a CPE."""

    pe: str
    cpe: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Its legs in the order of change: the backups first, the primary last."""

    name: str
    vpn: str
    legs: tuple[Leg, ...]
    lan: frozenset[str] = frozenset()
    """The routers on the LAN of its gateway."""

    @property
    def place_of(self) -> dict[str, int]:
        """Of each router the number of its leg; of one in several, the last one's."""
        return {
            router: number for number, leg in enumerate(self.legs) for router in (leg.pe, leg.cpe)
        }

    @property
    def multihomed(self) -> bool:
        """Whether there is another leg while one is changed."""
        return len(self.legs) > 1


def sites(intent: Intent) -> tuple[Site, ...]:
    """Every site of every VPN."""
    return tuple(_sites(intent))


def _sites(intent: Intent) -> Iterator[Site]:
    for vpn_name, vpn in intent.vpns.items():
        for name, single in vpn.single_homed.items():
            yield Site(name, vpn_name, (_leg(single),))
        for name, site in vpn.multihomed.items():
            ordered = sorted(site.legs, key=lambda leg: leg.role == "primary")
            legs = tuple(_leg(leg, leg.role) for leg in ordered)
            inside = {site.customer.router} if site.customer.router else set()
            yield Site(name, vpn_name, legs, frozenset({*site.gateway.routers, *inside}))


def _leg(connection: Connection, role: str = "") -> Leg:
    return Leg(connection.pe.router, connection.cpe.router, role)
