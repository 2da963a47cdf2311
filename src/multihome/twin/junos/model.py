"""What a committed Junos configuration means: one router as frozen values.

Built from the effective configuration (groups inherited, inactive parts gone) by
`multihome.twin.junos.build.router`; groups are already inherited into neighbours here.  The
routing code reads this and never a configuration statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.junos.policy import Policies

MASTER = "master"
"""The name of the main routing instance, as Junos prints it."""
DEFAULT_HOLD_TIME = 90
"""Seconds that a BGP session lives without a word."""


# --- interfaces ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrackInterface:
    """`track interface NAME priority-cost N`; `bandwidth` thresholds are not modelled."""

    name: str
    priority_cost: int


@dataclass(frozen=True, slots=True)
class TrackRoute:
    """`track route P routing-instance R priority-cost N`."""

    prefix: Prefix
    instance: str
    priority_cost: int


@dataclass(frozen=True, slots=True)
class VrrpGroup:
    """One `vrrp-group` under one interface address; times in seconds."""

    group: int
    virtual_addresses: tuple[Address, ...]
    priority: int = 100
    preempt: bool = True
    preempt_hold_time: float = 0.0
    accept_data: bool = False
    advertise_interval: float = 1.0
    track_interfaces: tuple[TrackInterface, ...] = ()
    track_routes: tuple[TrackRoute, ...] = ()
    track_hold_time: float = 0.0


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """`family inet address A/L`."""

    address: Address
    length: int
    primary: bool = False
    preferred: bool = False
    vrrp: tuple[VrrpGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One logical interface; `name` is `xe-2/0/1.150`."""

    name: str
    physical: str
    number: int
    description: str = ""
    vlan: int | None = None
    disabled: bool = False
    addresses: tuple[InterfaceAddress, ...] = ()
    families: frozenset[str] = frozenset()
    """Of `inet`, `iso`, `mpls`, `inet6`."""
    mtu: int | None = None
    iso: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Physical:
    """One physical (or aggregated, or loopback) interface."""

    name: str
    description: str = ""
    disabled: bool = False
    members: tuple[str, ...] = ()
    """Of a bundle (`802.3ad`): the ports in it that are not disabled."""
    least: int = 0
    """So many of them it needs; 0 for what is no bundle, or has no ports that are configured."""


# --- static, aggregate -----------------------------------------------------------


class RouteAction(StrEnum):
    """What a route without a gateway does with a packet."""

    DISCARD = "Discard"
    REJECT = "Reject"
    RECEIVE = "Receive"


@dataclass(frozen=True, slots=True)
class Bfd:
    """`bfd-liveness-detection`; the interval in seconds."""

    minimum_interval: float
    multiplier: int = 3


@dataclass(frozen=True, slots=True)
class StaticBfd:
    """`bfd-liveness-detection` of a next hop: with whom, if not with the next hop itself."""

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
    as_path: tuple[int, ...] = ()
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
    as_path: tuple[int, ...] = ()


# --- protocols -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IgpInterface:
    """An interface of IS-IS (at one level) or OSPF; `metric` None means the protocol's default."""

    name: str
    metric: int | None = None
    passive: bool = False
    point_to_point: bool = False
    disabled: bool = False
    levels_disabled: frozenset[int] = frozenset()
    bfd: Bfd | None = None
    ldp_synchronization: bool = False
    ldp_synchronization_hold_time: float | None = None
    """Seconds after which the metric is the configured one again; None: only LDP ends it."""
    priority: int | None = None
    """For designated router; None means the protocol's default."""
    authentication_key: str | None = None
    hello_interval: float | None = None
    hold_time: float | None = None


