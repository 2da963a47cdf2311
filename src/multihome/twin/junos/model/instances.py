"""Routing instances: the main one and VRFs, with the routes that are written into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from multihome.twin.junos.model.bgp import Bgp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.junos.model.igp import Bfd, Isis, Ospf

MASTER = "master"
"""The name of the main routing instance, as Junos prints it."""


class RouteAction(StrEnum):
    """What a route without a gateway does with a packet."""

    DISCARD = "Discard"
    REJECT = "Reject"
    RECEIVE = "Receive"


@dataclass(frozen=True, slots=True)
class StaticBfd:
    """`bfd-liveness-detection` of a next hop: the neighbour, if not the next hop itself."""

    timing: Bfd
    neighbor: Address | None = None
    local_address: Address | None = None


@dataclass(frozen=True, slots=True)
class QualifiedNextHop:
    """`next-hop` (preference None: the route's own) or `qualified-next-hop`."""

    to: Address | None
    interface: str | None = None
    preference: int | None = None
    metric: int | None = None
    bfd: StaticBfd | None = None


@dataclass(frozen=True, slots=True)
class PathStatement:
    """`as-path` of a route that BGP did not bring: what it is sent with."""

    path: AsPath | None = None
    """None leaves an aggregate what its contributors say."""
    origin: str | None = None
    atomic_aggregate: bool = False
    aggregator: tuple[int, Address] | None = None


NO_PATH = PathStatement()


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """`routing-options static route P`, also below `rib T`."""

    prefix: Prefix
    next_hops: tuple[QualifiedNextHop, ...] = ()
    action: RouteAction | None = None
    next_table: str | None = None
    preference: int = 5
    metric: int | None = None
    tag: int | None = None
    resolve: bool = False
    readvertise: bool = True
    passive: bool = False
    """There, as Reject, without a next hop that can be used as well."""
    communities: tuple[str, ...] = ()
    as_path: PathStatement = NO_PATH
    table: str | None = None
    """Given below `rib`: another table than the instance's own."""


@dataclass(frozen=True, slots=True)
class AggregateRoute:
    """`routing-options aggregate|generate route P`."""

    prefix: Prefix
    generate: bool = False
    action: RouteAction = RouteAction.REJECT
    policies: tuple[str, ...] = ()
    preference: int = 130
    metric: int | None = None
    communities: tuple[str, ...] = ()
    as_path: PathStatement = NO_PATH
    brief: bool = False
    """Its path ends where those of the contributors differ, instead of with a set of the rest."""


@dataclass(frozen=True, slots=True)
class VpnMultipath:
    """`routing-options multipath` of a VRF: which paths share the load with the best."""

    unequal_cost: bool = False
    """Those with another IGP metric too (`vpn-unequal-cost`)."""
    external_internal: bool = False
    """And those from a CE together with those of other PEs."""


@dataclass(frozen=True, slots=True)
class RoutingInstance:
    """The main instance or a VRF; interface names are logical (`xe-2/0/1.105`)."""

    name: str
    type: str = "vrf"
    interfaces: tuple[str, ...] = ()
    route_distinguisher: str | None = None
    vrf_target_import: tuple[str, ...] = ()
    vrf_target_export: tuple[str, ...] = ()
    vrf_import: tuple[str, ...] = ()
    vrf_export: tuple[str, ...] = ()
    vrf_table_label: bool = False
    vrf_advertise: bool = True
    """Unless `no-vrf-advertise`: other VRFs of the router see its routes all the same."""
    auto_export: bool = False
    multipath: VpnMultipath | None = None
    router_id: Address | None = None
    autonomous_system: int | None = None
    as_loops: int = 1
    independent_domain: bool = False
    """Its AS numbers and those of the other instances are no loops for each other."""
    static: tuple[StaticRoute, ...] = ()
    aggregates: tuple[AggregateRoute, ...] = ()
    forwarding_export: tuple[str, ...] = ()
    resolution_ribs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By table: where the next hops of its routes are looked up instead."""
    bgp: Bgp = field(default_factory=Bgp)
    isis: Isis | None = None
    ospf: Ospf | None = None

    @property
    def table(self) -> str:
        """The unicast table: `inet.0`, or `NAME.inet.0` for a VRF."""
        return "inet.0" if self.name == MASTER else f"{self.name}.inet.0"
