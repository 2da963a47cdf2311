"""`show chassis hardware`: the chassis, and the cards that its configured ports imply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_PORT = re.compile(r"(ge|xe|et|fe)-(\d+)/(\d+)/(\d+)\Z")
_CARDS = {
    "ge": "20x 1GE(LAN)",
    "xe": "4x 10GE(LAN) SFP+",
    "et": "1x 100GE(LAN)",
    "fe": "12x 100Base-TX",
}
_OPTICS = {"ge": "SFP-SX", "xe": "SFP+-10G-SR", "et": "QSFP-100GBASE-SR4", "fe": "SFP-T"}
_BUILTIN = "BUILTIN"
_LEVELS = ("chassis-module", "chassis-sub-module", "chassis-sub-sub-module")


class Port(NamedTuple):
    """A front port: its name and the parts of it."""

    name: str
    media: str
    slot: int
    pic: int
    number: int


@shows("get-chassis-inventory", "show chassis hardware", "detail extensive models clei-models")
def inventory(query: Query) -> Element:
    """Midplane, power, routing engine, then FPC, PIC and optics of every port in use."""
    device = query.device
    information = Element(
        "chassis-inventory", attributes=junos(style="inventory"), module="junos-chassis"
    )
    chassis = information.add("chassis")
    chassis.add("name", "Chassis")
    chassis.add("serial-number", device.serial)
    chassis.add("description", device.model.upper())
    model = device.model.upper()
    for name, serial, description in (
        ("Midplane", f"{device.serial}MP", f"{model} Midplane"),
        ("PEM 0", f"{device.serial}P0", "AC Power Entry Module"),
        ("PEM 1", f"{device.serial}P1", "AC Power Entry Module"),
        ("Routing Engine 0", f"{device.serial}RE0", f"RE-{model.replace('MX', 'MX-')}"),
        ("AFEB 0", _BUILTIN, "Forwarding Engine Processor"),
    ):
        _describe(chassis.add(_LEVELS[0]), name, serial, description)
    _add_cards(chassis, query)
    _describe(chassis.add(_LEVELS[0]), "Fan Tray 0", f"{device.serial}F0", "Fan Tray")
    return information


def _describe(module: Element, name: str, serial: str, description: str) -> None:
    module.add("name", name)
    module.add("serial-number", serial)
    module.add("description", description)


def _add_cards(chassis: Element, query: Query) -> None:
    slots: dict[int, dict[int, list[Port]]] = {}
    for port in ports(query):
        slots.setdefault(port.slot, {}).setdefault(port.pic, []).append(port)
    for slot, pics in sorted(slots.items()):
        card = chassis.add(_LEVELS[0])
        _describe(card, f"FPC {slot}", _BUILTIN, "MPC BUILTIN")
        for pic, found in sorted(pics.items()):
            part = card.add(_LEVELS[1])
            _describe(part, f"PIC {pic}", _BUILTIN, _CARDS[found[0].media])
            for port in sorted(found, key=lambda each: each.number):
                optic = part.add(_LEVELS[2])
                serial = f"{query.device.serial}X{slot}{pic}{port.number}"
                _describe(optic, f"Xcvr {port.number}", serial, _OPTICS[port.media])


def ports(query: Query) -> Iterator[Port]:
    """Every front port of the chassis in use, whichever logical system configures it."""
    names = {
        view.name.partition(".")[0]
        for router in query.device.routers.values()
        for view in router.interfaces.views()
    }
    for name in sorted(names):
        if match := _PORT.match(name):
            yield Port(name, match[1], int(match[2]), int(match[3]), int(match[4]))


@prints("chassis-inventory")
def inventory_text(information: Element) -> Iterator[str]:
    """A line per part, indented by where it sits."""
    yield "Hardware inventory:"
    yield "Item             Version  Part number  Serial number     Description"
    for chassis in information.all("chassis"):
        yield _line(chassis, 0)
        yield from _lines(chassis, 0)


def _lines(parent: Element, depth: int) -> Iterator[str]:
    for part in parent.all(_LEVELS[depth]) if depth < len(_LEVELS) else ():
        yield _line(part, depth)
        yield from _lines(part, depth + 1)


def _line(part: Element, depth: int) -> str:
    name = f"{'':{depth * 2}}{part.value('name')}"
    return f"{name:<39}{part.value('serial-number'):<18}{part.value('description')}"
