"""`show ospf neighbor`: of one instance, or of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.ospf.running import (
    AREA,
    ARGUMENTS,
    LEVELS,
    NOT_RUNNING,
    configured,
    identity,
    instance_of,
    is_wanted,
)
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import OspfNeighborView

_NEIGHBORS = "Address          Interface              State           ID               Pri  Dead"


@shows("get-ospf-neighbor-information", "show ospf neighbor", f"<neighbor> {LEVELS} {ARGUMENTS}")
def neighbor_information(query: Query) -> Element:
    """Every neighbour, or the one at an address."""
    if query.get("instance") == "all":
        return _of_all_instances(query)
    if configured(query) is None:
        return output(NOT_RUNNING)
    information = Element("ospf-neighbor-information", module="junos-routing")
    views = query.router.ospf.neighbors()
    _add_neighbors(information, query, [v for v in views if is_wanted(query, v.interface)])
    return information


def _of_all_instances(query: Query) -> Element:
    """Those that run OSPF, each with its neighbours."""
    instances = query.router.config.instances
    running = [name for name, instance in instances.items() if instance.ospf is not None]
    if not running:
        return output(NOT_RUNNING)
    information = Element("ospf-neighbor-information-all", module="junos-routing")
    for name in running:
        block = information.add("ospf-instance-neighbor")
        block.add("ospf-instance-name", name)
        views = query.router.ospf.neighbors()
        mine = [view for view in views if instance_of(query, view.interface) == name]
        _add_neighbors(block, query, mine)
    return information


def _add_neighbors(element: Element, query: Query, views: Iterable[OspfNeighborView]) -> None:
    level = query.level("extensive", "detail", default="brief")
    for view in views:
        if query.get("neighbor") in (None, str(view.address)):
            _add_neighbor(element.add("ospf-neighbor"), view, query.now, level)


def _add_neighbor(element: Element, view: OspfNeighborView, now: float, level: str) -> None:
    element.add("neighbor-address", view.address)
    element.add("interface-name", view.interface)
    element.add("ospf-neighbor-state", view.state)
    element.add("neighbor-id", view.router_id)
    element.add("neighbor-priority", view.priority)
    element.add("activity-timer", int(view.dead_time))
    if level != "brief":
        age = max(int(now - view.since), 0)
        element.add("ospf-area", AREA)
        element.add("options", "0x52")
        element.add("dr-address", identity(view.designated))
        element.add("bdr-address", identity(view.backup))
        element.add("neighbor-up-time", clock_age(age), junos(seconds=age))
        element.add("neighbor-adjacency-time", clock_age(age), junos(seconds=age))
    if level == "extensive":
        topology = element.add("ospf-neighbor-topology")
        topology.add("ospf-topology-name", "default")
        topology.add("ospf-topology-id", 0)
        two_way = view.state in ("2Way", "ExStart", "Full")
        topology.add("ospf-neighbor-topology-state", "Bidirectional" if two_way else "Forward Only")


@prints("ospf-neighbor-information")
def neighbor_text(information: Element) -> Iterator[str]:
    """A line per neighbour, two more in detail."""
    yield _NEIGHBORS
    for element in information.all("ospf-neighbor"):
        value = element.value
        yield (
            f"{value('neighbor-address'):<16} {value('interface-name'):<22}"
            f" {value('ospf-neighbor-state'):<15} {value('neighbor-id'):<16}"
            f" {value('neighbor-priority'):>3} {value('activity-timer'):>5}"
        )
        if element.has("ospf-area"):
            yield (
                f"  Area {value('ospf-area')}, opt {value('options')}, DR {value('dr-address')},"
                f" BDR {value('bdr-address')}"
            )
            yield (f"  Up {value('neighbor-up-time')}, adjacent {value('neighbor-adjacency-time')}")
        for topology in element.all("ospf-neighbor-topology"):
            state = topology.value("ospf-neighbor-topology-state")
            yield f"  Topology {topology.value('ospf-topology-name')} (ID 0) -> {state}"


@prints("ospf-neighbor-information-all")
def neighbors_of_all_text(information: Element) -> Iterator[str]:
    """The same for each instance, under its name."""
    for block in information.all("ospf-instance-neighbor"):
        yield f"Instance: {block.value('ospf-instance-name')}"
        yield from neighbor_text(block)
