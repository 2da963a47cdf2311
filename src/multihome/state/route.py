"""Routing tables: `show route`, whole or of one BGP neighbour, in every level of detail.

Levels are not distinguished by `junos:style`: platforms disagree on its words and the leaves
that are there speak for themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.path import RoutePath, read_path
from multihome.state.query import Query
from multihome.state.reply import Prefix, Reply, payloads, prefix, refuse_strangers
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

    from multihome.state.reply import Address

_RPC = "get-route-information"
_DISTINGUISHED = re.compile(r"(?P<rd>[\d.]+L?:\d+):(?P<prefix>.+)\Z")
_UNICAST = re.compile(r"(.+\.)?inet6?\.(0|[2-9]|\d\d+)\Z")
"""Not `inet.1`: what it holds are pairs of a group and a source."""
_VPN = re.compile(r"bgp\.l3vpn(-inet6)?\.\d\Z")


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination and its paths, in the order of the router: active first."""

    text: str
    """As the router prints it: `10.0.0.0/24`, `1:1:10.0.0.0/24`, a label."""
    prefix: Prefix | None
    """None in tables of labels, circuits and the like."""
    rd: str | None
    paths: tuple[RoutePath, ...]

    @property
    def active(self) -> RoutePath | None:
        """The path that routing uses."""
        return next((path for path in self.paths if path.active), None)


@dataclass(frozen=True, slots=True)
class RouteTable:
    """One table; the counts are those of the whole table, also when only a part is shown."""

    name: str
    destinations: int
    routes: int
    active_routes: int
    holddown: int
    hidden: int
    entries: Mapping[tuple[str | None, Prefix | str], Destination]
    """By route distinguisher (None outside VPN tables) and prefix, or text where there is none."""

    def get(self, key: Prefix | str, rd: str | None = None) -> Destination | None:
        """The destination of exactly this prefix."""
        return self.entries.get((rd, key))

    def within(self, wanted: Prefix) -> tuple[Destination, ...]:
        """Every destination of exactly this prefix, under any route distinguisher."""
        return tuple(entry for entry in self.entries.values() if entry.prefix == wanted)


@dataclass(frozen=True, slots=True)
class RouteTables:
    """The tables of one answer, by name."""

    tables: Mapping[str, RouteTable]

    def get(self, name: str) -> RouteTable | None:
        """One table; None if the router did not list it."""
        return self.tables.get(name)


def table(name: str) -> Query[RouteTables]:
    """One whole table with all attributes: `show route table NAME detail`."""
    return Query(Request.of(_RPC, table=name, detail=True), read_tables)


def hidden(name: str) -> Query[RouteTables]:
    """What one table hides, and why: `show route table NAME hidden detail`."""
    return Query(Request.of(_RPC, table=name, hidden=True, detail=True), read_tables)


def received(peer: Address) -> Query[RouteTables]:
    """What a BGP neighbour sent, before import policy, in every table."""
    request = Request.of(_RPC, receive_protocol_name="bgp", peer=str(peer), detail=True)
    return Query(request, read_tables)


def advertised(peer: Address) -> Query[RouteTables]:
    """What a BGP neighbour is sent, after export policy, in every table."""
    request = Request.of(_RPC, advertising_protocol_name="bgp", neighbor=str(peer), detail=True)
    return Query(request, read_tables)


def read_tables(router: str, element: _Element) -> RouteTables:
    """Parse the reply of get-route-information at any level; raises BadReply."""
    answers = payloads(router, _RPC, element, "route-information")
    if isinstance(answers, str):
        raise Reply(router, _RPC, element).bad(answers)
    found: dict[str, RouteTable] = {}
    for answer in answers:
        _join(found, answer)
    if not found:
        for answer in answers:
            refuse_strangers(answer, "route-table")
    return RouteTables(found)


def _join(found: dict[str, RouteTable], answer: Reply) -> None:
    """Add the tables of one routing engine to those of the others."""
    listed: set[str] = set()
    for each in answer.each("route-table"):
        table = read_table(each)
        if table.name in listed:
            raise each.bad(f"{table.name} is there twice", "table-name")
        listed.add(table.name)
        found[table.name] = _both(found[table.name], table) if table.name in found else table


