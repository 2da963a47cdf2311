"""One OSPF interface, as configured: every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from multihome.twin.junos.model.interfaces import ETHERNET_ROOM
from multihome.twin.routing.linkstate.interfaces import bandwidth, chosen, is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.junos.model.igp import Bfd, IgpInterface, Ospf
    from multihome.twin.junos.model.interfaces import Unit

MAX_COST: Final = 0xFFFF
_PRIORITY: Final = 128
_HELLO: Final = 10.0
_HELLOS_PER_DEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Setup:
    """Settings of one interface; times in seconds."""

    name: str
    cost: int
    passive: bool
    point_to_point: bool
    mtu: int
    priority: int
    hello_interval: float
    dead_interval: float
    secret: str | None
    bfd: Bfd | None
    synchronized: bool
    synchronization_time: float | None


def setups(ospf: Ospf, units: Mapping[str, Unit]) -> dict[str, Setup]:
    """The interfaces of area 0."""
    return {
        name: _setup(ospf, name, entry, units[name].mtu or ETHERNET_ROOM)
        for name, entry in chosen(ospf.interfaces, units).items()
    }


def _setup(ospf: Ospf, name: str, entry: IgpInterface, mtu: int) -> Setup:
    hello = entry.hello_interval or _HELLO
    return Setup(
        name=name,
        cost=_cost(ospf, name, entry),
        passive=entry.passive or is_loopback(name),
        point_to_point=entry.point_to_point,
        mtu=mtu,
        priority=_PRIORITY if entry.priority is None else entry.priority,
        hello_interval=hello,
        dead_interval=entry.hold_time or hello * _HELLOS_PER_DEAD,
        secret=entry.authentication_key,
        bfd=entry.bfd,
        synchronized=entry.ldp_synchronization,
        synchronization_time=entry.ldp_synchronization_hold_time,
    )


def _cost(ospf: Ospf, name: str, entry: IgpInterface) -> int:
    if entry.metric is not None:
        return entry.metric
    if is_loopback(name):
        return 0
    return min(max(1, ospf.reference_bandwidth // bandwidth(name)), MAX_COST)
