"""Interfaces that take and send labelled packets: `show mpls interface`."""

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

    from multihome.state.reply import Reply

_RPC = "get-mpls-interface-information"


@dataclass(frozen=True, slots=True)
class Port:
    """One interface."""

    interface: str
    state: str
    """`Up` or `Dn`."""


def read_ports(router: str, element: _Element) -> Rows[Port]:
    """Parse get-mpls-interface-information; raises BadReply."""
    return rows(router, _RPC, element, ("mpls-interface-information", "mpls-interface"), _ports)


PORTS = Query(Request.of(_RPC), read_ports)
PORT_LISTING: Listing[Port] = Listing(
    "mpls",
    "Interfaces that take and send labelled packets.",
    {"interface": lambda each: each.interface, "state": lambda each: each.state},
    (PORTS,),
)


def _ports(reply: Reply) -> Iterator[Port]:
    for each in reply.each("mpls-interface"):
        yield Port(each.text("interface-name"), each.text("mpls-interface-state"))
