"""Interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import Interface
from multihome.state import interface as state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.state.interface import Interfaces, Status
    from multihome.state.query import Evidence, Query

_IN_FULL = frozenset({"description", "mtu", "input_errors", "output_errors", "carrier_transitions"})


def _needs(expected: Interface) -> list[Query[Interfaces]]:
    """One list of all interfaces for status and addresses, a full reply only for the rest."""
    if _IN_FULL & set(expected.asserted):
        return [state.TERSE, state.full(expected.interface)]
    return [state.TERSE]


@check(Interface, needs=_needs)
def interface(expected: Interface, evidence: Evidence) -> Iterator[Finding]:
    """An interface is up, with the intended addresses, and its errors within bounds.

    `oper` is up unless said otherwise. `addresses` are exactly those, with length; `families` at
    least those. Counters, description and MTU cost a request of their own.
    """
    judge = Judge(expected, next=f"show interfaces {expected.interface} extensive")
    status = evidence.table(expected.router, state.TERSE).get(expected.interface)
    if expected.absent is not None:
        actual = "one" if status else "none"
        wanted = "none" if expected.absent else "one"
        yield judge.says("interface", wanted, actual, holds=actual == wanted)
        if expected.absent:
            return
    if status is None:
        yield judge.says("interface", "one", "none", holds=False)
        return
    yield judge.holds("oper", expected.oper, status.oper)
    yield from _status(judge, expected, status)
    if more := {k: v for k, v in expected.asserted.items() if k in _IN_FULL}:
        full = evidence.table(expected.router, state.full(expected.interface))
        yield from _full(judge, more, full.get(expected.interface))


def _status(judge: Judge, expected: Interface, status: Status) -> Iterator[Finding]:
    if expected.admin is not None:
        yield judge.holds("admin", expected.admin, status.admin)
    if expected.addresses is not None:
        yield judge.holds("addresses", expected.addresses, frozenset(status.addresses))
    if expected.families is not None:
        yield judge.includes("families", expected.families, status.families)


def _full(judge: Judge, wanted: dict[str, object], status: Status | None) -> Iterator[Finding]:
    if status is None:
        yield judge.unknown("interface", "its counters", "not in the full reply")
        return
    actual: dict[str, object] = {name: getattr(status, name) for name in _IN_FULL}
    yield from judge.each(wanted, actual)
