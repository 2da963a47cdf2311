"""The network as the intent has it, for a report to draw: routers, sites, links and LANs."""

from __future__ import annotations

import getpass
from dataclasses import replace
from importlib.metadata import version
from platform import node
from typing import TYPE_CHECKING

from multihome.intent.places import segments
from multihome.report.model import Cable, End, Member, Topology, lan_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent, Vpn
    from multihome.intent.places import Segment
    from multihome.intent.site import Multihomed
    from multihome.report.model import Run
    from multihome.runbook.workspace import Workspace


def topology(workspace: Workspace) -> Topology:
    """Routers with their roles and sites, and what joins them."""
    roles = workspace.inventory.roles
    intent = workspace.intent
    nodes = tuple((name, roles[name].value) for name in intent.routers if name in roles)
    cables = tuple(_cable(intent, segment) for segment in segments(intent))
    links: list[tuple[str, str]] = []
    for cable in cables:
        names = sorted({end.router for end in cable.ends if end.router})
        links += [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    members = tuple(each for vpn in intent.vpns for each in _members(vpn, intent.vpns[vpn]))
    return Topology(nodes, tuple(dict.fromkeys(links)), members, cables)


def signed(run: Run, ticket: str = "") -> Run:
    """The run with who made it, why, and with which version of this program."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user id without a name
        who = "unknown"
    return replace(
        run, operator=f"{who}@{node()}", ticket=ticket, version=f"multihome {version('multihome')}"
    )


def _members(name: str, vpn: Vpn) -> Iterator[Member]:
    for site, single in vpn.single_homed.items():
        yield Member(single.cpe.router, site, name)
    for site, several in vpn.multihomed.items():
        for leg in several.legs:
            marks = (f"local-preference {leg.local_preference}", f"MED {leg.med}")
            yield Member(leg.cpe.router, site, name, leg.role, marks)
        if several.customer.router is not None:
            yield Member(several.customer.router, site, name)


def _cable(intent: Intent, segment: Segment) -> Cable:
    ends = tuple(End(place.router, place.interface, str(place.address)) for place in segment.places)
    about = f"VLAN {segment.vlan}" if segment.vlan is not None else ""
    match segment.loc:
        case ("vpns", vpn, "multihomed", site, "legs", int(number)):
            return Cable(ends, _site(intent, vpn, site).legs[number].role, about=about)
        case ("vpns", vpn, "multihomed", site, *_) if segment.subnet is not None:
            gateway = _site(intent, vpn, site).gateway
            also = f"{gateway.subnet}, gateway {gateway.virtual_address}"
            known = f"{also}, {about}" if about else also
            return Cable(ends, "lan", lan_name(str(site)), known)
    return Cable(ends, about=about)


def _site(intent: Intent, vpn: object, site: object) -> Multihomed:
    return intent.vpns[str(vpn)].multihomed[str(site)]
