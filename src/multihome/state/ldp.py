"""LDP: `show ldp session` and `show ldp neighbor`, brief and detail."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.state.query import Query
from multihome.state.reply import Rows, rows
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.state.reply import Address, Reply

_SESSIONS = "get-ldp-session-information"
_NEIGHBORS = "get-ldp-neighbor-information"
STATES = frozenset(
    {"Nonexistent", "Connecting", "Initialized", "OpenRec", "OpenSent", "Operational", "Closing"}
)
CONNECTIONS = frozenset({"Closed", "Opening", "Open"})


@dataclass(frozen=True, slots=True)
class Session:
    """One session, by the neighbour's transport address; times in seconds."""

    neighbor: Address
    state: str
    connection: str | None
    hold_time: int | None = None
    authentication: str | None = None
    """Junos's words: `MD5 (10.0.0.0/24)`; None if the level does not say or there is none."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One hello adjacency."""

    address: Address
    interface: str
    label_space: str
    remaining: int | None


def read_sessions(router: str, element: _Element) -> Rows[Session]:
    """Parse get-ldp-session-information; raises BadReply."""
    return rows(router, _SESSIONS, element, "ldp-session-information", _sessions)


def read_neighbors(router: str, element: _Element) -> Rows[Neighbor]:
    """Parse get-ldp-neighbor-information; raises BadReply."""
    return rows(router, _NEIGHBORS, element, "ldp-neighbor-information", _neighbors)


SESSIONS = Query(Request.of(_SESSIONS, detail=True), read_sessions)
NEIGHBORS = Query(Request.of(_NEIGHBORS), read_neighbors)


def _sessions(reply: Reply) -> Iterator[Session]:
    for each in reply.each("ldp-session"):
        authentication = each.find("ldp-session-authentication")
        yield Session(
            neighbor=each.must("ldp-neighbor-address", ip_address),
            state=each.word("ldp-session-state", STATES),
            connection=_connection(each),
            hold_time=each.number("ldp-holdtime"),
            authentication=None if authentication in ("none", "None") else authentication,
        )


def _connection(reply: Reply) -> str | None:
    has = reply.has("ldp-connection-state")
    return reply.word("ldp-connection-state", CONNECTIONS) if has else None


def _neighbors(reply: Reply) -> Iterator[Neighbor]:
    for each in reply.each("ldp-neighbor"):
        yield Neighbor(
            address=each.must("ldp-neighbor-address", ip_address),
            interface=each.text("interface-name"),
            label_space=each.text("ldp-label-space-id"),
            remaining=each.number("ldp-remaining-time"),
        )
