"""A route as a routing table holds it, and where its packets go."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address, Prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.junos.model.instances import PathStatement


class Protocol(StrEnum):
    """Who put the route there, in the words of `show route`."""

    DIRECT = "Direct"
    LOCAL = "Local"
    STATIC = "Static"
    ISIS = "IS-IS"
    OSPF = "OSPF"
    LDP = "LDP"
    AGGREGATE = "Aggregate"
    BGP = "BGP"
    VPN = "VPN"
    MPLS = "MPLS"


class NextHopKind(StrEnum):
    """The type of a route's next hop, in the words of `show route extensive`."""

    ROUTER = "Router"
    INTERFACE = "Interface"
    LOCAL = "Local"
    INDIRECT = "Indirect"
    DISCARD = "Discard"
    REJECT = "Reject"
    RECEIVE = "Receive"
    MULTIRECV = "MultiRecv"
    """A multicast group the router listens to."""
    TABLE = "Table"
    UNUSABLE = "Unusable"


class Origin(IntEnum):
    """BGP ORIGIN (RFC 4271 section 5.1.1); the lower is preferred."""

    IGP = 0
    EGP = 1
    INCOMPLETE = 2


class InactiveReason(StrEnum):
    """The step of the selection a route lost at, in the words of `show route extensive`.

    From the MED on, routes of one neighbour AS are compared among themselves first: who
    loses there is `Not Best in its group`, with the step behind it.
    """

    PREFERENCE = "Route Preference"
    LOCAL_PREFERENCE = "Local Preference"
    AS_PATH = "AS path"
    ORIGIN = "Origin"
    MED = "Route Metric or MED comparison"
    INTERIOR = "Interior > Exterior > Exterior via Interior"
    IGP_METRIC = "IGP metric"
    ACTIVE_PREFERRED = "Active preferred"
    SECONDARY = "RIB preference"
    ROUTER_ID = "Router ID"
    CLUSTER_LIST = "Cluster list length"
    PEER_ADDRESS = "Update source"
    NO_DIFFERENCE = "No difference"
    UNUSABLE = "Unusable path"
    ALWAYS_COMPARE_MED = "Always Compare MED"
    CISCO_MED = "Cisco Non-deterministic MED selection"
    GROUP_MED = "Not Best in its group - Route Metric or MED comparison"
    GROUP_INTERIOR = "Not Best in its group - Interior > Exterior > Exterior via Interior"
    GROUP_IGP_METRIC = "Not Best in its group - IGP metric"
    GROUP_ACTIVE_PREFERRED = "Not Best in its group - Active preferred"
    GROUP_SECONDARY = "Not Best in its group - RIB preference"
    GROUP_ROUTER_ID = "Not Best in its group - Router ID"
    GROUP_CLUSTER_LIST = "Not Best in its group - Cluster list length"
    GROUP_PEER_ADDRESS = "Not Best in its group - Update source"
    GROUP_NO_DIFFERENCE = "Not Best in its group - No difference"


class Multipath(IntEnum):
    """Whether a BGP route may share the load with its equals (`multipath`)."""

    NONE = 0
    SAME_AS = 1
    ANY_AS = 2


@dataclass(frozen=True, slots=True)
class NextHop:
    """One way out: gateway, interface and the labels to push.

    `labels` is bottom of stack first: `(16, 300144)` prints `Push 16, Push 300144(top)`.
    In mpls.0 `pop` or `swap` says what becomes of the top label first.
    """

    to: Address | None = None
    via: str | None = None
    """Logical interface name."""
    labels: tuple[int, ...] = ()
    pop: bool = False
    swap: int | None = None
    table: str | None = None
    """Look the packet up again in this table (vrf-table-label)."""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class BgpAttributes:
    """Path attributes of one BGP route, after import policy."""

    next_hop: Address
    as_path: AsPath = ()
    origin: Origin = Origin.IGP
    local_preference: int | None = None
    med: int | None = None
    communities: tuple[str, ...] = ()
    """As Junos prints them: `65000:1`, `target:1:1`, `origin:1000:1000`, `no-export`."""
    originator_id: Address | None = None
    cluster_list: tuple[Address, ...] = ()
    atomic_aggregate: bool = False
    aggregator: tuple[int, Address] | None = None
    route_distinguisher: str | None = None
    vpn_label: int | None = None


