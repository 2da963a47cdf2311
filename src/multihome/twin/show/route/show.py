"""The RPC behind `show route`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.registry import shows
from multihome.twin.show.route.brief import add_brief, add_terse
from multihome.twin.show.route.detail import Surroundings, add_detail
from multihome.twin.show.route.exchange import add_exchange
from multihome.twin.show.route.extensive import Extension
from multihome.twin.show.route.tables import add_counts, selected
from multihome.twin.show.route.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.routing.rib import Rib
    from multihome.twin.show.registry import Query
    from multihome.twin.show.route.tables import Shown

_ARGUMENTS = """
    <destination> exact best range longer terse brief detail extensive
    active-path inactive-path inactive-prefix all hidden private table:table protocol:protocol
    next-hop:next-hop source-gateway:source-gateway label:label community:community no-community
    community-name:community-name validation-state:validation-state
    aspath-regex:aspath-regex rd-prefix:rd-prefix match-prefix:match-prefix logical-system:logical-system
    receive-protocol:receive-protocol-name,peer advertising-protocol:advertising-protocol-name,neighbor
"""


@shows("get-route-information", "show route", _ARGUMENTS)
def route_information(query: Query) -> Element:
    """The routes of every table that pass the filters, in the style that was asked for."""
    information = Element("route-information", module="junos-routing")
    information.comment("keepalive")
    wanted = Wanted.of(query)
    if query.has("receive-protocol-name") or query.has("advertising-protocol-name"):
        add_exchange(information, query, wanted)
        return information
    style = query.level("terse", "detail", "extensive", "brief", default="brief")
    for rib, entries in selected(query.router, wanted):
        table = information.add("route-table")
        table.add("table-name", rib.name)
        add_counts(table, rib)
        add = _adder(style, query, rib)
        for shown in entries:
            add(table, shown)
    return information


def _adder(style: str, query: Query, rib: Rib) -> Callable[[Element, Shown], object]:
    name, now = rib.name, query.now
    if style == "terse":
        return lambda table, shown: add_terse(table, shown, name)
    if style == "brief":
        return lambda table, shown: add_brief(table, shown, name, now)
    around = Surroundings.of(query.router, rib, now)
    if style == "detail":
        return lambda table, shown: add_detail(table, shown, around)
    extension = Extension(around)
    return lambda table, shown: extension.add(add_detail(table, shown, around), shown)
