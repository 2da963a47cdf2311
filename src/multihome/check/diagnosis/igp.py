"""Why two neighbours in the core do not talk: a dead link, or a protocol that does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.check.diagnosis.link import why_link
from multihome.check.diagnosis.session import why_routers, why_session
from multihome.check.inquiry import Explanation
from multihome.state import isis, ldp, ospf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.check.inquiry import Inquiry
    from multihome.intent.expectation import Bfd, IsisAdjacency, LdpSession, OspfNeighbor
    from multihome.state.query import Query
    from multihome.state.reply import Rows


def why_isis(expected: IsisAdjacency, inquiry: Inquiry) -> Explanation | None:
    """That the link is dead at either end, or IS-IS does not run there."""
    if dead := why_link(expected.router, expected.interface, inquiry):
        return dead
    ends = _ends(expected.router, expected.interface, inquiry)
    found = _not_running("IS-IS", isis.ADJACENCIES, ends, inquiry)
    return found or _between("IS-IS adjacency", ends, "show isis interface detail")


def why_ospf(expected: OspfNeighbor, inquiry: Inquiry) -> Explanation | None:
    """That the link is dead at either end, or OSPF does not run there."""
    if dead := why_link(expected.router, expected.interface, inquiry):
        return dead
    ends = _ends(expected.router, expected.interface, inquiry)
    found = _not_running("OSPF", ospf.neighbors(expected.instance), ends, inquiry)
    return found or _between("OSPF adjacency", ends, "show ospf interface detail")


def why_ldp(expected: LdpSession, inquiry: Inquiry) -> Explanation | None:
    """That every link to the neighbour is dead, or LDP does not run at an end."""
    if dead := why_routers(expected.router, expected.neighbor, inquiry):
        return dead
    far = inquiry.chart.owners.get(expected.neighbor) or inquiry.owner(expected.neighbor)
    ends = (expected.router, far) if far else (expected.router,)
    found = _not_running("LDP", ldp.SESSIONS, ends, inquiry)
    return found or _between("LDP session", ends, "show ldp interface detail")


def why_bfd(expected: Bfd, inquiry: Inquiry) -> Explanation | None:
    """That the link is dead, or that what asked for the session is not there itself."""
    command = f"show bfd session address {expected.neighbor} extensive"
    if expected.interface is None:
        dead = why_routers(expected.router, expected.neighbor, inquiry)
        found = dead or why_session(expected.router, expected.neighbor, inquiry)
        return found or _unasked(expected.router, inquiry.owner(expected.neighbor), command)
    if dead := why_link(expected.router, expected.interface, inquiry):
        return dead
    adjacencies = inquiry.table(expected.router, isis.ADJACENCIES)
    if adjacencies is None:
        return None
    if any(each.interface == expected.interface for each in adjacencies):
        return _unasked(expected.router, inquiry.owner(expected.neighbor), command)
    ends = _ends(expected.router, expected.interface, inquiry)
    found = _not_running("IS-IS", isis.ADJACENCIES, ends, inquiry)
    return found or _between("IS-IS adjacency", ends, "show isis interface detail")


def _unasked(router: str, far: str | None, command: str) -> Explanation | None:
    """That what it watches is there: then one of the two ends does not ask for it."""
    if far is None:
        return None
    ends = " - ".join(sorted((router, far)))
    return Explanation(
        "what it watches over is up: is BFD asked for at both ends, at the same pace?",
        cause=f"BFD {ends}",
        next=command,
    )


def _between(what: str, ends: Iterable[str], command: str) -> Explanation | None:
    """One name for what two routers do not have, from whichever end it is looked at."""
    pair = sorted(set(ends))
    if len(pair) < 2:
        return None
    return Explanation(
        f"both ends run the protocol and their link is up: is it configured on it at both ends, "
        f"{' and '.join(pair)}, with the same key?",
        cause=f"{what} {' - '.join(pair)}",
        next=command,
    )


def _ends(router: str, name: str, inquiry: Inquiry) -> tuple[str, ...]:
    return (router, *(other for other, _ in inquiry.opposite(router, name)))


def _not_running(
    protocol: str, query: Query[Rows[Any]], routers: Iterable[str], inquiry: Inquiry
) -> Explanation | None:
    """That one of the routers says that the protocol does not run on it."""
    for router in routers:
        table = inquiry.table(router, query)
        if table is not None and (table.not_running or "").startswith("an empty"):
            return Explanation(
                f"{router} has no neighbor at all, and does not say why: does it run {protocol} "
                "on these links, with the key of the others?",
                cause=f"{protocol} on {router}",
                next=f"show configuration protocols | display set (on {router})",
                certain=True,
            )
        if table is not None and table.not_running:
            return Explanation(
                f"{router} says: {table.not_running}",
                cause=f"{protocol} does not run on {router}",
                next=f"show configuration protocols | display set (on {router})",
                certain=True,
            )
    return None
