"""One interface of one IS-IS level, as configured: every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from multihome.twin.routing.isis.messages import DEFAULT_PRIORITY
from multihome.twin.routing.linkstate.interfaces import bandwidth, chosen, is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.junos.model.igp import Bfd, IgpInterface, Isis
    from multihome.twin.junos.model.interfaces import Unit

_METRIC: Final = 10
_NARROW_MAX: Final = 63
_WIDE_MAX: Final = 0xFFFFFE
_HELLO: Final = 9.0
_HELLOS_PER_HOLD: Final = 3
_DESIGNATED_FACTOR: Final = 3
"""A designated router greets three times as often."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Settings of one circuit at one level; times in seconds."""

    name: str
    metric: int
    max_metric: int
    passive: bool
    point_to_point: bool
    mtu: int
    """Of the port: hellos are padded to it."""
    priority: int
    hello_interval: float
    hold_time: float
    secret: tuple[str, str] | None
    bfd: Bfd | None
    synchronized: bool
    """Whether the metric waits for LDP."""
    synchronization_time: float | None

    def hold(self, *, designated: bool) -> float:
        """The hold time to ask neighbours for."""
        return self.hold_time / (_DESIGNATED_FACTOR if designated else 1)


def setups(isis: Isis, level: int, units: Mapping[str, Unit]) -> dict[str, Setup]:
    """The circuits of a level; a passive one needs no `family iso`, as it sends no hellos."""
    if level in isis.levels_disabled:
        return {}
    found = {}
    for name, entry in chosen(isis.at_level.get(level, isis.interfaces), units).items():
        passive = entry.passive or is_loopback(name)
        if level not in entry.levels_disabled and (passive or "iso" in units[name].families):
            found[name] = _setup(isis, level, entry, units[name])
    return found


def _setup(isis: Isis, level: int, entry: IgpInterface, unit: Unit) -> Setup:
    name = unit.name
    max_metric = _WIDE_MAX if level in isis.wide_metrics_only else _NARROW_MAX
    hello = entry.hello_interval or _HELLO
    key = entry.authentication_key
    return Setup(
        name=name,
        metric=min(_metric(isis, name, entry), max_metric),
        max_metric=max_metric,
        passive=entry.passive or is_loopback(name),
        point_to_point=entry.point_to_point,
        mtu=unit.room,
        priority=DEFAULT_PRIORITY if entry.priority is None else entry.priority,
        hello_interval=hello,
        hold_time=entry.hold_time or hello * _HELLOS_PER_HOLD,
        secret=("hello", key) if key is not None else isis.authentication.get(level),
        bfd=entry.bfd,
        synchronized=entry.ldp_synchronization,
        synchronization_time=entry.ldp_synchronization_hold_time,
    )


def _metric(isis: Isis, name: str, entry: IgpInterface) -> int:
    if entry.metric is not None:
        return entry.metric
    if is_loopback(name):
        return 0
    if isis.reference_bandwidth:
        return max(1, isis.reference_bandwidth // bandwidth(name))
    return _METRIC
