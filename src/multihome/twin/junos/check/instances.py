"""What the routing daemon refuses in `routing-instances`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.junos import reading
from multihome.twin.junos.community import is_target
from multihome.values.bgp import route_distinguisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "rpd"
Path = tuple[str, ...]


def instance_problems(here: Node, path: Path) -> Iterator[Problem]:
    """Every complaint about instances: what a VRF lacks, interfaces that are not theirs."""
    holder = here.get("routing-instances")
    owners: dict[str, str] = {}
    configured = _configured(here)
    automatic = here.get("routing-options", "route-distinguisher-id") is not None
    distinguished: dict[str, str] = {}
    for instance in () if holder is None else holder.entries("instance"):
        where = (*path, "routing-instances", instance.name)
        if instance.leaf("instance-type") == "vrf":
            yield from _vrf(instance, where, automatic=automatic)
            yield from _same_distinguisher(instance, where, distinguished)
        for interface in instance.entries("interface"):
            name = reading.logical(interface.name)
            owner = owners.setdefault(name, instance.name)
            if owner != instance.name:
                yield _interface(name, where, f"already configured under instance {owner}")
            elif name not in configured:
                yield _interface(name, where, "not configured")


def _vrf(instance: Node, where: Path, *, automatic: bool) -> Iterator[Problem]:
    distinguisher = instance.leaf("route-distinguisher")
    if distinguisher is None and not automatic:
        yield _instance(instance, where, "must have a route-distinguisher")
    elif distinguisher is not None and not _is_distinguisher(distinguisher):
        yield Problem(
            f"invalid route distinguisher: {distinguisher}",
            where,
            f"route-distinguisher {distinguisher}",
            daemon=_DAEMON,
        )
    for statement, text in _targets(instance.get("vrf-target")):
        if not is_target(text):
            element = f"vrf-target {statement}{text}"
            yield Problem(f"invalid route target: {text}", where, element, daemon=_DAEMON)
    by_policy = instance.has("vrf-import") and instance.has("vrf-export")
    if not by_policy and not instance.has("vrf-target"):
        yield _instance(instance, where, "must have vrf-import and vrf-export, or a vrf-target")


def _same_distinguisher(instance: Node, where: Path, seen: dict[str, str]) -> Iterator[Problem]:
    """Junos OS VPNs Configuration Guide, "Configuring the Route Distinguisher": the commit fails."""
    text = instance.leaf("route-distinguisher")
    if text is None or not _is_distinguisher(text):
        return
    other = seen.setdefault(str(route_distinguisher(text)), instance.name)
    if other != instance.name:
        complaint = f"has the route-distinguisher {text} of instance {other}"
        yield _instance(instance, where, complaint)


def _targets(node: Node | None) -> Iterator[tuple[str, str]]:
    for keyword in ("community", "import", "export"):
        for text in () if node is None else node.leaves(keyword):
            yield ("" if keyword == "community" else f"{keyword} "), text


def _is_distinguisher(text: str) -> bool:
    try:
        route_distinguisher(text)
    except ValueError:
        return False
    return True


def _instance(instance: Node, where: Path, complaint: str) -> Problem:
    return Problem(
        f"RT Instance: vrf instance {instance.name} {complaint}",
        where[:-1],
        instance.name,
        daemon=_DAEMON,
    )


def _interface(name: str, where: Path, complaint: str) -> Problem:
    return Problem(
        f"RT Instance: Interface {name} {complaint}.", where, f"interface {name}", daemon=_DAEMON
    )


def _configured(here: Node) -> frozenset[str]:
    holder = here.get("interfaces")
    return frozenset(
        f"{physical.name}.{unit.name}"
        for physical in (() if holder is None else holder.entries("interface"))
        for unit in physical.entries("unit")
    )
