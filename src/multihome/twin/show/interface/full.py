"""`show interfaces` brief, normal, detail and extensive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from multihome.twin.show.ages import timestamp, uptime
from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface import counters
from multihome.twin.show.interface.words import (
    broadcast,
    families,
    is_loopback,
    local_index,
    mac_address,
    speed,
    status,
    subnet,
)

if TYPE_CHECKING:
    from multihome.twin.show.interface.choice import Port
    from multihome.twin.show.registry import Query
    from multihome.twin.views import InterfaceView

_MEDIA_MTU, _TAGGED_MTU, _MRU, _INET_MTU = 1514, 1518, 1522, 1500
_LABEL_ROOM = 12
"""Octets that three labels take of the MTU of family mpls."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How much to say, and when it is said."""

    query: Query
    level: str
    """`brief`, `normal`, `statistics`, `detail` or `extensive`."""

    @property
    def brief(self) -> bool:
        """Whether the least is to be said."""
        return self.level == "brief"

    @property
    def verbose(self) -> bool:
        """Whether the most is to be said."""
        return self.level in ("detail", "extensive")


def add_port(information: Element, port: Port, layout: Layout) -> None:
    """A physical interface with its units, or the units alone."""
    parent = information
    if port.physical is not None:
        parent = information.add("physical-interface")
        _add_physical(parent, port, port.physical, layout)
    for view in port.logical:
        _add_logical(parent.add("logical-interface"), view, layout)


def _add_physical(element: Element, port: Port, view: InterfaceView, layout: Layout) -> None:
    state = "Enabled" if view.admin_up else "Administratively down"
    element.add("name", view.name)
    element.add("admin-status", status(up=view.admin_up), junos(format=state))
    element.add("oper-status", status(up=view.oper_up))
    _add_indices(element, view, layout)
    element.add_known(description=view.description or None)
    if is_loopback(view.name):
        element.add("if-type", "Loopback")
        element.add("mtu", "Unlimited")
    else:
        _add_media(element, port, layout)
    _add_flags(element, view)
    if not layout.brief:
        _add_more(element, view, layout)


def _add_indices(element: Element, view: InterfaceView, layout: Layout) -> None:
    if not layout.brief:
        element.add("local-index", local_index(view))
        element.add("snmp-index", view.index)


def _add_more(element: Element, view: InterfaceView, layout: Layout) -> None:
    """What a physical interface says of itself where more than the least is asked for."""
    if not is_loopback(view.name):
        queues = element.add("physical-interface-cos-information")
        queues.add("physical-interface-cos-hw-max-queues", 8)
        queues.add("physical-interface-cos-use-max-queues", 8)
        if layout.verbose:
            element.add("up-hold-time", 0)
            element.add("down-hold-time", 0)
        mac = mac_address(layout.query.router.name, view.name)
        element.add("current-physical-address", mac)
        element.add("hardware-physical-address", mac)
    _add_flapped(element, view, layout.query)
    counters.add_port(element, layout.level)
    alarm = "interface-alarm-link-down" if not view.oper_up else "alarm-not-present"
    for kind in ("active-alarms", "active-defects"):
        element.add(kind).add("interface-alarms").flag(alarm)
    element.add("interface-transmit-statistics", "Disabled")


def _add_media(element: Element, port: Port, layout: Layout) -> None:
    tagged = any(view.vlan is not None for view in port.logical)
    element.add("link-level-type", "Ethernet")
    configured = None if port.physical is None else port.physical.mtu
    element.add("mtu", configured or (_TAGGED_MTU if tagged else _MEDIA_MTU))
    if port.name.startswith("xe-"):
        element.add("sonet-mode", "LAN-PHY")
    if not layout.brief:
        element.add("mru", _MRU)
    element.add("source-filtering", "disabled")
    element.add("speed", speed(port.name))
    if not layout.brief:
        element.add("bpdu-error", "none")
        element.add("l2pt-error", "none")
    element.add("loopback", "disabled")
    element.add("if-flow-control", "enabled")
    if not layout.brief:
        element.add("pad-to-minimum-frame-size", "Disabled")


