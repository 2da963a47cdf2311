"""`show ospf route`: what the computation found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix
from multihome.twin.routing.route import NextHopKind, Protocol
from multihome.twin.show.element import Element
from multihome.twin.show.ospf.running import ARGUMENTS, NOT_RUNNING, configured, is_wanted
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.igp import Ospf
    from multihome.twin.routing.route import NextHop, Route
    from multihome.twin.show.registry import Query

_TITLE = "Topology default Route Table:"
_HEADING = (
    "Prefix             Path  Route      NH       Metric NextHop       Nexthop      ",
    "                   Type  Type       Type            Interface     Address/LSP",
)


@shows(
    "get-ospf-route-information",
    "show ospf route",
    f"<destination> network router abr asbr extern intra inter detail brief {ARGUMENTS}",
)
def route_information(query: Query) -> Element:
    """The routers that are reached, the networks, and what is outside."""
    ospf = configured(query)
    if ospf is None:
        return output(NOT_RUNNING)
    information = Element("ospf-route-information", module="junos-routing")
    table = information.add("ospf-topology-route-table")
    table.add("ospf-topology-name", "default")
    routes = [route for route in _routes(query) if route.kind is not NextHopKind.MULTIRECV]
    for element in (*_routers(query, routes), *_networks(query, routes, ospf)):
        entry = element.value("ospf-route-entry/address-prefix")
        if query.get("destination") in (None, entry, entry.partition("/")[0]):
            table.children.append(element)
    return information


def _routes(query: Query) -> Iterator[Route]:
    instance = query.get("instance") or "master"
    rib = query.router.ribs.get("inet.0" if instance == "master" else f"{instance}.inet.0")
    for entry in rib.entries() if rib else ():
        yield from (route for route in entry.routes if route.protocol is Protocol.OSPF)


def _routers(query: Query, routes: list[Route]) -> Iterator[Element]:
    """Routers whose ID is an address that they announce, so that its route leads to them."""
    if not _asked(query, "router", "abr", "asbr"):
        return
    reached = {route.prefix: route for route in routes}
    for lsa in query.router.ospf.database(query.get("instance") or "master"):
        route = reached.get(Prefix(lsa.advertiser, 32))
        if lsa.kind == "Router" and not lsa.own and route is not None:
            kind = "AS BR" if lsa.external else "Router"
            if query.has("asbr") <= lsa.external:
                metric = route.metric or 0
                yield _entry(lsa.advertiser, ("Intra", kind), metric, route.next_hops)


def _networks(query: Query, routes: list[Route], ospf: Ospf) -> Iterator[Element]:
    """Those of the router's own interfaces among them, which are no routes of OSPF."""
    if not _asked(query, "network", "intra", "extern"):
        return
    found: list[tuple[Prefix, str, int, tuple[NextHop, ...], str]] = []
    for route in routes:
        outside = route.preference == ospf.external_preference
        path = "Ext2" if outside else "Intra"
        found.append((route.prefix, path, route.metric or 0, route.next_hops, ""))
    views = {view.name: view for view in query.router.interfaces.views()}
    for own in query.router.ospf.interfaces():
        view = views.get(own.name)
        if view is not None and is_wanted(query, own.name) and own.state != "Down":
            prefixes = [Prefix.of(address, length) for address, length in view.addresses]
            found += [(prefix, "Intra", own.cost, (), own.name) for prefix in prefixes]
    for prefix, path, metric, hops, via in sorted(found, key=lambda each: each[0]):
        if query.has("extern") <= (path == "Ext2"):
            yield _entry(prefix, (path, "Network"), metric, hops, via)


def _asked(query: Query, *kinds: str) -> bool:
    """Whether one of these kinds was asked for, or none at all."""
    known = ("network", "router", "abr", "asbr", "extern", "intra", "inter")
    asked = [kind for kind in known if query.has(kind)]
    return not asked or any(kind in kinds for kind in asked)


def _entry(
    where: Address | Prefix,
    kinds: tuple[str, str],
    metric: int,
    hops: tuple[NextHop, ...],
    via: str = "",
) -> Element:
    route = Element("ospf-route")
    entry = route.add("ospf-route-entry")
    entry.add("address-prefix", where)
    entry.add("route-path-type", kinds[0])
    entry.add("route-type", kinds[1])
    entry.add("next-hop-type", "IP")
    entry.add("interface-cost", metric)
    for to, name in [(hop.to, hop.via) for hop in hops] or [(None, via)]:
        held = entry.add("ospf-next-hop")
        held.add("next-hop-name").add("interface-name", name)
        if to is not None:
            held.add("next-hop-address").add("interface-address", to)
    return route


@prints("ospf-route-information")
def route_text(information: Element) -> Iterator[str]:
    """A line per next hop."""
    yield _TITLE
    yield ""
    yield from _HEADING
    for table in information.all("ospf-topology-route-table"):
        for route in table.all("ospf-route"):
            yield from _lines(route.first("ospf-route-entry") or route)


def _lines(entry: Element) -> Iterator[str]:
    value = entry.value
    lead = (
        f"{value('address-prefix'):<19}{value('route-path-type'):<6}{value('route-type'):<11}"
        f"{value('next-hop-type'):<9}{value('interface-cost'):>6} "
    )
    for hop in entry.all("ospf-next-hop"):
        name = hop.value("next-hop-name/interface-name")
        yield f"{lead}{name:<13} {hop.value('next-hop-address/interface-address')}".rstrip()
        lead = f"{'':{len(lead)}}"
