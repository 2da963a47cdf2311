"""Which tables, and which of their entries, a request looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.routing.label import inner_prefix, label_text
from multihome.twin.routing.route import label_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import Entry, Route
    from multihome.twin.show.device import Router
    from multihome.twin.show.element import Element
    from multihome.twin.show.route.wanted import Wanted

MPLS, VPN = "mpls.0", "bgp.l3vpn.0"


class Shown(NamedTuple):
    """One entry and the routes of it that pass the filters."""

    entry: Entry
    routes: tuple[Route, ...]


def selected(router: Router, wanted: Wanted) -> Iterator[tuple[Rib, Iterator[Shown]]]:
    """The tables to print, in order, each with what to print of it.

    A table without the destination is left out; one whose routes the other filters hold
    back stays, with its header alone.
    """
    for rib in () if wanted.elsewhere else tables(router):
        if not rib.name.startswith(wanted.table):
            continue
        entries = _entries(rib, wanted)
        if entries is not None:
            yield rib, _shown(rib, entries, wanted)


def tables(router: Router) -> list[Rib]:
    """The router's tables that hold anything, in the order Junos lists them."""
    held = [rib for rib in router.ribs.values() if rib.counts()[0]]
    return sorted(held, key=lambda rib: _order(rib.name))


def add_counts(table: Element, rib: Rib) -> None:
    """The numbers of a table's header line."""
    destinations, routes, active, holddown, hidden = rib.counts()
    table.add("destination-count", destinations)
    table.add("total-route-count", routes)
    table.add("active-route-count", active)
    table.add("holddown-route-count", holddown)
    table.add("hidden-route-count", hidden)


def entries_of(rib: Rib) -> Iterable[Entry]:
    """A table's entries in order; `299776(S=0)` follows `299776`."""
    if rib.name != MPLS:
        return rib.entries()
    return sorted(rib.entries(), key=lambda entry: _label_order(entry.prefix))


def destination(entry: Entry, table: str) -> str:
    """The entry's name: a prefix, a label, or a route distinguisher and a prefix."""
    if table == MPLS:
        return label_text(entry.prefix)
    return f"{entry.rd}:{entry.prefix}" if entry.rd else str(entry.prefix)


def _label_order(prefix: Prefix) -> tuple[int, str]:
    text = label_text(prefix)
    return int(text.partition("(")[0]), text


def _order(name: str) -> tuple[int, str]:
    """Unicast tables of the main router, those of its instances, then the other families."""
    if name.startswith("inet."):
        return 0, name
    if name.endswith(".inet.0"):
        return 1, ""
    return {MPLS: 2, VPN: 3}.get(name, 4), name


def _entries(rib: Rib, wanted: Wanted) -> Iterable[Entry] | None:
    if wanted.label is not None:
        return _labelled(rib, wanted.label) if rib.name == MPLS else None
    if wanted.destination is None:
        return entries_of(rib)
    if rib.name in (MPLS, VPN):
        return None
    return _matching(rib, wanted.destination, wanted.match) or None


def _labelled(rib: Rib, label: int) -> list[Entry]:
    """The label, and the one that has more labels below it."""
    keys = (label_prefix(label), inner_prefix(label))
    return [entry for key in keys for entry in _one(rib, key) or ()]


def _matching(rib: Rib, prefix: Prefix, match: str) -> list[Entry]:
    if match == "exact":
        return _one(rib, prefix) or []
    if match == "range":
        inside = _one(rib, prefix) or [] if prefix.length == 32 else _inside(rib, prefix)
        if inside:
            return inside
    if match == "longer":
        return _inside(rib, prefix)
    for route in rib.matches(prefix.network):
        if route.prefix.length <= prefix.length:
            return _one(rib, route.prefix) or []
    return []


def _inside(rib: Rib, prefix: Prefix) -> list[Entry]:
    return [entry for entry in rib.entries() if prefix.covers(entry.prefix)]


def _one(rib: Rib, prefix: Prefix) -> list[Entry] | None:
    entry = rib.entry(prefix)
    return None if entry is None else [entry]


def _shown(rib: Rib, entries: Iterable[Entry], wanted: Wanted) -> Iterator[Shown]:
    for entry in entries:
        routes = wanted.routes(entry, destination(entry, rib.name))
        if routes:
            yield Shown(entry, routes)
