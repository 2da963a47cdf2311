"""What LDP says: hellos on links, then messages between two LSRs (RFC 5036)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from multihome.twin.addressing import Address


class LdpHello(NamedTuple):
    """The body of a link hello."""

    lsr: Address
    transport: Address
    address: Address | None
    """Of the interface it leaves by."""


class Open(NamedTuple):
    """TCP from the LSR with the higher transport address, and Initialization."""

    lsr: Address
    key: str | None
