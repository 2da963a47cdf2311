"""`show isis hostname`: which system each name is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.holder import named
from multihome.twin.show.isis.running import ARGUMENTS, NOT_RUNNING, configured, net_of
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_TITLE = "IS-IS hostname database:"
_HEADING = "System ID      Hostname                                         Type"


@shows("get-isis-hostname-information", "show isis hostname", ARGUMENTS)
def hostname_information(query: Query) -> Element:
    """The names that LSPs carry, and the router's own."""
    if configured(query) is None:
        return output(NOT_RUNNING)
    information = Element("isis-hostname-information", module="junos-routing")
    mine = query.router.config.host_name or query.router.name
    found: dict[str, str] = {}
    for lsp in query.router.isis.database():
        name = lsp.lsp_id.rpartition(".")[0]
        node = named(query, name)
        net = net_of(node) if node else None
        if net is not None:
            found[net.system] = name
    for system, name in sorted(found.items()):
        element = information.add("isis-hostname")
        element.add("system-id", system)
        element.add("system-name", name)
        element.add("isis-hostname-type", "Static" if name == mine else "Dynamic")
    return information


@prints("isis-hostname-information")
def hostname_text(information: Element) -> Iterator[str]:
    """A line per system."""
    yield _TITLE
    yield _HEADING
    for element in information.all("isis-hostname"):
        yield (
            f"{element.value('system-id'):<15}{element.value('system-name'):<49}"
            f"{element.value('isis-hostname-type')}"
        )
