"""VRRP groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import Vrrp
from multihome.state import vrrp as state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.state.query import Evidence
    from multihome.state.vrrp import Group


@check(Vrrp, needs=lambda _expected: [state.DETAIL])
def vrrp(expected: Vrrp, evidence: Evidence) -> Iterator[Finding]:
    """A VRRP group is in the intended state, with the intended priority and master.

    `priority` is the one in force, tracking costs subtracted; `configured-priority` is the other.
    `tracked` gives the state of each tracked interface or route, `tracking` names all of them.
    """
    judge = Judge(expected, next=f"show vrrp detail interface {expected.interface}")
    groups = evidence.table(expected.router, state.DETAIL)
    found, finding = judge.exactly_one("group", groups, lambda row: _is_meant(expected, row))
    yield finding
    for group in found:
        yield from _group(judge, expected, group)


def _group(judge: Judge, expected: Vrrp, group: Group) -> Iterator[Finding]:
    actual: dict[str, object] = {
        "state": group.state,
        "priority": group.priority,
        "configured_priority": group.configured_priority,
        "master": _master(group),
        "master_priority": group.master_priority,
        "local_address": group.local_address,
        "virtual_addresses": frozenset(group.virtual_addresses),
        "interface_state": group.interface_state,
        "preempt": group.preempt,
        "accept_data": group.accept_data,
        "advertisement_interval": group.advertisement_interval,
        "tracking": frozenset(group.tracked),
    }
    plain = {name: value for name, value in expected.asserted.items() if name != "tracked"}
    yield from judge.each(plain, actual)
    for name, value in (expected.tracked or {}).items():
        yield judge.compare(f"tracked {name}", value, group.tracked.get(name))


def _is_meant(expected: Vrrp, row: Group) -> bool:
    """Interface and group alone are not unique on a LAN with both address families."""
    return (row.interface, row.group, row.family) == (
        expected.interface,
        expected.group,
        expected.family,
    )


def _master(group: Group) -> object:
    """A master is its own master, said or not."""
    if group.master is None and group.state == "master":
        return group.local_address
    return group.master
