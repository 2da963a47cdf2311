"""Why a route is not what it must be.

In this order: the expected path is there but lost the selection, and at which step; it is
hidden, and why; its session is down; the neighbour did not advertise it, and why not there;
it came with another attribute already, or import policy changed it.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from multihome.check.inquiry import Explanation
from multihome.check.judge import attribute_words, words
from multihome.check.pathmatch import attributes, fits
from multihome.check.why_session import neighbor, session_cause, why_session
from multihome.intent.matcher import accepts
from multihome.state import bgp, route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.check.inquiry import Inquiry
    from multihome.intent.expectation import (
        AdvertisedRoutes,
        ReceivedRoutes,
        RouteExpectation,
    )
    from multihome.intent.expectation import (
        RoutePath as Expected,
    )
    from multihome.state.path import RoutePath
    from multihome.state.reply import Address, Prefix

_FOLLOW = 4
"""How many routers an explanation walks back along a missing route."""
_TOLD_BY_NEIGHBORS = ("med", "as_path", "local_preference", "communities", "with_communities")


def why_route(expected: RouteExpectation, inquiry: Inquiry) -> Explanation | None:
    """The reason why a prefix has not the paths that it must have."""
    tables = inquiry.table(expected.router, route.table(expected.table))
    table = tables.get(expected.table) if tables else None
    if table is None:
        return Explanation(f"{expected.router} has no table {expected.table}")
    paths = [path for entry in table.within(expected.prefix) for path in entry.paths]
    for wanted in _wanted(expected):
        if any(path.active and fits(wanted, path) for path in paths):
            continue
        found = _why_not(expected, wanted, paths, inquiry)
        if found:
            return found
    return None


def why_exchange(
    expected: ReceivedRoutes | AdvertisedRoutes, inquiry: Inquiry
) -> Explanation | None:
    """Routes are not exchanged without a session."""
    return why_session(expected.router, expected.peer, inquiry)


def _wanted(expected: RouteExpectation) -> Sequence[Expected]:
    active = (expected.active,) if expected.active else ()
    return (*active, *(expected.alternatives or ()), *(expected.includes or ()))


def _why_not(
    expected: RouteExpectation, wanted: Expected, paths: Sequence[RoutePath], inquiry: Inquiry
) -> Explanation | None:
    if wanted is expected.active and (lost := _lost(wanted, paths)):
        return lost
    source = _source(wanted)
    if source is None:
        return None
    same = next((path for path in paths if path.learned_from == source and not path.hidden), None)
    if same is not None:
        return _changed(expected, wanted, same, inquiry)
    return _missing(expected.router, expected.table, expected.prefix, source, inquiry)


def _source(wanted: Expected) -> Address | None:
    """The neighbour that the path must come from, if it says so exactly."""
    for address in (wanted.learned_from, wanted.next_hop):
        if isinstance(address, IPv4Address | IPv6Address):
            return address
    return None


def _lost(wanted: Expected, paths: Sequence[RoutePath]) -> Explanation | None:
    """The expected path is there, but another one is in use."""
    winner = next((path for path in paths if path.active), None)
    loser = next((path for path in paths if not path.active and fits(wanted, path)), None)
    if winner is None or loser is None:
        return None
    step = loser.inactive_reason or "no reason given"
    mine, theirs = attributes(loser), attributes(winner)
    compared = [
        f"{attribute_words(name)} {words(mine[name])} against {words(theirs[name])}"
        for name in ("preference", "local_preference", "as_path", "med")
        if mine[name] != theirs[name]
    ]
    told = f" ({'; '.join(compared)})" if compared else ""
    return Explanation(
        f"the expected path is there, but lost to the one from {words(winner.learned_from)} "
        f"at: {step}{told}"
    )


def _changed(
    expected: RouteExpectation, wanted: Expected, path: RoutePath, inquiry: Inquiry
) -> Explanation | None:
    """The path comes from where it must, but with another attribute: who set it?"""
    source = path.learned_from
    if source is None:
        return None
    actual = attributes(path)
    names = [
        name
        for name, value in wanted.asserted.items()
        if name in _TOLD_BY_NEIGHBORS and not accepts(value, actual[name])
    ]
    tables = inquiry.table(expected.router, route.received(source)) if names else None
    received = tables and tables.get(expected.table)
    entry = received.get(expected.prefix) if received else None
    if entry is None:
        return None
    name, told = names[0], attributes(entry.paths[0])
    value = words(told[name])
    who = inquiry.named(source)
    if told[name] == actual[name]:
        return Explanation(
            f"{who} sends it with {attribute_words(name)} {value}",
            cause=f"{attribute_words(name)} sent by {who}",
            next=f"show route receive-protocol bgp {source} {expected.prefix} detail",
        )
    return Explanation(
        f"{who} sends it with {attribute_words(name)} {value}; import policy makes it "
        f"{words(actual[name])}",
        cause=f"import policy of {expected.router} for {who}",
        next=f"show bgp neighbor {source} | match Import",
    )


def _missing(
    router: str, table: str, prefix: Prefix, source: Address, inquiry: Inquiry, steps: int = 0
) -> Explanation | None:
    """The path is not in the table at all: follow it back to where it ends."""
    if down := why_session(router, source, inquiry):
        return down
    who = inquiry.named(source)
    hidden = inquiry.table(router, route.hidden(table))
    entry = (found.get(prefix) if (found := hidden.get(table)) else None) if hidden else None
    for path in entry.paths if entry else ():
        if path.learned_from == source:
            reason = path.hidden_reason or path.inactive_reason or "no reason given"
            return Explanation(
                f"the path from {who} is hidden: {reason}",
                next=f"show route table {table} {prefix} hidden extensive",
            )
    return _unsent(router, prefix, source, inquiry, steps)


def _unsent(
    router: str, prefix: Prefix, source: Address, inquiry: Inquiry, steps: int
) -> Explanation | None:
    """The neighbour did not advertise it; there it is missing, or kept by policy."""
    who, owner = inquiry.named(source), inquiry.owner(source)
    never = f"never received: {who} does not advertise {prefix}"
    if owner is None or owner == router or steps >= _FOLLOW:
        return Explanation(never, next=f"show route receive-protocol bgp {source} {prefix}")
    peers = inquiry.table(owner, bgp.NEIGHBORS)
    down = [each for each in peers or () if each.state != "Established"]
    for each in down:
        further = why_session(owner, each.peer, inquiry)
        if further:
            state = f"its session with {inquiry.named(each.peer)} is {each.state}"
            return Explanation(f"{never}; {state}: {further.why}", further.cause, further.next)
    here = neighbor(peers.rows, source) if peers else None
    cause = session_cause(router, source, inquiry) if here else f"{owner} and {prefix}"
    return Explanation(
        f"{never}; its sessions are up, so it has no active route to it or its export policy "
        "keeps it",
        cause=f"{cause}: {prefix} not advertised",
        next=f"show route {prefix} detail (on {owner})",
    )
