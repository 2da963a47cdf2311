"""Who is on the links: ARP and the bridge tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Prefix
from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.words import mac_address
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Address
    from multihome.twin.show.device import Router
    from multihome.twin.show.registry import Query
    from multihome.twin.views import InterfaceView

_EXPIRES = 1200
"""Seconds an ARP entry lives (Junos's default aging timer)."""


class Neighbor(NamedTuple):
    """One resolved address on one interface."""

    address: Address
    mac: str
    interface: str


@shows(
    "get-arp-table-information",
    "show arp",
    "no-resolve expiration-time interface:interface hostname:hostname vpn:vpn"
    " logical-system:logical-system",
)
def arp_information(query: Query) -> Element:
    """Every address that answers on a link of this router."""
    style = "no-resolve" if query.has("no-resolve") else "normal"
    information = Element(
        "arp-table-information", attributes=junos(style=style), module="junos-arp"
    )
    neighbors = [
        each for each in _neighbors(query) if query.get("interface") in (None, each.interface)
    ]
    for neighbor in neighbors:
        entry = information.add("arp-table-entry")
        entry.add("mac-address", neighbor.mac)
        entry.add("ip-address", neighbor.address)
        if style == "normal":  # without name servers an address is its own name
            entry.add("hostname", neighbor.address)
        entry.add("interface-name", neighbor.interface)
        if query.has("expiration-time"):
            entry.add("time-to-expire", _EXPIRES)
        entry.add("arp-table-entry-flags").flag("none")
    information.add("arp-entry-count", len(neighbors))
    return information


def _neighbors(query: Query) -> list[Neighbor]:
    router, network = query.router, query.device.network
    found: set[Neighbor] = set()
    for view in router.interfaces.views():
        if view.oper_up and view.addresses:
            for node, interface in network.neighbors_on(router.name, view.name):
                found.update(_answering(network.nodes[node], interface, view))
    return sorted(found)


def _answering(far: Router, interface: str, near: InterfaceView) -> Iterator[Neighbor]:
    """The addresses of the far end, and those it holds as a VRRP master."""
    burnt_in = mac_address(far.name, interface.partition(".")[0])
    for view in far.interfaces.views():
        if view.name == interface:
            for address, _ in view.addresses:
                if _on_link(address, near):
                    yield Neighbor(address, burnt_in, near.name)
    for group in far.vrrp.groups():
        if group.interface == interface and group.state == "master":
            for address in group.virtual_addresses:
                yield Neighbor(address, f"00:00:5e:00:01:{group.group:02x}", near.name)


def _on_link(address: Address, view: InterfaceView) -> bool:
    return any(Prefix.of(own, length).contains(address) for own, length in view.addresses)


@prints("arp-table-information")
def arp_text(information: Element) -> Iterator[str]:
    """A line per entry, then their number."""
    named = information.attributes.get("junos:style") == "normal"
    entries = list(information.all("arp-table-entry"))
    expires = any(entry.has("time-to-expire") for entry in entries)
    places = f"{'Name':<26}{'Interface':<24}" if named else f"{'Interface':<25}"
    yield f"{'MAC Address':<18}{'Address':<16}{places}Flags{'    TTE' if expires else ''}"
    for entry in entries:
        place = f"{entry.value('interface-name'):<25}"
        if named:
            place = f"{entry.value('hostname'):<25} {entry.value('interface-name'):<23} "
        left = f" {entry.value('time-to-expire')}" if expires else ""
        yield f"{entry.value('mac-address'):<18}{entry.value('ip-address'):<16}{place}none{left}"
    yield f"Total entries: {information.value('arp-entry-count')}"


@shows(
    "get-bridge-mac-table",
    "show bridge mac-table",
    "count brief detail extensive interface:interface vlan-id:vlan-id",
)
def bridge_table(query: Query) -> Element:
    """Nothing is bridged; that the router could is what clients want to know."""
    root = "l2ald-rtb-mac-count" if query.has("count") else "l2ald-rtb-macdb"
    return Element(root, module="junos-l2ald")


@prints("l2ald-rtb-mac-count", "l2ald-rtb-macdb")
def bridge_text(_: Element) -> Iterator[str]:
    """Nothing learned, nothing printed."""
    yield from ()
