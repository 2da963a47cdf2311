"""`show interfaces terse` and `show interfaces descriptions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.words import families, status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.show.interface.choice import Port
    from multihome.twin.views import InterfaceView

_TERSE = "Interface               Admin Link Proto    Local                 Remote"
_DESCRIPTIONS = "Interface       Admin Link Description"
_EMIT = junos(emit="emit")


def add_terse(information: Element, ports: Iterable[Port]) -> None:
    """Every port with its units, their families and addresses."""
    for port in ports:
        parent = information
        if port.physical is not None:
            parent = information.add("physical-interface")
            _add_state(parent, port.physical)
        for view in port.logical:
            logical = parent.add("logical-interface")
            _add_state(logical, view)
            logical.add("filter-information")
            for family in families(view):
                _add_family(logical.add("address-family"), family, view)


def add_descriptions(information: Element, ports: Iterable[Port]) -> None:
    """What has a description, physical and logical alike."""
    for port in ports:
        views = [port.physical] if port.physical is not None else []
        for view in [*views, *port.logical]:
            if view.description:
                kind = "logical" if "." in view.name else "physical"
                element = information.add(f"{kind}-interface")
                _add_state(element, view)
                element.add("description", view.description)


def _add_state(element: Element, view: InterfaceView) -> None:
    element.add("name", view.name)
    element.add("admin-status", status(up=view.admin_up))
    element.add("oper-status", status(up=view.oper_up))


def _add_family(element: Element, family: str, view: InterfaceView) -> None:
    element.add("address-family-name", family)
    if family == "inet":
        for address, length in view.addresses:
            held = element.add("interface-address")
            if length == 32:
                held.add("ifa-local", address)
                held.add("ifa-destination", "0/0", _EMIT)
            else:
                held.add("ifa-local", f"{address}/{length}", _EMIT)
    elif family == "iso":
        for net in view.iso:
            element.add("interface-address").add("ifa-local", net, _EMIT)


def terse_lines(information: Element) -> Iterator[str]:
    """A line per interface, and one per family and address."""
    yield _TERSE
    for element in information.children:
        if element.tag == "physical-interface" and element.has("name"):
            yield _lead(element)
        logical = element.all("logical-interface")
        for unit in (element,) if element.tag == "logical-interface" else logical:
            yield from _unit_lines(unit)


def _lead(element: Element) -> str:
    return (
        f"{element.value('name'):<24}{element.value('admin-status'):<6}"
        f"{element.value('oper-status')}"
    )


def _unit_lines(unit: Element) -> Iterator[str]:
    lead = _lead(unit)
    for family in unit.all("address-family"):
        name = family.value("address-family-name")
        for address in family.all("interface-address"):
            local = address.value("ifa-local")
            remote = f"--> {address.value('ifa-destination')}"
            shown = f"{local:<20}{remote}" if address.has("ifa-destination") else f"{local:<16}"
            yield f"{lead:<35}{name:<8} {shown}"
            lead = name = ""
        if name:
            yield f"{lead:<35}{name:<8}"
            lead = ""
    if lead:
        yield lead


def description_lines(information: Element) -> Iterator[str]:
    """A line per description."""
    if information.children:
        yield _DESCRIPTIONS
    for element in information.children:
        yield (
            f"{element.value('name'):<16}{element.value('admin-status'):<6}"
            f"{element.value('oper-status'):<5}{element.value('description')}"
        )
