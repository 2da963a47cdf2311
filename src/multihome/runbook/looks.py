"""Structured looks at routers: routes, BGP neighbours, VRRP groups, as rows that print or export."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, TypeVar

from multihome.errors import DeviceError, UsageError
from multihome.state import bgp, route, vrrp
from multihome.state.query import Evidence, Query
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from multihome.fleet.fleet import Fleet
    from multihome.state.path import RoutePath

    Row: TypeAlias = tuple[str, ...]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """Rows under columns, and the routers that could not be asked."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    silent: tuple[DeviceError, ...]

    @property
    def records(self) -> list[dict[str, str]]:
        """Each row by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def routes(fleet: Fleet, routers: Iterable[str], table: str | None, prefix: str | None) -> Look:
    """Every path, the active one marked, as `show route` marks it.

    Raises:
        UsageError: the prefix is none.
    """
    asked = None if prefix is None else _destination(prefix)
    request = Request.of("get-route-information", table=table, destination=asked, detail=True)
    query = Query(request, route.read_tables)
    columns = ("router", "table", "prefix", "", "protocol", "attributes", "next hop")
    return _look(f"routes {prefix or ''}".strip(), columns, fleet, routers, query, _route_rows)


def _destination(prefix: str) -> str:
    try:
        ip_network(prefix, strict=False)
    except ValueError:
        raise UsageError(
            f"{prefix!r} is neither a prefix nor an address; one router's routes: -l ROUTER"
        ) from None
    return prefix


def neighbors(fleet: Fleet, routers: Iterable[str]) -> Look:
    """Every BGP neighbour with its prefixes: active/received/accepted by table."""
    columns = ("router", "neighbour", "AS", "instance", "state", "flaps", "prefixes")
    return _look("BGP neighbours", columns, fleet, routers, bgp.NEIGHBORS, _neighbor_rows)


def gateways(fleet: Fleet, routers: Iterable[str]) -> Look:
    """Every VRRP group."""
    columns = ("router", "interface", "group", "state", "priority", "address", "virtual address")
    return _look("VRRP groups", columns, fleet, routers, vrrp.DETAIL, _gateway_rows)


def _look(
    title: str,
    columns: tuple[str, ...],
    fleet: Fleet,
    routers: Iterable[str],
    query: Query[T],
    rows_of: Callable[[T], Iterator[Row]],
) -> Look:
    chosen = tuple(routers)
    evidence = Evidence(fleet.collect({router: [query.request] for router in chosen}))
    rows: list[Row] = []
    silent: list[DeviceError] = []
    for router in chosen:
        try:
            rows += [(router, *row) for row in rows_of(evidence.table(router, query))]
        except DeviceError as error:
            silent.append(error)
    return Look(title, columns, tuple(rows), tuple(silent))


def _route_rows(tables: route.RouteTables) -> Iterator[Row]:
    for table in tables.tables.values():
        for destination in table.entries.values():
            for path in destination.paths:
                mark = "*" if path.active else ""
                protocol = f"{path.protocol}/{path.preference}"
                yield (table.name, destination.text, mark, protocol, _attributes(path), _way(path))


def _attributes(path: RoutePath) -> str:
    said = (
        ("MED", path.med),
        ("localpref", path.local_preference),
        ("from", path.learned_from),
        ("AS path", path.as_path),
    )
    return ", ".join(f"{name} {value}" for name, value in said if value is not None)


def _way(path: RoutePath) -> str:
    ways = [
        " ".join(
            str(part)
            for part in (
                hop.to,
                f"via {hop.via}" if hop.via else "",
                hop.labels and hop.labels.text,
            )
            if part
        )
        for hop in path.next_hops
    ]
    return "; ".join(ways) or path.next_hop_type or ""


def _neighbor_rows(neighbors: Iterable[bgp.Neighbor]) -> Iterator[Row]:
    for each in neighbors:
        counts = ", ".join(
            f"{name} {_count(c.active)}/{_count(c.received)}/{_count(c.accepted)}"
            for name, c in each.tables.items()
        )
        yield (
            str(each.peer),
            str(each.peer_as),
            each.instance or "",
            each.state,
            str(each.flaps),
            counts,
        )


def _gateway_rows(groups: Iterable[vrrp.Group]) -> Iterator[Row]:
    for each in groups:
        yield (
            each.interface,
            str(each.group),
            each.state,
            _count(each.priority),
            str(each.local_address or ""),
            ", ".join(str(address) for address in each.virtual_addresses),
        )


def _count(number: int | None) -> str:
    return "-" if number is None else str(number)
