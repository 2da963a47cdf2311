"""How many prefixes a peer may send before it is logged, or the session is torn down.

Source: Junos OS BGP User Guide, statements `prefix-limit` and `accepted-prefix-limit`: the one
counts what the peer sends, the other what import policy lets through.  The lines are those of
the routing daemon: System Log Explorer, BGP_PREFIX_THRESH_EXCEEDED, BGP_PREFIX_LIMIT_EXCEEDED
and BGP_CEASE_PREFIX_LIMIT_EXCEEDED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.bgp.adj_rib_in import AS_LOOP, REJECTED
from multihome.twin.routing.route import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.junos.model.bgp import PrefixLimit
    from multihome.twin.routing.bgp.messages import Nlri
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.rib import Rib


def enforce(peer: Peer, family: str, rib: Rib) -> None:
    """Look at the routes a peer sent of a family, which are in this table; act where it must be."""
    sent = peer.received.get(family, {})
    for limit in peer.config.prefix_limits:
        if limit.family != family:
            continue
        count = _accepted(peer, sent, rib) if limit.accepted else len(sent)
        if limit.teardown and count > limit.maximum:
            _tear_down(peer, limit, count)
            return
        for bound, tag, what in _bounds(limit):
            if count <= bound:
                peer.passed.discard((limit, bound))
            elif (limit, bound) not in peer.passed:
                peer.passed.add((limit, bound))
                said = f"Configured maximum {_name(limit)}{what}({bound}) exceeded"
                _log(peer, tag, said, limit, count)


def _tear_down(peer: Peer, limit: PrefixLimit, count: int) -> None:
    said = f"Shutting down peer due to exceeding configured maximum {_name(limit)}({limit.maximum})"
    _log(peer, "BGP_CEASE_PREFIX_LIMIT_EXCEEDED", said, limit, count)
    peer.tear_down(limit.idle)


def _log(peer: Peer, tag: str, said: str, limit: PrefixLimit, count: int) -> None:
    kind = "External" if peer.config.external else "Internal"
    peer.speaker.host.log(
        f"{tag}: {peer.address} ({kind} AS {peer.config.peer_as}): {said} "
        f"for {limit.family} nlri: {count} (instance {peer.instance})"
    )


def _bounds(limit: PrefixLimit) -> Iterator[tuple[int, str, str]]:
    if limit.warning is not None:
        yield limit.warning, "BGP_PREFIX_THRESH_EXCEEDED", " threshold"
    yield limit.maximum, "BGP_PREFIX_LIMIT_EXCEEDED", ""


def _name(limit: PrefixLimit) -> str:
    return "accepted-prefix-limit" if limit.accepted else "prefix-limit"


def _accepted(peer: Peer, sent: Iterable[Nlri], rib: Rib) -> int:
    """An unusable next hop does not unmake an accepted route; a policy does."""
    return sum(
        route.source == peer.source
        and route.protocol is Protocol.BGP
        and route.hidden not in (REJECTED, AS_LOOP)
        for prefix, rd in sent
        for route in rib.routes(prefix, rd)
    )
