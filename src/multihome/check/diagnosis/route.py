"""Why a route is not what it must be.

In this order: the expected path is there but lost the selection, and at which step; it is
hidden, and why; its session is down; the neighbour did not advertise it, and why not there;
it came with another attribute already, or import policy changed it.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from multihome.check.diagnosis.attribute_origin import SENT_BY_NEIGHBORS, Got, sent_so, shown
from multihome.check.diagnosis.link import why_link
from multihome.check.diagnosis.misconfiguration import why_table
from multihome.check.diagnosis.missing import Missing, how, why_missing
from multihome.check.inquiry import Explanation, Place
from multihome.check.pathmatch import agrees, attributes, fits
from multihome.state import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.check.inquiry import Inquiry
    from multihome.intent.expectation import RouteExpectation
    from multihome.intent.expectation import (
        RoutePath as Expected,
    )
    from multihome.state.path import RoutePath
    from multihome.state.reply import Address


def why_route(expected: RouteExpectation, inquiry: Inquiry) -> Explanation | None:
    """The reason why a prefix has not the paths that it must have."""
    tables = inquiry.table(expected.router, route.table(expected.table))
    table = tables.get(expected.table) if tables else None
    if table is None and (gone := why_table(expected.router, expected.table, inquiry)):
        return gone
    if table is None:
        missing_table = f"{expected.router} has no table {expected.table}"
        return Explanation(missing_table, missing_table, "show route summary")
    paths = [path for entry in table.within(expected.prefix) for path in entry.paths]
    missing = [wanted for wanted in _wanted(expected) if not _is_there(expected, wanted, paths)]
    if expected.active in missing and (local := _local(expected, paths)):
        return local
    # A path with another attribute explains more than a missing path.
    for explain in (_differs, _why_not):
        for wanted in missing:
            if found := explain(expected, wanted, paths, inquiry):
                return found
    return _unexpected(expected, paths, inquiry) or _emptied(expected, table)


def _emptied(expected: RouteExpectation, table: route.RouteTable) -> Explanation | None:
    """The router lost every route of the table: that one is absent then proves nothing."""
    if table.destinations:
        return None
    return Explanation(
        f"{expected.router} has no route at all in {expected.table}",
        cause=f"{expected.router}: {expected.table} is empty",
        next=f"show route table {expected.table}",
    )


def _is_there(expected: RouteExpectation, wanted: Expected, paths: Sequence[RoutePath]) -> bool:
    """Whether a path is there as it must be; the one to be used must be in use."""
    in_use = wanted is expected.active
    return any(fits(wanted, path) and (path.active or not in_use) for path in paths)


def _local(expected: RouteExpectation, paths: Sequence[RoutePath]) -> Explanation | None:
    """The router itself has an unexpected route that is preferred to what it learns."""
    wanted = expected.active
    winner = next((path for path in paths if path.active and path.learned_from is None), None)
    if winner is None or wanted is None or wanted.protocol in (None, winner.protocol):
        return None
    loser = next((path for path in paths if not path.active and fits(wanted, path)), None)
    lost = f"; the expected path is there, but lost {how(winner, loser)}" if loser else ""
    return Explanation(
        f"{expected.router} has a route of its own: {winner.protocol}{lost}",
        cause=f"{winner.protocol} route to {expected.prefix} on {expected.router}",
        next=f"show route table {expected.table} {expected.prefix} detail",
    )


def _differs(
    expected: RouteExpectation, wanted: Expected, paths: Sequence[RoutePath], inquiry: Inquiry
) -> Explanation | None:
    """The path comes from where it must, but it is not as it must be."""
    source = _source(wanted)
    if wanted.protocol not in (None, "BGP") or source is None:
        return None
    same = next((path for path in paths if path.learned_from == source and not path.hidden), None)
    return _changed(expected, wanted, same, inquiry) if same else None


def _unexpected(
    expected: RouteExpectation, paths: Sequence[RoutePath], inquiry: Inquiry
) -> Explanation | None:
    """That a neighbour sends a path that there should not be at all."""
    complete = expected.alternatives is not None or expected.count is not None
    sources = {_source(wanted) for wanted in _wanted(expected)}
    for path in paths if complete or expected.absent else ():
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
        certain=True,
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
    source = winner.learned_from
    sender = inquiry.owner(source) if source else None
    return Explanation(
        f"the expected path is there, but lost {how(winner, loser)}",
        cause=f"what {sender or source} advertises",
        blames=(Place(sender, expected.prefix),) if sender else (),
    )


def _changed(
    expected: RouteExpectation, wanted: Expected, path: RoutePath, inquiry: Inquiry
) -> Explanation | None:
    """The path comes from where it must, but with another attribute: who set it?"""
    source, names = path.learned_from, differing(wanted, path)
    if source is None or not names:
        return None
    if names[0] == "next_hop" and wanted.protocol_next_hop in path.protocol_next_hops:
        return _other_way(expected, path)
    tables = inquiry.table(expected.router, route.received(source))
    received = tables.get(expected.table) if tables else None
    entry = received.get(expected.prefix) if received else None
    if entry is None:
        return None
    place = (expected.router, expected.table, expected.prefix)
    got = Got(*place, names[0], wanted.asserted[names[0]], source)
    if names[0] == "next_hop" or shown(entry.paths[0], names[0]) == shown(path, names[0]):
        return sent_so(got, entry.paths[0], inquiry)
    who = inquiry.named(source)
    return Explanation(
        f"{who} sends it with {got.word} {shown(entry.paths[0], names[0])}; import policy makes it "
        f"{shown(path, names[0])}",
        cause=f"import policy of {expected.router} for {who}",
        next=f"show bgp neighbor {source} | match Import",
        certain=True,
    )


def _other_way(expected: RouteExpectation, path: RoutePath) -> Explanation:
    """The path is as it must be; the core leads to its end by another link."""
    edge, router = path.protocol_next_hops[0], expected.router
    return Explanation(
        f"the way through the core to {edge} leaves by another link than it should",
        cause=f"way from {router} to {edge}",
        next=f"show route {edge}",
        blames=tuple(Place(router, edge, table) for table in ("inet.0", "inet.3")),
    )


def differing(wanted: Expected, path: RoutePath) -> list[str]:
    """Attributes from a neighbour that differ from the expected ones."""
    actual = attributes(path)
    return [
        name
        for name in SENT_BY_NEIGHBORS
        if name in wanted.asserted and not agrees(name, wanted.asserted[name], actual[name])
    ]
