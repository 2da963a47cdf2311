"""The drills that an intent implies: for each leg of each site, what can be broken on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import UnknownName
from multihome.intent.expect import NetworkState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent
    from multihome.intent.site import Leg, Multihomed


@dataclass(frozen=True, slots=True)
class Definition:
    """One drill: what to break on which router, and the state that the network must then be in."""

    name: str
    summary: str
    router: str
    statements: tuple[str, ...]
    """Lines for `load set`."""
    state: NetworkState
    site: str


def definitions(intent: Intent) -> dict[str, Definition]:
    """Every drill by name."""
    return {each.name: each for each in _all(intent)}


def definition(intent: Intent, name: str) -> Definition:
    """One drill; raises UnknownName."""
    known = definitions(intent)
    if name not in known:
        raise UnknownName("drill", name, known)
    return known[name]


def _all(intent: Intent) -> Iterator[Definition]:
    for vpn, service in intent.vpns.items():
        for name, site in service.multihomed.items():
            for leg in site.legs:
                yield _session(vpn, name, site, leg)
            primary = next(leg for leg in site.legs if leg.role == "primary")
            backup = next(leg for leg in site.legs if leg.role == "backup")
            yield _link(name, primary)
            yield _lan(name, site, primary)
            yield _between(name, site, primary, backup)


def _session(vpn: str, name: str, site: Multihomed, leg: Leg) -> Definition:
    """The one of the article: the PE's neighbour is deactivated."""
    group, neighbor = site.names.of(name).group, leg.cpe.address.ip
    path = f"routing-instances {vpn} protocols bgp group {group} neighbor {neighbor}"
    down = {
        "primary": NetworkState.PRIMARY_SESSION_DOWN,
        "backup": NetworkState.BACKUP_SESSION_DOWN,
    }
    return Definition(
        name=f"{leg.pe.router}-{leg.cpe.router}",
        summary=f"the BGP session of the {leg.role} leg goes down",
        router=leg.pe.router,
        statements=(f"deactivate {path}",),
        state=down[leg.role],
        site=name,
    )


def _link(name: str, leg: Leg) -> Definition:
    return Definition(
        name=f"{leg.pe.router}-{leg.cpe.router}-link",
        summary="the link of the primary leg goes down",
        router=leg.pe.router,
        statements=(f"set interfaces {_unit(leg.pe.interface)} disable",),
        state=NetworkState.PRIMARY_LINK_DOWN,
        site=name,
    )


def _lan(name: str, site: Multihomed, leg: Leg) -> Definition:
    interface = site.gateway.routers[leg.cpe.router].interface
    return Definition(
        name=f"{leg.cpe.router}-lan",
        summary="the primary CPE loses the gateway's LAN",
        router=leg.cpe.router,
        statements=(f"set interfaces {_unit(interface)} disable",),
        state=NetworkState.PRIMARY_LAN_DOWN,
        site=name,
    )


def _between(name: str, site: Multihomed, primary: Leg, backup: Leg) -> Definition:
    neighbor = site.gateway.routers[backup.cpe.router].address.ip
    return Definition(
        name=f"{primary.cpe.router}-{backup.cpe.router}",
        summary="the BGP session between the CPEs goes down",
        router=primary.cpe.router,
        statements=(f"deactivate protocols bgp group cpe-connection neighbor {neighbor}",),
        state=NetworkState.INTER_CPE_DOWN,
        site=name,
    )


def _unit(interface: str) -> str:
    """`xe-2/0/1.105` as configuration names it: `xe-2/0/1 unit 105`."""
    physical, _, unit = interface.partition(".")
    return f"{physical} unit {unit}" if unit else physical
