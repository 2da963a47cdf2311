"""The whole: from configurations to an intent, the routers' roles and their secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multihome.adopt.judgement import Judgement, Undecided
from multihome.adopt.network import FoundNetwork
from multihome.adopt.read_core import core_ports, link, read_core
from multihome.adopt.read_vpns import read_vpns, vrfs
from multihome.adopt.source import below, only
from multihome.inventory.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multihome.adopt.network import FoundPort
    from multihome.adopt.source import Source
    from multihome.render.secrets import Secrets


@dataclass(frozen=True)
class Draft:
    """An intent as a file holds it, and what goes with it."""

    intent: dict[str, Any]
    roles: Mapping[str, Role]
    """Of every router that has a part in it."""
    secrets: Secrets
    remarks: tuple[str, ...]
    """What was seen and could not be expressed."""


def draft(
    sources: Iterable[Source], service: str, answers: Mapping[str, str] | None = None
) -> Draft:
    """The intent whose rendering is what these routers hold, as far as an intent can say it.

    `service` names the record that routers will keep; `answers` decide questions by their text.

    Raises:
        Undecided: something can be read in more than one way, and no answer decides.
    """
    judge = Judgement(answers or {})
    network = FoundNetwork({source.router: source for source in sources}, judge)
    bare = [name for name in network.sources if name not in network.loopbacks]
    judge.remarks += [f"{name}: no /32 on lo0: the router is left out" for name in bare]
    kept = {name: s for name, s in network.sources.items() if name in network.loopbacks}
    network = FoundNetwork(kept, judge)
    edges = dict.fromkeys(vrf.router for vrf in vrfs(network))
    vpns = read_vpns(network)
    core = read_core(network, edges)
    roles = dict(_roles(network, edges, vpns))
    mtu = _mtu(network, roles)
    found = {
        "service": service,
        "routers": {name: network.router(name) for name in kept if name in roles},
        "core": core,
        "vpns": vpns,
        "other-links": list(_others(network, roles, core, vpns)),
        **({"mtu": mtu} if mtu else {}),
    }
    if judge.questions:
        raise Undecided(judge.questions)
    return Draft(found, roles, judge.secrets, tuple(dict.fromkeys(judge.remarks)))


def _roles(
    network: FoundNetwork, edges: Iterable[str], vpns: dict[str, Any]
) -> Iterator[tuple[str, Role]]:
    yield from ((port.router, Role.P) for port in core_ports(network))
    for vpn in vpns.values():
        sites = vpn["multihomed"].values()
        # A CPE has the last word: a router behind one gateway may have a leg of its own elsewhere.
        yield from (
            (site["customer"]["router"], Role.CUSTOMER)
            for site in sites
            if "router" in site["customer"]
        )
        connections = [*vpn["single-homed"].values(), *(leg for s in sites for leg in s["legs"])]
        yield from ((each["cpe"]["router"], Role.CPE) for each in connections)
    yield from ((name, Role.PE) for name in edges)


def _mtu(network: FoundNetwork, roles: Mapping[str, Role]) -> int | None:
    values = {
        f"{port.router} {port.interface}": only(below(port.unit, "family", "inet", "mtu"))
        for port in network.ports
        if port.router in roles
    }
    said = {where: value for where, value in values.items() if value is not None}
    return network.judgement.number("mtu", said)


def _others(
    network: FoundNetwork, roles: Mapping[str, Role], core: dict[str, Any], vpns: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Ports that look like what is written for a link outside the service."""
    used = set(_used((core, vpns)))
    free = [
        port
        for port in network.ports
        if port.router in roles and port.interface not in used_on(used, port.router)
        if _is_plain(port)
    ]
    done: set[FoundPort] = set()
    for port in free:
        if port in done:
            continue
        facing = [other for other in network.facing(port) if other in free]
        ends = [port, *facing] if len(facing) == 1 else [port]
        done.update(ends)
        yield link(network, ends, core=False)


def used_on(used: set[tuple[str, str]], router: str) -> set[str]:
    """The interfaces of one router."""
    return {interface for name, interface in used if name == router}


def _used(found: object) -> Iterator[tuple[str, str]]:
    """Every router and interface that an intent's part names."""
    if isinstance(found, list | tuple):
        for each in found:
            yield from _used(each)
    elif isinstance(found, dict):
        if "router" in found and "interface" in found:
            yield found["router"], found["interface"]
        for key, value in found.items():
            if isinstance(value, dict) and "interface" in value:
                yield key, value["interface"]
            yield from _used(value)


def _is_plain(port: FoundPort) -> bool:
    """An MTU, a description and ISO beside the address, and nothing else that routes."""
    families = below(port.unit, "family")
    return (
        port.instance is None
        and set(families) == {"inet", "iso"}
        and only(below(families, "inet", "mtu")) is not None
        and port.description is not None
        and not port.groups
    )