def _both(one: RouteTable, other: RouteTable) -> RouteTable:
    """A table of which two routing engines hold the same, or each a part."""
    parts = not one.entries.keys() & other.entries.keys()
    count = sum if parts else max

    return replace(
        one,
        destinations=count((one.destinations, other.destinations)),
        routes=count((one.routes, other.routes)),
        active_routes=count((one.active_routes, other.active_routes)),
        holddown=count((one.holddown, other.holddown)),
        hidden=count((one.hidden, other.hidden)),
        entries={**other.entries, **one.entries},
    )


def read_table(reply: Reply) -> RouteTable:
    """Parse one route-table element."""
    name = reply.text("table-name")
    entries = [read_destination(each, name) for each in reply.each("rt")]
    if not entries:
        refuse_strangers(reply, "rt")
    return RouteTable(
        name,
        destinations=reply.count("destination-count"),
        routes=reply.count("total-route-count"),
        active_routes=reply.count("active-route-count"),
        holddown=reply.count("holddown-route-count"),
        hidden=reply.count("hidden-route-count"),
        entries=_by_key(entries),
    )


def _by_key(entries: list[Destination]) -> dict[tuple[str | None, Prefix | str], Destination]:
    """A destination that is listed several times, once for each path, is one."""
    found: dict[tuple[str | None, Prefix | str], Destination] = {}
    for entry in entries:
        key = entry.rd, entry.prefix or entry.text
        twin = found.get(key)
        found[key] = replace(twin, paths=twin.paths + entry.paths) if twin else entry
    return found


def read_destination(reply: Reply, table_name: str) -> Destination:
    """Parse one `rt`; detail gives address and length apart, brief together."""
    text = reply.text("rt-destination")
    length = reply.find("rt-prefix-length")
    if length is not None and "/" not in text:
        text = f"{text}/{length}"
    rd, network = _key(reply, text, table_name)
    paths = tuple(read_path(each) for each in reply.each("rt-entry"))
    if not paths:
        raise reply.bad("no rt-entry")
    return Destination(text, network, rd, paths)


def _key(reply: Reply, text: str, table_name: str) -> tuple[str | None, Prefix | None]:
    """Only tables of unicast prefixes have destinations that are prefixes."""
    rd: str | None = None
    if found := _DISTINGUISHED.match(text) if _VPN.match(table_name) else None:
        rd, text = found["rd"], found["prefix"]
    elif not _UNICAST.match(table_name):
        return None, None
    try:
        return rd, prefix(text)
    except ValueError as error:
        raise reply.bad(str(error), "rt-destination") from error


@dataclass(frozen=True, slots=True)
class _Line:
    """One path, with what it is a path of."""

    table: str
    destination: str
    path: RoutePath


def _lines(tables: RouteTables) -> Iterator[_Line]:
    for each in tables.tables.values():
        for destination in each.entries.values():
            for path in destination.paths:
                yield _Line(each.name, destination.text, path)


def _attributes(path: RoutePath) -> tuple[str, ...]:
    said = (
        ("MED", path.med),
        ("localpref", path.local_preference),
        ("from", path.learned_from),
        ("AS path", path.as_path),
    )
    return tuple(f"{name} {value}" for name, value in said if value is not None)


def _way(path: RoutePath) -> str:
    ways = []
    for hop in path.next_hops:
        parts = (hop.to, f"via {hop.via}" if hop.via else "", hop.labels and hop.labels.text)
        ways.append(" ".join(str(part) for part in parts if part))
    return "; ".join(ways) or path.next_hop_type or ""


def chosen(table_name: str | None, destination: str | None) -> Query[RouteTables]:
    """The routes of one table (None: of all) towards one prefix or address (None: to all)."""
    request = Request.of(_RPC, table=table_name, destination=destination, detail=True)
    return Query(request, read_tables)


PATH_LISTING: Listing[_Line] = Listing(
    "route",
    "Routes: every path, the active one marked with *.",
    {
        "table": lambda each: each.table,
        "prefix": lambda each: each.destination,
        "": lambda each: "*" if each.path.active else None,
        "protocol": lambda each: f"{each.path.protocol}/{each.path.preference}",
        "attributes": lambda each: _attributes(each.path),
        "next hop": lambda each: _way(each.path),
    },
    (chosen(None, None),),
    rows=_lines,
    narrow=chosen,
)
