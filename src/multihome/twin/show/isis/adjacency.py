"""`show isis adjacency`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.isis.running import ARGUMENTS, NOT_RUNNING, configured
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import IsisAdjacencyView

_HEADING = "Interface             System         L State        Hold (secs) SNPA"
_PRIORITY = 64


@shows(
    "get-isis-adjacency-information",
    "show isis adjacency",
    f"<system-id> brief detail extensive {ARGUMENTS}",
)
def adjacency_information(query: Query) -> Element:
    """Every adjacency, or those with one system."""
    if configured(query) is None:
        return output(NOT_RUNNING)
    level = query.level("detail", "extensive", "brief", default="brief")
    information = Element(
        "isis-adjacency-information", attributes=junos(style=level), module="junos-routing"
    )
    wanted = query.get("system-id")
    for view in query.router.isis.adjacencies():
        if wanted in (None, view.system_name, view.system_id):
            add = _add_brief if level == "brief" else _add_detail
            add(information.add("isis-adjacency"), view, query)
            if level == "extensive":
                _add_log(next(reversed(information.children)), view, query)
    return information


def _add_brief(element: Element, view: IsisAdjacencyView, _: Query) -> None:
    element.add("interface-name", view.interface)
    element.add("system-name", view.system_name or view.system_id)
    element.add("level", view.level)
    element.add("adjacency-state", view.state)
    element.add("holdtime", int(view.hold_time))


def _add_detail(element: Element, view: IsisAdjacencyView, query: Query) -> None:
    age = max(int(query.now - view.since), 0)
    element.add("system-name", view.system_name or view.system_id)
    element.add("interface-name", view.interface)
    element.add("level", view.level)
    element.add("adjacency-state", view.state)
    element.add("holdtime", int(view.hold_time))
    element.add("interface-priority", 0 if view.point_to_point else _PRIORITY)
    element.add("transition-count", view.transitions)
    element.add("last-transition-time", clock_age(age), junos(seconds=age))
    element.add("circuit-type", view.level)
    element.add("adjacency-flag", "Speaks: IP")
    element.add("adjacency-topologies", "Unicast")
    element.add("adjacency-restart-capable", "yes")
    element.add("adjacency-advertisement", "advertise")
    element.add_known(ip_address=view.address)


def _add_log(element: Element, view: IsisAdjacencyView, query: Query) -> None:
    """The last transition; earlier ones are counted and not remembered."""
    log = element.add("isis-adjacency-log")
    when = query.device.now() - timedelta(seconds=max(query.now - view.since, 0))
    log.add("adjacency-when", f"{when:%a %b %e %H:%M:%S}")
    log.add("adjacency-state", view.state)
    log.add("adjacency-event", "Seenself" if view.state == "Up" else "Interface Down")


@prints("isis-adjacency-information")
def adjacency_text(information: Element) -> Iterator[str]:
    """A table, or a paragraph per adjacency."""
    if information.attributes.get("junos:style") == "brief":
        yield _HEADING
    for adjacency in information.all("isis-adjacency"):
        value = adjacency.value
        if not adjacency.has("transition-count"):
            yield (
                f"{value('interface-name'):<21} {value('system-name'):<14} {value('level')}  "
                f"{value('adjacency-state'):<12}{value('holdtime'):>11}"
            )
            continue
        yield value("system-name")
        yield from (f"  {line}" for line in _detail_lines(adjacency))
        yield ""


def _detail_lines(adjacency: Element) -> Iterator[str]:
    value = adjacency.value
    yield (
        f"Interface: {value('interface-name')}, Level: {value('level')},"
        f" State: {value('adjacency-state')}, Expires in {value('holdtime')} secs"
    )
    yield (
        f"Priority: {value('interface-priority')},"
        f" Up/Down transitions: {value('transition-count')},"
        f" Last transition: {value('last-transition-time')} ago"
    )
    yield f"Circuit type: {value('circuit-type')}, {value('adjacency-flag')}"
    yield f"Topologies: {value('adjacency-topologies')}"
    yield (
        f"Restart capable: {value('adjacency-restart-capable').capitalize()},"
        f" Adjacency advertisement: {value('adjacency-advertisement').capitalize()}"
    )
    if adjacency.has("ip-address"):
        yield f"IP addresses: {value('ip-address')}"
    for number, log in enumerate(adjacency.all("isis-adjacency-log")):
        if number == 0:
            yield "Transition log:"
            yield "When                  State        Event           Down reason"
        yield (
            f"{log.value('adjacency-when'):<22}{log.value('adjacency-state'):<13}"
            f"{log.value('adjacency-event')}"
        )
