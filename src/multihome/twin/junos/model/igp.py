"""What finds the way through the core: IS-IS, OSPF, LDP, MPLS, and BFD that watches them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.keys import AnyKey


@dataclass(frozen=True, slots=True)
class Bfd:
    """`bfd-liveness-detection`; the interval in seconds."""

    minimum_interval: float
    multiplier: int = 3


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
    key_chains: Mapping[int, str] = field(default_factory=dict)
    """Level -> chain; the key in use is among `authentication`."""
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
    session_keys: Mapping[Address, AnyKey | None] = field(default_factory=dict)
    explicit_null: bool = False
    transport_address: str = "router-id"
    igp_synchronization_holddown: float | None = None


@dataclass(frozen=True, slots=True)
class Mpls:
    """`protocols mpls`."""

    interfaces: tuple[str, ...] = ()
    no_propagate_ttl: bool = False
    icmp_tunneling: bool = False
