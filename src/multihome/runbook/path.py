"""The way of packets between two routers, asked by traceroute and put in the routers' names."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.check.result import Verdict
from multihome.errors import DeviceError, UnknownName
from multihome.intent.expectation import Path, Ping
from multihome.intent.places import OUTSIDE, segments
from multihome.report.model import TracedPath
from multihome.state.query import Evidence
from multihome.state.traceroute import traceroute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from ipaddress import IPv4Address

    from multihome.check.engine import Outcome
    from multihome.check.result import CheckResult
    from multihome.fleet.fleet import Fleet
    from multihome.intent.model import Intent, Vpn
    from multihome.intent.statement import Expectation
    from multihome.runbook.workspace import Workspace
    from multihome.state.reply import Address
    from multihome.state.traceroute import Route


def loopback(workspace: Workspace, router: str) -> IPv4Address:
    """The address by which the intent knows a router; raises UnknownName."""
    if router not in workspace.intent.routers:
        raise UnknownName("router", router, workspace.intent.routers)
    return workspace.intent.routers[router].loopback.address.ip


def trace(
    workspace: Workspace, fleet: Fleet, source: str, target: str, *, state: str = "now"
) -> TracedPath:
    """The hops from one router's loopback to another's, as they are at this moment.

    Raises:
        UnknownName: no such router.
        DeviceError: it cannot be asked, or its answer cannot be read.
    """
    if source not in workspace.targets:
        raise UnknownName("router", source, workspace.targets)
    query = traceroute(loopback(workspace, target), source=loopback(workspace, source))
    replies = fleet.collect({source: [query.request]})
    return _traced(workspace, Evidence(replies).table(source, query), source, target, state)


def seen(
    workspace: Workspace,
    checks: Sequence[Expectation],
    outcome: Outcome,
    state: str,
    site: str | None = None,
) -> tuple[TracedPath, ...]:
    """The ways between a site's customer and a far site that were asked for anyway, both ways.

    Of `site`, or of every multihomed site, and of each that is cut off from a far site: then
    the far site is one that it is cut off from.
    """
    bad = frozenset(_cut_off(checks, outcome.result.results))
    found: list[TracedPath] = []
    for name, inside, far in _customers(workspace):
        pairs = [(inside, other) for other in far]
        cut = [
            (here, there)
            for here, there in pairs
            if bad & {(here, loopback(workspace, there)), (there, loopback(workspace, here))}
        ]
        if cut or site in (None, name):
            (here, there), *_ = cut or pairs
            for source, target in ((here, there), (there, here)):
                found.extend(_asked(workspace, outcome.evidence, source, target, state))
    return tuple(found)


def _cut_off(
    checks: Sequence[Expectation], results: Sequence[CheckResult]
) -> Iterator[tuple[str, Address]]:
    """The pairs of routers that fail the reachability required of them."""
    for each, result in zip(checks, results, strict=True):
        if isinstance(each, Path | Ping) and result.verdict is not Verdict.PASS:
            yield each.router, each.target


def _asked(
    workspace: Workspace, evidence: Evidence, source: str, target: str, state: str
) -> Iterator[TracedPath]:
    query = traceroute(loopback(workspace, target), source=loopback(workspace, source))
    with suppress(DeviceError):
        if (source, query.request) in evidence:
            route = evidence.table(source, query)
            yield _traced(workspace, route, source, target, state)


def _traced(workspace: Workspace, route: Route, source: str, target: str, state: str) -> TracedPath:
    hops = tuple(str(hop) for hop in route.hops) or (f"no way: {route.failure}",)
    if not route.reached:
        hops = (*hops, "(target not reached)")
    return TracedPath(state, source, target, hops, named(workspace.intent, source, hops))


def named(intent: Intent, source: str, hops: tuple[str, ...]) -> tuple[str, ...]:
    """The routers that the hops belong to, the source first; each router once in a row."""
    known = owners(intent)
    names = [source]
    for hop in hops:
        name = known.get(hop, hop)
        if name != names[-1]:
            names.append(name)
    return tuple(names)


def owners(intent: Intent) -> dict[str, str]:
    """The router of each address that the intent names."""
    found = {
        str(place.address.ip): place.router
        for segment in segments(intent)
        for place in segment.places
        if place.router
    }
    found |= {str(router.loopback.address.ip): name for name, router in intent.routers.items()}
    return found


def joined(intent: Intent, one: str, other: str, without: Collection[str] = ()) -> bool:
    """Whether two routers are on one link, or a way over links outside of any VPN joins them.

    It avoids the routers in `without`.
    """
    known = [(each.scope, {place.router for place in each.places}) for each in segments(intent)]
    if any({one, other} <= there for _, there in known):
        return True
    links = [there for scope, there in known if scope == OUTSIDE and not there & set(without)]
    found, before = {one}, set[str]()
    while found != before:
        before = set(found)
        found = found.union(*(there for there in links if there & found))
    return other in found


def site_endpoints(workspace: Workspace, site: str | None = None) -> tuple[str, str] | None:
    """The customer's router of a multihomed site, and a router beyond the VPN to reach from it.

    None if the intent has no such pair: a customer's router is often not ours to ask.
    """
    for name, inside, far in _customers(workspace):
        if site in (None, name):
            return inside, far[0]
    return None


def _customers(workspace: Workspace) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every multihomed site with its customer's router and the far routers, if it has them."""
    for vpn in workspace.intent.vpns.values():
        for name, site in vpn.multihomed.items():
            far = tuple(_beyond(vpn, name))
            if site.customer.router is not None and far:
                yield name, site.customer.router, far


def _beyond(vpn: Vpn, site: str) -> Iterator[str]:
    """Routers at the other sites of the VPN whose loopbacks can be reached."""
    for single in vpn.single_homed.values():
        yield single.cpe.router
    for name, multihomed in vpn.multihomed.items():
        if name != site and multihomed.customer.router is not None:
            yield multihomed.customer.router
