"""`show vrrp track`: what groups track, an RPC of its own with the same root element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import shows
from multihome.twin.show.vrrp.detail import incurred, speed_of, state_of
from multihome.twin.show.words import not_needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import VrrpTrackView, VrrpView

_INTERFACES = "Track Int    State       Speed   VRRP Int       Group   VR State       Current prio"
_ROUTES = "Track route              State       Cost    VRRP Int       Group   Cfg Run   VR State"


@shows(
    "get-vrrp-track-interfaces",
    "show vrrp track",
    "summary detail logical-system:logical-system",
)
def track_information(query: Query) -> Element:
    """Every tracked interface and route, with the group whose priority hangs on it."""
    groups = query.router.vrrp.groups()
    if not groups:
        return not_needed("vrrp")
    detailed = query.has("detail")
    style = junos(style="track-detail" if detailed else "track")
    information = Element("vrrp-information", attributes=style, module="junos-vrrpd")
    for group in groups:
        for track in group.tracks:
            element = information.add("vrrp-interface")
            if track.kind == "interface":
                _add_interface(element, group, track, detailed=detailed)
            else:
                _add_route(element.add("track-route-entry"), group, track)
    return information


def _add_interface(
    element: Element, group: VrrpView, track: VrrpTrackView, *, detailed: bool
) -> None:
    element.add("tracked-interface", track.name)
    element.add("interface-state", state_of(track))
    element.add("interface-speed", speed_of(track.name))
    if detailed:
        element.add("current-priority-cost", incurred(track))
    element.add("interface", group.interface)
    element.add("group", group.group)
    element.add("vrrp-state", group.state)
    element.add("current-priority", group.current_priority)
    if detailed:
        element.add("configured-priority", group.configured_priority)
        element.add("priority-hold-time", "disabled")


def _add_route(element: Element, group: VrrpView, track: VrrpTrackView) -> None:
    element.add("route-addr", track.name)
    element.add("route-state", state_of(track))
    element.add("route-priority", track.priority_cost)
    element.add("interface", group.interface)
    element.add("group", group.group)
    element.add("configured-priority", group.configured_priority)
    element.add("current-priority", group.current_priority)
    element.add("vrrp-state", group.state)


def track_lines(information: Element) -> Iterator[str]:
    """Interfaces in one table, routes in another."""
    groups = list(information.all("vrrp-interface"))
    interfaces = [group for group in groups if group.has("tracked-interface")]
    if interfaces:
        yield _INTERFACES
    for group in interfaces:
        value = group.value
        yield (
            f"{value('tracked-interface'):<13}{value('interface-state'):<12}"
            f"{value('interface-speed'):<8}{value('interface'):<13}{value('group'):>7}   "
            f"{value('vrrp-state'):<15}{value('current-priority'):>12}"
        )
        if group.has("current-priority-cost"):
            yield (
                f"  Incurred priority cost: {value('current-priority-cost')},"
                f" Configured priority: {value('configured-priority')}"
            )
    routes = [entry for group in groups for entry in group.all("track-route-entry")]
    if routes:
        yield _ROUTES
    for entry in routes:
        value = entry.value
        yield (
            f"{value('route-addr'):<25}{value('route-state'):<12}{value('route-priority'):<8}"
            f"{value('interface'):<13}{value('group'):>7}   {value('configured-priority'):<4}"
            f"{value('current-priority'):<6}{value('vrrp-state')}"
        )
