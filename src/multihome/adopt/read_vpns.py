"""VRFs of the PEs, and the sites that hang on them by static routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multihome.adopt.read_core import given
from multihome.adopt.read_sites import read_sites
from multihome.adopt.source import below, only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.adopt.network import FoundNetwork, FoundPort
    from multihome.adopt.source import Tree


@dataclass(frozen=True)
class FoundVrf:
    """One VPN on one PE."""

    router: str
    name: str
    tree: Tree


def vrfs(network: FoundNetwork) -> list[FoundVrf]:
    """Every VRF of every router."""
    return [
        FoundVrf(router, name, tree)
        for router, source in network.sources.items()
        for name, tree in source.at("routing-instances").items()
        if "vrf" in below(tree, "instance-type")
    ]


def read_vpns(network: FoundNetwork) -> dict[str, Any]:
    """The `vpns` of the intent: instances of one name are one VPN."""
    found: dict[str, list[FoundVrf]] = {}
    for vrf in vrfs(network):
        found.setdefault(vrf.name, []).append(vrf)
    return {name: _vpn(network, name, members) for name, members in found.items()}


def _vpn(network: FoundNetwork, name: str, members: list[FoundVrf]) -> dict[str, Any]:
    judge = network.judgement

    def common(*path: str) -> str | None:
        values = {vrf.router: only(below(vrf.tree, *path)) for vrf in members}
        return judge.agreed(f"vpn {name} {path[0]}", values)

    labels = {vrf.router: str("vrf-table-label" in vrf.tree).lower() for vrf in members}
    return given(
        {
            "route-distinguisher": common("route-distinguisher"),
            "vrf-target": common("vrf-target"),
            "table-label": judge.agreed(f"vpn {name} vrf-table-label", labels) == "true",
            "loopbacks": dict(_loopbacks(members)),
            "single-homed": _once(network, name, _single_homed(network, members)),
            "multihomed": read_sites(network, name, [(vrf.router, vrf.tree) for vrf in members]),
        }
    )


def _loopbacks(members: list[FoundVrf]) -> Iterator[tuple[str, str]]:
    for vrf in members:
        units = [name for name in below(vrf.tree, "interface") if name.startswith("lo0.")]
        if units:
            yield vrf.router, units[0]


def _single_homed(
    network: FoundNetwork, members: list[FoundVrf]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for vrf in members:
        routes = below(vrf.tree, "routing-options", "static", "route")
        sessions = _neighbors(vrf.tree)
        for port in network.ports:
            if (port.router, port.instance) != (vrf.router, vrf.name):
                continue
            if sessions & {str(other.address.ip) for other in network.facing(port)}:
                continue
            other = network.opposite(port)
            if other is None:
                network.judgement.remarks.append(
                    f"{port.router} {port.interface}: no configuration of the CPE of VPN "
                    f"{vrf.name} behind it was read"
                )
                continue
            via = str(other.address.ip)
            prefixes = [p for p, route in routes.items() if only(below(route, "next-hop")) == via]
            if not prefixes:
                network.judgement.remarks.append(
                    f"{port.router} {port.interface}: neither a static route nor BGP to "
                    f"{other.router} in VPN {vrf.name}"
                )
                continue
            yield other.router, _connection(network, port, other, prefixes)


def _once(
    network: FoundNetwork, vpn: str, sites: Iterator[tuple[str, dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Sites by name; a CPE with a second static connection is one that no intent can express."""
    found: dict[str, dict[str, Any]] = {}
    for name, site in sites:
        if name in found:
            pe = site["pe"]
            network.judgement.remarks.append(
                f"{pe['router']} {pe['interface']}: {name} has a static connection to VPN {vpn} "
                f"already, at {found[name]['pe']['router']}: left alone"
            )
        else:
            found[name] = site
    return found


def _connection(
    network: FoundNetwork, port: FoundPort, other: FoundPort, prefixes: list[str]
) -> dict[str, Any]:
    default = network.sources[other.router].at(
        "routing-options", "static", "route", "0.0.0.0/0", "next-hop"
    )
    found = {
        "vlan": port.vlan,
        "pe": port.attachment(),
        "cpe": other.attachment(),
        "prefixes": prefixes,
        "default-route": None if str(port.address.ip) in default else False,
    }
    return given(found)


def _neighbors(tree: Tree) -> set[str]:
    groups = below(tree, "protocols", "bgp", "group").values()
    return {address for group in groups for address in below(group, "neighbor")}
