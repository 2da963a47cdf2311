"""What `show bgp` and `show route receive-protocol|advertising-protocol bgp` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.model.bgp import DEFAULT_HOLD_TIME
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.junos.model.keys import ChainKey, InChain
from multihome.twin.routing.bgp.adj_rib_in import as_received
from multihome.twin.routing.bgp.fsm import Event
from multihome.twin.routing.bgp.messages import INET, INET_VPN
from multihome.twin.routing.route import Protocol, Route
from multihome.twin.routing.vpn.vrf import VPN_TABLE
from multihome.twin.views import BgpPeerView, RibCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.routing.bgp.adj_rib_out import Said
    from multihome.twin.routing.bgp.connection import Connection
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.rib import Rib

_HANDSHAKE = 2
"""OPEN and the KEEPALIVE that confirms it."""


def peer_view(host: Host, peer: Peer, said: Said) -> BgpPeerView:
    """One neighbour as it is now."""
    config, session = peer.config, peer.session
    return BgpPeerView(
        address=config.address,
        local_address=peer.local_address,
        peer_as=config.peer_as or peer.local_as,
        local_as=peer.local_as,
        group=config.group,
        instance=peer.instance,
        external=config.external,
        state=peer.state.word,
        since=peer.since,
        flaps=peer.flaps,
        last_state=peer.last_state.word,
        last_event=_last_event(host, peer),
        last_error="None" if peer.last_error is None else str(peer.last_error),
        input_messages=_messages(host, peer, peer.received_updates),
        output_messages=_messages(host, peer, peer.sent_updates),
        tables=_tables(host, peer, said),
        families=config.families if session is None else peer.families,
        configured_families=config.families,
        offered_families=_offered(session),
        hold_time=config.hold_time,
        active_hold_time=0 if session is None else peer.hold_time,
        keepalive=0 if session is None else peer.keepalive,
        peer_id=peer.identifier,
        local_id=None if session is None else host.router_id(peer.instance),
        description=config.description,
        passive=config.passive,
        authentication=config.authentication_key is not None,
        import_policies=config.import_policies,
        export_policies=config.export_policies,
        options=tuple(_options(config)),
        cluster=config.cluster,
        multihop=config.multihop_ttl is not None,
        local_interface=peer.path.interface if peer.single_hop and peer.path else "",
        bfd=_bfd(peer),
    )


def received_routes(host: Host, peer: Peer) -> Iterator[Route]:
    """What the peer sent, as it was before import policy."""
    for family, known in peer.received.items():
        rib = host.rib(_table(peer, family))
        for nlri in sorted(known, key=lambda nlri: (nlri[1] or "", nlri[0])):
            held = _held(rib, peer, nlri[0], nlri[1])
            if held is not None:
                yield as_received(peer, nlri, known[nlri], held.installed, held.hidden)


def advertised_routes(peer: Peer, said: Said) -> Iterator[Route]:
    """What the peer was sent, as it was after export policy."""
    for sent in said.values():
        for prefix, rd in sorted(sent, key=lambda nlri: (nlri[1] or "", nlri[0])):
            yield Route(
                prefix=prefix,
                rd=rd,
                protocol=Protocol.BGP,
                preference=peer.config.preference,
                source=peer.source,
                bgp=sent[prefix, rd],
                instance=peer.instance,
                local_as=peer.local_as,
                peer_as=peer.config.peer_as,
                peer_external=peer.config.external,
            )


def _messages(host: Host, peer: Peer, updates: int) -> int:
    """Updates, the handshake, and the keepalives that the clock has seen since."""
    if peer.session is None:
        return updates
    elapsed = host.clock.now - peer.since
    return updates + _HANDSHAKE + (int(elapsed // peer.keepalive) if peer.keepalive else 0)


def _last_event(host: Host, peer: Peer) -> str:
    """The last message; once a keepalive was due, that."""
    quiet = peer.session is not None and peer.keepalive
    if quiet and host.clock.now - peer.since >= peer.keepalive:
        return str(Event.KEEPALIVE)
    return str(peer.last_event)


def _table(peer: Peer, family: str) -> str:
    if family == INET_VPN:
        return VPN_TABLE
    return "inet.0" if peer.instance == MASTER else f"{peer.instance}.inet.0"


def _offered(session: Connection | None) -> tuple[str, ...]:
    """What the OPEN of the neighbour said."""
    return session.opened.families if session is not None and session.opened is not None else ()


def _tables(host: Host, peer: Peer, said: Said) -> dict[str, RibCounts]:
    tables: dict[str, RibCounts] = {}
    for family in peer.families if peer.session is not None else ():
        rib = host.rib(_table(peer, family))
        routes = [
            (rib, route)
            for prefix, rd in peer.received.get(family, ())
            if (route := _held(rib, peer, prefix, rd)) is not None
        ]
        tables[rib.name] = _counts(routes, len(said.get(family, ())))
        if family == INET_VPN:
            tables.update(_copies(host, peer))
    return tables


def _copies(host: Host, peer: Peer) -> Iterator[tuple[str, RibCounts]]:
    """What the peer's VPN routes have become in each VRF."""
    for instance in host.config.instances.values():
        if instance.type == "vrf":
            rib = host.rib(instance.table)
            routes = [
                (rib, route)
                for entry in rib.entries()
                for route in entry.routes
                if route.primary_table == VPN_TABLE and route.learned_from == peer.address
            ]
            if routes:
                yield rib.name, _counts(routes, 0)


def _counts(routes: list[tuple[Rib, Route]], advertised: int) -> RibCounts:
    accepted = [(rib, route) for rib, route in routes if route.hidden is None]
    active = sum(_same(rib.active(route.prefix, route.rd), route) for rib, route in accepted)
    return RibCounts(
        active=active, received=len(routes), accepted=len(accepted), advertised=advertised
    )


def _held(rib: Rib, peer: Peer, prefix: Prefix, rd: str | None) -> Route | None:
    entry = rib.entry(prefix, rd)
    for route in () if entry is None else entry.routes:
        if route.protocol is Protocol.BGP and route.source == peer.source:
            return route
    return None


def _same(active: Route | None, route: Route) -> bool:
    return active is not None and (active.protocol, active.source) == (
        route.protocol,
        route.source,
    )


def _options(config: BgpNeighbor) -> Iterator[str]:
    """The words of `Options: <...>`, in Junos's order."""
    for word, given in (
        ("Multihop", config.multihop_ttl is not None),
        ("Preference", True),
        ("RemovePrivateAS", config.remove_private is not None),
        ("LocalAddress", config.local_address is not None),
        ("HoldTime", config.hold_time != DEFAULT_HOLD_TIME),
        ("Metric", config.metric_out is not None),
        ("AuthKey", isinstance(config.authentication_key, str)),
        ("AuthKeyChain", isinstance(config.authentication_key, ChainKey | InChain)),
        ("Passive", config.passive),
        ("LogUpDown", config.log_updown),
        ("Cluster", config.cluster is not None),
        ("AddressFamily", config.families != (INET,)),
        ("PeerAS", config.external),
        ("Multipath", config.multipath),
        ("LocalAS", config.local_as is not None),
        ("AdvertiseInactive", config.advertise_inactive),
        ("AdvertiseExternal", config.advertise_external),
        ("AsOverride", config.as_override),
        ("Refresh", True),
        ("BfdEnabled", config.bfd is not None),
    ):
        if given:
            yield word


def _bfd(peer: Peer) -> str:
    if peer.config.bfd is None:
        return "disabled"
    return "enabled, up" if peer.bfd is not None and peer.bfd.up else "enabled, down"
