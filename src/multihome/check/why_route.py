"""Why a route is not what it must be.

In this order: the expected path is there but lost the selection, and at which step; it is
hidden, and why; its session is down; the neighbour did not advertise it, and why not there;
it came with another attribute already, or import policy changed it.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from multihome.check.inquiry import Explanation, Place
from multihome.check.pathmatch import agrees, attributes, fits
from multihome.check.why_link import why_link
from multihome.check.why_missing import Missing, how, why_missing
from multihome.check.why_sent import TOLD_BY_NEIGHBORS, Got, sent_so, told
from multihome.check.why_session import why_session
from multihome.intent.expectation import ReceivedRoutes
from multihome.state import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.check.inquiry import Inquiry
    from multihome.intent.expectation import AdvertisedRoutes, RouteExpectation
    from multihome.intent.expectation import (
        RoutePath as Expected,
    )
    from multihome.state.path import RoutePath
    from multihome.state.reply import Address


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
    return _unexpected(expected, paths, inquiry)


def _unexpected(
    expected: RouteExpectation, paths: Sequence[RoutePath], inquiry: Inquiry
) -> Explanation | None:
    """That a neighbour sends a path that there should not be at all."""
    sources = {_source(wanted) for wanted in _wanted(expected)}
    for path in paths:
        source = path.learned_from
        if source is None or source in sources:
            continue
        sender = inquiry.owner(source) or str(source)
        return Explanation(
            f"{inquiry.named(source)} sends a path that is not expected from there",
            cause=f"what {sender} advertises",
            next=f"show route receive-protocol bgp {source} {expected.prefix} detail",
            blames=(Place(sender, expected.prefix),),
        )
    return None


def why_exchange(
    expected: ReceivedRoutes | AdvertisedRoutes, inquiry: Inquiry
) -> Explanation | None:
    """No session, or an attribute that the neighbour sends."""
    if down := why_session(expected.router, expected.peer, inquiry):
        return down
    if expected.each is None:
        return None
    received = isinstance(expected, ReceivedRoutes)
    query = route.received(expected.peer) if received else route.advertised(expected.peer)
    tables = inquiry.table(expected.router, query)
    table = tables.get(expected.table) if tables else None
    for entry in table.entries.values() if table else ():
        names = _differing(expected.each, entry.paths[0])
        if names and entry.prefix:
            place = (expected.router, expected.table, entry.prefix)
            got = Got(*place, names[0], expected.each.asserted[names[0]], expected.peer)
            return sent_so(got, entry.paths[0], inquiry) if received else _sends(got)
    return None


def _sends(got: Got) -> Explanation:
    """The router under test is the sender itself."""
    return Explanation(
        f"{got.router} sends {got.prefix} so",
        cause=f"{got.word} sent by {got.router}",
        next=f"show route advertising-protocol bgp {got.source} {got.prefix} detail",
    )


def _wanted(expected: RouteExpectation) -> Sequence[Expected]:
    active = (expected.active,) if expected.active else ()
    return (*active, *(expected.alternatives or ()), *(expected.includes or ()))


def _why_not(
    expected: RouteExpectation, wanted: Expected, paths: Sequence[RoutePath], inquiry: Inquiry
) -> Explanation | None:
    if wanted is expected.active and (lost := _lost(expected, wanted, paths, inquiry)):
        return lost
    if wanted.protocol not in (None, "BGP"):
        return _by_link(expected, wanted, inquiry)
    source = _source(wanted)
    if source is None:
        return None
    same = next((path for path in paths if path.learned_from == source and not path.hidden), None)
    if same is not None:
        return _changed(expected, wanted, same, inquiry)
    place = (expected.router, expected.table, expected.prefix)
    edge = wanted.protocol_next_hop
    known = edge if isinstance(edge, IPv4Address | IPv6Address) else None
    return why_missing(Missing(*place, source, known), inquiry)


def _by_link(expected: RouteExpectation, wanted: Expected, inquiry: Inquiry) -> Explanation | None:
    """That the link is dead which a path of no BGP neighbour leaves by, or it is not configured."""
    router, by = expected.router, wanted.interface
    if isinstance(by, str) and (dead := why_link(router, by, inquiry)):
        return dead
    if wanted.protocol != "Static":
        return None
    return Explanation(
        "no such static route is in use: it is not configured, or its next hop cannot be reached",
        cause=f"{router} has no static route to {expected.prefix}",
        next=f"show route table {expected.table} {expected.prefix} protocol static extensive",
    )


def _source(wanted: Expected) -> Address | None:
    """The neighbour that the path must come from, if it says so exactly."""
    for address in (wanted.learned_from, wanted.next_hop):
        if isinstance(address, IPv4Address | IPv6Address):
            return address
    return None


def _lost(
    expected: RouteExpectation, wanted: Expected, paths: Sequence[RoutePath], inquiry: Inquiry
) -> Explanation | None:
    """The expected path is there, but another one is in use: whose, and why is it better?"""
    winner = next((path for path in paths if path.active), None)
    loser = next((path for path in paths if not path.active and fits(wanted, path)), None)
    if winner is None or loser is None:
        return None
    told = f"the expected path is there, but lost {how(winner, loser)}"
    source = winner.learned_from
    if source is None:
        cause = f"{winner.protocol} route to {expected.prefix} on {expected.router}"
        return Explanation(told, cause)
    rivals = (each for each in expected.alternatives or () if _source(each) == source)
    for each in rivals:
        if changed := _changed(expected, each, winner, inquiry):
            return replace(changed, why=f"{told}; {changed.why}")
    sender = inquiry.owner(source) or str(source)
    return Explanation(told, f"what {sender} advertises", blames=(Place(sender, expected.prefix),))


def _changed(
    expected: RouteExpectation, wanted: Expected, path: RoutePath, inquiry: Inquiry
) -> Explanation | None:
    """The path comes from where it must, but with another attribute: who set it?"""
    source, names = path.learned_from, _differing(wanted, path)
    if source is None or not names:
        return None
    tables = inquiry.table(expected.router, route.received(source))
    received = tables.get(expected.table) if tables else None
    entry = received.get(expected.prefix) if received else None
    if entry is None:
        return None
    place = (expected.router, expected.table, expected.prefix)
    got = Got(*place, names[0], wanted.asserted[names[0]], source)
    if names[0] == "next_hop" or told(entry.paths[0], names[0]) == told(path, names[0]):
        return sent_so(got, entry.paths[0], inquiry)
    who = inquiry.named(source)
    return Explanation(
        f"{who} sends it with {got.word} {told(entry.paths[0], names[0])}; import policy makes it "
        f"{told(path, names[0])}",
        cause=f"import policy of {expected.router} for {who}",
        next=f"show bgp neighbor {source} | match Import",
    )


def _differing(wanted: Expected, path: RoutePath) -> list[str]:
    """Attributes that a neighbour tells, and that are not as they must be."""
    actual = attributes(path)
    return [
        name
        for name in TOLD_BY_NEIGHBORS
        if name in wanted.asserted and not agrees(name, wanted.asserted[name], actual[name])
    ]
