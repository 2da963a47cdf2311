"""The next hops of `show route detail`: what the packets leave by, and over what.

A route whose next hop is resolved through another one (`Indirect`) names both: first the
indirect next hop, then the one it forwards by, so `nh-type` appears twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.route import NextHopKind
from multihome.twin.show.element import Element, junos
from multihome.twin.show.route import handles
from multihome.twin.show.route.words import SPECIAL, label_operation, marked

if TYPE_CHECKING:
    from multihome.twin.routing.route import NextHop, Route
    from multihome.twin.show.device import Router

_INDENT = 16


def add_next_hops(element: Element, route: Route, router: Router, references: int) -> None:
    """The next hop, its number and address, where it came from and what it goes over."""
    indirect = route.kind is NextHopKind.INDIRECT
    element.add("nh-type", "Indirect" if indirect else _kind(route))
    if route.kind not in SPECIAL and route.kind is not NextHopKind.INTERFACE:
        element.add("nh-index", 0 if indirect else _index(route))
    element.add("nh-address", handles.pointer(router.name, route.kind, route.next_hops))
    element.add("nh-reference-count", max(references, 1))
    element.add("nh-kernel-id", 0)
    element.add_known(gateway=route.learned_from)
    if indirect:
        element.add("nh-type", "Router")
        element.add("nh-index", _index(route))
    for hop, used in marked(route):
        _add_hop(element, route, hop, router, selected=used)
    if indirect and route.bgp is not None:
        protocol_next_hop(element, route, router)


def protocol_next_hop(element: Element, route: Route, router: Router) -> Element | None:
    """The BGP next hop and the label of the far end."""
    if route.bgp is None:
        return None
    over = element.add("protocol-nh", attributes=junos(indent=_INDENT))
    over.add("to", route.bgp.next_hop)
    if route.bgp.vpn_label is not None:
        _add_labels(over, (route.bgp.vpn_label,), f"Push {route.bgp.vpn_label}", router)
    key = (router.name, route.bgp.next_hop, route.bgp.vpn_label)
    index, name = handles.indirect_index(*key), handles.session(*key)
    over.add("indirect-nh", f"{handles.pointer(*key)} {index} INH Session ID: 0x{name}")
    return over


def _kind(route: Route) -> str:
    if route.kind is NextHopKind.TABLE:
        return "Router"
    return SPECIAL.get(route.kind, str(route.kind))


def _index(route: Route) -> int:
    return handles.next_hop_index(route.next_hops)


def _add_hop(
    element: Element, route: Route, hop: NextHop, router: Router, *, selected: bool
) -> None:
    nh = element.add("nh", attributes=junos(indent=_INDENT))
    if route.kind is NextHopKind.LOCAL:
        nh.add("nh-local-interface", hop.via)
        return
    nh.add("nh-string", "Next hop")
    if hop.table is not None:
        nh.add("nh-table", hop.table)
    else:
        nh.add_known(to=hop.to, via=hop.via)
        nh.add_known(weight=f"0x{hop.weight:x}" if len(route.next_hops) > 1 else None)
    nh.flag("selected-next-hop", selected and hop.table is None)
    if operation := label_operation(hop):
        _add_labels(nh, hop.labels, operation, router)
        _add_label_element(nh, hop, router)
    if hop.to is not None:
        nh.add("session", handles.session(router.name, hop.to, hop.via))


def _add_labels(nh: Element, labels: tuple[int, ...], operation: str, router: Router) -> None:
    nh.add("mpls-label", operation)
    if labels:
        mpls = router.config.mpls
        action = "no-prop-ttl" if mpls is not None and mpls.no_propagate_ttl else "prop-ttl"
        actions = [action] * len(labels)
        if len(labels) > 1:
            actions[-1] += "(top)"
        nh.add("label-ttl-action", ", ".join(actions))
        nh.add("load-balance-label", " ".join(f"Label {label}: None;" for label in labels))


def _add_label_element(nh: Element, hop: NextHop, router: Router) -> None:
    nh.add("label-element", handles.pointer(router.name, hop.labels, hop.swap))
    nh.add("label-element-parent", "0x0")
    nh.add("label-element-refcount", 1)
    nh.add("label-element-childcount", max(len(hop.labels) - 1, 0))
    nh.add("label-element-lspid", 0)
