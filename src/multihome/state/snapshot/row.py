"""One semantic fact of a router's state: what it is about, and what it says.

Ages and counters are left out, but for the counters that show that something went down and
came back: a session that flapped is up before and after.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import ip_address
from typing import NamedTuple


class Kind(StrEnum):
    """What there are rows of."""

    ROUTE = "route"
    BGP = "bgp-session"
    VRRP = "vrrp"
    INTERFACE = "interface"
    ISIS = "isis-adjacency"
    OSPF = "ospf-neighbor"
    LDP = "ldp-session"
    LABEL = "label-binding"
    BFD = "bfd"


COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.ROUTE: (
        "protocol",
        "preference",
        "next-hop",
        "interface",
        "learned-from",
        "med",
        "local-preference",
        "as-path",
        "labels",
        "communities",
        "alternatives",
    ),
    Kind.BGP: ("state", "peer-as", "hold-time", "families", "authentication", "flaps"),
    Kind.VRRP: ("state", "priority", "master", "virtual-addresses"),
    Kind.INTERFACE: ("admin", "oper", "addresses"),
    Kind.ISIS: ("state", "level", "transitions"),
    Kind.OSPF: ("state", "router-id"),
    Kind.LDP: ("state", "authentication"),
    Kind.LABEL: ("label",),
    Kind.BFD: ("state", "clients"),
}
"""What a row of each kind says; the order is that of the files."""

MOVES: dict[Kind, frozenset[str]] = {
    Kind.ROUTE: frozenset({"protocol", "next-hop", "interface", "learned-from"}),
    Kind.VRRP: frozenset({"state", "master"}),
}
"""Columns whose change means that something went elsewhere, not merely that it looks different."""

FLAPS = frozenset({"flaps", "transitions"})
"""Counters that only grow: a change means down and up again."""


class Row(NamedTuple):
    """One fact; rows of one kind sort by `order`, as routers list them."""

    kind: Kind
    order: str
    key: str
    """What people read: `inet.0 10.0.0.0/8`."""
    values: tuple[str, ...]
    """One for each column of the kind; empty where the router does not say."""


def prefix_order(text: str) -> str:
    """A text that sorts prefixes by family, address and length; anything else by itself, last."""
    address, _, length = text.partition("/")
    try:
        packed = ip_address(address).packed
    except ValueError:
        return f"99{text}"
    return f"{len(packed):02d}{packed.hex()}{length:>03}"
