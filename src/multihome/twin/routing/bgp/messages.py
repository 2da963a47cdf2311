"""BGP messages (RFC 4271 section 4), as values: what they say, not how they are encoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.routing.route import BgpAttributes

Nlri = tuple["Prefix", "str | None"]
"""A prefix, and its route distinguisher in the VPN family."""
INET = "inet-unicast"
INET_VPN = "inet-vpn-unicast"


@dataclass(frozen=True, slots=True)
class Open:
    """OPEN; the families are the multiprotocol capabilities (RFC 4760)."""

    autonomous_system: int
    hold_time: int
    identifier: Address
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keepalive:
    """KEEPALIVE; only the one that confirms an OPEN travels, the rest are counted by the clock."""


@dataclass(frozen=True, slots=True)
class Update:
    """UPDATE for one family: what is new or different, and what is gone."""

    family: str
    announced: Mapping[Nlri, BgpAttributes] = field(default_factory=dict)
    withdrawn: tuple[Nlri, ...] = ()


@dataclass(frozen=True, slots=True)
class Refresh:
    """ROUTE-REFRESH (RFC 2918): say everything of this family again."""

    family: str


@dataclass(frozen=True, slots=True)
class Notification:
    """NOTIFICATION: the code and subcode in words, as `show bgp neighbor` prints them."""

    error: str
    subcode: str = ""

    def __str__(self) -> str:
        return self.error


CEASE = "Cease"
PEER_DECONFIGURED = Notification(CEASE, "Peer Unconfigured")
ADMINISTRATIVE_SHUTDOWN = Notification(CEASE, "Administratively Shutdown")
ADMINISTRATIVE_RESET = Notification(CEASE, "Administratively Reset")
CONFIGURATION_CHANGE = Notification(CEASE, "Other Configuration Change")
COLLISION = Notification(CEASE, "Connection Collision Resolution")
MAXIMUM_PREFIXES = Notification(CEASE, "Maximum Number of Prefixes Reached")
BFD_DOWN = Notification(CEASE, "BFD Session Down")
HOLD_TIME_EXPIRED = Notification("Hold Timer Expired Error")
BAD_PEER_AS = Notification("Open Message Error", "bad peer AS number")
BAD_IDENTIFIER = Notification("Open Message Error", "bad BGP identifier")
NO_COMMON_FAMILY = Notification("Open Message Error", "unsupported capability")
STATE_MACHINE = Notification("Finite State Machine Error")

Message = Open | Keepalive | Update | Refresh | Notification
