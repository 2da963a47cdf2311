"""`show route forwarding-table`: the active routes as the kernel has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.route import NextHopKind, Protocol
from multihome.twin.show.element import Element
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.reply import RpcError
from multihome.twin.show.route.handles import indirect_index, next_hop_index
from multihome.twin.show.route.tables import MPLS, destination, entries_of, tables
from multihome.twin.show.route.words import label_operation, marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import Entry, NextHop, Route
    from multihome.twin.show.device import Router
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
_HOST = 32
_FAMILIES = {"inet": "Internet", "mpls": "MPLS"}
_PERMANENT = {
    "Internet": (
        ("default", 0, 0, "rjct"),
        ("0.0.0.0/32", 0, 32, "dscd"),
        ("224.0.0.0/4", 0xE0000000, 4, "mdsc"),
        ("224.0.0.1/32", 0xE0000001, 32, "mcst"),
        ("255.255.255.255/32", 0xFFFFFFFF, 32, "bcst"),
    ),
    "MPLS": (("default", 0, 0, "dscd"),),
}
"""What the kernel holds in each table whatever the routes: name, address, length, next hop."""
_HEADING = "Destination        Type RtRef Next hop           Type Index    NhRef Netif"
_ARGUMENTS = """
    destination:destination label:label table:table family:family matching:matching
    brief detail extensive summary all logical-system:logical-system
"""


@shows("get-forwarding-table-information", "show route forwarding-table", _ARGUMENTS)
def forwarding_information(query: Query) -> Element:
    """One table per instance and family; only what forwards packets.

    Raises:
        RpcError: the destination is no prefix, or the family is unknown.
    """
    information = Element("forwarding-table-information", module="junos-routing")
    wanted = _wanted(query.get("destination"))
    only = _family(query.get("family"))
    for rib in tables(query.router):
        name, family = _names(rib.name)
        if not family or query.get("table") not in (None, name) or only not in (None, family):
            continue
        table = information.add("route-table")
        table.add("table-name", name)
        table.add("address-family", family)
        balanced = _balances(query.router, name)
        entries = [*_permanent(family), *_routes(rib, balanced=balanced)]
        if family != "MPLS":
            entries.sort(key=lambda each: (each[0].network, each[0].length))
        label = query.get("label")
        shown = [
            element
            for prefix, element in entries
            if (wanted is None or wanted.covers(prefix))
            and label in (None, element.value("rt-destination"))
        ]
        if not shown:
            information.children.remove(table)
        elif query.has("summary"):
            _add_summary(table, shown)
        else:
            table.children.extend(shown)
    return information


def _family(name: str | None) -> str | None:
    if name is not None and name not in _FAMILIES:
        raise RpcError("syntax error", bad_element=name)
    return None if name is None else _FAMILIES[name]


def _permanent(family: str) -> Iterator[tuple[Prefix, Element]]:
    for name, network, length, kind in _PERMANENT[family]:
        element = _entry(name, "perm")
        nh = element.add("nh")
        if kind == "mcst":
            nh.add("to", name.partition("/")[0])
        nh.add("nh-type", kind)
        nh.add("nh-index", next_hop_index(kind))
        nh.add("nh-reference-count", 1)
        yield Prefix(Address(network), length), element


def _add_summary(table: Element, entries: list[Element]) -> None:
    """How many entries there are of each type."""
    kinds = [entry.value("destination-type") for entry in entries]
    for kind in dict.fromkeys(("user", "perm", "intf", *kinds)):
        if kind in kinds:
            summary = table.add("route-table-summary")
            summary.add("route-table-type", kind)
            summary.add("route-count", kinds.count(kind))


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


def _entry(name: str, kind: str) -> Element:
    element = Element("rt-entry")
    element.add("rt-destination", name)
    element.add("destination-type", kind)
    element.add("route-reference-count", 0)
    return element


def _balances(router: Router, instance: str) -> bool:
    """Whether an export policy of the forwarding table installs every equal next hop."""
    found = (router.config.instances.get(name) for name in (instance, "master"))
    return any(each is not None and each.forwarding_export for each in found)


def _routes(rib: Rib, *, balanced: bool) -> Iterator[tuple[Prefix, Element]]:
    for entry in entries_of(rib):
        if entry.active is not None:
            yield entry.prefix, _route(entry, entry.active, rib, balanced=balanced)


def _route(entry: Entry, route: Route, rib: Rib, *, balanced: bool) -> Element:
    own = route.protocol in (Protocol.DIRECT, Protocol.LOCAL)
    element = _entry(destination(entry, rib.name), "intf" if own else "user")
    kind = _TYPES.get(route.kind, "ucst")
    if route.kind is NextHopKind.INDIRECT and route.bgp is not None:
        nh = element.add("nh")
        nh.add("nh-type", kind)
        nh.add("nh-index", indirect_index(rib.name, route.bgp.next_hop, route.bgp.vpn_label))
        nh.add("nh-reference-count", 2)
        kind = "ucst"
    if balanced and len(route.next_hops) > 1:
        nh = element.add("nh")
        nh.add("nh-type", "ulst")
        nh.add("nh-index", indirect_index(*route.next_hops))
        nh.add("nh-reference-count", 2)
    if is_host_route(route):
        kind = _TYPES[NextHopKind.LOCAL]
    for hop, used in marked(route):
        if used or balanced:
            _add_hop(element.add("nh"), hop, kind, entry)
    if not route.next_hops:
        nh = element.add("nh")
        nh.add("nh-type", kind)
        nh.add("nh-index", next_hop_index(kind))
        nh.add("nh-reference-count", 1)
    return element


def is_host_route(route: Route) -> bool:
    """Whether it is the whole subnet of a loopback, which is the router itself."""
    return route.protocol is Protocol.DIRECT and route.prefix.length == _HOST


def _add_hop(nh: Element, hop: NextHop, kind: str, entry: Entry) -> None:
    """The router's own address is its own next hop, on no interface."""
    operation = label_operation(hop).strip()
    local = kind == _TYPES[NextHopKind.LOCAL]
    nh.add_known(to=Address(entry.prefix.network) if local else hop.to)
    nh.add("nh-type", operation or kind)
    nh.add("nh-index", next_hop_index(hop))
    nh.add("nh-reference-count", 2)
    if not local:
        nh.add_known(via=hop.via or hop.table)


@prints("forwarding-table-information")
def forwarding_text(information: Element) -> Iterator[str]:
    """One line per next hop; a second next hop leaves the destination blank."""
    for table in information.all("route-table"):
        family = table.value("address-family")
        suffix = "mpls" if family == "MPLS" else "inet"
        yield f"Routing table: {table.value('table-name')}.{suffix}"
        yield f"{family}:"
        for summary in table.all("route-table-summary"):
            kind, count = summary.value("route-table-type"), summary.value("route-count")
            yield f"{kind:>16}: {count:>10} routes"
        if table.has("rt-entry"):
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
