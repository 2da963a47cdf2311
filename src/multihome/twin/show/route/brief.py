"""`show route` and `show route terse`: one entry per route, as `junos:style` brief or terse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.route import NextHopKind, Protocol
from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.route.tables import Shown, destination
from multihome.twin.show.route.words import (
    SPECIAL,
    UNVERIFIED,
    active_tag,
    as_path,
    label_operation,
    marked,
)

if TYPE_CHECKING:
    from multihome.twin.routing.route import Entry, NextHop, Route


def add_brief(table: Element, shown: Shown, name: str, now: float) -> None:
    """One `rt` in style brief."""
    rt = table.add("rt", attributes=junos(style="brief"))
    rt.add("rt-destination", destination(shown.entry, name))
    for route in shown.routes:
        _brief_entry(rt, route, shown.entry, now)


def add_activity(element: Element, route: Route, entry: Entry) -> None:
    """The active tag and the flags behind it."""
    element.add("active-tag", active_tag(route, entry))
    if route is entry.active:
        element.flag("current-active")
        element.flag("last-active")


def _brief_entry(rt: Element, route: Route, entry: Entry, now: float) -> None:
    element = rt.add("rt-entry")
    add_activity(element, route, entry)
    age = max(int(now - route.installed), 0)
    element.add("protocol-name", route.protocol)
    element.add("preference", route.preference)
    element.add("age", clock_age(age), junos(seconds=age))
    if route.bgp is None or route.protocol is not Protocol.BGP:
        element.add_known(metric=route.metric, metric2=route.metric2, rt_tag=route.tag)
    else:
        element.add_known(med=route.bgp.med, local_preference=route.bgp.local_preference)
        if all(hop.to != route.learned_from for hop in route.next_hops):
            element.add_known(learned_from=route.learned_from)
        element.add("as-path", f"{as_path(route.bgp)}\n")
        element.add("validation-state", UNVERIFIED)
    _brief_next_hops(element, route)


def _brief_next_hops(element: Element, route: Route) -> None:
    if route.kind is NextHopKind.LOCAL:
        element.add("nh-type", "Local")
        for hop in route.next_hops:
            element.add("nh").add("nh-local-interface", hop.via)
    elif route.kind in SPECIAL:
        element.add("nh-type", SPECIAL[route.kind])
    else:
        for hop, used in marked(route):
            _brief_next_hop(element.add("nh"), hop, selected=used)


def _brief_next_hop(nh: Element, hop: NextHop, *, selected: bool) -> None:
    if hop.table is not None:
        nh.add("nh-table", hop.table)
    else:
        nh.flag("selected-next-hop", selected)
        nh.add_known(to=hop.to, via=hop.via)
    nh.add_known(mpls_label=label_operation(hop) or None)


def add_terse(table: Element, shown: Shown, name: str) -> None:
    """One `rt` in style terse; a BGP route's metrics are its local preference and its MED."""
    rt = table.add("rt", attributes=junos(style="terse"))
    rt.add("rt-destination", destination(shown.entry, name))
    for route in shown.routes:
        element = rt.add("rt-entry")
        add_activity(element, route, shown.entry)
        element.add("validation-state", UNVERIFIED if route.bgp else "?")
        element.add("protocol-name", str(route.protocol)[0])
        element.add("preference", route.preference)
        if route.bgp is None:
            element.add_known(metric=route.metric, metric2=route.metric2)
        else:
            element.add_known(metric=route.bgp.local_preference, metric2=route.bgp.med)
        if route.kind is NextHopKind.LOCAL:
            element.add("nh-type", "Local")
        elif route.kind in SPECIAL:
            element.add("nh-type", SPECIAL[route.kind])
        if route.bgp is not None:
            element.add("as-path", f"{as_path(route.bgp)}\n")
        if not element.has("nh-type"):
            for hop, used in marked(route):
                _brief_next_hop(element.add("nh"), hop, selected=used)
