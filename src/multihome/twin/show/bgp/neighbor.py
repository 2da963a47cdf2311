"""`show bgp neighbor`: everything about a session, in the order the daemon emits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.bgp.peers import (
    ARGUMENTS,
    ESTABLISHED,
    NOT_RUNNING,
    SHUTDOWN_OPTION,
    SHUTDOWN_PREFERENCE,
    THREADED,
    ends,
    groups,
    wanted_peers,
)
from multihome.twin.show.bgp.summary import RESTARTED, VPN_RESTARTED
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from multihome.twin.show.registry import Query
    from multihome.twin.views import BgpPeerView, RibCounts

_HEADER, _UPDATE = 19, 55
"""Octets of a BGP header (RFC 4271 section 4.1), and of an ordinary update."""
_REFRESH = 2
_STALE_SECONDS = 300
_SECOND_OPTIONS = frozenset({"BfdEnabled"})
"""Options that Junos has had no room for among the first ones."""


@shows("get-bgp-neighbor-information", "show bgp neighbor", f"<neighbor-address> {ARGUMENTS}")
def neighbor_information(query: Query) -> Element:
    """Every neighbour that was asked for, in style detail."""
    peers = wanted_peers(query)
    if peers is None:
        return output(NOT_RUNNING)
    information = Element("bgp-information", module="junos-routing")
    for group_index, members in enumerate(groups(peers).values()):
        for peer_index, peer in enumerate(members):
            element = information.add("bgp-peer", attributes=junos(style="detail"))
            _add_peer(element, peer, (group_index, peer_index), query)
    return information


def _add_peer(element: Element, peer: BgpPeerView, place: tuple[int, int], query: Query) -> None:
    """`place` is the number of its group, and its own in there."""
    _add_identity(element, peer)
    _add_options(element, peer, shutdown=query.release >= THREADED)
    element.add("flap-count", peer.flaps)
    if peer.flaps:
        element.add("last-flap-event", _flap_event(peer))
    if peer.state != ESTABLISHED:
        return
    _add_session(element, peer, place)
    for number, (name, counts) in enumerate(peer.tables.items(), start=1):
        _add_rib(element, peer, name, counts, number * 10000 + place[1])
    _add_traffic(element, peer, query.now)
    _add_queues(element, peer)


def _add_identity(element: Element, peer: BgpPeerView) -> None:
    far, near = ends(peer)
    element.add("peer-address", far)
    element.add("peer-as", peer.peer_as)
    element.add("local-address", near)
    element.add("local-as", peer.local_as)
    element.add_known(description=peer.description or None)
    element.add("peer-group", peer.group)
    element.add("peer-cfg-rti", peer.instance)
    element.add("peer-fwd-rti", peer.instance)
    element.add("peer-type", "External" if peer.external else "Internal")
    element.flag("route-reflector-client", peer.cluster)
    element.add("peer-state", peer.state)
    element.add("peer-flags", "Sync" if peer.state == ESTABLISHED else "")
    element.add("last-state", peer.last_state or "Idle")
    element.add("last-event", peer.last_event or "Start")
    element.add("last-error", peer.last_error or "None")


def _add_options(element: Element, peer: BgpPeerView, *, shutdown: bool) -> None:
    options = Element("bgp-option-information", module="junos-routing")
    element.children.append(options)
    for name, policies in (
        ("export-policy", peer.export_policies),
        ("import-policy", peer.import_policies),
    ):
        if policies:
            options.add(name, f"\n{' '.join(policies)}\n")
    for leaf, second in (("bgp-options", False), ("bgp-options2", True)):
        options.add(leaf, " ".join(w for w in peer.options if (w in _SECOND_OPTIONS) is second))
    options.add("bgp-options-extended", SHUTDOWN_OPTION if shutdown else "")
    options.flag("authentication-configured", peer.authentication)
    if "AddressFamily" in peer.options:
        options.add("address-families", " ".join(peer.configured_families))
    if "LocalAddress" in peer.options:
        options.add_known(local_address=peer.local_address)
    options.add("holdtime", peer.hold_time)
    options.add("preference", 170)
    if shutdown:
        options.add("gshut-recv-local-preference", SHUTDOWN_PREFERENCE)


def _flap_event(peer: BgpPeerView) -> str:
    return "HoldTime" if "Hold" in peer.last_error else "RecvNotify" if peer.last_error else "Stop"


def _add_session(element: Element, peer: BgpPeerView, index: tuple[int, int]) -> None:
    element.add_known(peer_id=peer.peer_id, local_id=peer.local_id)
    element.add("active-holdtime", peer.active_hold_time)
    element.add("keepalive-interval", peer.keepalive)
    element.add("group-index", index[0])
    element.add("peer-index", index[1])
    element.add("snmp-index", sum(index))
    thread = element.add("bgp-peer-iosession")
    thread.add("iosession-thread-name", "bgpio-0")
    thread.add("iosession-state", "Enabled")
    configured, _, state = peer.bfd.partition(", ")
    bfd = element.add("bgp-bfd")
    bfd.add("bfd-configuration-state", configured)
    bfd.add("bfd-operational-state", state or "down")
    element.add_known(local_interface_name=peer.local_interface or None)
    families = " ".join(peer.families)
    element.add("peer-restart-nlri-configured", " ".join(peer.configured_families))
    element.add("nlri-type-peer", " ".join(peer.offered_families))
    element.add("nlri-type-session", families)
    element.add("peer-refresh-capability", _REFRESH)
    element.add("peer-stale-route-time-configured", _STALE_SECONDS)
    element.flag("peer-no-restart")
    element.add("peer-restart-nlri-negotiated", families)
    element.add("peer-end-of-rib-received", families)
    element.add("peer-end-of-rib-sent", families)
    element.add("peer-end-of-rib-scheduled")
    element.flag("peer-no-llgr-restarter")
    element.add("peer-4byte-as-capability-advertised", peer.peer_as)
    element.flag("peer-addpath-not-supported")


def _add_rib(element: Element, peer: BgpPeerView, name: str, counts: RibCounts, bit: int) -> None:
    rib = element.add("bgp-rib", attributes=junos(style="detail"))
    rib.add("name", name)
    sends = peer.instance != "master" or name in ("inet.0", "inet.3", "bgp.l3vpn.0")
    rib.add_known(rib_bit=bit if sends else None)
    rib.add("bgp-rib-state", RESTARTED)
    if name != "inet.0":
        rib.add("vpn-rib-state", VPN_RESTARTED)
    rib.add("send-state", "in sync" if sends else "not advertising")
    for word in ("active", "received", "accepted", "suppressed"):
        rib.add(f"{word}-prefix-count", getattr(counts, word))
    if sends:
        rib.add("advertised-prefix-count", counts.advertised)


def _add_traffic(element: Element, peer: BgpPeerView, now: float) -> None:
    lasted = max(int(now - peer.since), 0)
    interval = peer.keepalive or lasted + 1
    element.add("last-received", lasted % interval)
    element.add("last-sent", (lasted + interval // 2) % interval)
    element.add("last-checked", lasted)
    received = sum(counts.received for counts in peer.tables.values())
    sent = sum(counts.advertised for counts in peer.tables.values())
    for side, messages, prefixes in (
        ("input", peer.input_messages, received),
        ("output", peer.output_messages, sent),
    ):
        updates = min(prefixes, messages)
        element.add(f"{side}-messages", messages)
        element.add(f"{side}-updates", updates)
        element.add(f"{side}-refreshes", 0)
        element.add(f"{side}-octets", messages * _HEADER + updates * (_UPDATE - _HEADER))


def _add_queues(element: Element, peer: BgpPeerView) -> None:
    for number, family in enumerate(peer.families):
        table = _table_of(family, peer)
        queue = element.add("bgp-output-queue")
        queue.add("number", number + 1)
        queue.add("count", 0)
        queue.add("table-name", table)
        queue.add("rib-adv-nlri", family)


def _table_of(family: str, peer: BgpPeerView) -> str:
    if family == "inet-vpn-unicast":
        return "bgp.l3vpn.0"
    return "inet.0" if peer.instance == "master" else f"{peer.instance}.inet.0"
