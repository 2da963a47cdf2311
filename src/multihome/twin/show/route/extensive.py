"""`show route extensive`: detail, the peers the route is announced to, and how it resolves.

It has no style of its own: it is `detail` with a `tsi` and a tail to each indirect route.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from multihome.twin.routing.route import NextHopKind, Protocol
from multihome.twin.show.element import junos
from multihome.twin.show.route.detail_hops import protocol_next_hop
from multihome.twin.show.route.handles import indirect_index, pointer
from multihome.twin.show.route.tables import MPLS, destination
from multihome.twin.show.route.words import marked, sent_as_path

if TYPE_CHECKING:
    from multihome.twin.addressing import Prefix
    from multihome.twin.routing.route import Route
    from multihome.twin.show.element import Element
    from multihome.twin.show.route.detail import Surroundings
    from multihome.twin.show.route.tables import Shown
    from multihome.twin.views import BgpPeerView

Key = tuple["Prefix", str | None, str]
_NOT_IN_KERNEL_BY_ROUTE = (Protocol.DIRECT, Protocol.LOCAL)


class Extension:
    """What `extensive` adds to the details of one table."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def add(self, rt: Element, shown: Shown) -> None:
        """Put the `tsi` before the first route, the resolution behind each indirect one."""
        lines = [*self._kernel(shown), *self._announced(shown)]
        if lines:
            tsi = rt.add("tsi", "".join(f"{line}\n" for line in lines), junos(indent=0))
            rt.children.remove(tsi)
            first = next(i for i, child in enumerate(rt.children) if child.tag == "rt-entry")
            rt.children.insert(first, tsi)
        for element, route in zip(rt.all("rt-entry"), shown.routes, strict=True):
            if route.kind is NextHopKind.INDIRECT:
                self._resolution(element, route)

    def _kernel(self, shown: Shown) -> list[str]:
        active, table = shown.entry.active, self._around.rib.name
        unicast = table == MPLS or table.endswith("inet.0")
        if active is None or active.protocol in _NOT_IN_KERNEL_BY_ROUTE or not unicast:
            return []
        name = destination(shown.entry, table)
        return [f"KRT in-kernel {name} -> {{{', '.join(_kernel_hops(self._around, active))}}}"]

    def _announced(self, shown: Shown) -> list[str]:
        entry = shown.entry
        lines: list[str] = []
        key = (entry.prefix, entry.rd, self._around.rib.name)
        for index, (peer, route) in enumerate(self._advertised.get(key, ())):
            lines += _page(index, peer, route)
        return lines

    @cached_property
    def _advertised(self) -> dict[Key, list[tuple[BgpPeerView, Route]]]:
        """What is sent to which peer, by prefix; gathered once for all the prefixes shown."""
        found: dict[Key, list[tuple[BgpPeerView, Route]]] = {}
        bgp = self._around.router.bgp
        for peer in bgp.peers():
            table = "inet.0" if peer.instance == "master" else f"{peer.instance}.inet.0"
            for route in bgp.advertised(peer):
                key = (route.prefix, route.rd, "bgp.l3vpn.0" if route.rd else table)
                found.setdefault(key, []).append((peer, route))
        return found

    def _resolution(self, element: Element, route: Route) -> None:
        element.add("indirect-nh-count", 1)
        over = next(element.all("protocol-nh"), None)
        if over is None:
            over = protocol_next_hop(element, route, self._around.router)
        if over is None:
            return
        over.add_known(metric=route.metric2)
        over.add("forwarding-nh-count", 1)
        over.add("nh-type", "Router")
        for hop, used in marked(route):
            nh = over.add("nh", attributes=junos(indent=32))
            nh.add("nh-string", "Next hop")
            nh.add_known(to=hop.to, via=hop.via)
            nh.flag("selected-next-hop", used)


def _kernel_hops(around: Surroundings, route: Route) -> list[str]:
    if route.kind is NextHopKind.INDIRECT and route.bgp is not None:
        key = (around.router.name, route.bgp.next_hop, route.bgp.vpn_label)
        return [f"indirect({indirect_index(*key)})"]
    if not route.next_hops:
        return [str(route.kind)]
    return [str(hop.to if hop.to is not None else hop.via or hop.table) for hop in route.next_hops]


def _page(index: int, peer: BgpPeerView, route: Route) -> list[str]:
    attributes = route.bgp
    if attributes is None:
        return []
    kind = "External" if peer.external else "Internal"
    own = attributes.next_hop == peer.local_address
    value = pointer(peer.group, route.prefix)
    lines = [
        f"Page 0 idx {index}, (group {peer.group} type {kind}) Type 1 val {value} (adv_entry)",
        "   Advertised metrics:",
        f"     Nexthop: {'Self' if own else attributes.next_hop}",
    ]
    if attributes.med is not None:
        lines.append(f"     MED: {attributes.med}")
    if attributes.local_preference is not None and not peer.external:
        lines.append(f"     Localpref: {attributes.local_preference}")
    lines.append(f"     AS path: {sent_as_path(attributes, peer.local_as)}")
    if attributes.communities:
        lines.append(f"     Communities: {' '.join(attributes.communities)}")
    return lines
