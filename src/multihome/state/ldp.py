"""LDP: `show ldp session` and `show ldp neighbor`, brief and detail."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Rows, rows
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.state.reply import Address, Reply

_SESSIONS = "get-ldp-session-information"
_NEIGHBORS = "get-ldp-neighbor-information"
_DATABASE = "get-ldp-database-information"
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


@dataclass(frozen=True, slots=True)
class Binding:
    """One label for one prefix, as one end of a session sent it to the other."""

    session: str
    """Both label spaces: `10.0.0.7:0--10.0.0.5:0`, the router's own first."""
    received: bool
    """Received from the neighbour; else sent to it."""
    prefix: str
    label: str


def read_sessions(router: str, element: _Element) -> Rows[Session]:
    """Parse get-ldp-session-information; raises BadReply."""
    return rows(router, _SESSIONS, element, ("ldp-session-information", "ldp-session"), _sessions)


def read_neighbors(router: str, element: _Element) -> Rows[Neighbor]:
    """Parse get-ldp-neighbor-information; raises BadReply."""
    return rows(
        router, _NEIGHBORS, element, ("ldp-neighbor-information", "ldp-neighbor"), _neighbors
    )


def read_database(router: str, element: _Element) -> Rows[Binding]:
    """Parse get-ldp-database-information; raises BadReply."""
    return rows(router, _DATABASE, element, ("ldp-database-information", "ldp-database"), _bindings)


SESSIONS = Query(Request.of(_SESSIONS, detail=True), read_sessions)
NEIGHBORS = Query(Request.of(_NEIGHBORS), read_neighbors)
DATABASE = Query(Request.of(_DATABASE), read_database)
SESSION_LISTING: Listing[Session] = Listing(
    "ldp",
    "LDP sessions: state, hold time, authentication.",
    {
        "neighbour": lambda each: each.neighbor,
        "state": lambda each: each.state,
        "connection": lambda each: each.connection,
        "hold time": lambda each: each.hold_time,
        "authentication": lambda each: each.authentication,
    },
    (SESSIONS,),
)
NEIGHBOR_LISTING: Listing[Neighbor] = Listing(
    "ldp-neighbors",
    "LDP hello adjacencies, by interface.",
    {
        "neighbour": lambda each: each.address,
        "interface": lambda each: each.interface,
        "label space": lambda each: each.label_space,
        "remaining": lambda each: each.remaining,
    },
    (NEIGHBORS,),
)
BINDING_LISTING: Listing[Binding] = Listing(
    "labels",
    "LDP label bindings of each session, received and sent.",
    {
        "session": lambda each: each.session,
        "direction": lambda each: "received" if each.received else "sent",
        "prefix": lambda each: each.prefix,
        "label": lambda each: each.label,
    },
    (DATABASE,),
)


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


def _bindings(reply: Reply) -> Iterator[Binding]:
    """Of each session two lists: `Input label database`, `Output label database`."""
    for database in reply.each("ldp-database"):
        kind = database.text("ldp-database-type")
        if kind.split()[0] not in ("Input", "Output"):
            raise database.bad(f"unknown value {kind!r}", "ldp-database-type")
        session, received = database.text("ldp-session-id"), kind.startswith("Input")
        for each in database.each("ldp-binding"):
            yield Binding(session, received, each.text("ldp-prefix"), each.text("ldp-label"))
