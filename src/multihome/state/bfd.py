"""BFD sessions: `show bfd session`, brief to extensive."""

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

_RPC = "get-bfd-session-information"
STATES = frozenset({"Up", "Down", "Init", "AdminDown", "Failing"})


@dataclass(frozen=True, slots=True)
class Session:
    """One session; times in seconds."""

    neighbor: Address
    state: str
    interface: str | None
    """None for a session over several hops."""
    detection_time: float | None
    interval: float | None
    multiplier: int | None
    clients: frozenset[str] = frozenset()
    """Empty where the level does not list them."""
    remote_state: str | None = None


def read_sessions(router: str, element: _Element) -> Rows[Session]:
    """Parse get-bfd-session-information at any level; raises BadReply."""
    return rows(router, _RPC, element, ("bfd-session-information", "bfd-session"), _sessions)


SESSIONS = Query(Request.of(_RPC, detail=True), read_sessions)
SESSION_LISTING: Listing[Session] = Listing(
    "bfd",
    "BFD sessions: state and detection time in seconds.",
    {
        "neighbour": lambda each: each.neighbor,
        "interface": lambda each: each.interface,
        "state": lambda each: each.state,
        "remote": lambda each: each.remote_state,
        "interval": lambda each: each.interval,
        "multiplier": lambda each: each.multiplier,
        "detection": lambda each: each.detection_time,
        "clients": lambda each: each.clients,
    },
    (SESSIONS,),
)


def _sessions(reply: Reply) -> Iterator[Session]:
    for each in reply.each("bfd-session"):
        yield Session(
            neighbor=each.must("session-neighbor", ip_address),
            state=each.word("session-state", STATES),
            interface=each.find("session-interface"),
            detection_time=each.maybe("session-detection-time", float),
            interval=each.maybe("session-transmission-interval", float),
            multiplier=each.number("session-adaptive-multiplier"),
            clients=frozenset(client.text("client-name") for client in each.each("bfd-client")),
            remote_state=each.find("remote-state"),
        )
