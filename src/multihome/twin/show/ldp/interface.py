"""LDP interfaces, as `show ldp interface` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.words import is_loopback
from multihome.twin.show.ldp.database import ARGUMENTS, HELLO_HOLD, HELLO_INTERVAL, NOT_RUNNING
from multihome.twin.show.mpls import listed
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import InterfaceView

_HEADING = (
    "Interface          Address                    Label space ID   Nbr   Next",
    "                                                               count hello",
)


@shows("get-ldp-interface-information", "show ldp interface", f"<interface-name> {ARGUMENTS}")
def interface_information(query: Query) -> Element:
    """Every interface that LDP runs on and that is up."""
    ldp = query.router.config.ldp
    if ldp is None:
        return output(NOT_RUNNING)
    level = query.level("detail", "extensive", "brief", default="brief")
    information = Element(
        "ldp-interface-information", attributes=junos(style=level), module="junos-routing"
    )
    neighbors = [view.interface for view in query.router.ldp.neighbors()]
    for view in query.router.interfaces.views():
        wanted = query.get("interface-name") in (None, view.name)
        if wanted and view.addresses and listed(ldp.interfaces, view.name):
            element = information.add("ldp-interface")
            _add_interface(element, view, query, neighbors.count(view.name))
            if level != "brief":
                element.add("ldp-hello-interval", HELLO_INTERVAL)
                element.add("ldp-holdtime", HELLO_HOLD)
                element.add("ldp-transport-address", query.router.router_id("master"))
    return information


def _add_interface(element: Element, view: InterfaceView, query: Query, neighbors: int) -> None:
    """A loopback sends no hellos, so none is due there."""
    greets = view.oper_up and not is_loopback(view.name)
    due = HELLO_INTERVAL - int(query.now) % HELLO_INTERVAL
    element.add("interface-name", view.name)
    element.add("ldp-interface-local-address", view.addresses[0][0])
    element.add("ldp-label-space-id", f"{query.router.router_id('master')}:0")
    element.add("ldp-neighbor-count", neighbors)
    element.add("ldp-next-hello", due if greets else 0)


@prints("ldp-interface-information")
def interface_text(information: Element) -> Iterator[str]:
    """A line per interface, one more in detail."""
    yield from _HEADING
    for element in information.all("ldp-interface"):
        value = element.value
        yield (
            f"{value('interface-name'):<18} {value('ldp-interface-local-address'):<26}"
            f" {value('ldp-label-space-id'):<16} {value('ldp-neighbor-count'):<6}"
            f" {value('ldp-next-hello')}"
        )
        if element.has("ldp-holdtime"):
            yield (
                f"  Hello interval: {value('ldp-hello-interval')},"
                f" Hold time: {value('ldp-holdtime')},"
                f" Transport address: {value('ldp-transport-address')}"
            )
