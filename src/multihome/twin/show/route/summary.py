"""`show route summary`: how many routes each protocol has in each table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from multihome.twin.routing.route import Protocol
from multihome.twin.show.element import Element
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.route.tables import add_counts, tables
from multihome.twin.show.route.text import header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query


@shows(
    "get-route-summary-information",
    "show route summary",
    "table:table logical-system:logical-system",
)
def summary_information(query: Query) -> Element:
    """Per table and protocol: routes, and those of them that are active."""
    router = query.router
    information = Element("route-summary-information", module="junos-routing")
    master = router.config.instances.get("master")
    if master is not None:
        information.add_known(as_number=master.autonomous_system)
    information.add_known(router_id=router.router_id("master"))
    for rib in tables(router):
        if not rib.name.startswith(query.get("table") or ""):
            continue
        table = information.add("route-table")
        table.add("table-name", rib.name)
        add_counts(table, rib)
        entries = list(rib.entries())
        total = Counter(route.protocol for entry in entries for route in entry.routes)
        active = Counter(entry.active.protocol for entry in entries if entry.active)
        for protocol in Protocol:
            if total[protocol]:
                protocols = table.add("protocols")
                protocols.add("protocol-name", protocol)
                protocols.add("protocol-route-count", total[protocol])
                protocols.add("active-route-count", active[protocol])
    return information


@prints("route-summary-information")
def summary_text(information: Element) -> Iterator[str]:
    """The AS, the router ID, then each table."""
    if information.has("as-number"):
        yield f"Autonomous system number: {information.value('as-number')}"
    if information.has("router-id"):
        yield f"Router ID: {information.value('router-id')}"
    for table in information.all("route-table"):
        yield ""
        yield header(table)
        for protocols in table.all("protocols"):
            yield (
                f"{protocols.value('protocol-name'):>20}:"
                f" {protocols.value('protocol-route-count'):>6} routes,"
                f" {protocols.value('active-route-count'):>6} active"
            )
    yield ""
