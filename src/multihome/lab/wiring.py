"""Which physical ports must be joined so that every link and LAN of an intent works."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from multihome.errors import UsageError
from multihome.inventory.document import dotted
from multihome.lab.order import Cable
from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.intent.places import Segment

Port = tuple[str, str]
"""A router and one of its physical ports."""


def cables(segments: Iterable[Segment]) -> tuple[Cable, ...]:
    """The ports that must hear each other, in the order of the intent; each port once.

    A port whose units lead to different routers, and a LAN of three, join more than two ports
    to one broadcast domain.  A cable of one end leads to a router outside of the inventory.

    Raises:
        UsageError: two links that need the same broadcast domain use one VLAN, which would
            make a single network of them.
    """
    known = [(segment, ports) for segment in segments if (ports := _ports(segment))]
    groups = _joined([ports for _, ports in known])
    members: dict[Port, list[Segment]] = defaultdict(list)
    for segment, ports in known:
        members[groups[ports[0]]].append(segment)
    for together in members.values():
        _separate_vlans(together)
    domains: dict[Port, list[Port]] = defaultdict(list)
    for port, group in groups.items():
        domains[group].append(port)
    return tuple(Cable(tuple(ports)) for ports in domains.values())


def _ports(segment: Segment) -> tuple[Port, ...]:
    """Those in the inventory: the customer's side of a LAN may be outside of it."""
    return tuple(
        (place.router, InterfaceName.parse(place.interface).physical)
        for place in segment.places
        if place.router and place.interface
    )


def _joined(groups: Iterable[tuple[Port, ...]]) -> Mapping[Port, Port]:
    """Each port with the first one of its broadcast domain."""
    parent: dict[Port, Port] = {}
    for ports in groups:
        roots = [_root(parent, parent.setdefault(port, port)) for port in ports]
        for root in roots[1:]:
            parent[root] = roots[0]
    return {port: _root(parent, port) for port in parent}


def _root(parent: Mapping[Port, Port], port: Port) -> Port:
    while parent[port] != port:
        port = parent[port]
    return port


def _separate_vlans(segments: Iterable[Segment]) -> None:
    first: dict[int | None, Segment] = {}
    for segment in segments:
        other = first.setdefault(segment.vlan, segment)
        if other is not segment:
            raise UsageError(
                f"{dotted(other.loc)} and {dotted(segment.loc)} both use "
                f"{f'VLAN {segment.vlan}' if segment.vlan else 'no VLAN'} and share a bridge in "
                "a lab: give one of them another VLAN, or a port of its own"
            )
