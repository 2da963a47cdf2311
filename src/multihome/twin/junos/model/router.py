"""One router, whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.junos.model.igp import Ldp, Mpls
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.junos.model.interfaces import Physical, Unit
    from multihome.twin.junos.model.keys import KeyChain
    from multihome.twin.junos.policy import Policies


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
    default_address_selection: bool = False
    """`system default-address-selection`: the router's own packets leave with lo0's address."""
    policies: Policies | None = None
    key_chains: Mapping[str, KeyChain] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    """Statements that are known and not modelled, each as a line for the log."""