def _add_flags(element: Element, view: InterfaceView) -> None:
    device = element.add("if-device-flags")
    device.flag("ifdf-present")
    device.flag("ifdf-running")
    device.flag("ifdf-loopback", is_loopback(view.name))
    device.flag("ifdf-down", not view.oper_up)
    config = element.add("if-config-flags")
    config.flag("iff-hardware-down", not view.oper_up)
    config.flag("iff-snmp-traps")
    config.add("internal-flags", "0x4000")
    element.add("if-media-flags").flag("ifmf-none")


def _add_flapped(element: Element, view: InterfaceView, query: Query) -> None:
    if is_loopback(view.name):
        element.add("interface-flapped", "Never", junos(seconds=0))
        return
    age = max(int(query.now - view.last_change), 0)
    when = timestamp(query.device.now() - timedelta(seconds=age))
    element.add("interface-flapped", f"{when} ({uptime(age)} ago)", junos(seconds=age))


def _add_logical(element: Element, view: InterfaceView, layout: Layout) -> None:
    element.add("name", view.name)
    _add_indices(element, view, layout)
    element.add_known(description=view.description or None)
    flags = element.add("if-config-flags")
    flags.flag("iff-up" if view.admin_up else "iff-down")
    flags.flag("iff-hardware-down", not view.oper_up)
    flags.flag("iff-device-down", not view.oper_up)
    flags.flag("iff-snmp-traps")
    flags.add("internal-flags", "0x4000")
    if view.vlan is not None:
        element.add(
            "link-address",
            f"[ 0x8100.{view.vlan} ]",
            junos(format=f"VLAN-Tag [ 0x8100.{view.vlan} ] "),
        )
    element.add("encapsulation", "Unspecified" if is_loopback(view.name) else "ENET2")
    if not layout.brief:
        counters.add_unit(element, detailed=layout.verbose)
    element.add("filter-information")
    for family in families(view):
        if layout.brief:
            _add_brief_family(element.add("address-family"), family, view)
        else:
            _add_family(element.add("address-family"), family, view)


def _add_brief_family(element: Element, family: str, view: InterfaceView) -> None:
    element.add("address-family-name", family)
    inet = [f"{address}/{length}" for address, length in view.addresses]
    for text in {"inet": inet, "iso": view.iso}.get(family, ()):
        element.add("interface-address").add("ifa-local", text, junos(emit="emit"))


def _add_family(element: Element, family: str, view: InterfaceView) -> None:
    element.add("address-family-name", family)
    element.add("mtu", _mtu(family, view))
    flags = element.add("address-family-flags")
    flags.flag("ifff-is-primary", family != "inet" and not is_loopback(view.name))
    flags.flag("ifff-sendbcast-pkt-to-re", family == "inet" and not is_loopback(view.name))
    flags.add("internal-flags", "0x0")
    if family == "mpls":
        element.add("maximum-labels", 3)
    if family == "inet":
        for number, (address, length) in enumerate(view.addresses):
            held = element.add("interface-address")
            flags = held.add("ifa-flags")
            kind = "default" if is_loopback(view.name) else "preferred"
            flags.flag(f"ifaf-current-{kind}", number == 0 or kind == "preferred")
            flags.flag("ifaf-current-primary", number == 0)
            if length < 32:
                held.add("ifa-destination", subnet(address, length))
            held.add("ifa-local", address)
            if length < 31:
                held.add("ifa-broadcast", broadcast(address, length))
    elif family == "iso":
        for net in view.iso:
            held = element.add("interface-address")
            flags = held.add("ifa-flags")
            flags.flag("ifaf-current-default")
            flags.flag("ifaf-current-primary")
            held.add("ifa-local", net)


def _mtu(family: str, view: InterfaceView) -> int | str:
    if family == "multiservice" or is_loopback(view.name):
        return "Unlimited"
    mtu = view.mtu or _INET_MTU
    return {"mpls": mtu - _LABEL_ROOM, "iso": mtu - 3}.get(family, mtu)
