"""The text of `show ospf database`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.registry import prints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_HEADING = " Type       ID               Adv Rtr           Seq      Age  Opt  Cksum  Len "


@prints("ospf-database-information")
def database_text(information: Element) -> Iterator[str]:
    """A line per LSA below the title of its scope, what it says in detail."""
    for element in information.children:
        if element.tag == "ospf-area-header":
            yield ""
            yield f"    OSPF database, Area {element.value('ospf-area')}"
            yield _HEADING
        elif element.tag == "ospf-database-summary":
            area = element.value("ospf-area")
            yield f"Area {area}:" if area else "Externals:"
            counts = zip(
                element.texts("ospf-lsa-count"), element.texts("ospf-lsa-type"), strict=True
            )
            yield from (f"   {count} {kind} LSAs" for count, kind in counts)
        else:
            if "external-heading" in element.attributes:
                yield f"    {element.attributes['external-heading']}"
                yield _HEADING
            yield _line(element)
            yield from (f"  {line}" for line in _body_lines(element))


def _line(element: Element) -> str:
    value = element.value
    mark = "*" if element.has("our-entry") else " "
    return (
        f"{value('lsa-type'):<8}{mark}{value('lsa-id'):<16} {value('advertising-router'):<16}"
        f" {value('sequence-number')}{value('age'):>6}  {value('options'):<4}"
        f" {value('checksum'):<6}{value('lsa-length'):>4}"
    )


def _body_lines(element: Element) -> Iterator[str]:
    for body in element.all("ospf-router-lsa"):
        yield f"bits {body.value('bits')}, link count {body.value('link-count')}"
        for link in body.all("ospf-link"):
            yield (
                f"id {link.value('link-id')}, data {link.value('link-data')},"
                f" Type {link.value('link-type-name')} ({link.value('link-type-value')})"
            )
            count = link.value("ospf-topology-count")
            yield f"  Topology count: {count}, Default metric: {link.value('metric')}"
        yield from _topology_lines(body)
    for body in element.all("ospf-network-lsa"):
        yield f"mask {body.value('address-mask')}"
        yield from (f"attached router {router}" for router in body.texts("attached-router"))
        yield from _topology_lines(body)
    for body in element.all("ospf-external-lsa"):
        yield from _external_lines(body)
    for extensive in element.all("ospf-database-extensive"):
        yield from _age_lines(extensive)


def _topology_lines(body: Element) -> Iterator[str]:
    for topology in body.all("ospf-lsa-topology"):
        name, number = topology.value("ospf-topology-name"), topology.value("ospf-topology-id")
        yield f"Topology {name} (ID {number})"
        for link in topology.all("ospf-lsa-topology-link"):
            node = link.value("ospf-lsa-topology-link-node-id")
            metric = link.value("ospf-lsa-topology-link-metric")
            yield f"  Type: {link.value('link-type-name')}, Node ID: {node}"
            yield f"    Metric: {metric}, {link.value('ospf-lsa-topology-link-state')}"


def _external_lines(body: Element) -> Iterator[str]:
    yield f"mask {body.value('address-mask')}"
    for topology in body.all("ospf-external-lsa-topology"):
        value = topology.value
        yield f"Topology {value('ospf-topology-name')} (ID {value('ospf-topology-id')})"
        yield (
            f"  Type: {value('type-value')}, Metric: {value('ospf-topology-metric')},"
            f" Fwd addr: {value('forward-address')}, Tag: {value('tag')}"
        )


def _age_lines(extensive: Element) -> Iterator[str]:
    value = extensive.value
    if extensive.has("generation-timer"):
        yield f"Gen timer {value('generation-timer')}"
    yield f"Aging timer {value('aging-timer')}"
    yield (
        f"Installed {value('installation-time')} ago, expires in {value('expiration-time')},"
        f" sent {value('send-time')} ago"
    )
    ours = ", Ours" if extensive.has("database-entry-state") else ""
    count = value("lsa-change-count")
    yield f"Last changed {value('lsa-changed-time')} ago, Change count: {count}{ours}"
