"""`interfaces`, down to addresses and VRRP groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from multihome.twin.junos import reading
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.junos.model.interfaces import (
    ETHERNET_ROOM,
    InterfaceAddress,
    Physical,
    TrackInterface,
    TrackRoute,
    Unit,
    VrrpGroup,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.config.tree import Node

_FAMILIES = ("inet", "iso", "mpls", "inet6")
_DEFAULT_PRIORITY = 100
_HOST_LENGTH = 32
_ETHERNET_HEADER = 14
_TAGS = {"vlan-tagging": 4, "stacked-vlan-tagging": 8, "flexible-vlan-tagging": 8}


def physicals(here: Node, chassis: Node) -> dict[str, Physical]:
    """Physical interfaces; a logical system's are disabled where the chassis disables them."""
    found: dict[str, Physical] = {}
    above = {node.name: node for node in _interfaces(chassis)}
    for node in _interfaces(here):
        own = above.get(node.name)
        found[node.name] = Physical(
            name=node.name,
            description=node.leaf("description") or "",
            disabled=node.has("disable") or (own is not None and own.has("disable")),
            mtu=reading.number(node, "mtu") or reading.number(own, "mtu"),
            **_bundle(node.name, above),
        )
    return found


class _Bundle(TypedDict):
    members: tuple[str, ...]
    least: int


def _bundle(name: str, ports: Mapping[str, Node]) -> _Bundle:
    """The ports of an aggregated interface belong to the chassis, whichever logical system has its units."""
    members = [port for port in ports.values() if _aggregate_of(port) == name]
    if not members:
        return {"members": (), "least": 0}
    own = ports.get(name)
    options = None if own is None else own.get("aggregated-ether-options")
    return {
        "members": tuple(port.name for port in members if not port.has("disable")),
        "least": reading.number(options, "minimum-links") or 1,
    }


def _aggregate_of(port: Node) -> str | None:
    options = (port.get(f"{kind}ether-options") for kind in ("gig", "fast", ""))
    words = (found.leaves("802.3ad") for found in options if found is not None)
    return next((each[0] for each in words if each), None)


def units(here: Node, chassis: Node) -> dict[str, Unit]:
    """Logical interfaces by their full names; the ports of a logical system are the chassis's."""
    ports = {node.name: node for node in _interfaces(chassis)}
    return {
        unit.name: unit
        for node in _interfaces(here)
        for entry in node.entries("unit")
        if (unit := _unit(node, entry, _port_room(node, ports.get(node.name)))) is not None
    }


def _port_room(*statements: Node | None) -> int | None:
    """What `mtu` leaves behind the Ethernet header and its tags; None where it is the default."""
    present = [node for node in statements if node is not None]
    mtu = next((n for node in present if (n := reading.number(node, "mtu")) is not None), None)
    if mtu is None:
        return None
    tags = max((_TAGS[word] for word in _TAGS for node in present if node.has(word)), default=0)
    return mtu - _ETHERNET_HEADER - tags


def _interfaces(here: Node) -> Iterator[Node]:
    holder = here.get("interfaces")
    if holder is not None:
        yield from holder.entries("interface")


def _unit(physical: Node, node: Node, room: int | None) -> Unit | None:
    number = reading.integer(node.name)
    if number is None:
        return None
    families = node.get("family")
    present = (
        frozenset() if families is None else frozenset(f for f in _FAMILIES if families.has(f))
    )
    inet = node.get("family", "inet")
    iso = node.get("family", "iso")
    return Unit(
        name=f"{physical.name}.{number}",
        physical=physical.name,
        number=number,
        description=node.leaf("description") or "",
        vlan=reading.number(node, "vlan-id"),
        disabled=node.has("disable"),
        addresses=() if inet is None else tuple(_addresses(inet)),
        families=present,
        mtu=reading.number(inet, "mtu") or room,
        room=ETHERNET_ROOM if room is None else room,
        iso=() if iso is None else tuple(entry.name for entry in iso.entries("address")),
    )


def _addresses(inet: Node) -> Iterator[InterfaceAddress]:
    for node in inet.entries("address"):
        host, _, length = node.name.partition("/")
        address, bits = reading.address(host), reading.integer(length or "32")
        if address is not None and bits is not None and 0 <= bits <= _HOST_LENGTH:
            yield InterfaceAddress(
                address=address,
                length=bits,
                primary=node.has("primary"),
                preferred=node.has("preferred"),
                vrrp=tuple(_vrrp_groups(node, address)),
            )


def _vrrp_groups(node: Node, own: Address) -> Iterator[VrrpGroup]:
    for entry in node.entries("vrrp-group"):
        group = reading.integer(entry.name)
        if group is None:
            continue
        virtual = reading.addresses(entry.leaves("virtual-address"))
        priority = reading.number(entry, "priority")
        if own in virtual:
            priority = 255  # The owner of the address (RFC 5798 section 5.2.4).
        fast = reading.seconds(reading.number(entry, "fast-interval"))
        track = entry.get("track")
        yield VrrpGroup(
            group=group,
            virtual_addresses=virtual,
            priority=_DEFAULT_PRIORITY if priority is None else priority,
            preempt=not entry.has("no-preempt"),
            preempt_hold_time=float(reading.number(entry.get("preempt"), "hold-time") or 0),
            accept_data=entry.has("accept-data"),
            advertise_interval=fast or float(reading.number(entry, "advertise-interval") or 1),
            track_interfaces=() if track is None else tuple(_track_interfaces(track)),
            track_routes=() if track is None else tuple(_track_routes(track)),
            track_hold_time=float(reading.number(track, "priority-hold-time") or 0),
        )


def _track_interfaces(track: Node) -> Iterator[TrackInterface]:
    for node in track.entries("interface"):
        yield TrackInterface(node.name, reading.number(node, "priority-cost") or 0)


def _track_routes(track: Node) -> Iterator[TrackRoute]:
    for node in track.entries("route"):
        found = reading.prefix(node.name)
        instance = node.leaf("routing-instance") or MASTER
        if found is not None:
            name = MASTER if instance == "default" else instance
            yield TrackRoute(found, name, reading.number(node, "priority-cost") or 0)
