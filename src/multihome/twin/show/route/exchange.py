"""`show route receive-protocol bgp PEER` and `advertising-protocol`: the two ends of a session.

Received routes are shown as they came, before import policy; advertised ones as they
leave, after export policy.  Styles `bgp-brief` and `bgp-detail`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.show.element import Element, junos
from multihome.twin.show.reply import RpcError
from multihome.twin.show.route.detail import add_entry_counts
from multihome.twin.show.route.tables import VPN, add_counts, tables
from multihome.twin.show.route.words import (
    add_communities,
    as_path,
    sent_as_path,
    sent_as_path_in_brief,
)

if TYPE_CHECKING:
    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import Entry, Route
    from multihome.twin.show.device import Router
    from multihome.twin.show.registry import Query
    from multihome.twin.show.route.wanted import Wanted
    from multihome.twin.views import BgpPeerView


class Exchange(NamedTuple):
    """One direction of one session."""

    peer: BgpPeerView
    received: bool
    detailed: bool


def add_exchange(information: Element, query: Query, wanted: Wanted) -> None:
    """A `route-table` for each table, with the routes that went over the session.

    Received routes name every table, as it might have held some; advertised ones only the
    tables that something left.
    """
    exchange = _exchange(query)
    router = query.router
    by_table = (
        _received(router, exchange.peer) if exchange.received else _sent(router, exchange.peer)
    )
    for rib in tables(query.router):
        if not rib.name.startswith(wanted.table):
            continue
        routes = [
            route
            for route in by_table.get(rib.name, ())
            if _is_wanted(route, rib, wanted, received=exchange.received)
        ]
        if not routes and not exchange.received:
            continue
        table = information.add("route-table")
        table.add("table-name", rib.name)
        add_counts(table, rib)
        for route in routes:
            _add_route(table, route, rib, exchange)


def _exchange(query: Query) -> Exchange:
    received = query.has("receive-protocol-name")
    name, who = (
        ("receive-protocol-name", "peer") if received else ("advertising-protocol-name", "neighbor")
    )
    if query.get(name) != "bgp":
        raise RpcError("syntax error", bad_element=query.get(name))
    text = query.get(who)
    if text is None:
        raise RpcError(
            f"missing mandatory argument: {who}",
            bad_element=who,
            tag="missing-element",
            kind="application",
        )
    peers = (peer for peer in query.router.bgp.peers() if str(peer.address) == text)
    peer = next(peers, None)
    if peer is None:
        raise RpcError(f"BGP neighbor {text} not found", bad_element=who)
    return Exchange(peer, received, query.level("detail", "extensive", default="brief") != "brief")


def _received(router: Router, peer: BgpPeerView) -> dict[str, list[Route]]:
    """What came in, in the table it came into and in the instances that imported it."""
    by_table: dict[str, list[Route]] = {}
    for route in router.bgp.received(peer):
        table = VPN if route.rd is not None else _unicast(peer)
        by_table.setdefault(table, []).append(route)
    if VPN in by_table:
        for rib in router.ribs.values():
            copies = [
                route
                for entry in rib.entries()
                for route in entry.routes
                if route.primary_table == VPN and route.learned_from == peer.address
            ]
            if copies and rib.name != VPN:
                by_table[rib.name] = copies
    return _in_order(by_table)


def _sent(router: Router, peer: BgpPeerView) -> dict[str, list[Route]]:
    """What goes out: VPN routes from the instance, or from the main VPN table.

    A route reflector advertises from `bgp.l3vpn.0`, as does a router configured to
    (`advertise-from-main-vpn-tables`).
    """
    master = router.config.instances.get(MASTER)
    configured = master is not None and master.bgp.advertise_from_main_vpn_tables
    reflects = configured or any(each.cluster is not None for each in router.bgp.peers())
    of_rd = {
        instance.route_distinguisher: instance.table
        for instance in router.config.instances.values()
    }
    by_table: dict[str, list[Route]] = {}
    for route in router.bgp.advertised(peer):
        main = VPN if reflects else of_rd.get(route.rd, VPN)
        table = _unicast(peer) if route.rd is None else main
        by_table.setdefault(table, []).append(route)
    return _in_order(by_table)


def _in_order(by_table: dict[str, list[Route]]) -> dict[str, list[Route]]:
    for held in by_table.values():
        held.sort(key=lambda route: (route.rd or "", route.prefix))
    return by_table


def _unicast(peer: BgpPeerView) -> str:
    return "inet.0" if peer.instance == MASTER else f"{peer.instance}.inet.0"


def _is_wanted(route: Route, rib: Rib, wanted: Wanted, *, received: bool) -> bool:
    asked = wanted.destination
    if received and wanted.hidden != "too":
        hidden = _is_hidden(route, rib.entry(route.prefix, route.rd if rib.name == VPN else None))
        if hidden != (wanted.hidden == "only"):
            return False
    if asked is None:
        return True
    if asked.covers(route.prefix):
        return True
    if wanted.match == "exact" or not route.prefix.covers(asked):
        return False
    best = rib.lookup(Address(asked.network))
    return best is not None and best.prefix == route.prefix


def _add_route(table: Element, route: Route, rib: Rib, exchange: Exchange) -> None:
    rd = route.rd if rib.name == VPN else None
    entry = rib.entry(route.prefix, rd)
    style = "bgp-detail" if exchange.detailed else "bgp-brief"
    rt = table.add("rt", attributes=junos(style=style))
    name = f"{rd}:{route.prefix}" if rd else str(route.prefix)
    if exchange.detailed:
        prefix, _, length = name.partition("/")
        rt.add("rt-destination", prefix)
        rt.add("rt-prefix-length", length)
        if entry is not None:
            add_entry_counts(rt, entry, rib.name)
        _detail(rt.add("rt-entry"), route, entry, exchange)
    else:
        rt.add("rt-destination", name)
        _brief(rt.add("rt-entry"), route, entry, exchange)


def _is_hidden(route: Route, entry: Entry | None) -> bool:
    """Whether what became of the route in the table is hidden there."""
    if route.hidden is not None:
        return True
    held = entry.routes if entry else ()
    own = [copy for copy in held if copy.learned_from == route.learned_from]
    return bool(own) and all(copy.hidden is not None for copy in own)


def _brief(element: Element, route: Route, entry: Entry | None, exchange: Exchange) -> None:
    _activity(element, route, entry, exchange)
    if route.bgp is None:
        return
    element.add_known(med=route.bgp.med, local_preference=_local_preference(route, exchange))
    element.add("as-path", f"{_path(route, exchange)}\n")
    element.add("nh").add("to", _next_hop(route, exchange))


def _detail(element: Element, route: Route, entry: Entry | None, exchange: Exchange) -> None:
    _activity(element, route, entry, exchange)
    if route.bgp is None:
        return
    peer, attributes = exchange.peer, route.bgp
    if exchange.received:
        _acceptance(element, route, entry)
    else:
        kind = "External" if peer.external else "Internal"
        element.add("bgp-group-name", f"{peer.group} type {kind}")
    element.add_known(
        route_distinguisher=attributes.route_distinguisher, vpn_label=attributes.vpn_label
    )
    element.add("nh").add("to", _next_hop(route, exchange))
    if not exchange.received and _next_hop(route, exchange) == "Self":
        element.add("bgp-metric-flags", "Nexthop Change")
    element.add_known(med=attributes.med, local_preference=_local_preference(route, exchange))
    element.add("as-path", f"AS path: {_path(route, exchange)}\n")
    if attributes.cluster_list:
        element.add("cluster-id", " ".join(str(cluster) for cluster in attributes.cluster_list))
    element.add_known(originator=attributes.originator_id)
    add_communities(element, attributes.communities)


def _acceptance(element: Element, route: Route, entry: Entry | None) -> None:
    if _is_hidden(route, entry):
        element.add_known(hidden_reason=route.hidden or _reason(route, entry))
    else:
        element.add("bgp-rt-flag", "Accepted")


def _reason(route: Route, entry: Entry | None) -> str | None:
    held = entry.routes if entry else ()
    return next((copy.hidden for copy in held if copy.learned_from == route.learned_from), None)


def _activity(element: Element, route: Route, entry: Entry | None, exchange: Exchange) -> None:
    """A star if the route is active in the table, received or sent."""
    active = entry.active if entry else None
    own = active is not None and (
        active.learned_from == exchange.peer.address
        if exchange.received
        else active.learned_from == route.learned_from and active.protocol == route.protocol
    )
    starred = own or (not exchange.received and active is not None)
    element.add("active-tag", "*" if starred else " ")
    element.flag("current-active", starred)
    element.flag("last-active", starred)


def _local_preference(route: Route, exchange: Exchange) -> int | None:
    """Carried between internal peers alone (RFC 4271 section 5.1.5)."""
    return None if exchange.peer.external or route.bgp is None else route.bgp.local_preference


def _path(route: Route, exchange: Exchange) -> str:
    if route.bgp is None:
        return ""
    if exchange.received:
        return as_path(route.bgp)
    said = sent_as_path if exchange.detailed else sent_as_path_in_brief
    return said(route.bgp, exchange.peer.local_as)


def _next_hop(route: Route, exchange: Exchange) -> str:
    if route.bgp is None:
        return ""
    if not exchange.received and route.bgp.next_hop == exchange.peer.local_address:
        return "Self"
    return str(route.bgp.next_hop)
