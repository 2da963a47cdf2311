"""Why a neighbour sends, or is sent, other routes than it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.diagnosis.attribute_origin import Got, sent_so, what_is_wrong
from multihome.check.diagnosis.missing import Missing, no_route, why_missing
from multihome.check.diagnosis.route import differing
from multihome.check.diagnosis.session import why_session
from multihome.check.inquiry import Explanation, Place
from multihome.intent.expectation import ReceivedRoutes
from multihome.state import route

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from multihome.check.inquiry import Inquiry
    from multihome.intent.expectation import AdvertisedRoutes
    from multihome.state.reply import Prefix


def why_exchange(
    expected: ReceivedRoutes | AdvertisedRoutes, inquiry: Inquiry
) -> Explanation | None:
    """No session, or an attribute that the neighbour sends."""
    if down := why_session(expected.router, expected.peer, inquiry):
        return down
    received = isinstance(expected, ReceivedRoutes)
    query = route.received(expected.peer) if received else route.advertised(expected.peer)
    tables = inquiry.table(expected.router, query)
    table = tables.get(expected.table) if tables else None
    entries = [entry for entry in table.entries.values() if entry.prefix] if table else []
    if found := _other_prefixes(expected, {entry.prefix for entry in entries}, inquiry):
        return found
    each = expected.each
    for entry in entries if each else ():
        names = differing(each, entry.paths[0]) if each else []
        if each and names and entry.prefix:
            place = (expected.router, expected.table, entry.prefix)
            got = Got(*place, names[0], each.asserted[names[0]], expected.peer)
            return sent_so(got, entry.paths[0], inquiry) if received else _sends(got)
    return None


def _other_prefixes(
    expected: ReceivedRoutes | AdvertisedRoutes,
    found: AbstractSet[Prefix | None],
    inquiry: Inquiry,
) -> Explanation | None:
    """A prefix that is sent and must not be, or must be and is not."""
    exact = expected.prefixes
    wanted = (exact or frozenset()) | (expected.includes or frozenset())
    surplus = found - exact if exact is not None else found & (expected.excludes or frozenset())
    wrong = next(iter(sorted(surplus, key=str)), None) or next(
        iter(sorted(wanted - found, key=str)), None
    )
    if wrong is None:
        return None
    sender = expected.router
    if isinstance(expected, ReceivedRoutes):
        if wrong not in found:
            place = (expected.router, expected.table, wrong)
            return why_missing(Missing(*place, expected.peer), inquiry)
        sender = inquiry.owner(expected.peer) or str(expected.peer)
    elif wrong not in found and not _has_route(expected, wrong, inquiry):
        return no_route(sender, f"{sender} has no route to {wrong} itself", wrong)
    return Explanation(
        f"{sender} {'sends' if wrong in found else 'does not send'} {wrong}",
        cause=f"what {sender} advertises",
        blames=(Place(sender, wrong),),
    )


def _has_route(expected: AdvertisedRoutes, prefix: Prefix, inquiry: Inquiry) -> bool:
    """Whether the router has the prefix itself."""
    tables = inquiry.table(expected.router, route.table(expected.table))
    table = tables.get(expected.table) if tables else None
    entry = table.get(prefix) if table else None
    return entry is not None and entry.active is not None


def _sends(got: Got) -> Explanation:
    """The router under test is the sender itself."""
    return Explanation(
        f"{got.router} sends {got.prefix} so",
        cause=what_is_wrong(got, got.router),
        next=f"show route advertising-protocol bgp {got.source} {got.prefix} detail",
    )
