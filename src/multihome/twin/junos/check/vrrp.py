"""What the interface daemon refuses about a VRRP group.

Sources: Junos OS High Availability User Guide, `virtual-address`, `priority-cost`, `track`,
`fast-interval`, `advertise-interval` and "Configuring a Logical Interface to Be Tracked".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.junos import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "dcd"
_OWNER = 255
_DEFAULT_PRIORITY = 100
_MOST_TRACKED = 10
_FASTEST_VERSION_2 = 100
"""Milliseconds."""
Path = tuple[str, ...]


def vrrp_problems(address: Node, path: Path, *, version_3: bool) -> Iterator[Problem]:
    """Every complaint about the groups of one interface address."""
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
                element = f"virtual-address {text}"
                yield _refusal(
                    "virtual address must share same mask with interface ip", where, element
                )
        own = reading.address(address.name)
        owner = own is not None and own in reading.addresses(virtual)
        yield from _tracking(group, where, owner=owner)
        yield from _timers(group, where, version_3=version_3)


def _tracking(group: Node, where: Path, *, owner: bool) -> Iterator[Problem]:
    track = group.get("track")
    if track is None:
        return
    priority = reading.number(group, "priority")
    if priority == _OWNER or (owner and priority is None):
        yield _refusal("a group with priority 255 cannot track", where, "track")
    interfaces = tuple(track.entries("interface"))
    if len(interfaces) > _MOST_TRACKED:
        text = f"more than {_MOST_TRACKED} interfaces are tracked"
        yield _refusal(text, where, "track")
    costs = sum(
        reading.number(entry, "priority-cost") or 0
        for entry in (*interfaces, *track.entries("route"))
    )
    if costs > (_DEFAULT_PRIORITY if priority is None else priority):
        text = f"the sum of all priority costs ({costs}) exceeds the priority"
        yield _refusal(text, where, "track")


def _timers(group: Node, where: Path, *, version_3: bool) -> Iterator[Problem]:
    fast = reading.number(group, "fast-interval")
    if fast is not None and fast < _FASTEST_VERSION_2 and not version_3:
        text = f"fast-interval below {_FASTEST_VERSION_2} requires VRRP version 3"
        yield _refusal(text, where, f"fast-interval {fast}")
    if version_3 and group.has("advertise-interval"):
        text = "advertise-interval cannot be configured with VRRP version 3"
        yield _refusal(text, where, "advertise-interval")


def _refusal(text: str, where: Path, element: str) -> Problem:
    return Problem(text, where, element, daemon=_DAEMON)
