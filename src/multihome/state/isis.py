"""IS-IS adjacencies: `show isis adjacency`, brief and detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Rows, rows
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.state.reply import Address, Reply

_RPC = "get-isis-adjacency-information"
STATES = frozenset({"Up", "Down", "New", "One-way", "Initializing", "Rejected"})


@dataclass(frozen=True, slots=True)
class Adjacency:
    """One adjacency; times in seconds."""

    interface: str
    neighbor: str
    """System name."""
    level: int
    state: str
    hold_time: int | None
    transitions: int | None = None
    address: Address | None = None
    address6: Address | None = None


def read_adjacencies(router: str, element: _Element) -> Rows[Adjacency]:
    """Parse get-isis-adjacency-information at any level; raises BadReply."""
    return rows(
        router, _RPC, element, ("isis-adjacency-information", "isis-adjacency"), _adjacencies
    )


ADJACENCIES = Query(Request.of(_RPC, detail=True), read_adjacencies)
ADJACENCY_LISTING: Listing[Adjacency] = Listing(
    "isis",
    "IS-IS adjacencies: interface, neighbour, level, state.",
    {
        "interface": lambda each: each.interface,
        "neighbour": lambda each: each.neighbor,
        "level": lambda each: each.level,
        "state": lambda each: each.state,
        "address": lambda each: each.address or each.address6,
        "transitions": lambda each: each.transitions,
    },
    (ADJACENCIES,),
)


def _adjacencies(reply: Reply) -> Iterator[Adjacency]:
    for each in reply.each("isis-adjacency"):
        yield Adjacency(
            interface=each.text("interface-name"),
            neighbor=each.text("system-name"),
            level=each.count("level"),
            state=each.word("adjacency-state", STATES),
            hold_time=each.number("holdtime"),
            transitions=each.number("transition-count"),
            address=each.address("ip-address"),
            address6=each.address("ipv6-address"),
        )
