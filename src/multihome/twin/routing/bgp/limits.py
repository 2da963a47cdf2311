"""How many prefixes a peer may send before the log is told, or the session is torn down.

Source: Junos OS BGP User Guide, statements `prefix-limit` and `accepted-prefix-limit`: the one
counts what the peer sends, the other what import policy lets through.  The lines are those of
the routing daemon: System Log Explorer, BGP_PREFIX_THRESH_EXCEEDED, BGP_PREFIX_LIMIT_EXCEEDED
and BGP_CEASE_PREFIX_LIMIT_EXCEEDED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.bgp.incoming import AS_LOOP, REJECTED
from multihome.twin.routing.route import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.junos.model.bgp import PrefixLimit
    from multihome.twin.routing.bgp.messages import Nlri
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.rib import Rib


class Limits:
    """The limits of one peer, and which of them the log has been told that it passed."""

    def __init__(self, peer: Peer, host: Host) -> None:
        self._peer = peer
        self._host = host
        self._told: set[tuple[PrefixLimit, int]] = set()

    def enforce(self, family: str, rib: Rib) -> None:
        """Look at the routes of a family, which are in this table, and do what is to be done."""
        sent = self._peer.received.get(family, {})
        for limit in self._peer.config.prefix_limits:
            if limit.family != family:
                continue
            count = _accepted(self._peer, sent, rib) if limit.accepted else len(sent)
            if limit.teardown and count > limit.maximum:
                self._tear_down(limit, count)
                return
            for bound, line in _bounds(limit):
                self._tell(limit, bound, count, line)

    def _tear_down(self, limit: PrefixLimit, count: int) -> None:
        self._told.clear()
        self._host.log(
            self._line("BGP_CEASE_PREFIX_LIMIT_EXCEEDED", limit, count).format(
                f"Shutting down peer due to exceeding configured maximum {_name(limit)}"
                f"({limit.maximum})"
            )
        )
        self._peer.tear_down(limit.idle)

    def _tell(self, limit: PrefixLimit, bound: int, count: int, line: tuple[str, str]) -> None:
        """Once, until the peer has kept to it again."""
        if count <= bound:
            self._told.discard((limit, bound))
        elif (limit, bound) not in self._told:
            self._told.add((limit, bound))
            tag, what = line
            said = f"Configured maximum {_name(limit)}{what}({bound}) exceeded"
            self._host.log(self._line(tag, limit, count).format(said))

    def _line(self, tag: str, limit: PrefixLimit, count: int) -> str:
        peer = self._peer
        kind = "External" if peer.config.external else "Internal"
        return (
            f"{tag}: {peer.address} ({kind} AS {peer.config.peer_as}): {{}} "
            f"for {limit.family} nlri: {count} (instance {peer.instance})"
        )


def _bounds(limit: PrefixLimit) -> Iterator[tuple[int, tuple[str, str]]]:
    if limit.warning is not None:
        yield limit.warning, ("BGP_PREFIX_THRESH_EXCEEDED", " threshold")
    yield limit.maximum, ("BGP_PREFIX_LIMIT_EXCEEDED", "")


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
