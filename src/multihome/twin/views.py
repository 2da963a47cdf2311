"""What a router can be asked: frozen answers of the control plane, for `show` alone.

The routing code makes them on demand; nothing in it reads them back.  Times are
simulated seconds of the network's clock; ages are `now - since`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address, Prefix


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """One physical or logical interface."""

    name: str
    admin_up: bool
    oper_up: bool
    description: str = ""
    addresses: tuple[tuple[Address, int], ...] = ()
    families: tuple[str, ...] = ()
    iso: tuple[str, ...] = ()
    vlan: int | None = None
    mtu: int | None = None
    index: int = 0
    """SNMP index."""
    last_change: float = 0.0


@dataclass(frozen=True, slots=True)
class RibCounts:
    """Prefix counts of one peer in one table."""

    active: int = 0
    received: int = 0
    accepted: int = 0
    suppressed: int = 0
    advertised: int = 0


@dataclass(frozen=True, slots=True)
class BgpPeerView:
    """One BGP neighbour, whatever its state."""

    address: Address
    local_address: Address | None
    peer_as: int
    local_as: int
    group: str
    instance: str
    external: bool
    state: str
    """Idle, Connect, Active, OpenSent, OpenConfirm, Established."""
    since: float
    flaps: int
    last_state: str
    last_event: str
    last_error: str
    input_messages: int
    output_messages: int
    tables: Mapping[str, RibCounts]
    """By table: `inet.0`, `bgp.l3vpn.0`, `ipvpn.inet.0`."""
    families: tuple[str, ...]
    """Of the session; those configured while there is none."""
    configured_families: tuple[str, ...]
    offered_families: tuple[str, ...]
    """What the neighbour has (RFC 4760 section 8), of which a session may use fewer."""
    hold_time: int
    active_hold_time: int
    keepalive: int
    peer_id: Address | None
    local_id: Address | None
    description: str
    passive: bool
    authentication: bool
    import_policies: tuple[str, ...]
    export_policies: tuple[str, ...]
    options: tuple[str, ...]
    """Junos option words, as in `Options: <Passive AuthKey PeerAS>`."""
    cluster: Address | None
    multihop: bool
    local_interface: str = ""
    bfd: str = "disabled"
    """`disabled`, `enabled, up` or `enabled, down`."""


@dataclass(frozen=True, slots=True)
class VrrpTrackView:
    """One tracked interface or route."""

    kind: str
    """`interface` or `route`."""
    name: str
    up: bool
    priority_cost: int
    instance: str = ""


@dataclass(frozen=True, slots=True)
class VrrpView:
    """One VRRP group on one interface; times in seconds."""

    interface: str
    unit_up: bool
    group: int
    state: str
    """`master`, `backup` or `init`."""
    local_address: Address
    virtual_addresses: tuple[Address, ...]
    vlan: int | None
    configured_priority: int
    current_priority: int
    advertise_interval: float
    preempt: bool
    preempt_hold_time: float
    accept_data: bool
    master_address: Address | None
    master_priority: int | None
    advertisement_timer: float
    """Seconds to the next advertisement (master)."""
    dead_timer: float
    """Seconds until the master is declared down (backup)."""
    since: float
    master_since: float | None
    tracks: tuple[VrrpTrackView, ...]
    advertisements_sent: int
    advertisements_received: int
    transitions_to_master: int
    transitions_to_backup: int


@dataclass(frozen=True, slots=True)
class IsisAdjacencyView:
    """One IS-IS adjacency."""

    interface: str
    system_name: str
    system_id: str
    level: int
    state: str
    """`Up`, `Down`, `Initializing`, `Rejected`."""
    hold_time: float
    address: Address | None
    since: float
    transitions: int
    point_to_point: bool


@dataclass(frozen=True, slots=True)
class IsisInterfaceView:
    """One interface IS-IS runs on."""

    name: str
    level: int
    circuit_id: int
    passive: bool
    point_to_point: bool
    metric: int
    adjacencies: int


@dataclass(frozen=True, slots=True)
class IsisLspView:
    """One LSP of the link-state database."""

    lsp_id: str
    level: int
    sequence: int
    checksum: int
    lifetime: int
    overload: bool
    neighbors: tuple[tuple[str, int], ...]
    prefixes: tuple[tuple[Prefix, int], ...]


@dataclass(frozen=True, slots=True)
class OspfNeighborView:
    """One OSPF neighbour."""

    address: Address
    interface: str
    state: str
    router_id: Address
    priority: int
    dead_time: float
    since: float
    designated: Address | None = None
    """Addresses of those who speak for the LAN; None on a link of two."""
    backup: Address | None = None


@dataclass(frozen=True, slots=True)
class OspfInterfaceView:
    """One interface OSPF runs on."""

    name: str
    state: str
    area: str
    cost: int
    neighbors: int
    passive: bool
    point_to_point: bool = False
    priority: int = 128
    hello_interval: float = 10.0
    dead_interval: float = 40.0
    designated: Address | None = None
    """Router IDs of those who speak for the LAN."""
    backup: Address | None = None
    designated_address: Address | None = None
    backup_address: Address | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class OspfLinkView:
    """One link of a router LSA."""

    kind: str
    """`PointToPoint`, `Transit` or `Stub`."""
    id: Address
    metric: int
    mask: Address | None = None
    """Of a stub."""


@dataclass(frozen=True, slots=True)
class OspfLsaView:
    """One LSA (RFC 2328 section 12)."""

    kind: str
    """`Router`, `Network` or `Extern`."""
    id: Address
    advertiser: Address
    sequence: int
    age: int
    checksum: int
    length: int
    """Octets."""
    own: bool
    external: bool = False
    """Whether its router announces what comes from elsewhere."""
    links: tuple[OspfLinkView, ...] = ()
    routers: tuple[Address, ...] = ()
    mask: Address | None = None
    metric: int = 0
    metric_type: int = 0
    tag: int = 0


@dataclass(frozen=True, slots=True)
class LdpNeighborView:
    """One LDP hello adjacency."""

    address: Address
    interface: str
    space_id: str
    hold_time: float
    since: float


@dataclass(frozen=True, slots=True)
class LdpSessionView:
    """One LDP session, keyed by the neighbour's transport address."""

    address: Address
    state: str
    """`Operational` or `Nonexistent`."""
    connection: str
    """`Open` or `Closed`."""
    hold_time: float
    since: float
    authentication: bool
    local_address: Address | None = None
    adjacencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LdpDatabaseView:
    """Label bindings of one session; label 3 is implicit null."""

    local: Address
    peer: Address
    received: tuple[tuple[int, Prefix], ...]
    advertised: tuple[tuple[int, Prefix], ...]


@dataclass(frozen=True, slots=True)
class BfdView:
    """One BFD session, as state of the clients that use it."""

    address: Address
    interface: str
    """Empty for multihop."""
    up: bool
    detection_time: float
    interval: float
    multiplier: int
    clients: tuple[str, ...]
    since: float


@dataclass(frozen=True, slots=True)
class Probe:
    """One packet's fate; the round-trip time in seconds."""

    responder: Address | None
    """None: no answer in time."""
    rtt: float
    ttl: int
    """Of the answer, as received."""
    reached: bool
    icmp: str = ""
    """`""`, `time-exceeded`, `port-unreachable`, `host-unreachable`, ..."""


@dataclass(frozen=True, slots=True)
class PingView:
    """The answers to each echo request; `error` is set when nothing could be sent."""

    target: Address
    source: Address | None
    size: int
    probes: tuple[Probe, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class TracerouteView:
    """For each TTL the probes sent."""

    target: Address
    source: Address | None
    max_ttl: int
    hops: tuple[tuple[Probe, ...], ...]
    error: str = ""
