"""The intent as a whole: routers, core, VPNs with their sites, and links beside them."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from multihome.intent.core import Core, Link, Router
from multihome.intent.key_chain import KeyChain
from multihome.intent.site import Connection, Leg, Multihomed, SingleHomed
from multihome.intent.words import Loopback, Mtu, Name, RouteDistinguisher, RouteTarget
from multihome.inventory.validation import FileModel


class Vpn(FileModel):
    """One layer 3 VPN (RFC 4364)."""

    route_distinguisher: RouteDistinguisher = Field(alias="route-distinguisher")
    vrf_target: RouteTarget = Field(alias="vrf-target")
    table_label: bool = Field(default=True, alias="table-label")
    """One label for the whole VRF, looked up again at the egress PE."""
    loopbacks: Mapping[Name, Loopback] = {}
    """The loopback unit in the VRF of each PE that has one; it carries the PE's address."""
    single_homed: Mapping[Name, SingleHomed] = Field({}, alias="single-homed")
    multihomed: Mapping[Name, Multihomed] = {}

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Those of every multihomed site."""
        return tuple(leg for site in self.multihomed.values() for leg in site.legs)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Every link between a PE and a CPE."""
        return (*self.single_homed.values(), *self.legs)


class Intent(FileModel):
    """What the operator wants of the network."""

    service: Name
    """The name of the record on the routers of what this intent wrote; one per project."""
    routers: Mapping[Name, Router]
    core: Core
    vpns: Mapping[Name, Vpn] = {}
    other_links: tuple[Link, ...] = Field((), alias="other-links")
    key_chains: Mapping[Name, KeyChain] = Field({}, alias="key-chains")
    """Named where a key may stand as `authentication-key-chain`."""
    mtu: Mtu = 1500
    """Of IP packets, in bytes, on every link that is ours to configure."""

    def multihomed_sites(self) -> Iterator[tuple[str, str, Multihomed]]:
        """Every multihomed site, behind the names of its VPN and its own."""
        for vpn_name, vpn in self.vpns.items():
            for name, site in vpn.multihomed.items():
                yield vpn_name, name, site

    @property
    def provider_edges(self) -> tuple[str, ...]:
        """Every router that has a VPN, in the order of `routers`."""
        edges: set[str] = set()
        for vpn in self.vpns.values():
            edges.update(vpn.loopbacks)
            edges.update(connection.pe.router for connection in vpn.connections)
        return tuple(name for name in self.routers if name in edges)

    @property
    def bgp_speakers(self) -> tuple[str, ...]:
        """Every router of the core's internal BGP: the PEs and the reflectors."""
        speakers = {*self.provider_edges, *self.core.bgp.reflectors}
        return tuple(name for name in self.routers if name in speakers)

    def bgp_neighbors(self, router: str) -> tuple[str, ...]:
        """Those a router of the core's internal BGP speaks with: without reflectors, everybody."""
        reflectors = self.core.bgp.reflectors
        everybody = not reflectors or router in reflectors
        return tuple(
            name
            for name in self.bgp_speakers
            if name != router and (everybody or name in reflectors)
        )

    def title(self, router: str) -> str:
        """How descriptions call a router."""
        facts = self.routers.get(router)
        return (facts.title if facts else None) or router[:1].upper() + router[1:]
