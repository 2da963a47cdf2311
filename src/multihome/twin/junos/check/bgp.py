"""What the routing daemon refuses in `protocols bgp`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.junos import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "rpd"
Path = tuple[str, ...]


def bgp_problems(here: Node, path: Path) -> Iterator[Problem]:
    """Every complaint about BGP neighbours, in the main instance and in the others."""
    own = _own(here)
    yield from _instance(here, path, own)
    holder = here.get("routing-instances")
    for instance in () if holder is None else holder.entries("instance"):
        where = (*path, "routing-instances", instance.name)
        yield from _instance(instance, where, _own(instance) or own)


def _own(node: Node) -> str | None:
    options = node.get("routing-options")
    return None if options is None else options.leaf("autonomous-system")


def _instance(node: Node, path: Path, own: str | None) -> Iterator[Problem]:
    bgp = node.get("protocols", "bgp")
    if bgp is None or bgp.has("disable"):
        return
    for group in bgp.entries("group"):
        for neighbor in group.entries("neighbor"):
            complaint = _complaint(neighbor, group, bgp, own)
            if complaint is not None:
                yield Problem(
                    f"Error in neighbor {neighbor.name} of group {group.name}:\n{complaint}",
                    (*path, "protocols"),
                    "bgp",
                    daemon=_DAEMON,
                )


def _complaint(neighbor: Node, group: Node, bgp: Node, own: str | None) -> str | None:
    levels = (neighbor, group, bgp)
    local = next((found for level in levels if (found := level.leaf("local-as"))), own)
    peer = next((found for level in levels if (found := level.leaf("peer-as"))), None)
    kind = group.leaf("type")
    if local is None:
        return "must define local autonomous system when enabling BGP"
    internal = kind == "internal" or (kind is None and peer == local)
    if not internal and peer is None:
        return "peer AS number must be configured for an external peer"
    if internal and peer is not None and not _same(peer, local):
        return "peer AS number must be the same as the local AS number for an internal peer"
    if kind == "external" and peer is not None and _same(peer, local):
        return "peer AS number must be different from the local AS number for an external peer"
    return None


def _same(left: str, right: str) -> bool:
    return reading.autonomous_system(left) == reading.autonomous_system(right)
