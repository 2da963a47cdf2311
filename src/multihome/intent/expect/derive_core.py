"""The core: ports, adjacencies, label sessions, internal BGP, and the way to every loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.intent.expect.expectation_fields import either, frame, hold_time, wire
from multihome.intent.expectation import (
    AnyExpectation,
    Bfd,
    BgpSession,
    Interface,
    IsisAdjacency,
    LdpSession,
    PrefixCounts,
    RouteExpectation,
    RoutePath,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.expect.derived_network import World

_TAG = "core"
_LEVEL = 2
"""The only level that IS-IS speaks in the core; an adjacency of both levels says 3."""
_MULTIPLIER = 3
"""BFD's, if none is configured: so many packets that do not come are too many."""


def core(world: World) -> Iterator[AnyExpectation]:
    """Everything of the core that the state leaves alive."""
    links_known = bool(world.intent.core.links)
    if links_known:
        yield from _links(world)
        yield from _ways(world)
    yield from _sessions(world)
    yield from _beside(world)


def _beside(world: World) -> Iterator[AnyExpectation]:
    """Links outside VPNs and core; up as far as both their ends are ours."""
    failures = world.scene.failures
    for link in world.intent.other_links:
        places = {(name, end.interface) for name, end in link.ends.items()}
        sure = len(places) > 1 and not failures.doubtful & places
        for name, end in link.ends.items():
            if not world.alive(name):
                continue
            yield Interface(
                **frame(world, name, f"link {' - '.join(link.ends)}", "link"),
                **wire(world, link.vlan),
                interface=end.interface,
                oper="up" if sure else either(["up", "down"]),
                addresses=frozenset({str(end.address)}),
            )


def _links(world: World) -> Iterator[AnyExpectation]:
    core, label_peers = world.intent.core, set()
    for link in core.links:
        up = all(world.works(name, end.interface) for name, end in link.ends.items())
        if not up:
            continue
        for name, end in link.ends.items():
            [(other, far)] = [item for item in link.ends.items() if item[0] != name]
            about = frame(world, name, f"core link {name} - {other}", _TAG)
            address, port = str(end.address), end.interface
            same: dict[str, Any] = {}
            if core.managed:
                families = frozenset({"inet", "iso", "mpls"})
                same = {**wire(world, link.vlan), "mpls": "Up", "families": families}
            yield Interface(**about, **same, interface=port, addresses=frozenset({address}))
            level = _LEVEL if core.managed else None
            yield IsisAdjacency(**about, interface=port, address=far.address.ip, isis_level=level)
            if core.isis.bfd_interval is not None:
                pace = _pace(core.isis.bfd_interval)
                yield Bfd(**about, **pace, neighbor=far.address.ip, interface=port)
            label_peers.add((name, other))
    for name, other in sorted(label_peers):
        yield LdpSession(
            **frame(world, name, f"core link {name} - {other}", _TAG),
            neighbor=world.intent.routers[other].loopback.address.ip,
            connection="Open",
            authentication=core.ldp.signed,
        )


def _pace(milliseconds: int) -> dict[str, Any]:
    """How BFD keeps time: three packets that do not come are too many (Junos's default)."""
    interval = milliseconds / 1000
    return {
        "interval": interval,
        "multiplier": _MULTIPLIER,
        "detection_time": round(_MULTIPLIER * interval, 3),
    }


def _ways(world: World) -> Iterator[AnyExpectation]:
    routers = list(dict.fromkeys(name for link in world.intent.core.links for name in link.ends))
    for name in routers:
        for other in routers:
            cost = world.igp.cost(name, other)
            if name == other or cost is None:
                continue
            about = frame(world, name, f"core, the way to {other}", _TAG)
            hops = world.igp.first_hops(name, other)
            way = {
                "next_hop": either([hop.address for hop in hops]),
                "interface": either([hop.interface for hop in hops]),
            }
            prefix = world.intent.routers[other].loopback.address.network
            isis = RoutePath(protocol="IS-IS", metric=cost, **way)
            yield RouteExpectation(**about, table="inet.0", prefix=prefix, active=isis)
            # With `track-igp-metric`, so that BGP prefers the nearer of two PEs.
            metric = cost if world.intent.core.managed else None
            ldp = RoutePath(protocol="LDP", metric=metric, **way)
            yield RouteExpectation(**about, table="inet.3", prefix=prefix, active=ldp)


def _sessions(world: World) -> Iterator[AnyExpectation]:
    intent, bgp = world.intent, world.intent.core.bgp
    for name, neighbors in world.mesh.sessions.items():
        for neighbor in neighbors:
            peer = intent.routers[neighbor].loopback.address.ip
            about = frame(world, name, f"core BGP {name} - {neighbor}", _TAG)
            yield BgpSession(
                **about,
                peer=peer,
                instance="master",
                type="Internal",
                group=bgp.group if intent.core.managed else None,
                peer_as=intent.core.autonomous_system,
                local_as=intent.core.autonomous_system,
                local_address=intent.routers[name].loopback.address.ip,
                peer_id=peer if intent.core.managed else None,
                hold_time=hold_time(bgp.hold_time) if intent.core.managed else None,
                authentication=bgp.signed or None,
                families=frozenset({"inet-unicast", "inet-vpn-unicast"}),
                tables=_told(world, name, neighbor),
            )
            if bgp.bfd_interval is not None:
                clients = frozenset({"BGP"})
                yield Bfd(**about, **_pace(bgp.bfd_interval), neighbor=peer, clients=clients)


def _told(world: World, name: str, neighbor: str) -> dict[str, PrefixCounts]:
    """How many VPN routes the neighbour tells, all of which must be acceptable.

    A PE keeps those of its own VPNs only, a route reflector keeps all (Junos's `keep`).
    """
    reflects = name in world.intent.core.bgp.reflectors
    kept = [state for state in world.vpns.values() if reflects or name in state.tables]
    if world.doubtful or not any(name in state.tables for state in kept):
        return {}
    count = sum(len(state.told.get((name, neighbor), {})) for state in kept)
    return {"bgp.l3vpn.0": PrefixCounts(received=count, accepted=count)}
