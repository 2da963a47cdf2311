"""Structured looks at routers: the listings of `state`, as rows that print or export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from multihome.errors import DeviceError, UsageError
from multihome.state.query import Evidence
from multihome.state.reply import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from multihome.fleet.fleet import Fleet
    from multihome.state.listing import Listing
    from multihome.state.query import Query

    Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Rows under columns, the routers that have no such table, and those that did not answer."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    silent: tuple[DeviceError, ...]
    idle: Mapping[str, str]
    """By router its words for why there is no table, such as a protocol that does not run."""

    @property
    def records(self) -> list[dict[str, str]]:
        """Each row by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def is_destination(word: str) -> bool:
    """Whether a word is a prefix or an address."""
    try:
        ip_network(word, strict=False)
    except ValueError:
        return False
    return True


def look(
    fleet: Fleet, listing: Listing[Any], table: str | None = None, destination: str | None = None
) -> Look:
    """One listing of every router of a fleet, in the fleet's order.

    Raises:
        UsageError: a listing that cannot be narrowed is asked for one table or destination.
    """
    queries = _queries(listing, table, destination)
    asked = [query.request for query in queries]
    evidence = Evidence(fleet.collect(dict.fromkeys(fleet.routers, asked)))
    rows: list[Row] = []
    silent: list[DeviceError] = []
    idle: dict[str, str] = {}
    for router in fleet.routers:
        for query in queries:
            try:
                answer = evidence.table(router, query)
            except DeviceError as error:
                silent.append(error)
                continue
            if isinstance(answer, Rows) and answer.not_running is not None:
                idle[router] = answer.not_running
            rows += [(router, *_cells(listing, row)) for row in listing.rows(answer)]
    columns = ("router", *listing.columns)
    return Look(columns, tuple(dict.fromkeys(rows)), _once(silent), idle)


def _queries(
    listing: Listing[Any], table: str | None, destination: str | None
) -> tuple[Query[Any], ...]:
    if table is None and destination is None:
        return listing.queries
    if listing.narrow is None:
        raise UsageError(f"show {listing.verb} takes neither a prefix nor a table")
    return (listing.narrow(table, destination),)


def _once(errors: Iterable[DeviceError]) -> tuple[DeviceError, ...]:
    """One error a router and reason, in order: of several questions all may fail alike."""
    return tuple({(error.router, error.reason): error for error in errors}.values())


def _cells(listing: Listing[Any], row: object) -> Row:
    return tuple(_text(value(row)) for value in listing.columns.values())


def _text(value: object) -> str:
    """What a cell shows; nothing where the router does not say."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case float():
            return f"{value:g}"
        case frozenset():
            return ", ".join(sorted(map(str, value)))
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
