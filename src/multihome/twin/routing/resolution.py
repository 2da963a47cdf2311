"""Next hops that are not neighbours: looked up in the tables, and again when those change.

A BGP or `resolve` route names an address; which way that lies is another route's business.
The resolver holds such routes, keeps the answer to each question once for all routes that
ask it, and writes the routes to their tables anew when the answer changes, so that the
selection runs again with the new IGP metric.

Source: RFC 4271 section 5.1.3 and 9.1.2.1; Junos OS: inet.3 and inet.0 are both asked for
inet routes, inet.3 alone for VPN routes, and the lower preference wins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address, Prefix, mask
from multihome.twin.routing.host import Process
from multihome.twin.routing.route import NextHop, NextHopKind, Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.twin.routing.host import Host

UNUSABLE = "unusable path"
_DEPTH = 16
"""No next hop is looked up through so many BGP routes, one on top of the other."""
_ON_INTERFACES = {NextHopKind.INTERFACE, NextHopKind.LOCAL}
_DEAD_ENDS = {NextHopKind.LOCAL, NextHopKind.RECEIVE, NextHopKind.TABLE, NextHopKind.UNUSABLE}


class Question(NamedTuple):
    """Which way to an address, in these tables."""

    tables: tuple[str, ...]
    address: Address
    connected: bool = False
    """Only a subnet of this router's own will do (single-hop external BGP)."""
    label: int | None = None
    """The label to push first, below those of the tunnel."""
    inside: Prefix | None = None
    """The prefix of the route that asks, if its next hop is in there: no BGP route of that
    very prefix is not used: the route that asks would resolve through the one it replaces."""


class Answer(NamedTuple):
    """The way, and how far it is."""

    metric: int
    kind: NextHopKind
    next_hops: tuple[NextHop, ...]


class RouteKey(NamedTuple):
    """One route of one table."""

    table: str
    prefix: Prefix
    protocol: Protocol
    source: str
    rd: str | None


class Resolver(Process):
    """Every route of one router whose next hop has to be looked up."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._held: dict[RouteKey, Question] = {}
        self._askers: dict[Question, dict[RouteKey, None]] = {}
        self._answers: dict[Question, Answer | None] = {}
        self._followed: set[str] = set()
        self._changed: dict[str, set[Prefix]] = {}

    # --- routes ------------------------------------------------------------------

    def put(self, table: str, route: Route, question: Question) -> None:
        """Hold a route and write it to its table with the answer, now and at each change."""
        key = RouteKey(table, route.prefix, route.protocol, route.source, route.rd)
        before = self._held.get(key)
        if before != question:
            if before is not None:
                self._forget(key, before)
            self._held[key] = question
            self._askers.setdefault(question, {})[key] = None
            if question not in self._answers:
                self._answers[question] = self._ask(question)
        self._host.rib(table).put(resolved(route, self._answers[question]))

    def withdraw(
        self, table: str, prefix: Prefix, protocol: Protocol, source: str, rd: str | None = None
    ) -> None:
        """Take a route out of its table and forget it; harmless if it is not held."""
        key = RouteKey(table, prefix, protocol, source, rd)
        held = self._held.pop(key, None)
        if held is not None:
            self._forget(key, held)
            self._host.rib(table).withdraw(prefix, protocol, source, rd)

    def answer(self, question: Question) -> Answer | None:
        """What the tables say now; not remembered."""
        return self._look_up(question)

    def _forget(self, key: RouteKey, question: Question) -> None:
        askers = self._askers[question]
        del askers[key]
        if not askers:
            del self._askers[question], self._answers[question]

    # --- a process of the router ---------------------------------------------------

    def flush(self) -> bool:
        """Ask again what changed tables may answer differently."""
        changed, self._changed = self._changed, {}
        if not changed:
            return False
        masks = {
            table: {length: mask(length) for length in {prefix.length for prefix in prefixes}}
            for table, prefixes in changed.items()
        }
        for question in [*self._answers]:
            if any(
                _touched(question.address, changed[table], masks[table])
                for table in question.tables
                if table in changed
            ):
                self._reconsider(question)
        return True

    def _reconsider(self, question: Question) -> None:
        answer = self._look_up(question)
        if answer == self._answers.get(question):
            return
        self._answers[question] = answer
        for key in self._askers[question]:
            rib = self._host.rib(key.table)
            for route in rib.routes(key.prefix, key.rd):
                if route.source == key.source and route.protocol is key.protocol:
                    rib.put(resolved(route, answer))

    # --- looking up ----------------------------------------------------------------

    def _ask(self, question: Question) -> Answer | None:
        for table in question.tables:
            if table not in self._followed:
                self._followed.add(table)
                self._host.rib(table).subscribe(self._follower(table))
        return self._look_up(question)

    def _follower(
        self, table: str
    ) -> Callable[[Prefix, Route | None, Route | None, str | None], None]:
        return lambda prefix, _old, _new, _rd: self._changed_in(table, prefix)

    def _changed_in(self, table: str, prefix: Prefix) -> None:
        self._changed.setdefault(table, set()).add(prefix)

    def _look_up(self, question: Question) -> Answer | None:
        found = [
            (-route.prefix.length, route.preference, place, route)
            for place, table in enumerate(question.tables)
            if (route := next(self._usable(table, question), None)) is not None
        ]
        if not found:
            return None
        return _follow(min(found, key=lambda candidate: candidate[:3])[3], question)

    def _usable(self, table: str, question: Question) -> Iterator[Route]:
        """Matches, the longest first, but for routes that stand on the very route that asks."""
        for route in self._host.rib(table).matches(question.address):
            if question.connected and route.kind not in _ON_INTERFACES:
                continue
            stands_on = _asked_for(route)
            if stands_on is not None and (
                route.prefix == question.inside or self._comes_back(table, route, question.address)
            ):
                continue
            yield route

    def _comes_back(self, table: str, route: Route, address: Address) -> bool:
        """Whether following a route's next hops ends at the address asked about."""
        for _ in range(_DEPTH):
            stands_on = _asked_for(route)
            if stands_on is None:
                return False
            if stands_on == address:
                return True
            following = self._host.rib(table).lookup(stands_on)
            if following is None:
                return False
            route = following
        return True


