"""Everything but routes as rows: sessions, groups, interfaces, adjacencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.state import bfd, bgp, interface, isis, ldp, ospf, vrrp
from multihome.state.snapshot.row import Kind, Row, prefix_order
from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.state.query import Evidence, Query


def bgp_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """BGP sessions; what they carry is in the routes."""
    for each in evidence.table(router, bgp.NEIGHBORS):
        key = f"{each.peer} {each.instance}" if each.instance else str(each.peer)
        yield _row(
            Kind.BGP,
            key,
            each.state,
            each.peer_as,
            each.hold_time,
            " ".join(sorted(each.families)),
            "signed" if each.authentication else "unsigned",
            each.flaps,
        )


def vrrp_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """VRRP groups: mastership and priority."""
    for each in evidence.table(router, vrrp.DETAIL):
        master = each.local_address if each.state == "master" else each.master
        addresses = " ".join(sorted(map(str, each.virtual_addresses)))
        key = f"{each.interface} {each.group} {each.family}"
        yield _row(Kind.VRRP, key, each.state, each.priority, master, addresses)


def interface_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """Interfaces with their addresses."""
    for each in evidence.table(router, interface.TERSE).by_name.values():
        row = _row(Kind.INTERFACE, each.name, each.admin, each.oper, " ".join(each.addresses))
        yield row._replace(order=_interface_order(each.name))


def isis_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """IS-IS adjacencies."""
    for each in evidence.table(router, isis.ADJACENCIES):
        key = f"{each.interface} {each.neighbor} level {each.level}"
        yield _row(Kind.ISIS, key, each.state, each.level, each.transitions)


def ospf_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """OSPF neighbours of all instances."""
    for each in evidence.table(router, ospf.EVERYWHERE):
        key = f"{each.interface} {each.address}"
        if each.instance not in (None, "master"):
            key = f"{key} {each.instance}"
        yield _row(Kind.OSPF, key, each.state, each.router_id)


def ldp_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """LDP sessions."""
    for each in evidence.table(router, ldp.SESSIONS):
        yield _row(Kind.LDP, str(each.neighbor), each.state, each.authentication)


def label_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """Labels advertised and received, by session and prefix."""
    for each in evidence.table(router, ldp.DATABASE):
        way = "received" if each.received else "advertised"
        row = _row(Kind.LABEL, f"{each.session} {way} {each.prefix}", each.label)
        yield row._replace(order=f"{each.session} {way} {prefix_order(each.prefix)}")


def bfd_rows(router: str, evidence: Evidence) -> Iterator[Row]:
    """BFD sessions."""
    for each in evidence.table(router, bfd.SESSIONS):
        key = f"{each.neighbor} {each.interface}" if each.interface else str(each.neighbor)
        yield _row(Kind.BFD, key, each.state, " ".join(sorted(each.clients)))


READERS: dict[Kind, tuple[Query[object], Callable[[str, Evidence], Iterator[Row]]]] = {
    Kind.BGP: (bgp.NEIGHBORS, bgp_rows),
    Kind.VRRP: (vrrp.DETAIL, vrrp_rows),
    Kind.INTERFACE: (interface.TERSE, interface_rows),
    Kind.ISIS: (isis.ADJACENCIES, isis_rows),
    Kind.OSPF: (ospf.EVERYWHERE, ospf_rows),
    Kind.LDP: (ldp.SESSIONS, ldp_rows),
    Kind.LABEL: (ldp.DATABASE, label_rows),
    Kind.BFD: (bfd.SESSIONS, bfd_rows),
}
"""What each kind asks and how its rows are made; routes are read by themselves."""


def _row(kind: Kind, key: str, *values: object) -> Row:
    return Row(kind, key, key, tuple("" if value is None else str(value) for value in values))


def _interface_order(name: str) -> str:
    """Slots, ports and units as numbers."""
    try:
        media, numbers, unit = InterfaceName.parse(name).sort_key
    except ValueError:
        return name
    return f"{media} {' '.join(f'{n:06d}' for n in numbers)} {unit:08d}"
