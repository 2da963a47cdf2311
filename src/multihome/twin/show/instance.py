"""Routing instances, as `show route instance` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.internal import INSTANCE as PRIVATE
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.route.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.routing.rib import Rib
    from multihome.twin.show.registry import Query

_ARGUMENTS = """
    <instance-name> summary brief terse detail extensive operational
    logical-system:logical-system
"""
_INTERNAL = (PRIVATE, "__juniper_private2__", "__master.anon__")
"""Of the chassis itself; NAPALM and its like skip names that begin with two underscores."""


@shows("get-instance-information", "show route instance", _ARGUMENTS)
def instance_information(query: Query) -> Element:
    """Every instance with its tables; interfaces, targets and router ID in detail."""
    detailed = query.has("detail") or query.has("extensive")
    information = Element(
        "instance-information",
        attributes=junos(style="detail" if detailed else "terse"),
        module="junos-routing",
    )
    wanted = query.get("instance-name")
    add = _add_detail if detailed else _add_tables
    for instance in query.router.config.instances.values():
        if wanted in (None, instance.name):
            core = information.add("instance-core")
            core.add("instance-name", instance.name)
            add(core, instance, query)
    if wanted is None and not detailed and not query.has("logical-system"):
        for name in _INTERNAL:
            core = information.add("instance-core")
            core.add("instance-name", name)
            core.add("instance-type", "forwarding")
    return information


def _add_tables(core: Element, instance: RoutingInstance, query: Query) -> None:
    core.add("instance-type", _type(instance))
    for rib in _ribs(instance, query):
        _add_rib(core.add("instance-rib"), rib, detailed=False)


def _type(instance: RoutingInstance) -> str:
    return "forwarding" if instance.name == MASTER else instance.type


def _ribs(instance: RoutingInstance, query: Query) -> list[Rib]:
    """The master holds every table whose name does not begin with an instance's."""
    others = tuple(f"{name}." for name in query.router.config.instances if name != MASTER)
    ribs = tables(query.router)
    if instance.name == MASTER:
        return [rib for rib in ribs if not rib.name.startswith(others)]
    return [rib for rib in ribs if rib.name.startswith(f"{instance.name}.")]


def _add_rib(element: Element, rib: Rib, *, detailed: bool) -> None:
    _, routes, active, holddown, hidden = rib.counts()
    element.add("irib-name", rib.name)
    if detailed:
        element.add("irib-route-count", routes)
    element.add("irib-active-count", active)
    element.add("irib-holddown-count", holddown)
    element.add("irib-hidden-count", hidden)


def _add_detail(core: Element, instance: RoutingInstance, query: Query) -> None:
    core.add_known(router_id=query.router.router_id(instance.name))
    core.add("instance-type", _type(instance))
    core.add("instance-state", "Active")
    for name in instance.interfaces:
        core.add("instance-interface").add("interface-name", name)
    if instance.route_distinguisher is not None:
        _add_vrf(core.add("instance-vrf"), instance)
    for rib in _ribs(instance, query):
        _add_rib(core.add("instance-rib"), rib, detailed=True)


def _add_vrf(vrf: Element, instance: RoutingInstance) -> None:
    name = instance.name
    vrf.add("route-distinguisher", instance.route_distinguisher)
    for policy in instance.vrf_import or (f"__vrf-import-{name}-internal__",):
        vrf.add("vrf-import", policy)
    for policy in instance.vrf_export or (f"__vrf-export-{name}-internal__",):
        vrf.add("vrf-export", policy)
    for target in instance.vrf_target_import:
        vrf.add("vrf-import-target", target)
    for target in instance.vrf_target_export:
        vrf.add("vrf-export-target", target)
    vrf.add("fast-reroute-priority", "low")


@prints("instance-information")
def instance_text(information: Element) -> Iterator[str]:
    """A table, or a paragraph per instance."""
    if information.attributes.get("junos:style") == "detail":
        for core in information.all("instance-core"):
            yield from _detail_lines(core)
        return
    yield "Instance             Type"
    yield f"{'':9}Primary RIB{'':37}Active/holddown/hidden"
    for core in information.all("instance-core"):
        yield f"{core.value('instance-name'):<20} {core.value('instance-type'):<15}"
        for rib in core.all("instance-rib"):
            counts = (rib.value(f"irib-{word}-count") for word in ("active", "holddown", "hidden"))
            yield f"{'':9}{rib.value('irib-name'):<48}{'/'.join(counts)}"
        yield ""


def _detail_lines(core: Element) -> Iterator[str]:
    yield f"{core.value('instance-name')}:"
    if core.has("router-id"):
        yield f"  Router ID: {core.value('router-id')}"
    yield f"  Type: {core.value('instance-type'):<18}State: {core.value('instance-state'):<14}"
    interfaces = list(core.all("instance-interface"))
    if interfaces:
        yield "  Interfaces:"
        yield from (f"    {each.value('interface-name')}" for each in interfaces)
    for vrf in core.all("instance-vrf"):
        yield f"  Route-distinguisher: {vrf.value('route-distinguisher')}"
        for tag in ("vrf-import", "vrf-export", "vrf-import-target", "vrf-export-target"):
            if vrf.has(tag):
                yield f"  {tag.capitalize()}: [ {' '.join(vrf.texts(tag))} ]"
        yield f"  Fast-reroute-priority: {vrf.value('fast-reroute-priority')}"
    ribs = list(core.all("instance-rib"))
    if ribs:
        yield "  Tables:"
    for rib in ribs:
        yield (
            f"    {rib.value('irib-name'):<23}: {rib.value('irib-route-count')} routes"
            f" ({rib.value('irib-active-count')} active,"
            f" {rib.value('irib-holddown-count')} holddown,"
            f" {rib.value('irib-hidden-count')} hidden)"
        )
