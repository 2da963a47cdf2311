"""Ping and traceroute: probes sent through the tables as they stand, and the answers' way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.fabric.tcp_reachability import first_address, source_of
from multihome.twin.fabric.walk import Fate, Way, walk, walk_on
from multihome.twin.routing.forwarding import Packet, flow_of
from multihome.twin.views import PingView, Probe, TracerouteView

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.fabric.walk import Wires
    from multihome.twin.routing.host import Host

ICMP, UDP = 1, 17
_ECHO_TTL, _ERROR_TTL = 64, 255
_PROCESSING = 250e-6
"""What two hosts and their control planes add to a round trip, in seconds."""
_SPREAD = 200e-6
"""How far two probes of one path differ at most, in seconds."""
_PROBES = 3
_NO_ROUTE = "No route to host"
_NO_SOURCE = "Can't assign requested address"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who probes what, and how."""

    node: str
    instance: str
    source: Address | None
    target: Address
    protocol: int
    ttl: int


def ping(wires: Wires, asking: Asking, count: int, size: int) -> PingView:
    """`count` echo requests, all at this instant."""
    source, error = _source(wires, asking)
    if source is None:
        return PingView(asking.target, asking.source, size, (), error)
    probes = tuple(_probe(wires, asking, source, asking.ttl, number) for number in range(count))
    return PingView(asking.target, source, size, probes)


def traceroute(wires: Wires, asking: Asking) -> TracerouteView:
    """Three probes for each TTL, until the target answers or a router reports that it cannot."""
    source, error = _source(wires, asking)
    if source is None:
        return TracerouteView(asking.target, asking.source, asking.ttl, (), error)
    hops: list[tuple[Probe, ...]] = []
    for ttl in range(1, asking.ttl + 1):
        hop = tuple(
            _probe(wires, asking, source, ttl, ttl * _PROBES + number) for number in range(_PROBES)
        )
        hops.append(hop)
        if any(probe.reached or probe.icmp.endswith("unreachable") for probe in hop):
            break
    return TracerouteView(asking.target, source, asking.ttl, tuple(hops))


def _source(wires: Wires, asking: Asking) -> tuple[Address | None, str]:
    """The address the probes leave with, or why none can leave."""
    host = wires.host(asking.node)
    if asking.source is not None:
        owned = host.owns(asking.source, asking.instance)
        return (asking.source, "") if owned else (None, _NO_SOURCE)
    if host.owns(asking.target, asking.instance):
        return asking.target, ""
    way = walk(wires, asking.node, asking.instance, _packet(asking, asking.target, asking.ttl))
    if way.fate is Fate.NO_ROUTE and way.hops == 0:
        return None, _NO_ROUTE
    chosen = source_of(host, asking.instance, way, asking.target, routed=True)
    source = chosen or first_address(host, asking.instance)
    return source, "" if source is not None else _NO_SOURCE


def _packet(asking: Asking, source: Address, ttl: int) -> Packet:
    flow = flow_of(source, asking.target, asking.protocol)
    return Packet(source, asking.target, ttl, flow)


def _probe(wires: Wires, asking: Asking, source: Address, ttl: int, number: int) -> Probe:
    way = walk(wires, asking.node, asking.instance, _packet(asking, source, ttl))
    lost = Probe(responder=None, rtt=0.0, ttl=0, reached=False)
    if way.fate is Fate.LOST:
        return lost
    host = wires.host(way.node)
    reached = way.fate is Fate.DELIVERED
    responder = asking.target if reached else _speaks_as(wires, host, way, asking, source)
    if responder is None:
        return lost
    answer = Packet(responder, source, _ECHO_TTL if reached else _ERROR_TTL)
    answer.flow = flow_of(responder, source, ICMP)
    back = _way_back(wires, host, way, answer)
    if back.fate is not Fate.DELIVERED or back.node != asking.node:
        return lost
    jitter = flow_of(source, asking.target, number) % 1000 / 1000 * _SPREAD
    rtt = way.delay + back.delay + _PROCESSING + jitter
    icmp = "" if reached and asking.protocol == ICMP else _icmp(way.fate)
    return Probe(responder=responder, rtt=rtt, ttl=answer.ttl, reached=reached, icmp=icmp)


def _way_back(wires: Wires, host: Host, way: Way, answer: Packet) -> Way:
    """Routed where it was made; `icmp-tunneling` sends an error on to the end of the path."""
    mpls = host.config.mpls
    if way.labels and mpls is not None and mpls.icmp_tunneling:
        answer.stack = [(label, _ERROR_TTL) for label in way.labels]
        return walk_on(wires, way.node, way.arrived_by, answer)
    return walk(wires, way.node, way.instance, answer)


def _icmp(fate: Fate) -> str:
    return "port-unreachable" if fate is Fate.DELIVERED else fate.value


def _speaks_as(
    wires: Wires, host: Host, way: Way, asking: Asking, sender: Address
) -> Address | None:
    """The source of an ICMP error: the address of the interface the packet came in by.

    A packet that came in labelled for a VRF came in by no interface of that VRF: Junos
    speaks as the interface it would have left by (seen in traceroutes through
    `vrf-table-label` egress routers).
    """
    if not way.arrived_by:
        return first_address(host, way.instance)
    if host.instance_of(way.arrived_by) == way.instance:
        return host.address_on(way.arrived_by, sender)
    onward = walk(wires, way.node, way.instance, _packet(asking, asking.target, _ECHO_TTL))
    if onward.left_by and host.instance_of(onward.left_by) == way.instance:
        return host.address_on(onward.left_by, asking.target)
    return first_address(host, way.instance)
