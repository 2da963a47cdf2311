"""The words that several forms of `show route` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.aspath import words_of
from multihome.twin.routing.forwarding import selected
from multihome.twin.routing.route import NextHopKind, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.routing.route import BgpAttributes, Entry, NextHop, Route
    from multihome.twin.show.element import Element

UNVERIFIED = "unverified"
"""No route origin validation is modelled."""
ORIGINS = {Origin.IGP: "I", Origin.EGP: "E", Origin.INCOMPLETE: "?"}
SPECIAL = {
    NextHopKind.DISCARD: "Discard",
    NextHopKind.REJECT: "Reject",
    NextHopKind.RECEIVE: "Receive",
    NextHopKind.MULTIRECV: "MultiRecv",
    NextHopKind.UNUSABLE: "Unusable",
}
_EXTENDED = ("target:", "origin:", "domain-id:", "bandwidth:", "color:", "rte-type:")


def marked(route: Route) -> Iterator[tuple[NextHop, bool]]:
    """The next hops of a route, and which of them packets take: the one behind `>`."""
    chosen = selected(route)
    return ((hop, hop is chosen) for hop in route.next_hops)


def active_tag(route: Route, entry: Entry) -> str:
    """`*` for the active route, a blank for any other."""
    return "*" if route is entry.active else " "


def as_path(attributes: BgpAttributes) -> str:
    """`65500 1 I`."""
    return _printed(words_of(attributes.as_path), attributes.origin)


def sent_as_path(attributes: BgpAttributes, local_as: int) -> str:
    """What a peer is sent, in detail: `[65500] 1 I`, the local AS in brackets at its place.

    An internal peer, who is not sent it, has it in front all the same.
    """
    path = attributes.as_path
    marked = _marked(path, local_as) if local_as in path else [f"[{local_as}]", *words_of(path)]
    return _printed(marked, attributes.origin)


def sent_as_path_in_brief(attributes: BgpAttributes, local_as: int) -> str:
    """What a peer is sent, in brief: the local AS is left out, except behind prepended ones."""
    path = attributes.as_path
    shown = words_of(path[1:]) if path[:1] == (local_as,) else _marked(path, local_as)
    return _printed(shown, attributes.origin)


def _marked(path: AsPath, local_as: int) -> list[str]:
    words = words_of(path)
    if local_as in path:
        words[path.index(local_as)] = f"[{local_as}]"
    return words


def _printed(words: Iterable[str], origin: Origin) -> str:
    return " ".join([*words, ORIGINS[origin]])


def label_operation(hop: NextHop) -> str:
    """`Push 16, Push 300144(top)`, `Swap 299776`, `Pop      ` or nothing."""
    words = []
    if hop.pop:
        words.append("Pop      ")
    if hop.swap is not None:
        words.append(f"Swap {hop.swap}")
    words += [f"Push {label}" for label in hop.labels]
    if len(words) > 1 and hop.labels:
        words[-1] += "(top)"
    return ", ".join(words)


def add_communities(element: Element, communities: Iterable[str]) -> None:
    """Plain communities, then extended ones (RFC 4360), if there are any."""
    ordered = sorted(communities, key=lambda community: community.startswith(_EXTENDED))
    if not ordered:
        return
    parent = element.add("communities")
    for community in ordered:
        extended = community.startswith(_EXTENDED)
        parent.add("extended-community" if extended else "community", community)


def communities_of(route: Route) -> tuple[str, ...]:
    """The communities a route carries, whatever its protocol."""
    return route.bgp.communities if route.bgp else route.communities
