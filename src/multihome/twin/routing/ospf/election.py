"""Who speaks for a LAN: the election of RFC 2328 section 9.4, as a function.

It is sticky: who calls itself designated stays so when a better one comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.addressing import Address
    from multihome.twin.routing.ospf.messages import OspfHello, Role


class Candidate(NamedTuple):
    """One router of the LAN and what it claims to be."""

    priority: int
    router_id: Address
    designated: bool
    backup: bool


def candidate(hello: OspfHello) -> Candidate:
    """A neighbour as its hello presents it."""
    me = hello.router_id
    return Candidate(hello.priority, me, hello.designated == me, hello.backup == me)


def elect(candidates: Iterable[Candidate]) -> Role:
    """Designated and backup among routers that are neighbours both ways, oneself included."""
    eligible = [router for router in candidates if router.priority > 0]
    if not eligible:
        return None, None
    return _once(eligible)


def _once(eligible: list[Candidate]) -> Role:
    others = [router for router in eligible if not router.designated]
    claimed = [router for router in others if router.backup]
    backup = max(claimed or others, default=None)
    leaders = [router for router in eligible if router.designated]
    designated = max(leaders) if leaders else backup
    if not leaders and backup is not None:
        rest = [router for router in others if router is not backup]
        backup = max(rest, default=None)
    return (
        designated.router_id if designated else None,
        backup.router_id if backup else None,
    )
