"""LDP neighbours and label bindings, as `show ldp neighbor` and `database` print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.show.registry import Query
    from multihome.twin.views import LdpDatabaseView, LdpNeighborView

NOT_RUNNING = "LDP instance is not running"
ARGUMENTS = "brief detail extensive instance:instance logical-system:logical-system"
_NEIGHBORS = "Address                             Interface       Label space ID     Hold time"
HELLO_HOLD, HELLO_INTERVAL = 15, 5
"""Seconds (RFC 5036 section 3.5.2)."""


@shows("get-ldp-neighbor-information", "show ldp neighbor", f"<neighbor> {ARGUMENTS}")
def neighbor_information(query: Query) -> Element:
    """Every hello adjacency."""
    if query.router.config.ldp is None:
        return output(NOT_RUNNING)
    information = Element("ldp-neighbor-information", module="junos-routing")
    level = query.level("detail", "extensive", "brief", default="brief")
    for view in query.router.ldp.neighbors():
        if query.get("neighbor") in (None, str(view.address)):
            _add_neighbor(information.add("ldp-neighbor"), view, query, level)
    return information


def _add_neighbor(element: Element, view: LdpNeighborView, query: Query, level: str) -> None:
    element.add("ldp-neighbor-address", view.address)
    element.add("interface-name", view.interface)
    element.add("ldp-label-space-id", view.space_id)
    element.add("ldp-remaining-time", int(view.hold_time))
    if level == "brief":
        return
    age = max(int(query.now - view.since), 0)
    element.add_known(ldp_local_transport_address=query.router.router_id("master"))
    element.add("ldp-transport-address", view.space_id.partition(":")[0])
    element.add("ldp-config-sequence", 1)
    element.add("ldp-up-time", clock_age(age), junos(seconds=age))
    if level == "extensive":
        element.add("ldp-reference-count", 1)
        element.add("ldp-holdtime", HELLO_HOLD)
        element.add("ldp-proposed-local-holdtime", HELLO_HOLD)
        element.add("ldp-proposed-peer-holdtime", HELLO_HOLD)
        element.add("ldp-hello-interval", HELLO_INTERVAL)
        element.add("ldp-neighbor-hello-flags").add("ldp-neighbor-hello-flag", "none")
        element.add("ldp-neighbor-types").add("ldp-neighbor-type", "discovered")


@prints("ldp-neighbor-information")
def neighbor_text(information: Element) -> Iterator[str]:
    """A line per neighbour, more in detail."""
    yield _NEIGHBORS
    for element in information.all("ldp-neighbor"):
        value = element.value
        yield (
            f"{value('ldp-neighbor-address'):<35} {value('interface-name'):<15}"
            f" {value('ldp-label-space-id'):<18}  {value('ldp-remaining-time'):>2}"
        )
        if element.has("ldp-up-time"):
            yield (
                f"  Transport address: {value('ldp-transport-address')},"
                f" Configuration sequence: {value('ldp-config-sequence')}"
            )
            yield f"  Up for {value('ldp-up-time')}"
        if element.has("ldp-holdtime"):
            yield f"  Reference count: {value('ldp-reference-count')}"
            yield (
                f"  Hold time: {value('ldp-holdtime')},"
                f" Proposed local/peer: {value('ldp-proposed-local-holdtime')}/"
                f"{value('ldp-proposed-peer-holdtime')}"
            )


@shows("get-ldp-database-information", "show ldp database", f"session:session {ARGUMENTS}")
def database_information(query: Query) -> Element:
    """Label bindings received and advertised, per session."""
    if query.router.config.ldp is None:
        return output(NOT_RUNNING)
    information = Element("ldp-database-information", module="junos-routing")
    for view in query.router.ldp.databases():
        if query.get("session") not in (None, str(view.peer)):
            continue
        for word, count, bindings in (
            ("Input", "ldp-label-received", view.received),
            ("Output", "ldp-label-advertised", view.advertised),
        ):
            database = information.add("ldp-database")
            database.add("ldp-database-type", f"{word} label database")
            database.add("ldp-session-id", session_id(view))
            database.add(count, len(bindings))
            _add_bindings(database, bindings)
    return information


def session_id(view: LdpDatabaseView) -> str:
    """`10.0.0.8:0--10.0.0.5:0`."""
    return f"{view.local}:0--{view.peer}:0"


def _add_bindings(database: Element, bindings: Iterable[tuple[int, Prefix]]) -> None:
    for label, prefix in bindings:
        binding = database.add("ldp-binding")
        binding.add("ldp-label", label)
        binding.add("ldp-prefix", prefix)


@prints("ldp-database-information")
def database_text(information: Element) -> Iterator[str]:
    """Two tables per session."""
    for database in information.all("ldp-database"):
        yield f"{database.value('ldp-database-type')}, {database.value('ldp-session-id')}"
        received = database.has("ldp-label-received")
        word = "received" if received else "advertised"
        yield f"Labels {word}: {database.value(f'ldp-label-{word}')}"
        yield "  Label     Prefix"
        for binding in database.all("ldp-binding"):
            yield f"{binding.value('ldp-label'):>7}      {binding.value('ldp-prefix')}"
        yield ""
