"""`show vrrp detail`: one group with its timers, its priorities and what it tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import uptime
from multihome.twin.show.interface.words import local_index

if TYPE_CHECKING:
    from multihome.twin.show.element import Element
    from multihome.twin.views import InterfaceView, VrrpTrackView, VrrpView

VERSION = 2
_THRESHOLD = 3
"""Advertisements missed before the master counts as down (RFC 3768 section 6.1)."""


def add_detail(
    element: Element,
    group: VrrpView,
    interface: InterfaceView | None,
    now: float,
    *,
    extensive: bool = False,
) -> None:
    """Add the leaves of one group to its `vrrp-interface`."""
    _add_place(element, group, interface)
    element.add("vrrp-traps", "disabled")
    element.add("vrrp-version", VERSION)
    element.add("interface-state", "up" if group.unit_up else "down")
    element.add("group", group.group)
    element.add("vrrp-state", group.state)
    element.add("vrrp-mode", "Active")
    element.add("group-priority", group.configured_priority)
    element.add("advertisement-interval", seconds(group.advertise_interval))
    element.add("authentication-type", "none")
    element.add("advertisement-threshold", _THRESHOLD)
    element.add("computed-send-rate", 0)
    element.add("preempt", "yes" if group.preempt else "no")
    if group.preempt_hold_time:
        element.add("preempt-hold-time", seconds(group.preempt_hold_time))
    element.add("accept-data-mode", "yes" if group.accept_data else "no")
    element.add("vip-count", len(group.virtual_addresses))
    for virtual in group.virtual_addresses:
        element.add("vip", virtual)
    _add_mastership(element, group, now)
    _add_tracking(element, group, extensive=extensive)


def seconds(value: float) -> str:
    """`1`, or `0.200` for a part of a second."""
    return f"{value:.0f}" if value == int(value) else f"{value:.3f}"


def physical_and_unit(interface: str) -> tuple[str, str]:
    """`xe-2/0/1.150` as its two parts."""
    physical, _, unit = interface.partition(".")
    return physical, unit or "0"


def _add_place(element: Element, group: VrrpView, interface: InterfaceView | None) -> None:
    physical, unit = physical_and_unit(group.interface)
    lengths = dict(interface.addresses) if interface is not None else {}
    address = f"{group.local_address}/{lengths.get(group.local_address, 32)}"
    if group.vlan is None:
        element.add("physical-interface", physical)
        element.add("unit", unit)
        element.add("address", address)
    else:
        vlan = element.add("vrrp-vlan")
        vlan.add("physical-interface", physical)
        vlan.add("unit", unit)
        vlan.add("vlan-id", group.vlan)
        vlan.add("vlan-address", address)
    element.add("index", local_index(interface) if interface is not None else 0)
    element.add("snmp-interface-index", interface.index if interface is not None else 0)


def _add_mastership(element: Element, group: VrrpView, now: float) -> None:
    if group.state == "master":
        element.add("advertisement-timer", f"{group.advertisement_timer:.3f}s")
    elif group.state == "backup":
        element.add("dead-timer", f"{group.dead_timer:.3f}s")
        element.add_known(master_priority=group.master_priority)
    element.add("master-router", "N/A" if group.master_address is None else group.master_address)
    if group.state == "init":
        return
    element.add("virtual-router-uptime", uptime(now - group.since))
    if group.master_since is not None:
        element.add("master-router-uptime", uptime(now - group.master_since))
    if group.state == "master":
        element.add("virtual-mac", f"00:00:5e:00:01:{group.group:02x}")
    element.add("preferred", "yes")


def _add_tracking(element: Element, group: VrrpView, *, extensive: bool) -> None:
    if not group.tracks:
        element.add("tracking", "disabled")
        return
    element.add("tracking", "enabled")
    element.add("current-priority", group.current_priority)
    element.add("configured-priority", group.configured_priority)
    element.add("priority-hold-time", "disabled")
    interfaces = [track for track in group.tracks if track.kind == "interface"]
    routes = [track for track in group.tracks if track.kind == "route"]
    element.add("interface-tracking-state", "enabled" if interfaces else "disabled")
    if interfaces:
        element.add("interface-count", len(interfaces))
    for track in interfaces:
        _add_tracked_interface(element, track, extensive=extensive)
    element.add("route-tracking-state", "enabled" if routes else "disabled")
    if routes:
        element.add("route-count", len(routes))
    for track in routes:
        route = element.add("track-route-node-information")
        route.add("route-addr", track.name)
        route.add("route-instance", track.instance or "default")
        route.add("route-state", state_of(track))
        route.add("route-priority", track.priority_cost)


def _add_tracked_interface(element: Element, track: VrrpTrackView, *, extensive: bool) -> None:
    tracked = element.add("track-vrrpd-interface")
    tracked.add("tracked-interface", track.name)
    tracked.add("interface-state", state_of(track))
    tracked.add("interface-speed", speed_of(track.name))
    tracked.add("current-priority-cost", incurred(track))
    if extensive:
        bandwidth = tracked.add("bandwidth")
        bandwidth.add("priority-down-status", "down")
        bandwidth.add("priority-cost", track.priority_cost)
        bandwidth.add("priority-active", "" if track.up else "*")


def state_of(track: VrrpTrackView) -> str:
    """The state of what is tracked."""
    return "up" if track.up else "down"


def incurred(track: VrrpTrackView) -> int:
    """What the tracked thing costs the group now."""
    return 0 if track.up else track.priority_cost


def speed_of(interface: str) -> str:
    """The speed VRRP assumes by the kind of port."""
    return {"xe": "10g", "et": "100g", "fe": "100m"}.get(interface[:2], "1g")