@dataclass(frozen=True, slots=True)
class Isis:
    """`protocols isis`; keys are clear text after $9$ decoding."""

    interfaces: tuple[IgpInterface, ...] = ()
    """As level 2 has them, or level 1 where level 2 does not run."""
    at_level: Mapping[int, tuple[IgpInterface, ...]] = field(default_factory=dict)
    """The interfaces with what `level N` says of them; a level left out has `interfaces`."""
    levels_disabled: frozenset[int] = frozenset()
    wide_metrics_only: frozenset[int] = frozenset()
    authentication: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Level -> (type, key)."""
    overload: bool = False
    overload_timeout: float | None = None
    lsp_lifetime: int = 1200
    spf_delay: float = 0.2
    preference: Mapping[int, int] = field(default_factory=dict)
    external_preference: Mapping[int, int] = field(default_factory=dict)
    export: tuple[str, ...] = ()
    reference_bandwidth: int | None = None


@dataclass(frozen=True, slots=True)
class Ospf:
    """`protocols ospf`: area 0.0.0.0 is modelled, other areas are a warning."""

    interfaces: tuple[IgpInterface, ...] = ()
    spf_delay: float = 0.2
    preference: int = 10
    external_preference: int = 150
    export: tuple[str, ...] = ()
    overload: bool = False
    overload_timeout: float | None = None
    reference_bandwidth: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Ldp:
    """`protocols ldp`; session keys by neighbour loopback, clear text."""

    interfaces: tuple[str, ...] = ()
    track_igp_metric: bool = False
    session_keys: Mapping[Address, str] = field(default_factory=dict)
    explicit_null: bool = False
    transport_address: str = "router-id"
    igp_synchronization_holddown: float | None = None


@dataclass(frozen=True, slots=True)
class MetricOut:
    """`metric-out N | igp [delta] | minimum-igp [delta]`."""

    kind: str
    """`fixed`, `igp` or `minimum-igp`."""
    value: int = 0


@dataclass(frozen=True, slots=True)
class PrefixLimit:
    """`prefix-limit` or `accepted-prefix-limit` of a family, as far as it tears sessions down."""

    family: str
    maximum: int
    accepted: bool = False
    idle: float | None = None
    """Seconds until the session may come back: infinite for `forever`, None for Junos's own."""


@dataclass(frozen=True, slots=True)
class RemovePrivate:
    """`remove-private`, which stops at a public number unless it takes `everywhere`."""

    everywhere: bool = False
    replace: bool = False
    """Each private number becomes the local AS instead of nothing."""
    nearest: bool = False
    """Or the last public number before it."""
    peer_loop_check: bool = True
    """The peer's own number stays, private or not."""


@dataclass(frozen=True, slots=True)
class BgpNeighbor:
    """One neighbour with everything its group and the protocol level gave it."""

    address: Address
    group: str
    external: bool
    peer_as: int | None = None
    local_as: int | None = None
    local_as_loops: int = 1
    local_as_private: bool = False
    local_as_no_prepend_global: bool = False
    family_loops: tuple[tuple[str, int], ...] = ()
    """`family ... loops N`: the own AS may be in a path so often, and no oftener."""
    local_address: Address | None = None
    description: str = ""
    families: tuple[str, ...] = ("inet-unicast",)
    """Of `inet-unicast`, `inet-vpn-unicast`."""
    import_policies: tuple[str, ...] = ()
    export_policies: tuple[str, ...] = ()
    authentication_key: str | None = None
    hold_time: int = DEFAULT_HOLD_TIME
    passive: bool = False
    shutdown: bool = False
    as_override: bool = False
    advertise_peer_as: bool = False
    remove_private: RemovePrivate | None = None
    advertise_inactive: bool = False
    advertise_external: bool = False
    metric_out: MetricOut | None = None
    local_preference: int | None = None
    preference: int = 170
    cluster: Address | None = None
    no_client_reflect: bool = False
    multihop_ttl: int | None = None
    no_nexthop_change: bool = False
    multipath: bool = False
    multipath_multiple_as: bool = False
    bfd: Bfd | None = None
    log_updown: bool = False
    keep_all: bool = False
    keep_none: bool = False
    vpn_apply_export: bool = False
    accept_remote_nexthop: bool = False
    out_delay: float = 0.0
    prefix_limits: tuple[PrefixLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class Bgp:
    """`protocols bgp` of one instance."""

    neighbors: tuple[BgpNeighbor, ...] = ()
    always_compare_med: bool = False
    med_plus_igp: bool = False
    external_router_id: bool = False
    cisco_non_deterministic: bool = False
    as_path_ignore: bool = False
    advertise_from_main_vpn_tables: bool = False


@dataclass(frozen=True, slots=True)
class Mpls:
    """`protocols mpls`."""

    interfaces: tuple[str, ...] = ()
    no_propagate_ttl: bool = False
    no_decrement_ttl: bool = False
    icmp_tunneling: bool = False


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


@dataclass(frozen=True, slots=True)
class Router:
    """One router: a whole chassis, or one logical system of it."""

    host_name: str = ""
    physicals: Mapping[str, Physical] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    instances: Mapping[str, RoutingInstance] = field(default_factory=dict)
    """Always holds `master`."""
    ldp: Ldp | None = None
    mpls: Mpls | None = None
    lldp: frozenset[str] | None = None
    """`protocols lldp`: the ports it runs on, `all` among them for every one."""
    policies: Policies | None = None
    warnings: tuple[str, ...] = ()
    """Statements that are known and not modelled, each as a line for the log."""
