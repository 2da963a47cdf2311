"""What a peer needs of its own BGP process, and of the far one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.routing.bgp.connection import Connection
    from multihome.twin.routing.bgp.messages import Update
    from multihome.twin.routing.host import Host


PeerT_contra = TypeVar("PeerT_contra", contravariant=True)


class Speaker(Protocol[PeerT_contra]):
    """What a peer needs of its own BGP process, and of the far one."""

    @property
    def host(self) -> Host:
        """The router."""
        ...

    def identifier(self, instance: str) -> Address:
        """The BGP identifier."""
        ...

    def established(self, peer: PeerT_contra) -> None:
        """The session is up."""
        ...

    def lost(self, peer: PeerT_contra) -> None:
        """The session is gone, and all it brought."""
        ...

    def update(self, peer: PeerT_contra, update: Update) -> None:
        """An UPDATE came in."""
        ...

    def repeat(self, peer: PeerT_contra, family: str) -> None:
        """A ROUTE-REFRESH came in."""
        ...

    def remote(self, node: str) -> Speaker[PeerT_contra] | None:
        """The BGP process of another router, if it runs one."""
        ...

    def accept(self, instance: str, source: Address, caller: str, far: Connection) -> None:
        """Another router wants a connection."""
        ...

    def request_connect(self, instance: str, source: Address) -> None:
        """Another router that never connects itself would take a connection now."""
        ...
