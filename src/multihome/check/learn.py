"""Write a first catalogue from the live state: what is good now must stay so.

Only what is as it should be is learnt; what is down is listed in comments, because a
catalogue that asserts a fault would keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from multihome.errors import DeviceError
from multihome.state import bfd, bgp, instance, interface, isis, ldp, route, vrrp
from multihome.state.query import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from multihome.check.engine import Collect
    from multihome.state.query import Query
    from multihome.state.route import RouteTable

_ASKED: tuple[Query[object], ...] = (
    interface.TERSE,
    instance.INSTANCES,
    bgp.NEIGHBORS,
    vrrp.DETAIL,
    isis.ADJACENCIES,
    ldp.SESSIONS,
    bfd.SESSIONS,
)
_UNICAST = ("inet.0", "inet6.0")
_MOST_ROUTES = 200
"""Routes of a larger table are not learnt one by one."""

Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, and what could not be asked."""

    catalogue: str
    """In YAML; what it leaves out, and why, is at its top."""
    unasked: tuple[DeviceError, ...] = ()


def learn(routers: Sequence[str], collect: Collect) -> Learnt:
    """The routers' present state as a catalogue."""
    evidence = Evidence(collect([(r, query.request) for r in routers for query in _ASKED]))
    tables = [(r, name) for r in routers for name in _table_names(r, evidence)]
    asks = [(r, route.table(name).request) for r, name in tables]
    if asks:
        evidence = evidence.joined(Evidence(collect(asks)))
    entries: list[Entry] = []
    left_out: list[str] = []
    unasked: dict[str, DeviceError] = {}
    for router in routers:
        for part in _PARTS:
            try:
                entries += part(router, evidence, left_out)
            except DeviceError as error:
                unasked[str(error)] = error
    for router, name in tables:
        entries += _routes(router, name, evidence, left_out)
    return Learnt(_written(entries, (*unasked, *left_out)), tuple(unasked.values()))


def _written(entries: list[Entry], left_out: Iterable[str]) -> str:
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 100
    stream = StringIO()
    stream.write("# Learnt from the live state; read it before you trust it.\n")
    stream.writelines(f"# not learnt: {' '.join(line.split())}\n" for line in left_out)
    yaml.dump({"checks": entries}, stream)
    return stream.getvalue()


def _table_names(router: str, evidence: Evidence) -> Iterator[str]:
    try:
        instances = evidence.table(router, instance.INSTANCES)
    except DeviceError:
        return
    for each in instances:
        if not each.name.startswith("__"):
            yield from (name for name in each.tables if name.endswith(_UNICAST))


def _interfaces(router: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    for each in evidence.table(router, interface.TERSE).by_name.values():
        if not each.addresses:
            continue
        if each.oper != "up":
            left_out.append(f"{router}: interface {each.name} is {each.oper}")
            continue
        entry: Entry = {"check": "interface", "router": router, "interface": each.name}
        yield {**entry, "addresses": list(each.addresses)}


def _sessions(router: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    for each in evidence.table(router, bgp.NEIGHBORS):
        if each.state != "Established":
            left_out.append(f"{router}: BGP session with {each.peer} is {each.state}")
            continue
        entry: Entry = {"check": "bgp-session", "router": router, "peer": str(each.peer)}
        if each.instance:
            entry["instance"] = each.instance
        entry |= {"peer-as": each.peer_as, "authentication": each.authentication}
        counts = {name: c.received for name, c in each.tables.items() if c.received is not None}
        if counts:
            entry["tables"] = {name: {"received": count} for name, count in counts.items()}
        yield entry


def _groups(router: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    for each in evidence.table(router, vrrp.DETAIL):
        if each.state not in ("master", "backup"):
            left_out.append(f"{router}: VRRP group {each.group} is {each.state}")
            continue
        entry: Entry = {"check": "vrrp", "router": router, "interface": each.interface}
        entry |= {"group": each.group, "family": each.family, "state": each.state}
        if each.priority is not None:
            entry["priority"] = each.priority
        yield {**entry, "virtual-addresses": [str(a) for a in each.virtual_addresses]}


def _adjacencies(router: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    for each in evidence.table(router, isis.ADJACENCIES):
        if each.state != "Up":
            left_out.append(f"{router}: IS-IS adjacency on {each.interface} is {each.state}")
            continue
        entry: Entry = {"check": "isis-adjacency", "router": router, "interface": each.interface}
        yield {**entry, "neighbor": each.neighbor, "isis-level": each.level}


def _ldp_sessions(router: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    for each in evidence.table(router, ldp.SESSIONS):
        if each.state != "Operational":
            left_out.append(f"{router}: LDP session with {each.neighbor} is {each.state}")
            continue
        entry: Entry = {"check": "ldp-session", "router": router, "neighbor": str(each.neighbor)}
        yield {**entry, "authentication": each.authentication is not None}


def _bfd_sessions(router: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    for each in evidence.table(router, bfd.SESSIONS):
        if each.state != "Up":
            left_out.append(f"{router}: BFD session with {each.neighbor} is {each.state}")
            continue
        entry: Entry = {"check": "bfd", "router": router, "neighbor": str(each.neighbor)}
        yield {**entry, **({"interface": each.interface} if each.interface else {})}


def _routes(router: str, name: str, evidence: Evidence, left_out: list[str]) -> Iterator[Entry]:
    try:
        table = evidence.table(router, route.table(name)).get(name)
    except DeviceError as error:
        left_out.append(str(error))
        return
    if table is None:
        return
    if table.destinations > _MOST_ROUTES:
        left_out.append(f"{router}: {name} has {table.destinations} destinations")
        return
    yield from _table_entries(router, table)


def _table_entries(router: str, table: RouteTable) -> Iterator[Entry]:
    for each in table.entries.values():
        active = each.active
        if active is None or each.prefix is None or active.protocol in ("Direct", "Local"):
            continue
        path: Entry = {"protocol": active.protocol}
        for word, value in (
            ("med", active.med),
            ("local-preference", active.local_preference),
            ("as-path", active.as_path if active.protocol == "BGP" else None),
        ):
            if value is not None:
                path[word] = value
        hops = {str(hop.to) for hop in active.next_hops if hop.to}
        if len(hops) == 1:
            path["next-hop"] = hops.pop()
        entry: Entry = {"check": "route", "router": router, "table": table.name}
        yield {**entry, "prefix": str(each.prefix), "active": path}


_PARTS: tuple[Callable[[str, Evidence, list[str]], Iterator[Entry]], ...] = (
    _interfaces,
    _sessions,
    _groups,
    _adjacencies,
    _ldp_sessions,
    _bfd_sessions,
)
