"""Who holds the gateway's virtual address (VRRP, RFC 5798, with Junos's interface tracking)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.intent.expect.states import Failures
    from multihome.intent.site import Leg, Multihomed


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway of one site in one network state."""

    priorities: Mapping[str, tuple[int, ...]]
    """In force, of each CPE that is on the LAN; two where its uplink may be up or down."""
    masters: tuple[str, ...]
    """Who holds the address; several where it hangs on an uplink that may be up or down."""


def gateway_of(site: Multihomed, failures: Failures) -> Gateway:
    """Priorities and master: the highest priority wins, since preemption is on."""
    priorities = {
        leg.cpe.router: _priorities(site, leg, failures)
        for leg in site.legs
        if failures.works(leg.cpe.router, site.gateway.routers[leg.cpe.router].interface)
    }
    masters = {
        max(priorities, key=lambda name: chosen[name]): None
        for numbers in product(*priorities.values())
        if (chosen := dict(zip(priorities, numbers, strict=True)))
    }
    return Gateway(priorities, tuple(masters))


def _priorities(site: Multihomed, leg: Leg, failures: Failures) -> tuple[int, ...]:
    name, uplink = leg.cpe.router, leg.cpe.interface
    full, cost = site.gateway.routers[name].priority, site.options.track_uplink
    if cost is None:
        return (full,)
    if (name, uplink) in failures.doubtful:
        return (full, full - cost)
    return (full,) if failures.works(name, uplink) else (full - cost,)
