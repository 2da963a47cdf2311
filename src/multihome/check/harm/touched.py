"""What a change touches: which checks that were red before it count against it all the same.

The rule, for a check that was red before the change:

1. A check of one object (interface, VRRP group, session, adjacency, configuration) is touched
   if a changed statement of its router, or of the router at the other end, is about that
   object: it names the interface, the neighbor or the group that the object is in, or it is
   above all of them (`protocols isis level 2 ...`). A statement that names another neighbor,
   interface or group is not about it.
2. A check of a way (route, ping, path, routes of a neighbor) is touched if a changed statement
   is about a party of the check: the site that owns the prefix, the target or the router; or
   if a changed statement of the core belongs to no site, since ways lead through all of it.
3. A touched check does not count while something else keeps it red: another party of it, which
   the change does not touch, is red by itself; or its cause is that of a check that was red
   before and is not touched; or only the hops through the core differ, and no statement about
   them was changed.

A check that held before always counts. What cannot be decided counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from itertools import pairwise
from typing import TYPE_CHECKING

from multihome.check.harm.names import Party, names
from multihome.intent.expectation import (
    AdvertisedRoutes,
    Bfd,
    BgpSession,
    ConfigStatement,
    Interface,
    IsisAdjacency,
    LdpSession,
    OspfNeighbor,
    Path,
    Ping,
    ReceivedRoutes,
    RouteExpectation,
    RpcXPath,
    Vrrp,
)
from multihome.intent.wiring_plan import chart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from multihome.change.statements import Statement
    from multihome.check.harm.names import Address, Names
    from multihome.intent.model import Intent
    from multihome.intent.statement import Expectation
    from multihome.intent.wiring_plan import IntendedWiring

_IGP = frozenset({"isis", "ospf", "ospf3", "ldp", "rsvp", "mpls"})
_ROUTING = frozenset({"autonomous-system", "router-id", "confederation", "graceful-restart"})
_INERT = frozenset(
    {"system", "snmp", "chassis", "access", "security", "apply-macro", "event-options"}
)
"""Stanzas without a statement that could move a route."""
_SELECTORS = ("neighbor", "interface", "session", "group")
_WORDS = re.compile(r"[\w.:/-]+")


@dataclass(frozen=True)
class Touched:
    """What the statements of a change are about, by the intent that they serve."""

    intent: Intent
    statements: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)

    def check(self, expected: Expectation) -> bool:
        """Whether the change touches what a check is about, by rules 1 and 2."""
        if (object_touched := self._object(expected)) is not None:
            return object_touched
        return self.passes_core or bool(self.parties(expected) & self.sites)

    def _object(self, expected: Expectation) -> bool | None:  # noqa: PLR0911 - one for each kind
        """Rule 1; None: the check is about a way, and not about one object."""
        match expected:
            case Interface() | Vrrp():
                return self.interface(expected.router, expected.interface)
            case BgpSession():
                return self.session(
                    expected.router, expected.peer, str(expected.group) if expected.group else ""
                )
            case IsisAdjacency():
                return self.adjacency(expected.router, expected.interface, {"isis"})
            case OspfNeighbor():
                return self.adjacency(expected.router, expected.interface, {"ospf", "ospf3"})
            case LdpSession():
                return self.label_session(expected.router, expected.neighbor)
            case Bfd():
                return self.liveness(expected.router, expected.neighbor, expected.interface)
            case ConfigStatement() | RpcXPath():
                return self._mentions(expected)
        return None

    def parties(self, expected: Expectation) -> frozenset[Party]:
        """The routers a check is about: its own, and those of what it asks for."""
        known = self._names
        found = {known.routers.get(expected.router, Party("", expected.router))}
        other: Party | None = None
        match expected:
            case RouteExpectation():
                other = known.of_network(expected.prefix)
            case Ping() | Path():
                other = known.of_address(expected.target)
            case ReceivedRoutes() | AdvertisedRoutes() | BgpSession():
                other = known.of_address(expected.peer)
            case LdpSession() | Bfd() | OspfNeighbor():
                other = known.of_address(expected.neighbor)
            case Interface() | Vrrp():
                other = known.interfaces.get((expected.router, expected.interface))
            case IsisAdjacency():
                across = self._chart.opposite.get((expected.router, expected.interface), ())
                found.update(self._party(router) for router, _ in across)
        return frozenset({*found, *([other] if other else [])})

    @cached_property
    def changed(self) -> frozenset[Party]:
        """The parties that changed statements are about: sites, and routers of no site."""
        routers = (self._party(router) for router, some in self.statements.items() if some)
        return self.sites | {party for party in routers if not party.site}

    @cached_property
    def sites(self) -> frozenset[Party]:
        """The sites that changed statements are about."""
        return frozenset(party for party in self._attributed if party is not None and party.site)

    @cached_property
    def passes_core(self) -> bool:
        """Whether a statement of a router that no site owns is about no site: all ways may move."""
        return any(party is None or not party.site for party in self._attributed)

    @cached_property
    def moves_hops(self) -> bool:
        """Whether a statement decides which way packets take through the core."""
        return any(
            not self._party(each.router).site
            and (_IGP & set(each.words[:4]) or self._core_link(each))
            for some in self.statements.values()
            for each in some
        )

    # --- objects -----------------------------------------------------------------

    def interface(self, router: str, name: str) -> bool:
        """Whether a statement is about an interface, of either end of its link."""
        ends = ((router, name), *self._chart.opposite.get((router, name), ()))
        return any(_of_interface(each, port) for at, port in ends for each in self._of(at))

    def session(self, router: str, peer: Address, group: str = "") -> bool:
        """Whether a statement is about a BGP session, at either end, or the link it runs on.

        Of a group that is not known, a statement about any group may be about it.
        """
        other = self._chart.owners.get(peer)
        return (
            any(_of_bgp(each, {str(peer)}, group) for each in self._of(router))
            or (
                other is not None
                and any(_of_bgp(each, self._addresses(router), "") for each in self._of(other))
            )
            or any(self.interface(*end) for end in self._links(router, peer))
        )

    def adjacency(self, router: str, name: str, protocols: Collection[str]) -> bool:
        """Whether a statement is about an IGP's adjacency on an interface, at either end."""
        ends = ((router, name), *self._chart.opposite.get((router, name), ()))
        return self.interface(router, name) or any(
            _of_protocol(each, protocols, {port}) for at, port in ends for each in self._of(at)
        )

    def label_session(self, router: str, neighbor: Address) -> bool:
        """Whether a statement is about an LDP session, at either end, or a link between them."""
        other = self._chart.owners.get(neighbor)
        near = {port for at, port in self._between(router, other) if at == router}
        far = {port for at, port in self._between(router, other) if at == other}
        here = {str(neighbor), *near}
        there = {*self._addresses(router), *far}
        return (
            any(_of_protocol(each, {"ldp"}, here) for each in self._of(router))
            or any(_of_protocol(each, {"ldp"}, there) for each in self._of(other or ""))
            or any(self.adjacency(router, port, {"isis", "ospf"}) for port in near)
        )

    def liveness(self, router: str, neighbor: Address, name: str | None) -> bool:
        """Whether a statement is about a BFD session: that of a BGP session or an adjacency."""
        return self.session(router, neighbor) or (
            name is not None and self.adjacency(router, name, {"isis", "ospf", "ospf3"})
        )

    # --- statements --------------------------------------------------------------

    def _mentions(self, expected: ConfigStatement | RpcXPath) -> bool:
        """Whether a statement of the router has a word in common with what is asked for."""
        asked = set(_WORDS.findall(" ".join(map(str, expected.asserted.values()))))
        asked |= set(_WORDS.findall(expected.subject))
        if isinstance(expected, RpcXPath) and not asked:
            return bool(self._of(expected.router))
        return any(asked & set(each.words) for each in self._of(expected.router))

    @cached_property
    def _attributed(self) -> frozenset[Party | None]:
        """The parties of all statements that can move anything; None: of no one in particular."""
        return frozenset(
            self._attribution(each)
            for some in self.statements.values()
            for each in some
            if each.words and each.words[0] not in _INERT
        )

    def _attribution(self, statement: Statement) -> Party | None:
        owner = self._party(statement.router)
        if owner.site:
            return owner
        if (end := _interface_of(statement)) and (statement.router, end) in self._names.interfaces:
            return self._names.interfaces[statement.router, end]
        for word in statement.words:
            party = self._names.interfaces.get((statement.router, word))
            party = party or self._names.of_word(word)
            if party is not None:
                return party
        return None

    def _core_link(self, statement: Statement) -> bool:
        end = _interface_of(statement)
        party = self._names.interfaces.get((statement.router, end)) if end else None
        return party is not None and not party.site

    def _of(self, router: str) -> tuple[Statement, ...]:
        return self.statements.get(router, ())

    def _party(self, router: str) -> Party:
        return self._names.routers.get(router, Party("", router))

    def _addresses(self, router: str) -> set[str]:
        return {str(address) for address, owner in self._chart.owners.items() if owner == router}

    def _links(self, router: str, peer: Address) -> Iterable[tuple[str, str]]:
        """The interface whose subnet a neighbour is in."""
        return [
            end
            for end, wire in self._chart.wires.items()
            if end[0] == router and peer in wire.address.network
        ]

    def _between(self, router: str, other: str | None) -> set[tuple[str, str]]:
        """Both ends of each link between two routers."""
        found = {
            (end, far)
            for end, across in self._chart.opposite.items()
            for far in across
            if end[0] == router and far[0] == other
        }
        return {end for pair in found for end in pair}

    @cached_property
    def _chart(self) -> IntendedWiring:
        return chart(self.intent)

    @cached_property
    def _names(self) -> Names:
        return names(self.intent)


