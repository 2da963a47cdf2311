"""BGP of an instance: groups are already inherited into neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.igp import Bfd
    from multihome.twin.junos.model.keys import AnyKey

DEFAULT_HOLD_TIME = 90
"""Seconds that a BGP session lives without a word."""


@dataclass(frozen=True, slots=True)
class MetricOut:
    """`metric-out N | igp [delta] | minimum-igp [delta]`."""

    kind: str
    """`fixed`, `igp` or `minimum-igp`."""
    value: int = 0


@dataclass(frozen=True, slots=True)
class PrefixLimit:
    """`prefix-limit` or `accepted-prefix-limit` of a family."""

    family: str
    maximum: int
    accepted: bool = False
    teardown: bool = False
    """Else it is only written into the log."""
    warning: int | None = None
    """Past so many prefixes it is logged as well: the percentage of `teardown`."""
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
    authentication_key: AnyKey | None = None
    hold_time: int = DEFAULT_HOLD_TIME
    passive: bool = False
    shutdown: bool = False
    as_override: bool = False
    advertise_peer_as: bool = False
    remove_private: RemovePrivate | None = None
    no_aggregator_id: bool = False
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
