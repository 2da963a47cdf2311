"""`show route forwarding-table`: the active routes as the kernel has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix
from multihome.twin.routing.route import NextHopKind, Protocol
from multihome.twin.show.element import Element
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.reply import RpcError
from multihome.twin.show.route.handles import indirect_index, next_hop_index
from multihome.twin.show.route.tables import MPLS, destination, entries_of, tables
from multihome.twin.show.route.words import label_operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import Entry, NextHop
    from multihome.twin.show.registry import Query

_TYPES = {
    NextHopKind.LOCAL: "locl",
    NextHopKind.INTERFACE: "rslv",
    NextHopKind.DISCARD: "dscd",
    NextHopKind.REJECT: "rjct",
    NextHopKind.RECEIVE: "recv",
    NextHopKind.MULTIRECV: "mcst",
    NextHopKind.INDIRECT: "indr",
}
_HEADING = "Destination        Type RtRef Next hop           Type Index    NhRef Netif"
_ARGUMENTS = """
    destination:destination table:table family:family matching:matching
    brief detail extensive summary all logical-system:logical-system
"""


@shows("get-forwarding-table-information", "show route forwarding-table", _ARGUMENTS)
def forwarding_information(query: Query) -> Element:
    """One table per instance and family; only what forwards packets."""
    information = Element("forwarding-table-information", module="junos-routing")
    wanted = _wanted(query.get("destination"))
    for rib in tables(query.router):
        name, family = _names(rib.name)
        if not family or query.get("table") not in (None, name):
            continue
        table = information.add("route-table")
        table.add("table-name", name)
        table.add("address-family", family)
        for entry in entries_of(rib):
            if wanted is None or wanted.covers(entry.prefix):
                _add(table, entry, rib)
    return information


def _wanted(text: str | None) -> Prefix | None:
    try:
        return None if text is None else Prefix.parse(text)
    except ValueError:
        raise RpcError(
            f"invalid ip address or hostname: {text}", bad_element="destination"
        ) from None


def _names(rib: str) -> tuple[str, str]:
    if rib == MPLS:
        return "default", "MPLS"
    if rib == "inet.0":
        return "default", "Internet"
    instance, _, family = rib.partition(".")
    return instance, "Internet" if family == "inet.0" else ""


def _add(table: Element, entry: Entry, rib: Rib) -> None:
    route = entry.active
    if route is None:
        return
    element = table.add("rt-entry")
    element.add("rt-destination", destination(entry, rib.name))
    own = route.protocol in (Protocol.DIRECT, Protocol.LOCAL)
    element.add("destination-type", "intf" if own else "user")
    element.add("route-reference-count", 0)
    kind = _TYPES.get(route.kind, "ucst")
    if route.kind is NextHopKind.INDIRECT and route.bgp is not None:
        nh = element.add("nh")
        nh.add("nh-type", kind)
        nh.add("nh-index", indirect_index(rib.name, route.bgp.next_hop, route.bgp.vpn_label))
        nh.add("nh-reference-count", 2)
        kind = "ucst"
    for hop in route.next_hops:
        _add_hop(element.add("nh"), hop, kind)
    if not route.next_hops:
        nh = element.add("nh")
        nh.add("nh-type", kind)
        nh.add("nh-index", next_hop_index(kind))
        nh.add("nh-reference-count", 1)


def _add_hop(nh: Element, hop: NextHop, kind: str) -> None:
    operation = label_operation(hop).strip()
    nh.add_known(to=hop.to)
    nh.add("nh-type", operation or kind)
    nh.add("nh-index", next_hop_index(hop))
    nh.add("nh-reference-count", 2)
    nh.add_known(via=hop.via or hop.table)


@prints("forwarding-table-information")
def forwarding_text(information: Element) -> Iterator[str]:
    """One line per next hop; a second next hop leaves the destination blank."""
    for table in information.all("route-table"):
        family = table.value("address-family")
        suffix = "mpls" if family == "MPLS" else "inet"
        yield f"Routing table: {table.value('table-name')}.{suffix}"
        yield f"{family}:"
        yield _HEADING
        for entry in table.all("rt-entry"):
            lead = (
                f"{entry.value('rt-destination'):<18} {entry.value('destination-type')}"
                f" {entry.value('route-reference-count'):>5}"
            )
            for nh in entry.all("nh"):
                kind = nh.value("nh-type")
                yield (
                    f"{lead:<29} {nh.value('to'):<18} {kind}"
                    f" {nh.value('nh-index'):>{max(12 - len(kind), 1)}}"
                    f" {nh.value('nh-reference-count'):>5} {nh.value('via')}"
                ).rstrip()
                lead = ""
        yield ""
