"""VRRP groups: `show vrrp`, summary, brief, detail and extensive.

A record is one group of one address family, and interface and group together are not unique
on a dual-stack interface.  In detail, groups of one interface may stand as flat siblings in one
`vrrp-interface`, each starting with `vrrp-vlan` or `physical-interface`; records are cut there.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_interface
from typing import TYPE_CHECKING

from lxml import etree

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Reply, Rows, local, rows
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

    from multihome.state.reply import Address

_RPC = "get-vrrp-information"
STATES = frozenset({"master", "backup", "init", "initialize", "transition", "idle", "bringup"})
INTERFACE_STATES = frozenset({"up", "down", "unknown"})
_STARTS = frozenset({"vrrp-vlan", "physical-interface"})
_YES = {"yes": True, "no": False, "enabled": True, "disabled": False}
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*s?\Z")


@dataclass(frozen=True, slots=True)
class Group:
    """One VRRP group of one address family on one logical interface."""

    interface: str
    group: int
    state: str
    interface_state: str
    mode: str | None
    local_address: Address | None
    virtual_addresses: tuple[Address, ...]
    """Without the link-local address that IPv6 groups have besides."""
    priority: int | None = None
    """In force now; None in summaries."""
    configured_priority: int | None = None
    advertisement_interval: float | None = None
    """Seconds."""
    master: Address | None = None
    master_priority: int | None = None
    """Reported by backups only."""
    preempt: bool | None = None
    accept_data: bool | None = None
    tracked: Mapping[str, str] = field(default_factory=dict)
    """State by tracked interface or route."""

    @property
    def family(self) -> str:
        """`inet` or `inet6`."""
        addresses = (self.local_address, *self.virtual_addresses)
        versions = {address.version for address in addresses if address}
        return "inet6" if 6 in versions else "inet"


def read_groups(router: str, element: _Element) -> Rows[Group]:
    """Parse get-vrrp-information at any level; raises BadReply."""
    return rows(router, _RPC, element, ("vrrp-information", "vrrp-interface"), _groups)


DETAIL = Query(Request.of(_RPC, detail=True), read_groups)
GROUP_LISTING: Listing[Group] = Listing(
    "vrrp",
    "VRRP groups: who is master, with which priority.",
    {
        "interface": lambda each: each.interface,
        "group": lambda each: each.group,
        "state": lambda each: each.state,
        "priority": lambda each: "-" if each.priority is None else each.priority,
        "address": lambda each: each.local_address,
        "virtual address": lambda each: each.virtual_addresses,
    },
    (DETAIL,),
)


def _groups(reply: Reply) -> Iterator[Group]:
    for interface in reply.each("vrrp-interface"):
        for record in _records(interface):
            yield _group(record)


def _records(reply: Reply) -> Iterator[Reply]:
    """Cut the children of one `vrrp-interface` into one record for each group."""
    starts = [child for child in reply.element if local(child) in _STARTS]
    if len(starts) < 2:
        yield reply
        return
    cut: list[_Element] = []
    for child in [*reply.element, None]:
        if child is None or (local(child) in _STARTS and cut):
            yield _record(reply, cut)
            cut = []
        if child is not None:
            cut.append(child)


def _record(reply: Reply, children: list[_Element]) -> Reply:
    element = etree.Element(reply.name)
    element.extend([deepcopy(child) for child in children])
    return Reply(reply.router, reply.rpc, element)


def _group(reply: Reply) -> Group:
    place = reply.first("vrrp-vlan") or reply
    virtual = (*reply.texts("virtual-ip-address"), *reply.texts("vip"))
    tracking = reply.first("tracking")
    priority = reply.number("group-priority")
    current = reply.number("current-priority")
    if current is None and tracking:
        current = tracking.number("current-priority")
    configured = reply.number("configured-priority")
    return Group(
        interface=_interface(reply, place),
        group=reply.count("group"),
        state=reply.word("vrrp-state", STATES),
        interface_state=reply.word("interface-state", INTERFACE_STATES),
        mode=_mode(reply),
        local_address=reply.address("local-interface-address") or _own_address(place),
        virtual_addresses=_virtual(reply, virtual),
        priority=priority if current is None else current,
        configured_priority=priority if configured is None else configured,
        advertisement_interval=reply.maybe("advertisement-interval", _seconds),
        master=_master(reply),
        master_priority=reply.number("master-priority"),
        preempt=reply.maybe("preempt", _yes),
        accept_data=reply.maybe("accept-data-mode", _yes),
        tracked=_tracked(reply),
    )


def _interface(reply: Reply, place: Reply) -> str:
    if name := reply.find("interface"):
        return name
    physical = place.text("physical-interface")
    return physical if "." in physical else f"{physical}.{place.count('unit')}"


def _mode(reply: Reply) -> str | None:
    """A group that follows another one says so below `active-inherit`."""
    inherits = reply.first("active-inherit")
    return reply.find("vrrp-mode") or (inherits.find("vrrp-mode") if inherits else None)


def _own_address(place: Reply) -> Address | None:
    for name in ("vlan-address", "address"):
        if found := place.maybe(name, ip_interface):
            return found.ip
    return None


def _virtual(reply: Reply, texts: tuple[str, ...]) -> tuple[Address, ...]:
    words = [word for text in texts for word in text.replace(",", " ").split()]
    try:
        addresses = [ip_address(word) for word in words]
    except ValueError as error:
        raise reply.bad(str(error), "vip") from error
    return tuple(each for each in addresses if each.version == 4 or not each.is_link_local)


def _master(reply: Reply) -> Address | None:
    """Who is master; `N/A` as long as the interface is down."""
    for name in ("master-router", "master-router-ip"):
        if reply.find(name) not in (None, "N/A"):
            return reply.address(name)
    return None


def _tracked(reply: Reply) -> dict[str, str]:
    interfaces = {
        each.text("tracked-interface"): each.text("interface-state")
        for each in reply.each("track-vrrpd-interface")
    }
    routes = {
        each.text("route-addr"): each.text("route-state")
        for each in reply.each("track-route-node-information")
    }
    return interfaces | routes


def _yes(text: str) -> bool:
    if text not in _YES:
        raise ValueError(f"{text!r} is neither yes nor no")
    return _YES[text]


def _seconds(text: str) -> float:
    found = _SECONDS.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a number of seconds")
    return float(found[1])
