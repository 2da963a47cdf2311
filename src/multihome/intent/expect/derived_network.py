"""The whole network in one state, as the intent implies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.intent.expect.customer import Member, site_members
from multihome.intent.expect.gateway import Gateway, gateway_of
from multihome.intent.expect.igp import Igp
from multihome.intent.expect.paths import ranked
from multihome.intent.expect.provider import Mesh, members, own_paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network

    from multihome.intent.expect.paths import Path
    from multihome.intent.expect.provider import Table
    from multihome.intent.expect.states import Scene
    from multihome.intent.model import Intent, Vpn


@dataclass(frozen=True, slots=True)
class VpnState:
    """One VPN: its tables at the PEs, what they told each other, and its sites."""

    tables: Mapping[str, Table]
    """By PE."""
    told: Mapping[tuple[str, str], Mapping[IPv4Network, Path]]
    """By (router, neighbour) of the core's internal BGP."""
    sites: Mapping[str, Mapping[str, Member]]
    """By multihomed site, by CPE."""
    gateways: Mapping[str, Gateway]
    """By multihomed site."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is derived before anything is said."""

    intent: Intent
    scene: Scene
    igp: Igp
    mesh: Mesh
    vpns: Mapping[str, VpnState]

    @property
    def doubtful(self) -> frozenset[IPv4Network]:
        """Subnets of links with an end that may be up or down: nothing is said of them."""
        ends = self.scene.failures.doubtful
        return frozenset(
            end.address.network
            for vpn in self.intent.vpns.values()
            for connection in vpn.connections
            for end in (connection.pe, connection.cpe)
            if (end.router, end.interface) in ends
        )

    def works(self, router: str, interface: str) -> bool:
        """Whether an interface is up, or may be."""
        return self.scene.failures.works(router, interface)

    def alive(self, router: str) -> bool:
        """Whether a router is there."""
        return router not in self.scene.failures.routers


def world(intent: Intent, scene: Scene) -> World:
    """Derive the network."""
    igp = Igp(intent, scene.failures)
    mesh = Mesh(intent, igp)
    states = {name: _vpn(intent, vpn, scene, mesh) for name, vpn in intent.vpns.items()}
    return World(intent, scene, igp, mesh, states)


def _vpn(intent: Intent, vpn: Vpn, scene: Scene, mesh: Mesh) -> VpnState:
    failures = scene.failures
    edges = [name for name in members(vpn) if name not in failures.routers]
    own = {name: own_paths(intent, vpn, name, failures) for name in edges}
    tables: dict[str, dict[IPv4Network, tuple[Path, ...]]] = {name: {} for name in edges}
    told: dict[tuple[str, str], dict[IPv4Network, Path]] = {}
    for prefix in dict.fromkeys(prefix for paths in own.values() for prefix in paths):
        here = {name: own[name].get(prefix, []) for name in edges}
        inbox = mesh.spread(here, vpn.vrf_target)
        for router, heard in inbox.items():
            for neighbor, path in heard.items():
                told.setdefault((router, neighbor), {})[prefix] = path
        for name in edges:
            if paths := ranked([*here[name], *inbox[name].values()]):
                tables[name][prefix] = paths
    return VpnState(
        tables,
        told,
        {
            name: site_members(intent, site, tables, failures)
            for name, site in vpn.multihomed.items()
        },
        {name: gateway_of(site, failures) for name, site in vpn.multihomed.items()},
    )
