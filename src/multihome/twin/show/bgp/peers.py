"""Which neighbours a request is about, and what several of the answers say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from multihome.twin.show.registry import Query
    from multihome.twin.views import BgpPeerView

ESTABLISHED = "Established"
NOT_RUNNING = "BGP is not running"
ARGUMENTS = "instance:instance exact-instance:exact-instance logical-system:logical-system"
THREADED, EBGP_MODES = (19, 1), (20, 3)
"""Since when BGP has threads of its own and a graceful shutdown, and eBGP a default policy."""
SHUTDOWN_OPTION, SHUTDOWN_PREFERENCE = "GracefulShutdownRcv", 0
"""What a session does when its peer is about to leave (RFC 8326)."""
_BGP_PORT = 179
_FIRST_EPHEMERAL = 49152


def wanted_peers(query: Query) -> list[BgpPeerView] | None:
    """The neighbours asked for; None if the router runs no BGP at all."""
    peers = query.router.bgp.peers()
    if not peers:
        return None
    return [peer for peer in peers if _is_wanted(peer, query)]


def groups(peers: list[BgpPeerView]) -> dict[tuple[str, str, bool], list[BgpPeerView]]:
    """The neighbours by instance, group and type, in the order of the configuration."""
    found: dict[tuple[str, str, bool], list[BgpPeerView]] = {}
    for peer in peers:
        found.setdefault((peer.instance, peer.group, peer.external), []).append(peer)
    return found


def ends(peer: BgpPeerView) -> tuple[str, str]:
    """The far and the near address, each with its TCP port while a session exists."""
    local = "unspecified" if peer.local_address is None else str(peer.local_address)
    if peer.state != ESTABLISHED or peer.local_address is None:
        return str(peer.address), local
    called = peer.passive or peer.address < peer.local_address
    far, near = (
        (_port(peer.address), _BGP_PORT) if called else (_BGP_PORT, _port(peer.local_address))
    )
    return f"{peer.address}+{far}", f"{local}+{near}"


def _port(caller: int) -> int:
    """The ephemeral port the calling end chose; both ends name the same one."""
    return _FIRST_EPHEMERAL + crc32(str(int(caller)).encode()) % 16000


def _is_wanted(peer: BgpPeerView, query: Query) -> bool:
    exact, prefix = query.get("exact-instance"), query.get("instance") or ""
    group, address = query.get("group") or query.get("group-name"), query.get("neighbor-address")
    return (
        (exact is None or peer.instance == exact)
        and peer.instance.startswith(prefix)
        and (not group or peer.group == group)
        and (not address or str(peer.address) == address)
    )
