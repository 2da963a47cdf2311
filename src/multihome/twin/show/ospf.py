"""OSPF as `show ospf neighbor`, `interface` and `overview` tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import OspfInterfaceView, OspfNeighborView

NOT_RUNNING = "OSPF instance is not running"
_ARGUMENTS = "brief detail extensive instance:instance logical-system:logical-system"
_NEIGHBORS = "Address          Interface              State           ID               Pri  Dead"
_INTERFACES = "Interface           State   Area            DR ID           BDR ID          Nbrs"
_AREA, _NONE = "0.0.0.0", "0.0.0.0"  # noqa: S104 - the backbone area, and nobody's ID


def _runs(query: Query) -> bool:
    instance = query.router.config.instances.get(query.get("instance") or "master")
    return instance is not None and instance.ospf is not None


@shows("get-ospf-neighbor-information", "show ospf neighbor", f"<neighbor> {_ARGUMENTS}")
def neighbor_information(query: Query) -> Element:
    """Every neighbour, or the one at an address."""
    if query.get("instance") == "all":
        return _of_all_instances(query)
    if not _runs(query):
        return output(NOT_RUNNING)
    information = Element("ospf-neighbor-information", module="junos-routing")
    _add_neighbors(information, query, query.router.ospf.neighbors())
    return information


def _of_all_instances(query: Query) -> Element:
    """Those that run OSPF, each with its neighbours."""
    instances = query.router.config.instances
    running = [name for name, instance in instances.items() if instance.ospf is not None]
    if not running:
        return output(NOT_RUNNING)
    owners = {
        interface: name for name, instance in instances.items() for interface in instance.interfaces
    }
    information = Element("ospf-neighbor-information-all", module="junos-routing")
    for name in running:
        block = information.add("ospf-instance-neighbor")
        block.add("ospf-instance-name", name)
        views = query.router.ospf.neighbors()
        mine = [view for view in views if owners.get(view.interface, "master") == name]
        _add_neighbors(block, query, mine)
    return information


def _add_neighbors(element: Element, query: Query, views: Iterable[OspfNeighborView]) -> None:
    detailed = query.has("detail") or query.has("extensive")
    for view in views:
        if query.get("neighbor") in (None, str(view.address)):
            _add_neighbor(element.add("ospf-neighbor"), view, query.now, detailed=detailed)


def _add_neighbor(element: Element, view: OspfNeighborView, now: float, *, detailed: bool) -> None:
    element.add("neighbor-address", view.address)
    element.add("interface-name", view.interface)
    element.add("ospf-neighbor-state", view.state)
    element.add("neighbor-id", view.router_id)
    element.add("neighbor-priority", view.priority)
    element.add("activity-timer", int(view.dead_time))
    if detailed:
        age = max(int(now - view.since), 0)
        element.add("ospf-area", _AREA)
        element.add("options", "0x52")
        element.add("dr-address", _NONE)
        element.add("bdr-address", _NONE)
        element.add("neighbor-up-time", clock_age(age), junos(seconds=age))
        element.add("neighbor-adjacency-time", clock_age(age), junos(seconds=age))


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


@prints("ospf-neighbor-information-all")
def neighbors_of_all_text(information: Element) -> Iterator[str]:
    """The same for each instance, under its name."""
    for block in information.all("ospf-instance-neighbor"):
        yield f"Instance: {block.value('ospf-instance-name')}"
        yield from neighbor_text(block)


@shows("get-ospf-interface-information", "show ospf interface", f"<interface-name> {_ARGUMENTS}")
def interface_information(query: Query) -> Element:
    """Every interface OSPF runs on."""
    if not _runs(query):
        return output(NOT_RUNNING)
    information = Element("ospf-interface-information", module="junos-routing")
    detailed = query.has("detail") or query.has("extensive")
    for view in query.router.ospf.interfaces():
        if query.get("interface-name") in (None, view.name):
            _add_interface(information.add("ospf-interface"), view, detailed=detailed)
    return information


def _add_interface(element: Element, view: OspfInterfaceView, *, detailed: bool) -> None:
    element.add("interface-name", view.name)
    element.add("ospf-interface-state", view.state)
    element.add("ospf-area", view.area)
    element.add("dr-id", _NONE)
    element.add("bdr-id", _NONE)
    element.add("neighbor-count", view.neighbors)
    if detailed:
        element.add("interface-cost", view.cost)
        element.flag("passive", view.passive)


@prints("ospf-interface-information")
def interface_text(information: Element) -> Iterator[str]:
    """A line per interface."""
    yield _INTERFACES
    for element in information.all("ospf-interface"):
        value = element.value
        yield (
            f"{value('interface-name'):<19} {value('ospf-interface-state'):<7}"
            f" {value('ospf-area'):<15} {value('dr-id'):<15} {value('bdr-id'):<15}"
            f"{value('neighbor-count'):>5}"
        )
        if element.has("interface-cost"):
            yield f"  Cost: {value('interface-cost')}"


@shows("get-ospf-overview-information", "show ospf overview", _ARGUMENTS)
def overview_information(query: Query) -> Element:
    """The router ID, and the area with its neighbours."""
    if not _runs(query):
        return output(NOT_RUNNING)
    instance = query.get("instance") or "master"
    information = Element("ospf-overview-information", module="junos-routing")
    overview = information.add("ospf-overview")
    overview.add("instance-name", instance)
    overview.add_known(ospf_router_id=query.router.router_id(instance))
    overview.add("ospf-route-table-index", 0)
    area = overview.add("ospf-area-overview")
    area.add("ospf-area", _AREA)
    area.add("ospf-stub-type", "Not Stub")
    area.add("authentication-type", "None")
    area.add("ospf-abr-count", 0)
    area.add("ospf-asbr-count", 0)
    neighbors = query.router.ospf.neighbors()
    up = sum(view.state == "Full" for view in neighbors)
    area.add("ospf-nbr-overview").add("ospf-nbr-up-count", up)
    return information


@prints("ospf-overview-information")
def overview_text(information: Element) -> Iterator[str]:
    """The instance, then the area."""
    for overview in information.all("ospf-overview"):
        yield f"Instance: {overview.value('instance-name')}"
        yield f"  Router ID: {overview.value('ospf-router-id')}"
        yield f"  Route table index: {overview.value('ospf-route-table-index')}"
        for area in overview.all("ospf-area-overview"):
            yield f"  Area: {area.value('ospf-area')}"
            yield f"    Stub type: {area.value('ospf-stub-type')}"
            yield f"    Authentication Type: {area.value('authentication-type')}"
            yield f"    Area border routers: {area.value('ospf-abr-count')}"
            yield f"    AS boundary routers: {area.value('ospf-asbr-count')}"
            yield "    Neighbors"
            yield (f"      Up (in full state): {area.value('ospf-nbr-overview/ospf-nbr-up-count')}")
