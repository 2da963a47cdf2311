"""Why a path is not there at all: hidden, its session down, or never sent, and why not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.check.inquiry import Explanation
from multihome.check.judge import attribute_words, words
from multihome.check.pathmatch import attributes
from multihome.check.why_session import is_external, why_session
from multihome.state import bgp, route

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry
    from multihome.state.path import RoutePath
    from multihome.state.reply import Address, Prefix


@dataclass(frozen=True, slots=True)
class Missing:
    """A path that one router should have from a neighbour."""

    router: str
    table: str
    prefix: Prefix
    source: Address


def why_missing(lost: Missing, inquiry: Inquiry) -> Explanation | None:
    """The reason why a path from a neighbour is not in the table."""
    if down := why_session(lost.router, lost.source, inquiry):
        return down
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
    return (
        _its_sessions(owner, never, inquiry)
        or _its_selection(owner, lost, never, inquiry)
        or Explanation(
            f"{never}; its sessions are up, so it has no active route to it or its export policy "
            "keeps it",
            cause=f"{lost.prefix} not advertised by {owner}",
            next=f"show route {lost.prefix} detail (on {owner})",
        )
    )


def _its_sessions(owner: str, never: str, inquiry: Inquiry) -> Explanation | None:
    for each in inquiry.table(owner, bgp.NEIGHBORS) or ():
        further = why_session(owner, each.peer, inquiry)
        if further:
            state = f"its session with {inquiry.named(each.peer)} is {each.state}"
            return Explanation(f"{never}; {state}: {further.why}", further.cause, further.next)
    return None


def _its_selection(owner: str, lost: Missing, never: str, inquiry: Inquiry) -> Explanation | None:
    """Only the path in use is told to others, and one heard inside the AS is not told on."""
    tables = inquiry.table(owner, route.table(lost.table))
    table = tables.get(lost.table) if tables else None
    entry = table.get(lost.prefix) if table else None
    if entry is None or entry.active is None or len(entry.paths) < 2:
        return None
    inactive = (path for path in entry.paths if not path.active and not path.hidden)
    loser = next((path for path in inactive if _is_told_on(owner, path, inquiry)), None)
    if loser is None:
        return None
    source = words(loser.learned_from or loser.protocol)
    return Explanation(
        f"{never}; there the path from {source} lost {how(entry.active, loser)}",
        cause=f"selection at {owner}: {loser.inactive_reason or 'no reason given'}",
        next=f"show route table {lost.table} {lost.prefix} detail (on {owner})",
    )


def _is_told_on(owner: str, path: RoutePath, inquiry: Inquiry) -> bool:
    """Whether the router would tell a path to others in its AS: not one that it got from there."""
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
    return f"to the one from {words(winner.learned_from)} at: {step}{how}"
