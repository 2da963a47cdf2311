"""What the interface daemon refuses: one address on two interfaces, and what `vlan`, `vrrp` see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.junos import reading
from multihome.twin.junos.check.vlan import vlan_problems
from multihome.twin.junos.check.vrrp import vrrp_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "dcd"
Path = tuple[str, ...]


def interface_problems(here: Node, chassis: Node, path: Path) -> Iterator[Problem]:
    """Every complaint about `interfaces`; a logical system's ports are the chassis's."""
    yield from vlan_problems(here, chassis, path)
    version_3 = here.get("protocols", "vrrp", "version-3") is not None
    instances = _instances(here)
    seen: dict[tuple[str, int], str] = {}
    for name, where, address in _addresses(here, path):
        yield from vrrp_problems(address, (*where, "address", address.name), version_3=version_3)
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
