"""What the interface daemon refuses: one address on two interfaces, a gateway off its subnet.

And a unit without a VLAN on a port that tags every frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.junos import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "dcd"
_TAGGING = ("vlan-tagging", "flexible-vlan-tagging", "stacked-vlan-tagging")
_TAGS = ("vlan-id", "vlan-tags", "vlan-id-range", "vlan-id-list")
_ROUTED = ("inet", "inet6", "iso", "mpls")
"""Families of which each unit needs a VLAN of its own; one that bridges may carry several."""
Path = tuple[str, ...]


def interface_problems(here: Node, path: Path) -> Iterator[Problem]:
    """Every complaint about `interfaces`."""
    yield from _untagged(here, path)
    instances = _instances(here)
    seen: dict[tuple[str, int], str] = {}
    for name, where, address in _addresses(here, path):
        yield from _vrrp(address, (*where, "address", address.name))
        found = reading.address(address.name)
        if found is None:
            continue
        instance = instances.get(name, "default")
        other = seen.setdefault((instance, found), name)
        if other != name:
            yield Problem(
                f"identical local address found on rt_inst [{instance}], "
                f"intfs [{other} and {name}], family [inet].",
                where,
                f"address {address.name}",
                daemon=_DAEMON,
            )


def _untagged(here: Node, path: Path) -> Iterator[Problem]:
    holder = here.get("interfaces")
    for physical in () if holder is None else holder.entries("interface"):
        if not any(map(physical.has, _TAGGING)):
            continue
        for unit in physical.entries("unit"):
            family = unit.get("family")
            routed = family is not None and any(map(family.has, _ROUTED))
            if routed and not any(map(unit.has, _TAGS)):
                yield Problem(
                    "VLAN-ID must be specified on tagged ethernet interfaces",
                    (*path, "interfaces", physical.name),
                    f"unit {unit.name}",
                    daemon=_DAEMON,
                )


def _instances(here: Node) -> dict[str, str]:
    holder = here.get("routing-instances")
    return {
        reading.logical(interface.name): instance.name
        for instance in (() if holder is None else holder.entries("instance"))
        for interface in instance.entries("interface")
    }


def _addresses(here: Node, path: Path) -> Iterator[tuple[str, Path, Node]]:
    """Logical interface, edit path of its family, address statement."""
    holder = here.get("interfaces")
    for physical in () if holder is None else holder.entries("interface"):
        for unit in physical.entries("unit"):
            inet = unit.get("family", "inet")
            where = (*path, "interfaces", physical.name, "unit", unit.name, "family", "inet")
            for address in () if inet is None else inet.entries("address"):
                yield f"{physical.name}.{unit.name}", where, address


def _vrrp(address: Node, path: Path) -> Iterator[Problem]:
    subnet = reading.prefix(address.name)
    for group in address.entries("vrrp-group"):
        where = (*path, "vrrp-group", group.name)
        virtual = group.leaves("virtual-address")
        if not virtual:
            yield Problem(
                "Missing mandatory statement: 'virtual-address'", where, tag="invalid-value"
            )
        for text in virtual:
            found = reading.address(text)
            if found is None or subnet is None or not subnet.contains(found):
                yield Problem(
                    "virtual address must share same mask with interface ip",
                    where,
                    f"virtual-address {text}",
                    daemon=_DAEMON,
                )
