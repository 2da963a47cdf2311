"""OSPF as `show ospf ...` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.routing.adjacency import State
from multihome.twin.routing.ospf.messages import OspfHello
from multihome.twin.views import OspfInterfaceView, OspfNeighborView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.twin.addressing import Address
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
            designated=_speaker(area, name, 0)[1],
            backup=_speaker(area, name, 1)[1],
        )
        for area in areas
        for name, circuit in area.circuits.open.items()
        for adjacency in circuit.adjacencies.values()
        if adjacency.hello is not None and isinstance(body := adjacency.hello.body, OspfHello)
    ]
    return tuple(sorted(found, key=lambda view: (view.address, view.interface)))


def _state(area: Backbone, name: str, state: State, body: OspfHello) -> str:
    if state is State.UP:
        if not area.circuits.full(name, body.router_id):
            return "2Way"
        return "Full" if area.circuits.shares(name, body) else "ExStart"
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
            neighbors=len(area.circuits.greeted(name)),
            passive=setup.passive,
            point_to_point=setup.point_to_point,
            priority=setup.priority,
            hello_interval=setup.hello_interval,
            dead_interval=setup.dead_interval,
            designated=_speaker(area, name, 0)[0],
            backup=_speaker(area, name, 1)[0],
            designated_address=_speaker(area, name, 0)[1],
            backup_address=_speaker(area, name, 1)[1],
            secret=setup.secret is not None,
        )
        for area in areas
        for name, setup in area.circuits.setups.items()
    ]
    return tuple(sorted(found, key=lambda view: view.name))


def _speaker(area: Backbone, name: str, place: int) -> tuple[Address | None, Address | None]:
    """Router ID and address of the designated router of a LAN, or of its backup."""
    circuits = area.circuits
    router = circuits.roles[name][place] if name in circuits.roles else None
    if router is None:
        return None, None
    if router == circuits.router_id:
        return router, circuits.address(name)
    found = (body.address for body in circuits.greeted(name) if body.router_id == router)
    return router, next(found, None)


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
