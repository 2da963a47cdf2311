"""`show ospf database`: the LSAs, by kind, by ID, by who says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix
from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.holder import addresses, holder
from multihome.twin.show.ospf.running import (
    AREA,
    ARGUMENTS,
    LEVELS,
    NO_ROUTER,
    NOT_RUNNING,
    configured,
)
from multihome.twin.show.registry import shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.twin.addressing import Address
    from multihome.twin.show.registry import Query
    from multihome.twin.views import OspfLinkView, OspfLsaView

_KINDS = {"router": "Router", "network": "Network", "external": "Extern"}
_OTHERS = ("netsummary", "asbrsummary", "nssa", "opaque-area", "link-local")
"""Kinds of LSA that an area 0 by itself has none of."""
_NUMBERS = {"PointToPoint": 1, "Transit": 2, "Stub": 3}
_OPTIONS, _LIFETIME, _REFRESH = "0x22", 3600, 3000


@shows(
    "get-ospf-database-information",
    "show ospf database",
    f"{' '.join(_KINDS)} {' '.join(_OTHERS)} lsa-id:lsa-id advertising-router:advertising-router"
    f" summary area:area {LEVELS} {ARGUMENTS}",
)
def database_information(query: Query) -> Element:
    """The LSAs of the area, then those that are everybody's."""
    if configured(query) is None:
        return output(NOT_RUNNING)
    information = Element("ospf-database-information", module="junos-routing")
    lsas = list(_wanted(query))
    if query.has("summary"):
        _add_summary(information, lsas)
        return information
    level = query.level("detail", "extensive", "brief", default="brief")
    for of_area in (True, False):
        shown = [lsa for lsa in lsas if (lsa.kind != "Extern") is of_area]
        if of_area and shown:
            information.add("ospf-area-header").add("ospf-area", AREA)
        heading = {"external-heading": "OSPF AS SCOPE link state database"}
        for lsa in shown:
            attributes = None if of_area else heading
            heading = {}
            _add_lsa(information.add("ospf-database", "", attributes or None), lsa, query, level)
    return information


def _wanted(query: Query) -> Iterator[OspfLsaView]:
    kinds = {name for word, name in _KINDS.items() if query.has(word)}
    none = any(query.has(word) for word in _OTHERS)
    advertiser = query.get("advertising-router")
    for lsa in query.router.ospf.database(query.get("instance") or "master"):
        says = advertiser in (None, str(lsa.advertiser)) or (advertiser == "self" and lsa.own)
        kind = lsa.kind in kinds if kinds or none else True
        if kind and says and query.get("lsa-id") in (None, str(lsa.id)):
            yield lsa


def _add_summary(information: Element, lsas: list[OspfLsaView]) -> None:
    """How many LSAs of each kind the area has, then how many are everybody's."""
    for area, kinds in ((AREA, ("Router", "Network")), ("", ("Extern",))):
        summary = information.add("ospf-database-summary")
        if area:
            summary.add("ospf-area", area)
        for kind in kinds:
            count = sum(lsa.kind == kind for lsa in lsas)
            if count:
                summary.add("ospf-lsa-count", count)
                summary.add("ospf-lsa-type", kind)


def _add_lsa(element: Element, lsa: OspfLsaView, query: Query, level: str) -> None:
    element.add("lsa-type", lsa.kind)
    element.flag("our-entry", lsa.own)
    element.add("lsa-id", lsa.id)
    element.add("advertising-router", lsa.advertiser)
    element.add("sequence-number", f"0x{lsa.sequence:x}")
    element.add("age", lsa.age)
    element.add("options", _OPTIONS)
    element.add("checksum", f"0x{lsa.checksum:x}")
    element.add("lsa-length", lsa.length)
    if level == "brief":
        return
    {"Router": _add_router, "Network": _add_network, "Extern": _add_external}[lsa.kind](
        element, lsa, query
    )
    if level == "extensive":
        _add_ages(element.add("ospf-database-extensive"), lsa)


def _add_ages(extensive: Element, lsa: OspfLsaView) -> None:
    """When it came and when it goes; when an own one will be said anew."""
    left = _LIFETIME - lsa.age
    times = [("aging-timer", left), ("installation-time", lsa.age), ("expiration-time", left)]
    if lsa.own:
        times.insert(0, ("generation-timer", max(_REFRESH - lsa.age, 0)))
    for leaf, seconds in (*times, ("send-time", lsa.age), ("lsa-changed-time", lsa.age)):
        extensive.add(leaf, clock_age(seconds), junos(seconds=seconds))
    extensive.add("lsa-change-count", lsa.sequence & 0xFFFF)
    if lsa.own:
        extensive.add("database-entry-state", "Ours")


def _add_router(element: Element, lsa: OspfLsaView, query: Query) -> None:
    body = element.add("ospf-router-lsa")
    body.add("bits", "0x2" if lsa.external else "0x0")
    body.add("link-count", len(lsa.links))
    for link in lsa.links:
        held = body.add("ospf-link")
        held.add("link-id", link.id)
        held.add("link-data", _data(lsa, link, query))
        held.add("link-type-name", link.kind)
        held.add("link-type-value", _NUMBERS[link.kind])
        held.add("ospf-topology-count", 0)
        held.add("metric", link.metric)
    ends = [(link.kind, link.id, link.metric) for link in lsa.links if link.mask is None]
    _add_topology(body, ends)


def _add_topology(body: Element, ends: Sequence[tuple[str, Address, int]]) -> None:
    """The links that a computation follows: both ends say them."""
    if not ends:
        return
    topology = body.add("ospf-lsa-topology")
    topology.add("ospf-topology-name", "default")
    topology.add("ospf-topology-id", 0)
    for kind, node, metric in ends:
        link = topology.add("ospf-lsa-topology-link")
        link.add("link-type-name", kind)
        link.add("ospf-lsa-topology-link-node-id", node)
        link.add("ospf-lsa-topology-link-metric", metric)
        link.add("ospf-lsa-topology-link-state", "Bidirectional")


def _data(lsa: OspfLsaView, link: OspfLinkView, query: Query) -> object:
    """The mask of a stub; the address of the LSA's router on any other link."""
    if link.mask is not None:
        return link.mask
    router = holder(query, lsa.advertiser)
    if router is None:
        return NO_ROUTER
    far = holder(query, link.id)
    theirs = {link.id, *(addresses(far) if far else [])}
    lengths = dict(each for view in router.interfaces.views() for each in view.addresses)
    for address, length in lengths.items():
        if any(Prefix.of(address, length) == Prefix.of(other, length) for other in theirs):
            return address
    return NO_ROUTER


def _add_network(element: Element, lsa: OspfLsaView, query: Query) -> None:
    del query
    body = element.add("ospf-network-lsa")
    body.add_known(address_mask=lsa.mask)
    for router in lsa.routers:
        body.add("attached-router", router)
    _add_topology(body, [("Transit", router, 0) for router in lsa.routers])


def _add_external(element: Element, lsa: OspfLsaView, query: Query) -> None:
    del query
    body = element.add("ospf-external-lsa")
    body.add_known(address_mask=lsa.mask)
    topology = body.add("ospf-external-lsa-topology")
    topology.add("ospf-topology-name", "default")
    topology.add("ospf-topology-id", 0)
    topology.add("type-value", lsa.metric_type)
    topology.add("ospf-topology-metric", lsa.metric)
    topology.add("forward-address", NO_ROUTER)
    octets = (lsa.tag >> shift & 255 for shift in (24, 16, 8, 0))
    topology.add("tag", ".".join(map(str, octets)))
