"""`clear bgp neighbor`: sessions end, and come back by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.bgp.peers import ARGUMENTS, ESTABLISHED, NOT_RUNNING, wanted_peers
from multihome.twin.show.registry import shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from multihome.twin.show.element import Element
    from multihome.twin.show.registry import Query


@shows("clear-bgp-neighbor", "clear bgp neighbor", f"<neighbor> all group:group {ARGUMENTS}")
def clear_neighbor(query: Query) -> Element:
    """End the sessions with the neighbours that are meant, and say how many there were."""
    peers = wanted_peers(query)
    if peers is None:
        return output(NOT_RUNNING)
    address = query.get("neighbor")
    peers = [peer for peer in peers if address is None or str(peer.address) == address]
    sessions = sum(peer.state == ESTABLISHED for peer in peers)
    query.router.bgp.clear([(peer.instance, peer.address) for peer in peers])
    return output(f"Cleared {sessions} connections")
