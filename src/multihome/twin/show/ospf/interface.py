"""`show ospf interface`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.show.element import Element
from multihome.twin.show.interface.words import is_loopback
from multihome.twin.show.ospf.running import (
    ARGUMENTS,
    LEVELS,
    NOT_RUNNING,
    configured,
    identity,
    is_wanted,
)
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import InterfaceView, OspfInterfaceView

_HEADING = "Interface           State   Area            DR ID           BDR ID          Nbrs"
_RETRANSMIT, _MTU, _LOOPBACK_MTU = 5, 1500, 65535


@shows(
    "get-ospf-interface-information",
    "show ospf interface",
    f"<interface-name> {LEVELS} {ARGUMENTS}",
)
def interface_information(query: Query) -> Element:
    """Every interface OSPF runs on."""
    if configured(query) is None:
        return output(NOT_RUNNING)
    information = Element("ospf-interface-information", module="junos-routing")
    ports = {view.name: view for view in query.router.interfaces.views()}
    for view in query.router.ospf.interfaces():
        if query.get("interface-name") in (None, view.name) and is_wanted(query, view.name):
            element = information.add("ospf-interface")
            _add_brief(element, view)
            if query.has("detail") or query.has("extensive"):
                _add_detail(element, view, ports.get(view.name))
    return information


def _add_brief(element: Element, view: OspfInterfaceView) -> None:
    element.add("interface-name", view.name)
    element.add("ospf-interface-state", view.state)
    element.add("ospf-area", view.area)
    element.add("dr-id", identity(view.designated))
    element.add("bdr-id", identity(view.backup))
    element.add("neighbor-count", view.neighbors)


def _add_detail(element: Element, view: OspfInterfaceView, port: InterfaceView | None) -> None:
    element.add("interface-type", "P2P" if view.point_to_point else "LAN")
    if port is not None and port.addresses:
        address, length = port.addresses[0]
        element.add("interface-address", address)
        element.add("address-mask", Address(0xFFFFFFFF ^ (0xFFFFFFFF >> length)))
        element.add("mtu", _LOOPBACK_MTU if is_loopback(view.name) else port.mtu or _MTU)
    element.add("interface-cost", view.cost)
    element.add_known(dr_address=view.designated_address, bdr_address=view.backup_address)
    if view.designated is not None:
        element.add("router-priority", view.priority)
    element.add("adj-count", view.neighbors)
    element.flag("passive", view.passive)
    element.add("hello-interval", f"{view.hello_interval:g}")
    element.add("dead-interval", f"{view.dead_interval:g}")
    element.add("retransmit-interval", _RETRANSMIT)
    element.add("ospf-stub-type", "Not Stub")
    element.add("authentication-type", "MD5" if view.secret else "None")
    element.add("ospf-interface-protection-type", "None")
    topology = element.add("ospf-interface-topology")
    topology.add("ospf-topology-name", "default")
    topology.add("ospf-topology-id", 0)
    topology.flag("ospf-topology-passive", view.passive)
    topology.add("ospf-topology-metric", view.cost)


@prints("ospf-interface-information")
def interface_text(information: Element) -> Iterator[str]:
    """A line per interface, a paragraph in detail."""
    yield _HEADING
    for element in information.all("ospf-interface"):
        value = element.value
        yield (
            f"{value('interface-name'):<19} {value('ospf-interface-state'):<7}"
            f" {value('ospf-area'):<15} {value('dr-id'):<15} {value('bdr-id'):<15}"
            f"{value('neighbor-count'):>5}"
        )
        if element.has("interface-type"):
            yield from (f"  {line}" for line in _detail_lines(element))


def _detail_lines(element: Element) -> Iterator[str]:
    value = element.value
    place = ""
    if element.has("interface-address"):
        place = (
            f" Address: {value('interface-address')}, Mask: {value('address-mask')},"
            f" MTU: {value('mtu')},"
        )
    yield f"Type: {value('interface-type')},{place} Cost: {value('interface-cost')}"
    if element.has("router-priority"):
        speakers = [
            f"{word} addr: {value(leaf)}"
            for leaf, word in (("dr-address", "DR"), ("bdr-address", "BDR"))
            if element.has(leaf)
        ]
        yield ", ".join((*speakers, f"Priority: {value('router-priority')}"))
    passive = element.has("passive")
    yield f"Adj count: {value('adj-count')}{', Passive' if passive else ''}"
    yield (
        f"Hello: {value('hello-interval')}, Dead: {value('dead-interval')},"
        f" ReXmit: {value('retransmit-interval')}, {value('ospf-stub-type')}"
    )
    yield f"Auth type: {value('authentication-type')}"
    yield f"Protection type: {value('ospf-interface-protection-type')}"
    cost = f"{'Passive, ' if passive else ''}Cost: {value('interface-cost')}"
    yield f"Topology default (ID 0) -> {cost}"
