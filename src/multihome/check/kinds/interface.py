"""Interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import Interface
from multihome.state import interface as state
from multihome.state import mpls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.state.interface import Interfaces, Status
    from multihome.state.query import Evidence, Query

_LISTED = frozenset({"description", "mtu", "vlan"})
_COUNTED = frozenset({"input_errors", "output_errors", "carrier_transitions"})


def _needs(expected: Interface) -> list[Query[Any]]:
    """One list of all interfaces for status and addresses, a longer one only for the rest."""
    labels = [mpls.PORTS] if expected.mpls is not None else []
    return [state.TERSE, *(query for query, _ in _beyond(expected)), *labels]


def _beyond(expected: Interface) -> Iterator[tuple[Query[Interfaces], dict[str, object]]]:
    """What else is asserted, with the table that holds it."""
    lists = ((state.LISTED, _LISTED), (state.full(expected.interface), _COUNTED))
    for query, names in lists:
        if wanted := {k: v for k, v in expected.asserted.items() if k in names}:
            yield query, wanted


@check(Interface, needs=_needs)
def interface(expected: Interface, evidence: Evidence) -> Iterator[Finding]:
    """An interface is up, with the intended addresses, and its errors within bounds.

    `oper` is up unless said otherwise. `addresses` are exactly those, with length; `families` at
    least those. Description, MTU and VLAN cost one request more for all of a router's
    interfaces together, MPLS another, counters one for each interface.
    """
    judge = Judge(expected, next=f"show interfaces {expected.interface} extensive")
    status = evidence.table(expected.router, state.TERSE).get(expected.interface)
    if expected.absent is not None:
        actual = "one" if status else "none"
        wanted = "none" if expected.absent else "one"
        yield judge.finding("interface", wanted, actual, holds=actual == wanted)
        if expected.absent:
            return
    if status is None:
        yield judge.finding("interface", "one", "none", holds=False)
        return
    yield judge.compare("oper", expected.oper, status.oper)
    yield from _status(judge, expected, status)
    if expected.mpls is not None:
        ports = evidence.table(expected.router, mpls.PORTS)
        found = next((each.state for each in ports if each.interface == expected.interface), None)
        yield judge.compare("mpls", expected.mpls, found)
    for query, more in _beyond(expected):
        details = evidence.table(expected.router, query).get(expected.interface)
        yield from _in_full(judge, more, details)


def _status(judge: Judge, expected: Interface, status: Status) -> Iterator[Finding]:
    if expected.admin is not None:
        yield judge.compare("admin", expected.admin, status.admin)
    if expected.addresses is not None:
        yield judge.compare("addresses", expected.addresses, frozenset(status.addresses))
    if expected.families is not None:
        yield judge.includes("families", expected.families, status.families)


def _in_full(judge: Judge, wanted: dict[str, object], status: Status | None) -> Iterator[Finding]:
    if status is None:
        yield judge.finding("interface", ", ".join(wanted), "not in the longer reply", holds=False)
        return
    actual: dict[str, object] = {name: getattr(status, name) for name in wanted}
    yield from judge.each(wanted, actual)
