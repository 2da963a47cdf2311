"""What `show` asks of its chassis: a Protocol, so that anything may be shown.

The reads only: nothing in this package changes a router.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from lxml.etree import _Element

    from multihome.twin.addressing import Address
    from multihome.twin.clock import Clock
    from multihome.twin.junos.model import router as model
    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import Route
    from multihome.twin.views import (
        BfdView,
        BgpPeerView,
        InterfaceView,
        IsisAdjacencyView,
        IsisInterfaceView,
        IsisLspView,
        LdpDatabaseView,
        LdpNeighborView,
        LdpSessionView,
        OspfInterfaceView,
        OspfLsaView,
        OspfNeighborView,
        PingView,
        TracerouteView,
        VrrpView,
    )


class Interfaces(Protocol):
    """The interfaces of one router."""

    def views(self) -> Sequence[InterfaceView]:
        """Physical and logical interfaces."""
        ...


class Bgp(Protocol):
    """BGP of every instance of one router."""

    def peers(self) -> Sequence[BgpPeerView]:
        """Every configured neighbour of every instance."""
        ...

    def received(self, peer: BgpPeerView) -> Iterable[Route]:
        """What the peer sent, before import policy."""
        ...

    def advertised(self, peer: BgpPeerView) -> Iterable[Route]:
        """What the peer is sent, after export policy."""
        ...

    def clear(self, keys: Iterable[tuple[str, Address]]) -> None:
        """End the sessions with these neighbours of these instances."""
        ...


class Isis(Protocol):
    """IS-IS of one router."""

    def adjacencies(self) -> Sequence[IsisAdjacencyView]:
        """Adjacencies of every level."""
        ...

    def interfaces(self) -> Sequence[IsisInterfaceView]:
        """One view per interface and level."""
        ...

    def database(self) -> Sequence[IsisLspView]:
        """The LSPs of every level."""
        ...


class Ospf(Protocol):
    """OSPF of one router."""

    def neighbors(self) -> Sequence[OspfNeighborView]:
        """Neighbours in any state."""
        ...

    def interfaces(self) -> Sequence[OspfInterfaceView]:
        """Interfaces OSPF runs on."""
        ...

    def database(self, instance: str = "master") -> Sequence[OspfLsaView]:
        """The LSAs of one instance."""
        ...


class Ldp(Protocol):
    """LDP of one router."""

    def neighbors(self) -> Sequence[LdpNeighborView]:
        """Hello adjacencies."""
        ...

    def sessions(self) -> Sequence[LdpSessionView]:
        """Sessions in any state."""
        ...

    def databases(self) -> Sequence[LdpDatabaseView]:
        """Label bindings per session."""
        ...


class Bfd(Protocol):
    """BFD of one router."""

    def sessions(self) -> Sequence[BfdView]:
        """Sessions in any state."""
        ...


class Vrrp(Protocol):
    """VRRP of one router."""

    def groups(self) -> Sequence[VrrpView]:
        """Every group of every interface."""
        ...


class Router(Protocol):
    """One router of the network: a chassis, or a logical system of it."""

    name: str
    clock: Clock
    config: model.Router
    ribs: dict[str, Rib]

    @property
    def interfaces(self) -> Interfaces:
        """Its interfaces."""
        ...

    @property
    def bgp(self) -> Bgp:
        """BGP of every instance."""
        ...

    @property
    def isis(self) -> Isis:
        """IS-IS."""
        ...

    @property
    def ospf(self) -> Ospf:
        """OSPF."""
        ...

    @property
    def ldp(self) -> Ldp:
        """LDP."""
        ...

    @property
    def bfd(self) -> Bfd:
        """BFD."""
        ...

    @property
    def vrrp(self) -> Vrrp:
        """VRRP."""
        ...

    def router_id(self, instance: str) -> Address | None:
        """The router ID of an instance."""
        ...


class Fabric(Protocol):
    """The router's network, as far as a packet can find out."""

    clock: Clock

    @property
    def nodes(self) -> Mapping[str, Router]:
        """Every router of the network, by its name there."""
        ...

    def neighbors_on(self, node: str, interface: str) -> Sequence[tuple[str, str]]:
        """The far ends of a link: router and logical interface."""
        ...

    def ping(  # noqa: PLR0913 - the words of the command
        self,
        node: str,
        target: Address,
        *,
        source: Address | None = None,
        count: int = 5,
        size: int = 56,
        instance: str = "master",
        ttl: int = 64,
    ) -> PingView:
        """Echo requests from the router of that name."""
        ...

    def traceroute(
        self,
        node: str,
        target: Address,
        *,
        source: Address | None = None,
        instance: str = "master",
        max_ttl: int = 30,
    ) -> TracerouteView:
        """Three UDP probes per TTL from the router of that name."""
        ...


class Login(Protocol):
    """A session logged in over NETCONF or the CLI."""

    user: str
    tty: str
    """Empty for NETCONF."""
    origin: str
    """The address the session comes from."""
    since: datetime


class LogLine(Protocol):
    """One line of the system log."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        ...

    @property
    def message(self) -> str:
        """What happened; perhaps in several lines."""
        ...


class Device(Protocol):
    """One chassis: identity, time, the network and the routers it hosts."""

    name: str
    """The name in the network."""
    model: str
    """As in `show version`: `mx104`."""
    version: str
    """The release: `18.2R3.4`."""
    serial: str

    @property
    def network(self) -> Fabric:
        """Where packets go."""
        ...

    @property
    def routers(self) -> Mapping[str, Router]:
        """By logical system; "" is the main router."""
        ...

    @property
    def started(self) -> datetime:
        """When it booted."""
        ...

    @property
    def host_name(self) -> str:
        """The configured host name."""
        ...

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def logins(self) -> Sequence[Login]:
        """Who is logged in."""
        ...

    def log_lines(self) -> Sequence[LogLine]:
        """What happened on this chassis, oldest first."""
        ...

    def database_reply(self, rpc: _Element) -> _Element:
        """Answer an RPC of the configuration database: configuration, commits, rollbacks.

        Raises:
            RpcError: the database refuses it.
        """
        ...
