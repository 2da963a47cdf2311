"""The CLI text of `show vrrp`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.registry import prints
from multihome.twin.show.vrrp.extensive import GROUP_ERRORS, INTERFACE_ERRORS
from multihome.twin.show.vrrp.track import track_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.show.element import Element

_BRIEF = "Interface     State       Group   VR state VR Mode   Timer    Type   Address"
_SUMMARY = "Interface     State       Group   VR state       VR Mode    Type   Address"


@prints("vrrp-information")
def vrrp_text(information: Element) -> Iterator[str]:
    """The layout of the level that was asked for."""
    level = information.attributes.get("junos:style", "brief")
    if level.startswith("track"):
        yield from track_lines(information)
        return
    if level in ("summary", "brief"):
        yield _SUMMARY if level == "summary" else _BRIEF
    for group in information.all("vrrp-interface"):
        yield from _LAYOUTS[level](group)


def _brief_lines(group: Element) -> Iterator[str]:
    timer = f"{group.value('timer-name')} {group.value('timer-value'):>6}"
    yield (
        f"{_place(group)}{group.value('vrrp-state'):<9}{group.value('vrrp-mode'):<12}{timer} "
        f"lcl    {group.value('local-interface-address')}"
    )
    yield from (f"{'':64}vip    {address}" for address in group.texts("virtual-ip-address"))


def _summary_lines(group: Element) -> Iterator[str]:
    yield (
        f"{_place(group)}{group.value('vrrp-state'):<16}{group.value('vrrp-mode'):<10}"
        f"lcl    {group.value('local-interface-address')}"
    )
    yield from (f"{'':60}vip    {address}" for address in group.texts("virtual-ip-address"))


def _place(group: Element) -> str:
    return (
        f"{group.value('interface'):<13} {group.value('interface-state'):<11}"
        f"{group.value('group'):>6}   "
    )


def _detail_lines(group: Element) -> Iterator[str]:
    place = group.first("vrrp-vlan") or group
    vlan = f", Vlan-id: {place.value('vlan-id')}" if place.has("vlan-id") else ""
    address = place.value("vlan-address") or place.value("address")
    yield (
        f"Physical interface: {place.value('physical-interface')}, Unit: {place.value('unit')}"
        f"{vlan}, Address: {address}"
    )
    yield from (f"  {line}" for line in (*_state_lines(group), *_mastership_lines(group)))
    yield from (f"  {line}" for line in _tracking_lines(group))
    yield ""


def _state_lines(group: Element) -> Iterator[str]:
    value = group.value
    yield (
        f"Index: {value('index')}, SNMP ifIndex: {value('snmp-interface-index')},"
        f" VRRP-Traps: {value('vrrp-traps')}, VRRP-Version: {value('vrrp-version')}"
    )
    yield (
        f"Interface state: {value('interface-state')}, Group: {value('group')},"
        f" State: {value('vrrp-state')}, VRRP Mode: {value('vrrp-mode')}"
    )
    yield (
        f"Priority: {value('group-priority')},"
        f" Advertisement interval: {value('advertisement-interval')},"
        f" Authentication type: {value('authentication-type')}"
    )
    yield (
        f"Advertisement threshold: {value('advertisement-threshold')},"
        f" Computed send rate: {value('computed-send-rate')}"
    )
    vips = (
        f"Accept-data mode: {value('accept-data-mode')}, VIP count: {value('vip-count')},"
        f" VIP: {', '.join(group.texts('vip'))}"
    )
    if group.has("preempt-hold-time"):
        yield f"Preempt: {value('preempt')}, Preempt hold time: {value('preempt-hold-time')}"
        yield vips
    else:
        yield f"Preempt: {value('preempt')}, {vips}"


def _mastership_lines(group: Element) -> Iterator[str]:
    words = [
        f"{word}: {group.value(tag)}"
        for tag, word in (
            ("advertisement-timer", "Advertisement Timer"),
            ("dead-timer", "Dead timer"),
            ("master-priority", "Master priority"),
            ("master-router", "Master router"),
        )
        if group.has(tag)
    ]
    yield f"{', '.join(words)} "
    uptimes = [
        f"{word}: {group.value(tag)}"
        for tag, word in (
            ("virtual-router-uptime", "Virtual router uptime"),
            ("master-router-uptime", "Master router uptime"),
        )
        if group.has(tag)
    ]
    if uptimes:
        yield ", ".join(uptimes)
    for tag, word in (("virtual-mac", "Virtual Mac"), ("preferred", "Preferred")):
        if group.has(tag):
            yield f"{word}: {group.value(tag)} "


def _tracking_lines(group: Element) -> Iterator[str]:
    yield f"Tracking: {group.value('tracking')} "
    if not group.has("current-priority"):
        return
    yield (
        f"  Current priority: {group.value('current-priority')},"
        f" Configured priority: {group.value('configured-priority')} "
    )
    yield f"  Priority hold time: {group.value('priority-hold-time')} "
    yield from _tracked_interface_lines(group)
    yield from _tracked_route_lines(group)


def _tracked_interface_lines(group: Element) -> Iterator[str]:
    count = group.value("interface-count")
    suffix = f", Interface count: {count}" if count else ""
    yield f"  Interface tracking: {group.value('interface-tracking-state')}{suffix} "
    for tracked in group.all("track-vrrpd-interface"):
        yield f"    Tracked interface: {tracked.value('tracked-interface')} "
        yield (
            f"      Interface state: {tracked.value('interface-state')},"
            f" Speed: {tracked.value('interface-speed')}"
        )
        yield f"      Incurred priority cost: {tracked.value('current-priority-cost')}"
        for bandwidth in tracked.all("bandwidth"):
            yield "      Threshold   Priority cost   Active"
            yield (
                f"      {bandwidth.value('priority-down-status'):<12}"
                f"{bandwidth.value('priority-cost'):>13}   {bandwidth.value('priority-active')}"
            ).rstrip()


def _tracked_route_lines(group: Element) -> Iterator[str]:
    count = group.value("route-count")
    suffix = f", Route count: {count}" if count else ""
    yield f"  Route tracking: {group.value('route-tracking-state')}{suffix} "
    if count:
        yield "    Route               VRF name     Route state      Priority cost"
    for route in group.all("track-route-node-information"):
        yield (
            f"    {route.value('route-addr'):<20}{route.value('route-instance'):<13}"
            f"{route.value('route-state'):<16}{route.value('route-priority'):>14}"
        )


def _extensive_lines(group: Element) -> Iterator[str]:
    yield (
        f"Interface: {group.value('interface')}, Interface index: {group.value('interface-index')},"
        f" Groups: {group.value('groups')}, Active : {group.value('active')}"
    )
    yield "  Interface VRRP PDU statistics"
    yield from _counters(
        group,
        (
            "advertisement-sent",
            "advertisement-received",
            "packets-received",
            "no-group-match-received",
        ),
    )
    yield "  Interface VRRP PDU error statistics"
    yield from _counters(group, INTERFACE_ERRORS)
    yield ""
    *lines, _ = _detail_lines(group)
    yield from lines
    for tag, title, names in (
        ("group-vrrp-pdu-statistics", "Group VRRP PDU statistics", None),
        ("group-vrrp-pdu-error-statistics", "Group VRRP PDU error statistics", GROUP_ERRORS),
        ("group-vrrp-state-transition-statistics", "Group state transition statistics", None),
    ):
        for block in group.all(tag):
            yield f"  {title}"
            yield from _counters(block, names or [child.tag for child in block.children])
    yield ""


def _counters(element: Element, names: Iterable[str]) -> Iterator[str]:
    return (f"    {_words(name):<42}: {element.value(name):>15}" for name in names)


def _words(name: str) -> str:
    """`invalid-vrrp-ttl-value-received` as the CLI says it."""
    upper = {"vrrp": "VRRP", "ttl": "TTL", "ipah": "IPAH", "pdu": "PDU", "ip": "IP", "vip": "VIP",
             "vipaddr": "VIPADDR", "md5": "MD5"}  # fmt: skip
    first, *rest = name.split("-")
    words = [first.capitalize(), *(upper.get(word, word) for word in rest)]
    if rest[-1] == "transitions":
        words.insert(1, "to")
    return " ".join(words)


_LAYOUTS = {
    "summary": _summary_lines,
    "brief": _brief_lines,
    "detail": _detail_lines,
    "extensive": _extensive_lines,
}
