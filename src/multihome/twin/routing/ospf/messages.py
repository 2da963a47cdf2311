"""What OSPF says on a link (RFC 2328 appendix A.3.2)."""

from __future__ import annotations

from typing import NamedTuple

from multihome.twin.addressing import Address


class OspfHello(NamedTuple):
    """The body of a hello."""

    router_id: Address
    address: Address
    length: int
    """Of the subnet; must agree on a LAN."""
    hello_interval: float
    dead_interval: float
    point_to_point: bool
    priority: int
    designated: Address | None
    """The router ID of the sender's designated router."""
    backup: Address | None
    secret: str | None
    mtu: int
    """What the database descriptions that follow will say."""


Role = tuple[Address | None, Address | None]
"""Designated and backup designated router, by router ID."""
