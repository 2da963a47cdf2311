"""What one router must be, as frozen values: the intent turned from services to boxes.

Templates read nothing else.  The expectations of `expect` are derived from the intent by
another path and never look here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Interface, IPv4Network

    from multihome.intent.core import Isis, Ldp

Purpose = Literal["core", "access", "lan", "outside"]


@dataclass(frozen=True, slots=True)
class Virtual:
    """A router's part in a gateway (VRRP)."""

    group: int
    address: IPv4Address
    priority: int
    tracked: str | None = None
    """The interface whose loss costs priority."""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Port:
    """One logical interface that packets pass."""

    name: str
    description: str
    address: IPv4Interface
    purpose: Purpose
    vlan: int | None = None
    metric: int | None = None
    virtual: Virtual | None = None

    @property
    def physical(self) -> str:
        """`xe-2/0/1` of `xe-2/0/1.105`."""
        return InterfaceName.parse(self.name).physical

    @property
    def unit(self) -> int | None:
        """`105` of `xe-2/0/1.105`."""
        return InterfaceName.parse(self.name).unit


@dataclass(frozen=True, slots=True)
class LoopbackUnit:
    """One unit of lo0."""

    name: str
    description: str
    address: IPv4Interface
    iso: str | None = None

    @property
    def unit(self) -> int | None:
        """`7` of `lo0.7`."""
        return InterfaceName.parse(self.name).unit


@dataclass(frozen=True, slots=True)
class Static:
    """A static route."""

    prefix: IPv4Network
    next_hop: IPv4Address


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a chain."""

    number: int
    secret: str
    """Its name, never its value."""
    start: str
    """As Junos writes it, in UTC."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Keys that follow each other."""

    name: str
    keys: tuple[Key, ...]
    tcp_algorithm: str
    """Of BGP and LDP."""
    igp_algorithm: str
    """Of IS-IS, where each key has its own."""
    igp_options: str
    """SHA-1 needs the form of RFC 5310, MD5 has that of RFC 5304."""
    tolerance: int | None = None


@dataclass(frozen=True, slots=True)
class Mesh:
    """Internal BGP of a PE or reflector."""

    group: str
    local_address: IPv4Address
    neighbors: tuple[IPv4Address, ...]
    cluster: IPv4Address | None = None
    key: str | None = None
    chain: Chain | None = None
    hold_time: int | None = None
    bfd_interval: int | None = None


@dataclass(frozen=True, slots=True)
class Backbone:
    """A router's part in the core."""

    isis: Isis
    ldp: Ldp
    ipv6: bool
    propagate_ttl: bool
    loopback: str
    ports: tuple[Port, ...]
    ldp_neighbors: tuple[IPv4Address, ...]
    mesh: Mesh | None = None
    isis_chain: Chain | None = None
    ldp_chain: Chain | None = None


@dataclass(frozen=True, slots=True)
class CustomerNeighbor:
    """One CPE, seen from its PE."""

    address: IPv4Address
    med: int
    local_preference: int
    import_policy: str


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    """The CPEs of one multihomed site on one PE."""

    name: str
    peer_as: int
    community: str
    site_of_origin: str
    export_policy: str
    neighbors: tuple[CustomerNeighbor, ...]
    key: str | None = None
    chain: Chain | None = None


@dataclass(frozen=True, slots=True)
class Vrf:
    """One VPN on one PE."""

    name: str
    route_distinguisher: str
    target: str
    table_label: bool
    interfaces: tuple[str, ...]
    statics: tuple[Static, ...] = ()
    groups: tuple[CustomerGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """A BGP neighbour of a CPE."""

    address: IPv4Address
    description: str


@dataclass(frozen=True, slots=True)
class Uplink:
    """The BGP of a CPE at a multihomed site."""

    customer: str
    """What the site's own routes are called after."""
    lan: IPv4Network
    community: str
    site_of_origin: str
    own_as: int
    core_as: int
    provider: tuple[Peer, ...]
    siblings: tuple[Peer, ...]
    key: str | None = None
    chain: Chain | None = None
    hold_time: int | None = None
    sibling_key: str | None = None
    sibling_chain: Chain | None = None
    sibling_hold_time: int | None = None
    advertise_inactive: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One router."""

    router: str
    title: str
    ports: tuple[Port, ...] = ()
    mtu: int = 1500
    """Of IP packets, on every port."""
    loopbacks: tuple[LoopbackUnit, ...] = ()
    statics: tuple[Static, ...] = ()
    router_id: IPv4Address | None = None
    autonomous_system: int | None = None
    backbone: Backbone | None = None
    vrfs: tuple[Vrf, ...] = ()
    uplink: Uplink | None = None

    @property
    def chains(self) -> tuple[Chain, ...]:
        """Every key chain that something on this router uses."""
        core, uplink = self.backbone, self.uplink
        found = [group.chain for vrf in self.vrfs for group in vrf.groups]
        if core is not None:
            found += [core.isis_chain, core.ldp_chain, core.mesh.chain if core.mesh else None]
        if uplink is not None:
            found += [uplink.chain, uplink.sibling_chain]
        return tuple({chain.name: chain for chain in found if chain is not None}.values())
