"""What the interface daemon refuses about VLANs: tags on ports that have none, and the reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "dcd"
_TAGGING = ("vlan-tagging", "flexible-vlan-tagging", "stacked-vlan-tagging")
_TAGS = ("vlan-id", "vlan-tags", "vlan-id-range", "vlan-id-list")
_ROUTED = ("inet", "inet6", "iso", "mpls")
"""Families of which each unit needs a VLAN of its own; one that bridges may carry several."""
_ETHERNET = ("fe-", "ge-", "xe-", "et-", "mge-", "ae", "reth")
_NEVER_TAGGED = ("irb", "vlan", "lo")
_VLAN_TUNNELS = ("vlan", "vlan-ccc", "vlan-vpls", "extended-vlan-ccc", "flexible-ethernet-services")
_AGGREGATE = ("gigether-options", "fastether-options", "ether-options")
Path = tuple[str, ...]


def vlan_problems(here: Node, chassis: Node, path: Path) -> Iterator[Problem]:
    """Every complaint about tagging; what a port is, the chassis says."""
    ports = {port.name: port for port in _interfaces(chassis)}
    for physical in _interfaces(here):
        where = (*path, "interfaces", physical.name)
        port = ports.get(physical.name, physical)
        if any(node.has(word) for node in (physical, port) for word in _TAGGING):
            yield from _untagged_units(physical, where)
            yield from _same_vlan(physical, where)
        elif physical.name.startswith((*_ETHERNET, *_NEVER_TAGGED)):
            yield from _tagged_units(physical, where)
        if _is_member(port):
            yield from _units_of_a_member(physical, where)


def _untagged_units(physical: Node, where: Path) -> Iterator[Problem]:
    for unit in physical.entries("unit"):
        if _routed(unit) and not any(map(unit.has, _TAGS)):
            yield _refusal("VLAN-ID must be specified on tagged ethernet interfaces", where, unit)


def _tagged_units(physical: Node, where: Path) -> Iterator[Problem]:
    """On a port without tagging: no VLAN, and no unit but 0."""
    ethernet = physical.name.startswith(_ETHERNET)
    for unit in physical.entries("unit"):
        if unit.has("vlan-id") or unit.has("vlan-tags"):
            yield _refusal(
                "VLAN-ID can only be specified on tagged ethernet interfaces", where, unit
            )
        elif ethernet and unit.name != "0" and physical.leaf("encapsulation") not in _VLAN_TUNNELS:
            yield _refusal("Only unit 0 is valid for this encapsulation", where, unit)


def _same_vlan(physical: Node, where: Path) -> Iterator[Problem]:
    """Two routed units of one port with the same tags: frames could belong to either."""
    owners: dict[tuple[str, ...], str] = {}
    for unit in physical.entries("unit"):
        tags = (*unit.leaves("vlan-id"), *unit.leaves("vlan-tags"))
        if not tags or not _routed(unit):
            continue
        other = owners.setdefault(tags, unit.name)
        if other != unit.name:
            yield _refusal(f"duplicate VLAN-ID, used by unit {other} as well", where, unit)


def _units_of_a_member(physical: Node, where: Path) -> Iterator[Problem]:
    for unit in physical.entries("unit"):
        if _routed(unit):
            text = "logical unit is not allowed on aggregated member link"
            yield _refusal(text, where, unit)


def _is_member(port: Node) -> bool:
    options = (port.get(kind) for kind in _AGGREGATE)
    return any(found is not None and found.leaves("802.3ad") for found in options)


def _routed(unit: Node) -> bool:
    family = unit.get("family")
    return family is not None and any(map(family.has, _ROUTED))


def _interfaces(here: Node) -> Iterator[Node]:
    holder = here.get("interfaces")
    if holder is not None:
        yield from holder.entries("interface")


def _refusal(text: str, where: Path, unit: Node) -> Problem:
    return Problem(text, where, f"unit {unit.name}", daemon=_DAEMON)
