"""The RPC behind `show interfaces`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.chassis.optics import optics_lines
from multihome.twin.show.element import TEXT, Element, junos
from multihome.twin.show.interface import internal
from multihome.twin.show.interface.choice import chosen
from multihome.twin.show.interface.full import Layout, add_port
from multihome.twin.show.interface.full_text import full_lines
from multihome.twin.show.interface.terse import (
    add_descriptions,
    add_terse,
    description_lines,
    terse_lines,
)
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_ARGUMENTS = """
    <interface-name> terse brief descriptions detail extensive media statistics
    routing-instance:routing-instance logical-system:logical-system
"""
_LEVELS = ("terse", "descriptions", "brief", "detail", "extensive", "media", "statistics")


@shows("get-interface-information", "show interfaces", _ARGUMENTS)
def interface_information(query: Query) -> Element:
    """Every interface that was asked for, at the level that was asked for."""
    level = query.level(*_LEVELS, default="normal")
    style = {"descriptions": "description", "extensive": "verbose", "detail": "verbose"}
    information = Element(
        "interface-information",
        attributes=junos(style=style.get(level, level)),
        module="junos-interface",
    )
    if query.get("routing-instance") == internal.INSTANCE:
        internal.add_interfaces(information)
        return information
    ports = chosen(query)
    if ports is None:
        return Element(TEXT, f"error: device {query.get('interface-name')} not found")
    if level == "terse":
        add_terse(information, ports)
    elif level == "descriptions":
        add_descriptions(information, ports)
    else:
        layout = Layout(query, "normal" if level == "media" else level)
        for port in ports:
            add_port(information, port, layout)
    return information


@prints("interface-information")
def interface_text(information: Element) -> Iterator[str]:
    """The layout of the style."""
    style = information.attributes.get("junos:style")
    layouts = {"terse": terse_lines, "description": description_lines}
    if any(port.has("optics-diagnostics") for port in information.children):
        return optics_lines(information)
    return layouts.get(style or "", full_lines)(information)
