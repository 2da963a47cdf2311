"""How many prefixes a peer may send before the session is torn down.

Source: Junos OS BGP User Guide, statements `prefix-limit` and `accepted-prefix-limit`: the one
counts what the peer sends, the other what import policy lets through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.bgp.incoming import AS_LOOP, REJECTED
from multihome.twin.routing.route import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.junos.model.bgp import PrefixLimit
    from multihome.twin.routing.bgp.messages import Nlri
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.rib import Rib


def exceeded(peer: Peer, family: str, rib: Rib) -> PrefixLimit | None:
    """The limit a peer has passed with the routes of a family, which are in this table."""
    sent = peer.received.get(family, {})
    for limit in peer.config.prefix_limits:
        if limit.family != family or len(sent) <= limit.maximum:
            continue
        if not limit.accepted or _accepted(peer, sent, rib) > limit.maximum:
            return limit
    return None


def _accepted(peer: Peer, sent: Iterable[Nlri], rib: Rib) -> int:
    """An unusable next hop does not unmake an accepted route; a policy does."""
    return sum(
        route.source == peer.source
        and route.protocol is Protocol.BGP
        and route.hidden not in (REJECTED, AS_LOOP)
        for prefix, rd in sent
        for route in rib.routes(prefix, rd)
    )
