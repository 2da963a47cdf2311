"""`show interfaces diagnostics optics`: what transceivers measure, on short and clean fibres."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.show.chassis.inventory import ports
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_CELSIUS = 38


class Reading(NamedTuple):
    """One measurement; power is given twice, in milliwatts and in decibels."""

    tag: str
    value: str
    label: str
    unit: str = ""


_READINGS = (
    Reading("laser-bias-current", "6.500", "Laser bias current", " mA"),
    Reading("laser-output-power", "0.5600", "Laser output power", " mW"),
    Reading("laser-output-power-dbm", "-2.52", ""),
    Reading("module-temperature", "38 degrees C / 100 degrees F", "Module temperature"),
    Reading("module-voltage", "3.3000", "Module voltage", " V"),
    Reading(
        "rx-signal-avg-optical-power", "0.5100", "Receiver signal average optical power", " mW"
    ),
    Reading("rx-signal-avg-optical-power-dbm", "-2.92", ""),
)
_ALARMS = ("laser-bias-current", "laser-tx-power", "module-temperature", "laser-rx-power")
_KINDS = ("high-alarm", "low-alarm", "high-warn", "low-warn")


@shows(
    "get-interface-optics-diagnostics-information",
    "show interfaces diagnostics optics",
    "<interface-name>",
)
def optics_information(query: Query) -> Element:
    """The readings of each port in use; the name may hold wildcards."""
    information = Element("interface-information", module="junos-interface")
    for port in ports(query):
        if fnmatchcase(port.name, query.get("interface-name") or "*"):
            interface = information.add("physical-interface")
            interface.add("name", port.name)
            _measure(interface.add("optics-diagnostics"))
    return information


def _measure(diagnostics: Element) -> None:
    for reading in _READINGS:
        warm = junos(celsius=_CELSIUS) if reading.tag == "module-temperature" else None
        diagnostics.add(reading.tag, reading.value, warm)
    for name in _ALARMS:
        for kind in _KINDS:
            diagnostics.add(f"{name}-{kind}", "off")


def optics_lines(information: Element) -> Iterator[str]:
    """A block per port."""
    for interface in information.all("physical-interface"):
        yield f"Physical interface: {interface.value('name')}"
        for diagnostics in interface.all("optics-diagnostics"):
            yield from (f"    {label:<42}:  {text}" for label, text in _rows(diagnostics))


def _rows(diagnostics: Element) -> Iterator[tuple[str, str]]:
    value = diagnostics.value
    for reading in _READINGS:
        if reading.label:
            decibels = value(f"{reading.tag}-dbm")
            also = f" / {decibels} dBm" if decibels else ""
            yield reading.label, f"{value(reading.tag)}{reading.unit}{also}"
    for name in _ALARMS:
        for kind in _KINDS:
            words = f"{name}-{kind}".replace("-", " ").replace("warn", "warning")
            yield words.capitalize(), value(f"{name}-{kind}").capitalize()
