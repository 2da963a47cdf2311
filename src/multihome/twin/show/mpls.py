"""`show mpls interface` and `show mpls lsp`: where labels may come in, and paths of RSVP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

NOT_RUNNING = "MPLS not configured"
_LSPS = ("Ingress", "Egress", "Transit")
_HEADING = "Interface        State       Administrative groups (x: extended)"


def listed(names: tuple[str, ...], interface: str) -> bool:
    """Whether a protocol's list of interfaces has this one; a name without unit is unit 0."""
    whole = {name if "." in name else f"{name}.0" for name in names}
    return interface in whole or "all" in names


@shows(
    "get-mpls-interface-information",
    "show mpls interface",
    "<interface-name> detail logical-system:logical-system",
)
def interface_information(query: Query) -> Element:
    """Every interface of `protocols mpls` that has the family."""
    mpls = query.router.config.mpls
    if mpls is None:
        return output(NOT_RUNNING)
    information = Element("mpls-interface-information", module="junos-routing")
    for view in query.router.interfaces.views():
        wanted = query.get("interface-name") in (None, view.name)
        if wanted and "mpls" in view.families and listed(mpls.interfaces, view.name):
            element = information.add("mpls-interface")
            element.add("interface-name", view.name)
            element.add("mpls-interface-state", "Up" if view.oper_up else "Dn")
            element.add("administrative-groups").add("administrative-group-name", "<none>")
    return information


@shows(
    "get-mpls-lsp-information",
    "show mpls lsp",
    "terse brief detail extensive ingress egress transit statistics name:name"
    " logical-system:logical-system",
)
def lsp_information(query: Query) -> Element:
    """None is signalled: labels come from LDP and BGP."""
    if query.router.config.mpls is None:
        return output(NOT_RUNNING)
    information = Element("mpls-lsp-information", module="junos-routing")
    asked = [kind for kind in _LSPS if query.has(kind.lower())]
    for kind in asked or _LSPS:
        sessions = information.add("rsvp-session-data")
        sessions.add("session-type", kind)
        for count in ("count", "display-count", "up-count", "down-count"):
            sessions.add(count, 0)
    return information


@prints("mpls-lsp-information")
def lsp_text(information: Element) -> Iterator[str]:
    """Two lines for each end of a path, and a blank one behind them."""
    for sessions in information.all("rsvp-session-data"):
        value = sessions.value
        yield f"{value('session-type')} LSP: {value('count')} sessions"
        yield (
            f"Total {value('display-count')} displayed, Up {value('up-count')},"
            f" Down {value('down-count')}"
        )
        yield ""


@prints("mpls-interface-information")
def interface_text(information: Element) -> Iterator[str]:
    """A line per interface."""
    yield _HEADING
    for element in information.all("mpls-interface"):
        group = element.value("administrative-groups/administrative-group-name")
        yield (
            f"{element.value('interface-name'):<16} {element.value('mpls-interface-state'):<10}"
            f" {group}"
        )
