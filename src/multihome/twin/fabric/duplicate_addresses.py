"""Addresses that two ends of one wire claim: a sign that they are not on one wire at all.

Two customers may number their sites alike; whose wire is whose, subnets alone cannot say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multihome.twin.routing.host import End
    from multihome.twin.routing.node import VirtualRouter


def contested(
    segments: Iterable[tuple[End, ...]], nodes: Mapping[str, VirtualRouter]
) -> Iterator[str]:
    """One line for each address that is configured on several ends of a segment."""
    for segment in segments:
        holders: dict[str, list[End]] = {}
        for end in segment:
            unit = nodes[end.node].intended.units.get(end.interface)
            for local in () if unit is None else unit.addresses:
                holders.setdefault(f"{local.address}/{local.length}", []).append(end)
        for address, ends in holders.items():
            if len(ends) > 1:
                where = ", ".join(f"{end.node} {end.interface}" for end in ends)
                yield f"{address} is on one wire several times: {where}"
