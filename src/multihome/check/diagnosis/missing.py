"""Why a path is not there at all: hidden, its session down, or never sent, and why not there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.check.diagnosis.misconfiguration import why_table
from multihome.check.diagnosis.session import far_table, is_external, why_session
from multihome.check.inquiry import Explanation, Place
from multihome.check.judge import attribute_words, words
from multihome.check.pathmatch import attributes
from multihome.state import bgp, route

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry
    from multihome.state.path import RoutePath
    from multihome.state.reply import Address, Prefix


_LABELLED = "inet.3"
"""Where the next hop of a route through the core must be found."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A path that one router should have from a neighbour."""

    router: str
    table: str
    prefix: Prefix
    source: Address
    edge: Address | None = None
    """Where it leaves the core, of a path through it."""


def why_missing(lost: Missing, inquiry: Inquiry) -> Explanation | None:
    """The reason why a path from a neighbour is not in the table."""
    if down := why_session(lost.router, lost.source, inquiry):
        return down
    edge = inquiry.owner(lost.edge) if lost.edge else None
    for router in (lost.router, edge):
        if router is not None and (found := why_table(router, lost.table, inquiry)):
            return found
    return _hidden(lost, inquiry) or _unsent(lost, inquiry)


def _hidden(lost: Missing, inquiry: Inquiry) -> Explanation | None:
    tables = inquiry.table(lost.router, route.hidden(lost.table))
    table = tables.get(lost.table) if tables else None
    entry = table.get(lost.prefix) if table else None
    for path in entry.paths if entry else ():
        if path.learned_from == lost.source:
            reason = path.hidden_reason or path.inactive_reason or "no reason given"
            return Explanation(
                f"the path from {inquiry.named(lost.source)} is hidden: {reason}",
                cause=f"hidden at {lost.router}: {reason}",
                next=f"show route table {lost.table} {lost.prefix} hidden extensive",
                blames=(Place(lost.router, lost.edge, _LABELLED),) if lost.edge else (),
            )
    return None


def _unsent(lost: Missing, inquiry: Inquiry) -> Explanation:
    """The neighbour did not advertise it: it has lost it itself, or keeps it."""
    never = f"never received: {inquiry.named(lost.source)} does not advertise {lost.prefix}"
    owner = inquiry.owner(lost.source)
    if owner is None or owner == lost.router:
        return Explanation(
            never, next=f"show route receive-protocol bgp {lost.source} {lost.prefix}"
        )
    found = _its_sessions(owner, never, inquiry) or _its_table(owner, lost, never, inquiry)
    return replace(found, blames=(Place(owner, lost.prefix),))


def _its_sessions(owner: str, never: str, inquiry: Inquiry) -> Explanation | None:
    for each in inquiry.table(owner, bgp.NEIGHBORS) or ():
        further = why_session(owner, each.peer, inquiry)
        if further:
            state = f"its session with {inquiry.named(each.peer)} is {each.state}"
            return Explanation(f"{never}; {state}: {further.why}", further.cause, further.next)
    return None


def _its_table(owner: str, lost: Missing, never: str, inquiry: Inquiry) -> Explanation:
    """What the neighbour itself has of the prefix, where it is asked."""
    name = far_table(lost.router, lost.table, owner, inquiry) or lost.table
    tables = inquiry.table(owner, route.table(name))
    table = tables.get(name) if tables else None
    entry = table.get(lost.prefix) if table else None
    active = entry.active if entry else None
    look = f"show route table {name} {lost.prefix} detail (on {owner})"
    if table is None:
        reason = f"{never}; its sessions are up"
        return Explanation(reason, f"{lost.prefix} not advertised by {owner}", look)
    if entry is None or active is None:
        return no_route(owner, f"{never}; it has no route to it itself", lost.prefix, look)
    if not _is_the_one(lost, active):
        loser = next((path for path in entry.paths if _would_be_told(owner, path, inquiry)), None)
        if loser is not None:
            return _outdone(owner, Explanation(never, next=look), active, loser)
    return Explanation(
        f"{never}; it uses one from {words(active.learned_from or active.protocol)}, which its "
        "export policy keeps or which it may not pass on",
        cause=f"what {owner} advertises",
        next=f"show route advertising-protocol bgp {_address(lost, owner, inquiry)} (on {owner})",
    )


def no_route(owner: str, reason: str, prefix: Prefix, command: str = "") -> Explanation:
    """A router cannot advertise what it does not have."""
    return Explanation(
        reason,
        cause=f"{owner} has no route to {prefix}",
        next=command,
        blames=(Place(owner, prefix),),
    )


def _address(lost: Missing, owner: str, inquiry: Inquiry) -> str:
    """The router that misses the path, as its neighbour knows it."""
    peers = inquiry.table(owner, bgp.NEIGHBORS) or ()
    known = (each.peer for each in peers if inquiry.owner(each.peer) == lost.router)
    return words(next(known, lost.router))


def _is_the_one(lost: Missing, active: RoutePath) -> bool:
    """Whether the neighbour uses the very path that it should pass on."""
    return lost.edge is not None and lost.edge in active.protocol_next_hops


def _outdone(owner: str, so_far: Explanation, active: RoutePath, loser: RoutePath) -> Explanation:
    """Only the active path is advertised, and one learned inside the AS is not advertised inside it."""
    source = words(loser.learned_from or loser.protocol)
    return replace(
        so_far,
        why=f"{so_far.why}; there the path from {source} lost {how(active, loser)}",
        cause=f"selection at {owner}: {loser.inactive_reason or 'no reason given'}",
    )


def _would_be_told(owner: str, path: RoutePath, inquiry: Inquiry) -> bool:
    """Whether the router would advertise a path inside its AS if the path were active."""
    return not path.active and not path.hidden and _is_told_on(owner, path, inquiry)


def _is_told_on(owner: str, path: RoutePath, inquiry: Inquiry) -> bool:
    """Whether the router would advertise a path inside its AS: not one that it learned there."""
    if path.learned_from is None:
        return True
    return is_external(owner, path.learned_from, inquiry)


def how(winner: RoutePath, loser: RoutePath) -> str:
    """The step of the selection that decided, in Junos's words, and what was compared."""
    mine, theirs = attributes(loser), attributes(winner)
    compared = [
        f"{attribute_words(name)} {words(mine[name])} against {words(theirs[name])}"
        for name in ("preference", "local_preference", "as_path", "med")
        if mine[name] != theirs[name]
    ]
    how = f" ({'; '.join(compared)})" if compared else ""
    step = loser.inactive_reason or "no reason given"
    source = winner.learned_from or winner.protocol
    return f"to the one from {words(source)} at: {step}{how}"