class Way(NamedTuple):
    """What a route that is not BGP is sent with: as configured, or as its contributors say."""

    as_path: AsPath = ()
    origin: Origin = Origin.IGP
    atomic_aggregate: bool = False
    aggregator: tuple[int, Address] | None = None


NO_WAY = Way()


def way_of(said: PathStatement) -> Way:
    """What `as-path` says."""
    origin = Origin.IGP if said.origin is None else Origin[said.origin.upper()]
    return Way(said.path or (), origin, said.atomic_aggregate, said.aggregator)


class Route(NamedTuple):
    """One entry of one table.

    Two routes of a table are the same entry if prefix, protocol and `source` are equal:
    a second one replaces the first.  `installed` is the clock when it came, and takes no
    part in comparing: a refresh that changes nothing keeps its age.  A tuple, since there
    are millions of them and `_replace` is cheap.
    """

    prefix: Prefix
    protocol: Protocol
    preference: int
    next_hops: tuple[NextHop, ...] = ()
    kind: NextHopKind = NextHopKind.ROUTER
    source: str = ""
    """Distinguishes entries of one protocol: peer address, next hop, instance."""
    metric: int | None = None
    """Not of BGP, whose MED is `bgp.med`."""
    metric2: int | None = None
    """IGP metric to the protocol next hop."""
    tag: int | None = None
    bgp: BgpAttributes | None = None
    learned_from: Address | None = None
    """The BGP peer."""
    peer_id: Address | None = None
    peer_as: int | None = None
    local_as: int | None = None
    peer_external: bool = False
    instance: str = "master"
    primary_table: str | None = None
    """Where a VPN route came from (`bgp.l3vpn.0`), if this is a copy."""
    level: int | None = None
    """IS-IS level."""
    communities: tuple[str, ...] = ()
    """Of a route that is not BGP (static, aggregate)."""
    way: Way = NO_WAY
    """The same."""
    readvertise: bool = True
    hidden: str | None = None
    """Why it may not be used: `rejected by import policy`, `unusable path`, `AS path loop`."""
    rd: str | None = None
    """The route distinguisher, in bgp.l3vpn.0."""
    multipath: Multipath = Multipath.NONE
    installed: float = 0.0

    def __eq__(self, other: object) -> bool:
        """Whether two routes say the same, whenever they came."""
        return self is other or (isinstance(other, Route) and self[:-1] == other[:-1])

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        """Of the identity alone: a table holds it once, and hashing every field is dear."""
        return hash((self.prefix, self.protocol, self.source))

    @property
    def external(self) -> bool:
        """Whether a BGP peer of another AS sent it."""
        return self.bgp is not None and self.peer_external


def attributes_of(route: Route, next_hop: Address) -> BgpAttributes:
    """What a route that is not BGP enters BGP with, where policy does not edit it."""
    way = route.way
    return BgpAttributes(next_hop, atomic_aggregate=way.atomic_aggregate, aggregator=way.aggregator)


def label_prefix(label: int) -> Prefix:
    """The key of an incoming label in `mpls.0`: the label as an address, at full length."""
    return Prefix(Address(label), 32)


@dataclass(frozen=True, slots=True)
class Entry:
    """All routes of one prefix, best first; what `show route` prints as one `rt`."""

    prefix: Prefix
    active: Route | None
    routes: tuple[Route, ...]
    """Usable routes in the order of preference, then hidden ones."""
    inactive: Mapping[Route, InactiveReason] = field(default_factory=dict)
    rd: str | None = None
