"""`show vrrp`: summary, brief, detail and extensive, and `show vrrp interface`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import shows
from multihome.twin.show.vrrp.detail import add_detail
from multihome.twin.show.vrrp.extensive import add_extensive
from multihome.twin.show.words import not_needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.twin.show.registry import Query
    from multihome.twin.views import VrrpView

_LEVELS = "summary brief detail extensive logical-system:logical-system"


@shows("get-vrrp-information", "show vrrp", _LEVELS)
def vrrp_information(query: Query) -> Element:
    """Every group; `brief` unless another level was asked for."""
    level = query.level("summary", "detail", "extensive", "brief", default="brief")
    return _information(query, query.router.vrrp.groups(), level)


@shows(
    "get-vrrp-interface-information",
    "show vrrp interface",
    f"<interface-name>! group:group {_LEVELS}",
)
def vrrp_interface(query: Query) -> Element:
    """The groups of one interface, physical or logical; `extensive` by default."""
    name, number = query.get("interface-name") or "", query.get("group")
    groups = [
        group
        for group in query.router.vrrp.groups()
        if name in (group.interface, group.interface.partition(".")[0])
        and number in (None, str(group.group))
    ]
    level = query.level("summary", "brief", "detail", default="extensive")
    return _information(query, groups, level)


def _information(query: Query, groups: Sequence[VrrpView], level: str) -> Element:
    if not query.router.vrrp.groups():
        return not_needed("vrrp")
    information = Element("vrrp-information", attributes=junos(style=level), module="junos-vrrpd")
    interfaces = {view.name: view for view in query.router.interfaces.views()}
    for group in groups:
        element = information.add("vrrp-interface")
        if level in ("summary", "brief"):
            _add_line(element, group, timer=level == "brief")
            continue
        view = interfaces.get(group.interface)
        if level == "extensive":
            add_extensive(element, group, groups, view)
        add_detail(element, group, view, query.now, extensive=level == "extensive")
    return information


def _add_line(element: Element, group: VrrpView, *, timer: bool) -> None:
    element.add("interface", group.interface)
    element.add("interface-state", "up" if group.unit_up else "down")
    element.add("group", group.group)
    element.add("vrrp-state", group.state)
    element.add("vrrp-mode", "Active")
    if timer:
        name, seconds = timer_of(group)
        element.add("timer-name", name)
        element.add("timer-value", f"{seconds:.3f}")
    element.add("local-interface-address", group.local_address)
    for virtual in group.virtual_addresses:
        element.add("virtual-ip-address", virtual)


def timer_of(group: VrrpView) -> tuple[str, float]:
    """`A` until the master's next advertisement, `D` until a backup's master is dead, `N` none."""
    if group.state == "master":
        return "A", group.advertisement_timer
    if group.state == "backup":
        return "D", group.dead_timer
    return "N", 0.0
