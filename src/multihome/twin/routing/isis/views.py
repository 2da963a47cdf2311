"""IS-IS as `show isis ...` asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.routing.isis.messages import IsisHello
from multihome.twin.views import IsisAdjacencyView, IsisInterfaceView, IsisLspView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.routing.isis.level import Level
    from multihome.twin.routing.linkstate.database import Lsa
    from multihome.twin.routing.linkstate.spf import Key

_BOTH = 3
_REFRESH_MARGIN = 317.0
"""Junos originates an LSP again this long before its lifetime ends, in seconds."""


def adjacencies(now: float, levels: Iterable[Level]) -> tuple[IsisAdjacencyView, ...]:
    """Every adjacency, by interface."""
    found = [
        IsisAdjacencyView(
            interface=name,
            system_name=body.host_name,
            system_id=body.system,
            level=level.level,
            state=adjacency.state.value,
            hold_time=adjacency.hold_left(now),
            address=body.address,
            since=adjacency.since,
            transitions=adjacency.transitions,
            point_to_point=level.circuits.setups[name].point_to_point,
        )
        for level in levels
        for name, circuit in level.circuits.open.items()
        for adjacency in circuit.adjacencies.values()
        if adjacency.hello is not None and isinstance(body := adjacency.hello.body, IsisHello)
    ]
    return tuple(sorted(_merged(found), key=lambda v: (v.interface, v.level, v.system_id)))


def _merged(found: list[IsisAdjacencyView]) -> list[IsisAdjacencyView]:
    """Point-to-point hellos are of both levels at once: such an adjacency is of level 3."""
    merged: dict[tuple[str, str, str, int], IsisAdjacencyView] = {}
    for view in found:
        level = 0 if view.point_to_point else view.level
        key = (view.interface, view.system_id, view.state, level)
        merged[key] = replace(view, level=_BOTH) if key in merged else view
    return list(merged.values())


def interfaces(levels: Iterable[Level]) -> tuple[IsisInterfaceView, ...]:
    """Every interface of every level."""
    found = [
        IsisInterfaceView(
            name=name,
            level=level.level,
            circuit_id=level.circuits.ids.get(name, 1),
            passive=setup.passive,
            point_to_point=setup.point_to_point,
            metric=level.circuits.metric(name),
            adjacencies=len(level.circuits.neighbors(name)),
        )
        for level in levels
        for name, setup in level.circuits.setups.items()
    ]
    return tuple(sorted(found, key=lambda view: (view.name, view.level)))


def database(now: float, levels: Iterable[Level]) -> tuple[IsisLspView, ...]:
    """Every LSP, by level and ID."""
    return tuple(view for level in levels for view in _of_level(now, level))


def _of_level(now: float, level: Level) -> list[IsisLspView]:
    live = level.engine.database.live()
    names = {lsa.key.system: lsa.host_name for lsa in live}
    views = [
        IsisLspView(
            lsp_id=f"{_name(lsa.key, names)}-00",
            level=level.level,
            sequence=lsa.sequence,
            checksum=lsa.checksum,
            lifetime=int(_lifetime(now, lsa)),
            overload=lsa.vertex.overload,
            neighbors=tuple((_name(key, names), metric) for key, metric in lsa.vertex.links),
            prefixes=tuple((reach.prefix, reach.metric) for reach in lsa.prefixes),
        )
        for lsa in live
    ]
    return sorted(views, key=lambda view: view.lsp_id)


def _name(key: Key, names: dict[str, str]) -> str:
    return f"{names.get(key.system) or key.system}.{key.circuit:02x}"


def _lifetime(now: float, lsa: Lsa) -> float:
    """What is left, the periodic refresh of a living originator taken into account."""
    refresh = max(lsa.lifetime - _REFRESH_MARGIN, 1.0)
    return lsa.lifetime - (now - lsa.born) % refresh
