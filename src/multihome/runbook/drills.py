"""The drills that an intent implies: for each leg of each site, what can be broken on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.drill.definition import Drill
from multihome.errors import UnknownName
from multihome.intent.expect import NetworkState
from multihome.report.model import lan_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent
    from multihome.intent.site import Leg, Multihomed
    from multihome.runbook.workspace import Workspace


def definitions(workspace: Workspace) -> dict[str, Drill]:
    """Every drill by name, as it is done on the routers in reach."""
    found: dict[str, Drill] = {}
    for drill in drills(workspace.intent):
        target = workspace.targets.get(drill.router)
        found[drill.name] = drill.inside(target.logical_system if target else None)
    return found


def definition(workspace: Workspace, name: str) -> Drill:
    """One drill; raises UnknownName."""
    known = definitions(workspace)
    if name not in known:
        raise UnknownName("drill", name, known)
    return known[name]


def drills(intent: Intent) -> Iterator[Drill]:
    """Every drill that the intent implies, as it is done on whole routers."""
    for vpn, name, site in intent.multihomed_sites():
        for leg in site.legs:
            yield _session(vpn, name, site, leg)
        primary = next(leg for leg in site.legs if leg.role == "primary")
        yield _lan(name, site, primary)
        for leg in site.legs:
            if leg.role == "backup":
                yield _between(name, site, primary, leg)


def _session(vpn: str, name: str, site: Multihomed, leg: Leg) -> Drill:
    """The one of the article: the PE's neighbour is deactivated."""
    group, neighbor = site.names.of(name).group, leg.cpe.address.ip
    path = f"routing-instances {vpn} protocols bgp group {group} neighbor {neighbor}"
    down = {
        "primary": NetworkState.PRIMARY_SESSION_DOWN,
        "backup": NetworkState.BACKUP_SESSION_DOWN,
    }
    return Drill(
        name=f"{leg.pe.router}-{leg.cpe.router}",
        summary=f"the BGP session of the {leg.role} leg goes down",
        router=leg.pe.router,
        statements=(f"deactivate {path}",),
        state=down[leg.role],
        site=name,
        backup=leg.cpe.router if leg.role == "backup" else None,
        between=(leg.pe.router, leg.cpe.router),
    )


def _lan(name: str, site: Multihomed, leg: Leg) -> Drill:
    interface = site.gateway.routers[leg.cpe.router].interface
    return Drill(
        name=f"{leg.cpe.router}-lan",
        summary="the primary CPE loses the gateway's LAN",
        router=leg.cpe.router,
        statements=(f"set interfaces {_unit(interface)} disable",),
        state=NetworkState.PRIMARY_LAN_DOWN,
        site=name,
        between=(leg.cpe.router, lan_name(name)),
    )


def _between(name: str, site: Multihomed, primary: Leg, backup: Leg) -> Drill:
    neighbor = site.gateway.routers[backup.cpe.router].address.ip
    return Drill(
        name=f"{primary.cpe.router}-{backup.cpe.router}",
        summary="the BGP session between the CPEs goes down",
        router=primary.cpe.router,
        statements=(f"deactivate protocols bgp group cpe-connection neighbor {neighbor}",),
        state=NetworkState.INTER_CPE_DOWN,
        site=name,
        backup=backup.cpe.router,
        between=(primary.cpe.router, backup.cpe.router),
    )


def _unit(interface: str) -> str:
    """`xe-2/0/1.105` as configuration names it: `xe-2/0/1 unit 105`."""
    physical, _, unit = interface.partition(".")
    return f"{physical} unit {unit}" if unit else physical
