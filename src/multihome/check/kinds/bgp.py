"""BGP sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import BgpSession, PrefixCounts
from multihome.intent.matcher import accepts
from multihome.state import bgp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.state.bgp import Neighbor
    from multihome.state.query import Evidence


_READ_ALONE = frozenset({"state", "tables", "options", "absent", "down"})


@check(BgpSession, needs=lambda _expected: [bgp.NEIGHBORS])
def bgp_session(expected: BgpSession, evidence: Evidence) -> Iterator[Finding]:
    """The session with a BGP neighbour is in the intended state, with what was negotiated.

    `state` is Established unless said otherwise. `tables` gives prefix counts by table, `options`
    at least those, `flaps` is the router's own counter, `absent: true` asserts that no such neighbour is configured,
    `down: true` that it is not established, configured or not.
    """
    judge = Judge(expected, next=f"show bgp neighbor {expected.peer}")
    peers = evidence.table(expected.router, bgp.NEIGHBORS)

    def chosen(peer: Neighbor) -> bool:
        return peer.peer == expected.peer and expected.instance in (None, peer.instance)

    if expected.absent:
        found = [peer.state for peer in peers if chosen(peer)]
        yield judge.finding("neighbor", "none", found or None, holds=not found)
        return
    if expected.down:
        states = [peer.state for peer in peers if chosen(peer)] or ["no such neighbor"]
        yield judge.finding("state", "down", states, holds="Established" not in states)
        return
    meant, finding = judge.exactly_one("neighbor", peers, chosen)
    yield finding
    for neighbor in meant:
        yield from _session(judge, expected, neighbor)


def _session(judge: Judge, expected: BgpSession, neighbor: Neighbor) -> Iterator[Finding]:
    wanted = expected.asserted
    state = neighbor.state
    error = neighbor.last_error if neighbor.last_error != "None" else None
    shown = f"{state}, last error {error}" if error else state
    agreed = accepts(expected.state, state)
    yield judge.finding("state", expected.state, state if agreed else shown, holds=agreed)
    tables = expected.tables or {}
    actual: dict[str, object] = {
        "type": neighbor.type,
        "group": neighbor.group,
        "peer_as": neighbor.peer_as,
        "local_as": neighbor.local_as,
        "local_address": neighbor.local_address,
        "peer_id": neighbor.peer_id,
        "description": neighbor.description,
        "hold_time": neighbor.hold_time,
        "flaps": neighbor.flaps,
        "authentication": neighbor.authentication,
        "families": neighbor.families,
        "import_policies": neighbor.import_policies,
        "export_policies": neighbor.export_policies,
        "bfd": neighbor.bfd,
        "last_error": neighbor.last_error,
    }
    plain = {name: value for name, value in wanted.items() if name not in _READ_ALONE}
    yield from judge.each(plain, actual)
    if expected.options is not None:
        yield judge.includes("options", expected.options, neighbor.options)
    for name, counts in tables.items():
        yield from _counts(judge, name, counts, neighbor)


def _counts(
    judge: Judge, table: str, wanted: PrefixCounts, neighbor: Neighbor
) -> Iterator[Finding]:
    counts = neighbor.tables.get(table)
    if counts is None:
        yield judge.finding(table, "prefix counts", "no such table in the session", holds=False)
        return
    for name in PrefixCounts.model_fields:
        value = getattr(wanted, name)
        if value is not None:
            yield judge.compare(f"{table} {name}", value, getattr(counts, name))
