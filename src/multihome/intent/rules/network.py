"""Core and VPNs: identifiers that must differ, and a core that hangs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.rules.flaw import Flaw
from multihome.inventory.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.intent.model import Intent
    from multihome.inventory.document import Loc


def loopbacks(intent: Intent) -> Iterator[Flaw]:
    """A unit of lo0 that is used twice on one router."""
    taken = {
        (name, router.loopback.interface): "its own" for name, router in intent.routers.items()
    }
    for vpn_name, vpn in intent.vpns.items():
        for router, interface in vpn.loopbacks.items():
            owner = taken.setdefault((router, interface), f"VPN {vpn_name}'s")
            if owner != f"VPN {vpn_name}'s":
                loc: Loc = ("vpns", vpn_name, "loopbacks", router)
                yield Flaw(loc, f"{interface} of {router} is {owner} loopback already")


def entities(intent: Intent, roles: Mapping[str, Role]) -> Iterator[Flaw]:
    """IS-IS needs a title of each core router, and its system identifier only once."""
    systems: dict[str, str] = {}
    for name, router in intent.routers.items():
        in_core = roles.get(name) in {Role.PE, Role.P}
        if router.iso is None:
            if in_core and intent.core.managed:
                yield Flaw(("routers", name, "iso"), "is required of a router of the core")
            continue
        system = router.iso.removesuffix(".00")[-14:]
        if (owner := systems.setdefault(system, name)) != name:
            yield Flaw(("routers", name, "iso"), f"system {system} is {owner} already")


def connected(intent: Intent, roles: Mapping[str, Role]) -> Iterator[Flaw]:
    """Every PE reaches every other through core links, if the core is in this file at all."""
    if not intent.core.managed and not intent.core.links:
        return
    neighbors: dict[str, set[str]] = {}
    for link in intent.core.links:
        for name in link.ends:
            neighbors.setdefault(name, set()).update(link.ends)
    members = [name for name in intent.routers if roles.get(name) is Role.PE]
    reached = _reach(members[0], neighbors) if members else set()
    for name in members[1:]:
        if name not in reached:
            message = f"no core link connects {name} with {members[0]}"
            yield Flaw(("core", "links"), message)


def core_links(intent: Intent) -> Iterator[Flaw]:
    """A core link has two ends that we know."""
    for number, link in enumerate(intent.core.links):
        if len(link.ends) != 2:
            yield Flaw(("core", "links", number, "ends"), "a core link has two ends")


def far_ends(intent: Intent) -> Iterator[Flaw]:
    """A link to another operator's router must say whose."""
    for number, link in enumerate(intent.other_links):
        for name, end in link.ends.items():
            if len(link.ends) == 1 and end.description is None:
                loc: Loc = ("other-links", number, "ends", name, "description")
                yield Flaw(loc, "is required: the other end is not in this file")


def vpns(intent: Intent) -> Iterator[Flaw]:
    """Route distinguisher and target distinguish VPNs."""
    for key in ("route-distinguisher", "vrf-target"):
        owners: dict[str, str] = {}
        for name, vpn in intent.vpns.items():
            value = vpn.route_distinguisher if key == "route-distinguisher" else vpn.vrf_target
            if (owner := owners.setdefault(value, name)) != name:
                yield Flaw(("vpns", name, key), f"{value} is VPN {owner}'s already")


def site_names(intent: Intent) -> Iterator[Flaw]:
    """A site is single-homed or multihomed."""
    for vpn_name, vpn in intent.vpns.items():
        for name in vpn.multihomed:
            if name in vpn.single_homed:
                loc: Loc = ("vpns", vpn_name, "multihomed", name)
                yield Flaw(loc, "is a single-homed site too")


def _reach(start: str, neighbors: Mapping[str, set[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for name in neighbors.get(waiting.pop(), set()) - seen:
            seen.add(name)
            waiting.append(name)
    return seen
