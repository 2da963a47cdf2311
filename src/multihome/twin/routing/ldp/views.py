"""LDP as `show ldp ...` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.ldp.messages import LdpHello
from multihome.twin.views import LdpDatabaseView, LdpNeighborView, LdpSessionView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.routing.adjacency import Circuit
    from multihome.twin.routing.ldp.session import Session


def neighbors(now: float, circuits: Mapping[str, Circuit]) -> tuple[LdpNeighborView, ...]:
    """Hello adjacencies, by address."""
    found = [
        LdpNeighborView(
            address=body.address,
            interface=name,
            space_id=f"{body.lsr}:0",
            hold_time=adjacency.hold_left(now),
            since=adjacency.since,
        )
        for name, circuit in circuits.items()
        for adjacency in circuit.up()
        if adjacency.hello is not None
        and isinstance(body := adjacency.hello.body, LdpHello)
        and body.address is not None
    ]
    return tuple(sorted(found, key=lambda view: (view.address, view.interface)))


def sessions(found: Iterable[Session]) -> tuple[LdpSessionView, ...]:
    """Sessions, by address."""
    views = [
        LdpSessionView(
            address=session.far,
            state=session.state.value,
            connection="Open" if session.operational else "Closed",
            hold_time=session.hold_left(),
            since=session.since,
            authentication=session.key is not None,
            local_address=session.local,
            adjacencies=tuple(sorted(session.interfaces)),
        )
        for session in found
    ]
    return tuple(sorted(views, key=lambda view: view.address))


def databases(local: Address, found: Iterable[Session]) -> tuple[LdpDatabaseView, ...]:
    """Label bindings of each operational session, by address."""
    views = [
        LdpDatabaseView(
            local=local,
            peer=session.lsr,
            received=_by_label(session.received),
            advertised=_by_label(session.sent),
        )
        for session in found
        if session.operational
    ]
    return tuple(sorted(views, key=lambda view: view.peer))


def _by_label(labels: Mapping[Prefix, int]) -> tuple[tuple[int, Prefix], ...]:
    return tuple(sorted((label, fec) for fec, label in labels.items()))
