"""`show ospf overview`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.ospf.running import (
    AREA,
    ARGUMENTS,
    LEVELS,
    NOT_RUNNING,
    configured,
    is_wanted,
)
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.junos.model.igp import Ospf
    from multihome.twin.show.registry import Query

_REFRESH_MINUTES, _HOLDDOWN, _RAPID_RUNS = 50, 5, 3


@shows("get-ospf-overview-information", "show ospf overview", f"{LEVELS} {ARGUMENTS}")
def overview_information(query: Query) -> Element:
    """The router ID, the area with its neighbours, and the timers of the computation."""
    ospf = configured(query)
    if ospf is None:
        return output(NOT_RUNNING)
    instance = query.get("instance") or "master"
    information = Element("ospf-overview-information", module="junos-routing")
    overview = information.add("ospf-overview")
    overview.add("instance-name", instance)
    overview.add_known(ospf_router_id=query.router.router_id(instance))
    index = list(query.router.config.instances).index(instance)
    overview.add("ospf-route-table-index", index)
    overview.add("ospf-lsa-refresh-time", _REFRESH_MINUTES)
    _add_area(overview.add("ospf-area-overview"), query, instance)
    _add_topology(overview.add("ospf-topology-overview"), query, ospf, instance)
    return information


def _add_area(area: Element, query: Query, instance: str) -> None:
    others = [lsa for lsa in query.router.ospf.database(instance) if not lsa.own]
    signed = any(v.secret for v in query.router.ospf.interfaces() if is_wanted(query, v.name))
    neighbors = [v for v in query.router.ospf.neighbors() if is_wanted(query, v.interface)]
    area.add("ospf-area", AREA)
    area.add("ospf-stub-type", "Not Stub")
    area.add("authentication-type", "MD5" if signed else "None")
    area.add("ospf-abr-count", 0)
    area.add("ospf-asbr-count", sum(lsa.kind == "Router" and lsa.external for lsa in others))
    up = sum(view.state == "Full" for view in neighbors)
    area.add("ospf-nbr-overview").add("ospf-nbr-up-count", up)


def _add_topology(topology: Element, query: Query, ospf: Ospf, instance: str) -> None:
    """A computation follows each change of the database; what each LSA counts is its changes."""
    lsas = query.router.ospf.database(instance)
    topology.add("ospf-topology-name", "default")
    topology.add("ospf-topology-id", 0)
    exported = sum(lsa.own and lsa.kind == "Extern" for lsa in lsas)
    topology.add("ospf-prefix-export-count", exported)
    topology.add("ospf-full-spf-count", sum(lsa.sequence & 0xFFFF for lsa in lsas))
    topology.add("ospf-spf-delay", f"{ospf.spf_delay:.6f}")
    topology.add("ospf-spf-holddown", _HOLDDOWN)
    topology.add("ospf-spf-rapid-runs", _RAPID_RUNS)
    topology.add("ospf-backup-spf-status", "Not Needed")


@prints("ospf-overview-information")
def overview_text(information: Element) -> Iterator[str]:
    """The instance, the area, the topology."""
    for overview in information.all("ospf-overview"):
        yield f"Instance: {overview.value('instance-name')}"
        yield f"  Router ID: {overview.value('ospf-router-id')}"
        yield f"  Route table index: {overview.value('ospf-route-table-index')}"
        yield f"  LSA refresh time: {overview.value('ospf-lsa-refresh-time')} minutes"
        for area in overview.all("ospf-area-overview"):
            yield f"  Area: {area.value('ospf-area')}"
            yield f"    Stub type: {area.value('ospf-stub-type')}"
            yield f"    Authentication Type: {area.value('authentication-type')}"
            yield (
                f"    Area border routers: {area.value('ospf-abr-count')},"
                f" AS boundary routers: {area.value('ospf-asbr-count')}"
            )
            yield "    Neighbors"
            yield f"      Up (in full state): {area.value('ospf-nbr-overview/ospf-nbr-up-count')}"
        for topology in overview.all("ospf-topology-overview"):
            yield from _topology_lines(topology)


def _topology_lines(topology: Element) -> Iterator[str]:
    value = topology.value
    yield f"  Topology: {value('ospf-topology-name')} (ID {value('ospf-topology-id')})"
    yield f"    Prefix export count: {value('ospf-prefix-export-count')}"
    yield f"    Full SPF runs: {value('ospf-full-spf-count')}"
    yield (
        f"    SPF delay: {value('ospf-spf-delay')} sec,"
        f" SPF holddown: {value('ospf-spf-holddown')} sec,"
        f" SPF rapid runs: {value('ospf-spf-rapid-runs')}"
    )
    yield f"    Backup SPF: {value('ospf-backup-spf-status')}"
