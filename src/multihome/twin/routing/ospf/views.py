"""OSPF as `show ospf ...` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.routing.adjacency import State
from multihome.twin.routing.ospf.pdu import OspfHello
from multihome.twin.views import OspfInterfaceView, OspfNeighborView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.twin.routing.ospf.area import Backbone

_STATES: Final = {State.DOWN: "Down", State.INITIALIZING: "Init", State.REJECTED: "Down"}


def neighbors(now: float, areas: Iterable[Backbone]) -> tuple[OspfNeighborView, ...]:
    """Every neighbour, by address."""
    found = [
        OspfNeighborView(
            address=body.address,
            interface=name,
            state=_state(area, name, adjacency.state, body),
            router_id=body.router_id,
            priority=body.priority,
            dead_time=adjacency.hold_left(now),
            since=adjacency.since,
        )
        for area in areas
        for name, circuit in area.circuits.open.items()
        for adjacency in circuit.adjacencies.values()
        if adjacency.hello is not None and isinstance(body := adjacency.hello.body, OspfHello)
    ]
    return tuple(sorted(found, key=lambda view: (view.address, view.interface)))


def _state(area: Backbone, name: str, state: State, body: OspfHello) -> str:
    if state is State.UP:
        return "Full" if area.circuits.full(name, body.router_id) else "2Way"
    return _STATES[state]


def interfaces(
    areas: Iterable[Backbone], up: Callable[[str], bool]
) -> tuple[OspfInterfaceView, ...]:
    """Every interface, by name."""
    found = [
        OspfInterfaceView(
            name=name,
            state=_role(area, name, is_up=up(name)),
            area=area.area_name,
            cost=area.circuits.cost(name),
            neighbors=len(area.circuits.neighbors(name)),
            passive=setup.passive,
        )
        for area in areas
        for name, setup in area.circuits.setups.items()
    ]
    return tuple(sorted(found, key=lambda view: view.name))


def _role(area: Backbone, name: str, *, is_up: bool) -> str:
    """As Junos abbreviates the interface states of RFC 2328 section 9.1."""
    circuits = area.circuits
    if not is_up:
        return "Down"
    if circuits.setups[name].passive or name not in circuits.open:
        return "DRother"
    if name not in circuits.roles:
        return "PtToPt"
    designated, backup = circuits.roles[name]
    if circuits.router_id == designated:
        return "DR"
    if circuits.router_id == backup:
        return "BDR"
    return "Waiting" if designated is None else "DRother"
