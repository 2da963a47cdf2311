"""The core: IS-IS adjacencies, OSPF neighbours, LDP sessions, BFD sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import Bfd, IsisAdjacency, LdpSession, OspfNeighbor
from multihome.state import bfd as bfd_state
from multihome.state import isis, ldp, ospf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.state.query import Evidence


@check(IsisAdjacency, needs=lambda _expected: [isis.ADJACENCIES])
def isis_adjacency(expected: IsisAdjacency, evidence: Evidence) -> Iterator[Finding]:
    """An IS-IS adjacency is in the intended state.

    `state` is Up unless said otherwise; `transitions` is the router's counter.
    """
    judge = Judge(expected, next="show isis adjacency detail")
    table = evidence.table(expected.router, isis.ADJACENCIES)

    def chosen(row: isis.Adjacency) -> bool:
        return row.interface == expected.interface and expected.neighbor in (None, row.neighbor)

    found, finding = judge.exactly_one("adjacency", table, chosen)
    yield finding
    for row in found:
        actual: dict[str, object] = {
            "state": row.state,
            "isis_level": row.level,
            "transitions": row.transitions,
            "address": row.address,
        }
        yield from judge.each(expected.asserted, actual)


@check(OspfNeighbor, needs=lambda expected: [ospf.neighbors(expected.instance)])
def ospf_neighbor(expected: OspfNeighbor, evidence: Evidence) -> Iterator[Finding]:
    """An OSPF neighbour is in the intended state.

    `state` is Full unless said otherwise; `neighbor` is its interface address.
    """
    judge = Judge(expected, next="show ospf neighbor detail")
    table = evidence.table(expected.router, ospf.neighbors(expected.instance))

    def chosen(row: ospf.Neighbor) -> bool:
        return (row.address, row.interface) == (expected.neighbor, expected.interface)

    found, finding = judge.exactly_one("neighbor", table, chosen)
    yield finding
    for row in found:
        actual: dict[str, object] = {
            "state": row.state,
            "router_id": row.router_id,
            "priority": row.priority,
        }
        yield from judge.each(expected.asserted, actual)


@check(LdpSession, needs=lambda _expected: [ldp.SESSIONS])
def ldp_session(expected: LdpSession, evidence: Evidence) -> Iterator[Finding]:
    """An LDP session is in the intended state.

    `state` is Operational unless said otherwise; `neighbor` is the far transport address.
    """
    judge = Judge(expected, next=f"show ldp session {expected.neighbor} detail")
    table = evidence.table(expected.router, ldp.SESSIONS)
    found, finding = judge.exactly_one(
        "session", table, lambda row: row.neighbor == expected.neighbor
    )
    yield finding
    for row in found:
        actual: dict[str, object] = {
            "state": row.state,
            "connection": row.connection,
            "authentication": row.authentication is not None,
            "hold_time": row.hold_time,
        }
        yield from judge.each(expected.asserted, actual)


@check(Bfd, needs=lambda _expected: [bfd_state.SESSIONS])
def bfd(expected: Bfd, evidence: Evidence) -> Iterator[Finding]:
    """A BFD session is in the intended state, with the intended timers and clients.

    `state` is Up unless said otherwise; `detection-time` and `interval` are in seconds,
    `clients` at least those.
    """
    judge = Judge(expected, next=f"show bfd session address {expected.neighbor} extensive")
    table = evidence.table(expected.router, bfd_state.SESSIONS)

    def chosen(row: bfd_state.Session) -> bool:
        return row.neighbor == expected.neighbor and expected.interface in (None, row.interface)

    found, finding = judge.exactly_one("session", table, chosen)
    yield finding
    for row in found:
        actual: dict[str, object] = {
            "state": row.state,
            "detection_time": row.detection_time,
            "interval": row.interval,
            "multiplier": row.multiplier,
        }
        plain = {name: value for name, value in expected.asserted.items() if name in actual}
        yield from judge.each(plain, actual)
        if expected.clients is not None:
            yield judge.includes("clients", expected.clients, row.clients)
