"""What two speakers check of each other before a session is established."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix
from multihome.twin.routing.bgp import messages
from multihome.twin.routing.bgp.fsm import State

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.routing.bgp.connection import Connection
    from multihome.twin.routing.bgp.messages import Notification, Open
    from multihome.twin.routing.host import Reachability

_ANY_TTL = 255


def is_single_hop(config: BgpNeighbor) -> bool:
    """Whether the peer must be on a subnet of this router's own: external, without `multihop`."""
    return config.external and config.multihop_ttl is None


def within_reach(config: BgpNeighbor, path: Reachability, unit: Unit | None) -> bool:
    """Whether packets with the session's TTL get as far as the peer."""
    if not is_single_hop(config):
        return path.hops <= (config.multihop_ttl or _ANY_TTL)
    addresses = () if unit is None else unit.addresses
    return path.hops == 1 and any(
        Prefix.of(local.address, local.length).contains(config.address) for local in addresses
    )


def fault_in(opened: Open, config: BgpNeighbor, identifier: Address) -> Notification | None:
    """What is wrong with an OPEN (RFC 4271 section 6.2, RFC 5492 section 3), if anything is."""
    if opened.autonomous_system != config.peer_as:
        return messages.BAD_PEER_AS
    if opened.identifier == identifier and not config.external:  # RFC 6286 section 2.2
        return messages.BAD_IDENTIFIER
    if not set(opened.families) & set(config.families):
        return messages.NO_COMMON_FAMILY
    return None


def loser_of(end: Connection, other: Connection, *, ours_wins: bool) -> Connection:
    """Of two connections with one peer, the one to close (RFC 4271 section 6.8).

    The one that the speaker with the higher identifier made stays, and one that is a
    session already.
    """
    if other.state is State.ESTABLISHED or other.initiated is ours_wins:
        return end
    return other