def _asked_for(route: Route) -> Address | None:
    """The next hop that was looked up for a route: of BGP, or static with `resolve`."""
    if route.bgp is not None:
        return route.bgp.next_hop
    if route.protocol is Protocol.STATIC and route.kind is NextHopKind.INDIRECT:
        return Address.parse(route.source)
    return None


def resolved(route: Route, answer: Answer | None) -> Route:
    """The route with its way filled in, or hidden for the want of one."""
    if answer is None:
        return route._replace(
            metric2=None,
            kind=NextHopKind.UNUSABLE,
            next_hops=(),
            hidden=route.hidden or UNUSABLE,
        )
    metric, kind, next_hops = answer
    hidden = None if route.hidden == UNUSABLE else route.hidden
    return route._replace(metric2=metric, kind=kind, next_hops=next_hops, hidden=hidden)


def _follow(route: Route, question: Question) -> Answer | None:
    if route.kind in _DEAD_ENDS:
        return None
    if route.kind is NextHopKind.INTERFACE:
        return _on_link(route, question)
    if route.kind in (NextHopKind.DISCARD, NextHopKind.REJECT):
        return Answer(_metric(route), route.kind, ())
    hops = route.next_hops
    if question.label is not None:
        hops = tuple(replace(hop, labels=(question.label, *hop.labels)) for hop in hops)
    return Answer(_metric(route), NextHopKind.INDIRECT, hops)


def _on_link(route: Route, question: Question) -> Answer | None:
    """A neighbour on one of our subnets; a /32 and the subnet's own address are none."""
    prefix, address = route.prefix, question.address
    if prefix.length == 32 or (prefix.length < 31 and prefix.network == address):
        return None
    labels = () if question.label is None else (question.label,)
    hops = tuple(NextHop(address, hop.via, labels) for hop in route.next_hops)
    return Answer(0, NextHopKind.ROUTER if question.connected else NextHopKind.INDIRECT, hops)


def _metric(route: Route) -> int:
    return route.metric or route.metric2 or 0


def _touched(address: Address, prefixes: set[Prefix], masks: dict[int, int]) -> bool:
    return any(
        # A plain tuple equals the named one and hashes alike, and is cheaper to make.
        (address & bits, length) in prefixes
        for length, bits in masks.items()
    )
