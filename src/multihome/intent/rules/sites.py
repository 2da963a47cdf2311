"""Multihomed sites: one primary, legs that differ, a gateway that can work."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from multihome.intent.rules.flaw import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.intent.model import Intent
    from multihome.intent.site import Leg, Multihomed
    from multihome.inventory.document import Loc


def legs(intent: Intent) -> Iterator[Flaw]:
    """One primary leg, a CPE for each, and no tie between their values."""
    for loc, site in _sites(intent):
        primaries = [n for n, leg in enumerate(site.legs) if leg.role == "primary"]
        if not primaries:
            yield Flaw((*loc, "legs"), "no leg is primary")
        for number in primaries[1:]:
            first = f"{site.legs[primaries[0]].cpe.router} is"
            yield Flaw((*loc, "legs", number, "role"), f"a second primary leg; {first} it already")
        yield from _ties(loc, site, "local-preference", lambda leg: leg.local_preference)
        yield from _ties(loc, site, "med", lambda leg: leg.med)
        yield from _one_cpe_each(loc, site)


def gateway(intent: Intent) -> Iterator[Flaw]:
    """The virtual address and its routers."""
    for loc, site in _sites(intent):
        yield from _virtual_address((*loc, "gateway"), site)
        yield from _members((*loc, "gateway", "routers"), site)
        yield from _priorities((*loc, "gateway", "routers"), site)
        if (site.customer.router is None) != (site.customer.interface is None):
            missing = "router" if site.customer.router is None else "interface"
            message = f"`{missing}` is required beside the other of router and interface"
            yield Flaw((*loc, "customer"), message)


def tracking(intent: Intent) -> Iterator[Flaw]:
    """A priority cost that would never change the master, or leave no priority."""
    for loc, site in _sites(intent):
        cost = site.options.track_uplink
        priorities = sorted((m.priority for m in site.gateway.routers.values()), reverse=True)
        if cost is None or len(priorities) < 2:
            continue
        here = (*loc, "options", "track-uplink")
        if cost >= min(priorities):
            yield Flaw(here, f"{cost} leaves nothing of the lowest priority {min(priorities)}")
        elif priorities[0] - cost >= priorities[1]:
            rest = priorities[0] - cost
            yield Flaw(here, f"{cost} leaves {rest}, still not below {priorities[1]}: no effect")


def identities(intent: Intent) -> Iterator[Flaw]:
    """What marks a site must mark one site only, and no AS may be the core's."""
    origins: dict[str, str] = {}
    names: dict[tuple[str, str, str], str] = {}
    for loc, site in _sites(intent):
        label = f"{loc[1]}/{loc[3]}"
        if site.autonomous_system == intent.core.autonomous_system:
            yield Flaw((*loc, "autonomous-system"), "is the core's own AS")
        if (owner := origins.setdefault(site.site_of_origin, label)) != label:
            message = f"{site.site_of_origin} marks site {owner} already"
            yield Flaw((*loc, "site-of-origin"), message)
        routers = dict.fromkeys(leg.pe.router for leg in site.legs)
        for (key, name), router in product(site.names.of(str(loc[3]))._asdict().items(), routers):
            if (owner := names.setdefault((router, key, name), label)) != label:
                message = f"{name!r} is the {key} of site {owner} on {router} already"
                yield Flaw((*loc, "names"), message)


def _sites(intent: Intent) -> Iterator[tuple[Loc, Multihomed]]:
    for vpn, name, site in intent.multihomed_sites():
        yield ("vpns", vpn, "multihomed", name), site


def _ties(loc: Loc, site: Multihomed, key: str, value: Callable[[Leg], int]) -> Iterator[Flaw]:
    """Which leg gets the traffic must not hang on the rest of the route selection."""
    seen: dict[int, str] = {}
    for number, leg in enumerate(site.legs):
        owner = seen.setdefault(value(leg), leg.cpe.router)
        if owner != leg.cpe.router:
            message = f"{value(leg)} is that of {owner}'s leg too: neither would be preferred"
            yield Flaw((*loc, "legs", number, key), message)


def _one_cpe_each(loc: Loc, site: Multihomed) -> Iterator[Flaw]:
    seen: set[str] = set()
    for number, leg in enumerate(site.legs):
        here = (*loc, "legs", number, "cpe", "router")
        if leg.cpe.router in seen:
            yield Flaw(here, f"{leg.cpe.router} has a leg already; each leg has a CPE of its own")
        elif leg.cpe.router not in site.gateway.routers:
            yield Flaw(here, f"{leg.cpe.router} is not among the gateway's routers")
        seen.add(leg.cpe.router)


def _virtual_address(loc: Loc, site: Multihomed) -> Iterator[Flaw]:
    lan, virtual, here = (
        site.gateway.subnet,
        site.gateway.virtual_address,
        (*loc, "virtual-address"),
    )
    if virtual not in lan:
        yield Flaw(here, f"{virtual} is outside the LAN {lan}")
    elif virtual in {lan.network_address, lan.broadcast_address}:
        yield Flaw(here, f"{virtual} is no host address of {lan}")
    owners = {m.address.ip: name for name, m in site.gateway.routers.items()}
    owners[site.customer.address.ip] = site.customer.router or "the customer's router"
    if virtual in owners:
        yield Flaw(here, f"{virtual} is {owners[virtual]}'s own address")


def _members(loc: Loc, site: Multihomed) -> Iterator[Flaw]:
    with_leg = {leg.cpe.router for leg in site.legs}
    for name in site.gateway.routers:
        if name not in with_leg:
            yield Flaw((*loc, name), f"{name} has no leg of its own")


def _priorities(loc: Loc, site: Multihomed) -> Iterator[Flaw]:
    seen: dict[int, str] = {}
    for name, member in site.gateway.routers.items():
        if (owner := seen.setdefault(member.priority, name)) != name:
            message = f"{member.priority} is {owner}'s too: a tie leaves the master to chance"
            yield Flaw((*loc, name, "priority"), message)
