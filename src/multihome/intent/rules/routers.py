"""Every router that the intent speaks of exists, and is what it is used as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.rules.flaw import Flaw
from multihome.inventory.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.intent.model import Intent, Vpn
    from multihome.inventory.document import Loc

_CORE = frozenset({Role.PE, Role.P})
_PE = frozenset({Role.PE})
_CPE = frozenset({Role.CPE})
_CUSTOMER = frozenset({Role.CUSTOMER, Role.CPE})


def unknown_routers(intent: Intent, roles: Mapping[str, Role]) -> Iterator[Flaw]:
    """A name in `routers` that the inventory lacks, or elsewhere that `routers` lacks."""
    for name in intent.routers:
        if name not in roles:
            known = ", ".join(roles) or "none"
            yield Flaw(("routers", name), f"unknown router {name!r}; the inventory has: {known}")
    for loc, name, _ in _mentions(intent):
        if name not in intent.routers:
            known = ", ".join(intent.routers) or "none"
            yield Flaw(loc, f"unknown router {name!r}; known under `routers`: {known}")


def wrong_roles(intent: Intent, roles: Mapping[str, Role]) -> Iterator[Flaw]:
    """A router used as what it is not."""
    for loc, name, allowed in _mentions(intent):
        role = roles.get(name)
        if role is not None and name in intent.routers and allowed and role not in allowed:
            wanted = " or ".join(sorted(role.value for role in allowed))
            yield Flaw(loc, f"{name} is a {role.value} router in the inventory, not {wanted}")


def one_site_each(intent: Intent) -> Iterator[Flaw]:
    """A CPE or customer router belongs to one site."""
    homes: dict[str, str] = {}
    for loc, site, name in _site_routers(intent):
        if (home := homes.setdefault(name, site)) != site:
            yield Flaw(loc, f"{name} belongs to site {home} already")


def _mentions(intent: Intent) -> Iterator[tuple[Loc, str, frozenset[Role]]]:
    """Where each router is named, and the roles it may have there (none: any)."""
    for number, link in enumerate(intent.core.links):
        for name in link.ends:
            yield ("core", "links", number, "ends", name), name, _CORE
    for name in intent.core.bgp.reflectors:
        yield ("core", "bgp", "reflectors", name), name, _CORE
    for number, name in enumerate(intent.core.isis.ipv6_routing):
        yield ("core", "isis", "ipv6-routing", number), name, _CORE
    for number, link in enumerate(intent.other_links):
        for name in link.ends:
            yield ("other-links", number, "ends", name), name, frozenset()
    for vpn_name, vpn in intent.vpns.items():
        yield from _vpn_mentions(("vpns", vpn_name), vpn)


def _vpn_mentions(root: Loc, vpn: Vpn) -> Iterator[tuple[Loc, str, frozenset[Role]]]:
    for name in vpn.loopbacks:
        yield (*root, "loopbacks", name), name, _PE
    for site_name, single in vpn.single_homed.items():
        loc = (*root, "single-homed", site_name)
        yield (*loc, "pe", "router"), single.pe.router, _PE
        yield (*loc, "cpe", "router"), single.cpe.router, _CUSTOMER
    for site_name, site in vpn.multihomed.items():
        loc = (*root, "multihomed", site_name)
        for number, leg in enumerate(site.legs):
            yield (*loc, "legs", number, "pe", "router"), leg.pe.router, _PE
            yield (*loc, "legs", number, "cpe", "router"), leg.cpe.router, _CPE
        for name in site.gateway.routers:
            yield (*loc, "gateway", "routers", name), name, _CPE
        if site.customer.router is not None:
            yield (*loc, "customer", "router"), site.customer.router, _CUSTOMER


def _site_routers(intent: Intent) -> Iterator[tuple[Loc, str, str]]:
    for vpn_name, vpn in intent.vpns.items():
        root: Loc = ("vpns", vpn_name)
        for name, single in vpn.single_homed.items():
            loc = (*root, "single-homed", name, "cpe", "router")
            yield loc, f"{vpn_name}/{name}", single.cpe.router
        for name, site in vpn.multihomed.items():
            loc = (*root, "multihomed", name)
            label = f"{vpn_name}/{name}"
            for number, leg in enumerate(site.legs):
                yield (*loc, "legs", number, "cpe", "router"), label, leg.cpe.router
            if site.customer.router is not None:
                yield (*loc, "customer", "router"), label, site.customer.router
