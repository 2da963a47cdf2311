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
CARD = "MPC BUILTIN"
_LEVELS = (
    *("chassis-module", "chassis-sub-module"),
    *("chassis-sub-sub-module", "chassis-sub-sub-sub-module"),
)
PICS_PER_MIC = 2


class Part(NamedTuple):
    """A part as it was made: its revision, its kind, and which one it is."""

    version: str | None
    number: str
    serial: str = ""

    def of(self, chassis: str, suffix: str) -> Part:
        """The one of this kind in a chassis; what is built in has no number of its own."""
        return self._replace(serial=f"{chassis}{suffix}") if self.version else self


_FIXED = Part(None, "BUILTIN", "BUILTIN")
_MIDPLANE = Part("REV 30", "750-044219")
_POWER = Part("REV 04", "740-045933")
_ENGINE = Part("REV 08", "750-053342")
_FANS = Part("REV 03", "711-049570")
_OPTICS = {
    "ge": ("SFP-SX", Part("REV 01", "740-011613")),
    "xe": ("SFP+-10G-SR", Part("REV 01", "740-031980")),
    "et": ("QSFP-100GBASE-SR4", Part("REV 01", "740-061405")),
    "fe": ("SFP-T", Part("REV 02", "740-013111")),
}


class Port(NamedTuple):
    """A front port: its name and the parts of it."""

    name: str
    media: str
    slot: int
    pic: int
    number: int


@shows("get-chassis-inventory", "show chassis hardware", "detail extensive models clei-models")
def inventory(query: Query) -> Element:
    """Midplane, power, routing engine, then FPC, MIC, PIC and optics of every port in use."""
    device = query.device
    information = Element(
        "chassis-inventory", attributes=junos(style="inventory"), module="junos-chassis"
    )
    chassis = information.add("chassis")
    chassis.add("name", "Chassis")
    chassis.add("serial-number", device.serial)
    chassis.add("description", device.model.upper())
    model = device.model.upper()
    for name, part, suffix, description in (
        ("Midplane", _MIDPLANE, "MP", model),
        ("PEM 0", _POWER, "P0", "AC Power Entry Module"),
        ("PEM 1", _POWER, "P1", "AC Power Entry Module"),
        ("Routing Engine 0", _ENGINE, "RE0", f"RE-{model.replace('MX', 'MX-')}"),
        ("AFEB 0", _FIXED, "", "Forwarding Engine Processor"),
    ):
        _describe(chassis.add(_LEVELS[0]), name, part.of(device.serial, suffix), description)
    _add_cards(chassis, query)
    fans = _FANS.of(device.serial, "F0")
    _describe(chassis.add(_LEVELS[0]), "Fan Tray 0", fans, "Fan Tray")
    return information


def _describe(module: Element, name: str, part: Part, description: str) -> None:
    module.add("name", name)
    module.add_known(version=part.version)
    module.add("part-number", part.number)
    module.add("serial-number", part.serial)
    module.add("description", description)


def _add_cards(chassis: Element, query: Query) -> None:
    for slot, pics in cards(query).items():
        card = chassis.add(_LEVELS[0])
        _describe(card, f"FPC {slot}", _FIXED, CARD)
        held: dict[int, Element] = {}
        for pic, found in pics.items():
            mic, kind = pic // PICS_PER_MIC, card_of(found)
            if mic not in held:
                held[mic] = card.add(_LEVELS[1])
                _describe(held[mic], f"MIC {mic}", _FIXED, kind)
            part = held[mic].add(_LEVELS[2])
            _describe(part, f"PIC {pic}", _FIXED, kind)
            _add_optics(part, query, found)


def _add_optics(part: Element, query: Query, found: list[Port]) -> None:
    for port in sorted(found, key=lambda each: each.number):
        description, kind = _OPTICS[port.media]
        made = kind.of(query.device.serial, f"X{port.slot}{port.pic}{port.number}")
        _describe(part.add(_LEVELS[3]), f"Xcvr {port.number}", made, description)


def card_of(found: list[Port]) -> str:
    """What a PIC with these ports is called."""
    return _CARDS[found[0].media]


def cards(query: Query) -> dict[int, dict[int, list[Port]]]:
    """The ports in use by FPC and PIC."""
    slots: dict[int, dict[int, list[Port]]] = {}
    for port in ports(query):
        slots.setdefault(port.slot, {}).setdefault(port.pic, []).append(port)
    return {slot: dict(sorted(pics.items())) for slot, pics in sorted(slots.items())}


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
    return (
        f"{name:<17}{part.value('version'):<9}{part.value('part-number'):<13}"
        f"{part.value('serial-number'):<18}{part.value('description')}"
    )