def _interface_of(statement: Statement) -> str:
    """The interface that a statement below `interfaces` configures; empty for any other."""
    words = statement.words
    if words[:1] != ("interfaces",) or len(words) < 2:
        return ""
    return f"{words[1]}.{words[3]}" if words[2:3] == ("unit",) and len(words) > 3 else words[1]


def _of_interface(statement: Statement, name: str) -> bool:
    """Whether a statement configures an interface, the one below it, or its membership."""
    configured = _interface_of(statement)
    if configured:
        physical = configured.partition(".")[0]
        return name in (configured, physical) or configured == name.partition(".")[0]
    words = statement.words
    if words == ("interfaces",):
        return True
    return words[:1] == ("routing-instances",) and words[2:4] == ("interface", name)


def _of_protocol(
    statement: Statement, protocols: Collection[str], named: Collection[str], group: str = ""
) -> bool:
    """Whether a statement of a protocol is about what is called so, or about all of it."""
    words = statement.words
    if words[:1] == ("routing-instances",):
        words = words[2:] or ("protocols",)
    if words == ("protocols",):
        return True  # such as the activation of a parent: whatever is below it
    if words[:1] != ("protocols",) or words[1] not in protocols:
        return False
    for selector, value in pairwise(words[2:]):
        if selector == "group" and group and value != group:
            return False
        if selector in _SELECTORS and selector != "group" and value not in (*named, "all"):
            return False
    return True


def _of_bgp(statement: Statement, named: Collection[str], group: str) -> bool:
    words = statement.words
    if words[:1] == ("routing-instances",):
        words = words[2:]
    if words[:1] == ("routing-options",):
        return words[1:] == () or bool(_ROUTING & set(words[1:2]))
    return _of_protocol(statement, {"bgp"}, named, group)


def address_of(text: str) -> Address | None:
    """An address, or None if the text is none."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None
