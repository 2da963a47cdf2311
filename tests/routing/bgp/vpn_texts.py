"""Provider edges with a VRF each, and what is behind them, as set commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix

if TYPE_CHECKING:
    from multihome.twin.network import Network
    from multihome.twin.routing.route import Route

P = Prefix.parse
V = "set routing-instances v"
CORE = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{n}/30
set interfaces ge-0/0/0 unit 0 family mpls
set interfaces lo0 unit 0 family inet address {n}.{n}.{n}.{n}/32
set routing-options autonomous-system 1
set routing-options router-id {n}.{n}.{n}.{n}
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0
set protocols ospf area 0.0.0.0 interface lo0.0 passive
set protocols ldp interface ge-0/0/0.0
set protocols mpls interface ge-0/0/0.0
set protocols bgp group i type internal
set protocols bgp group i local-address {n}.{n}.{n}.{n}
set protocols bgp group i family inet-vpn unicast
set protocols bgp group i neighbor {far}.{far}.{far}.{far}
"""
VRF = """
set interfaces ge-0/0/1 unit 0 family inet address 172.16.{n}.1/30
set interfaces lo0 unit 1 family inet address 9.9.9.{n}/32
set routing-instances v instance-type vrf
set routing-instances v interface ge-0/0/1.0
set routing-instances v interface lo0.1
set routing-instances v route-distinguisher 1:{n}
set routing-instances v vrf-target target:1:1
set routing-instances v vrf-table-label
set routing-instances v routing-options static route 192.168.{n}.0/24 next-hop 172.16.{n}.2
"""
CE = """
set interfaces ge-0/0/1 unit 0 family inet address 172.16.{n}.2/30
set interfaces lo0 unit 0 family inet address 192.168.{n}.1/32
set routing-options static route 0.0.0.0/0 next-hop 172.16.{n}.1
"""


def backbone(one: str = "", two: str = "") -> dict[str, str]:
    """Two PEs back to back, a VRF and a CE on each."""
    return {
        "pe1": CORE.format(n=1, far=2) + VRF.format(n=1) + one,
        "pe2": CORE.format(n=2, far=1) + VRF.format(n=2) + two,
        "ce1": CE.format(n=1),
        "ce2": CE.format(n=2),
    }


def at(made: Network, name: str, prefix: str, table: str = "v.inet.0") -> Route | None:
    return made.nodes[name].rib(table).active(P(prefix))


def reach(made: Network, source: str = "192.168.1.1", target: str = "192.168.2.1") -> bool:
    view = made.ping("ce1", Address.parse(target), source=Address.parse(source), count=1)
    return all(probe.reached for probe in view.probes)
