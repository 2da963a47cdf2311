"""Who holds the gateway's virtual address (VRRP, RFC 5798, with Junos's interface tracking)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.intent.expect.states import Failures
    from multihome.intent.site import Leg, Multihomed


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway of one site in one network state."""

    priorities: Mapping[str, int]
    """In force, of each CPE that is on the LAN."""
    master: str | None
    """None: nobody is on the LAN."""
    certain: bool
    """False: it hangs on an interface that may be up or down."""


def gateway_of(site: Multihomed, failures: Failures) -> Gateway:
    """Priorities and master: the highest priority wins, since preemption is on."""
    cost = site.options.track_uplink
    priorities: dict[str, int] = {}
    certain = True
    for leg in site.legs:
        name = leg.cpe.router
        member = site.gateway.routers[name]
        if not failures.works(name, member.interface):
            continue
        lost = cost if cost is not None and not _up(leg, failures) else 0
        if cost is not None and (name, leg.cpe.interface) in failures.doubtful:
            certain = False
        priorities[name] = member.priority - lost
    master = max(priorities, key=lambda name: priorities[name], default=None)
    return Gateway(priorities, master, certain)


def _up(leg: Leg, failures: Failures) -> bool:
    return failures.works(leg.cpe.router, leg.cpe.interface)
