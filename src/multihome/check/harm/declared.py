"""Which differences between two snapshots follow from the intent; every other one is harm.

Only the intent as it is now is known, not what it was. What its own difference is, is seen from
both ends: from its checks, those that were red before and hold now, and from the statements
that the change set and deleted. Statements alone declare nothing that is foreign to the intent:
a template may be wrong. A difference is declared if

1. it is about the object of a check that was red before and holds now;
2. it is about an object that a check is about (which therefore must hold), or its other end,
   and a changed statement is about that object (rule 1 of `touched`);
3. it is about an object that a deleted statement names and no check speaks of: what was ours
   left the intent. That is the interface, the session with the neighbor, the static route, and
   the routes that were learned from that neighbor;
4. it is a route to a network of the intent in the scope (the VPN, or outside of all) in which a
   check of a route to that network was red before and holds now; or whose interface, or
   whose static route, is declared by 1 to 3;
5. it is a route learned from a neighbor whose session was down before and is up now by 1, or
   one more alternative from there;
6. it is a route that is resolved over another one, which moved and is declared: it leaves by
   the other's new next hop, and all else that it says is as before;
7. BGP brings it into a table that the router did not have before, of a VPN that the intent
   gives it.

What a router numbers by itself is no difference at all (`state.snapshot.lasting`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_interface, ip_network
from itertools import pairwise
from typing import TYPE_CHECKING

from multihome.check.harm.names import names
from multihome.check.harm.touched import address_of
from multihome.intent.expectation import (
    Bfd,
    BgpSession,
    Interface,
    IsisAdjacency,
    LdpSession,
    OspfNeighbor,
    RouteExpectation,
    Vrrp,
)
from multihome.intent.places import OUTSIDE
from multihome.intent.wiring_plan import chart
from multihome.state.snapshot.compare import Change
from multihome.state.snapshot.row import COLUMNS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from multihome.change.statements import Statement
    from multihome.check.harm.names import Names, Network
    from multihome.check.harm.scope import Scopes
    from multihome.check.harm.touched import Touched
    from multihome.intent.statement import Expectation
    from multihome.intent.wiring_plan import IntendedWiring
    from multihome.state.snapshot.compare import Difference
    from multihome.state.snapshot.row import Row

Object = tuple[str, Kind, str]
"""Router, kind, and the words of a row's key that say which object it is."""
_FREE = frozenset({"next-hop", "interface", "labels"})
"""What a route takes from the one that it is resolved over."""


@dataclass
class Declared:
    """What follows from the intent, seen after the change."""

    touched: Touched
    checks: Sequence[Expectation]
    fulfilled: Collection[int]
    """The numbers of the checks that were red before and hold now."""
    scopes: Scopes
    learned: Mapping[tuple[str, str], frozenset[tuple[str, Network]]] = field(default_factory=dict)
    """Of each router and neighbor that deleted statements name: scopes and prefixes it advertised."""
    outage: bool = False
    """Whether the operator accepts that sessions of the intent go down and come back."""
    midway: bool = False
    """Between two steps of a change, when whatever the intent speaks of may still move."""

    def follows(self, each: Difference) -> bool:
        """Whether a difference is declared, by all rules but 6."""
        if each.kind is Kind.ROUTE:
            return self._route(each)
        if each.kind is Kind.LABEL:
            return self._label(each)
        about = object_of(each.router, each.kind, each.key)
        back = self.outage and each.change is Change.FLAPPED and about in self._known
        return back or self.object(about)

    def object(self, each: Object) -> bool:
        """Rules 1 to 3, of an object or the other end of it."""
        return any(
            end in self._fulfilled
            or (self._speaks_of(end) and (self.midway or self._touches(end)))
            or (end in self._left and not self._speaks_of(end))
            for end in (each, *self._other_ends(each))
        )

    # --- routes ------------------------------------------------------------------

    def _route(self, each: Difference) -> bool:
        about = (each.router, Kind.ROUTE, each.key)
        if about in self._fulfilled or (self.midway and about in self._known):
            return True
        table, _, destination = each.key.partition(" ")
        networks = self.scopes.of(each.router, table, destination)
        return (
            any(each in self._networks for each in networks)
            or self._by_session(each)
            or self._in_new_table(each, table)
        )

    def _by_session(self, each: Difference) -> bool:
        """Rule 5, and what a session took with it that left."""
        if each.change is Change.LOST:
            return self._gone(each.router, _value(each.old, "learned-from"))
        if each.change is Change.GAINED:
            return self._new(each.router, _value(each.new, "learned-from"))
        if _differing(each) == {"alternatives"}:
            tellers = map(_teller, _alternatives(each.old) ^ _alternatives(each.new))
            return all(self._new(each.router, t) or self._gone(each.router, t) for t in tellers)
        return False

    def _new(self, router: str, peer: str) -> bool:
        """Whether a session was not up before, and is as the intent has it."""
        about = (router, Kind.BGP, peer)
        return not self.scopes.up(router, peer) and any(
            end in self._fulfilled for end in (about, *self._other_ends(about))
        )

    def _gone(self, router: str, peer: str) -> bool:
        """Whether a session left the intent."""
        about = (router, Kind.BGP, peer)
        return any(
            end in self._left and not self._speaks_of(end)
            for end in (about, *self._other_ends(about))
        )

    def _in_new_table(self, each: Difference, table: str) -> bool:
        """Rule 7."""
        instance = table.partition(".")[0]
        return (
            each.change is Change.GAINED
            and _value(each.new, "protocol") == "BGP"
            and not self.scopes.had(each.router, table)
            and any(
                each.router == router and wire.instance == instance
                for (router, _), wire in self._chart.wires.items()
            )
        )

    def _label(self, each: Difference) -> bool:
        """A binding follows its session, or the network that it is for."""
        session, _, rest = each.key.partition(" ")
        neighbor = session.partition("--")[2].partition(":")[0]
        network = _network(rest.rpartition(" ")[2])
        return self.object((each.router, Kind.LDP, neighbor)) or (
            network is not None and (OUTSIDE, network) in self._networks
        )

    # --- what the checks are about -----------------------------------------------

    @cached_property
    def _known(self) -> dict[Object, list[int]]:
        found: dict[Object, list[int]] = {}
        for number, check in enumerate(self.checks):
            for about in _objects(check):
                found.setdefault(about, []).append(number)
        return found

    @cached_property
    def _fulfilled(self) -> frozenset[Object]:
        return frozenset(about for n in self.fulfilled for about in _objects(self.checks[n]))

    def _speaks_of(self, each: Object) -> bool:
        """Whether a check is about an object, or the intent gives the router that interface."""
        return each in self._known or (each[1] is Kind.INTERFACE and each in self._interfaces)

    def _touches(self, each: Object) -> bool:
        router, kind, name = each
        if kind is Kind.INTERFACE and self.touched.interface(router, name):
            return True
        return any(self.touched.check(self.checks[n]) for n in self._known.get(each, ()))

    @cached_property
    def _interfaces(self) -> frozenset[Object]:
        """The logical interfaces of the intent, and the physical ones below them."""
        vpns = self.touched.intent.vpns.values()
        units = {(router, name) for vpn in vpns for router, name in vpn.loopbacks.items()}
        return frozenset(
            (router, Kind.INTERFACE, port)
            for router, name in (*self._chart.wires, *units)
            for port in (name, name.partition(".")[0])
        )

    def _other_ends(self, each: Object) -> Iterator[Object]:
        """The same session, adjacency or link as the router across has it."""
        router, kind, name = each
        if kind in (Kind.BGP, Kind.LDP, Kind.BFD) and (peer := address_of(name)) is not None:
            for other in self.scopes.owners(peer):
                for own in self.scopes.addresses(router):
                    yield other, kind, str(own)
            if kind is Kind.BFD:
                yield router, Kind.BGP, name
        across = self._chart.opposite.get((router, name.partition(" ")[0]), ())
        if kind in (Kind.INTERFACE, Kind.ISIS, Kind.OSPF):
            yield from ((other, kind, port) for other, port in across)
        if kind is Kind.VRRP:
            group = name.partition(" ")[2]
            yield from ((other, kind, f"{port} {group}") for other, port in across)

    # --- what left the intent ----------------------------------------------------

    @cached_property
    def _left(self) -> frozenset[Object]:
        return frozenset(left(self._deleted))

    @property
    def _deleted(self) -> Iterator[Statement]:
        return (each for some in self.touched.statements.values() for each in some if each.deleted)

    # --- networks ----------------------------------------------------------------

    @cached_property
    def _networks(self) -> frozenset[tuple[str, Network]]:
        """Scope and network, by rule 4."""
        midway = self._of_intent() if self.midway else ()
        return frozenset(
            (
                *self._of_checks(),
                *self._of_interfaces(),
                *self._of_deleted(),
                *self._told(),
                *midway,
            )
        )

    def _of_intent(self) -> Iterator[tuple[str, Network]]:
        """All networks of the intent."""
        for network, party in self._names.networks.items():
            yield party.vpn or OUTSIDE, network
        for address, party in self._names.addresses.items():
            yield party.vpn or OUTSIDE, ip_network(address)
        for name, vpn in self.touched.intent.vpns.items():
            for router in vpn.loopbacks:
                yield name, self.touched.intent.routers[router].loopback.address.network

    def _of_checks(self) -> Iterator[tuple[str, Network]]:
        for number in self.fulfilled:
            check = self.checks[number]
            if isinstance(check, RouteExpectation) and not check.absent:
                yield from self.scopes.of(check.router, check.table, str(check.prefix))

    def _of_interfaces(self) -> Iterator[tuple[str, Network]]:
        for (router, name), wire in self._chart.wires.items():
            if self.object((router, Kind.INTERFACE, name)):
                party = self._names.interfaces.get((router, name))
                scope = party.vpn if party else wire.instance or OUTSIDE
                yield scope, wire.address.network
                yield scope, ip_network(wire.address.ip)

    def _of_deleted(self) -> Iterator[tuple[str, Network]]:
        """Static routes and addresses of interfaces that left the intent."""
        for each in self._deleted:
            for word, value in pairwise(each.words):
                if word in ("route", "address") and (found := _network(value)) is not None:
                    for scope in self.scopes.of_statement(each):
                        yield scope, found
                        if word == "address":
                            yield scope, ip_network(ip_interface(value).ip)

    def _told(self) -> Iterator[tuple[str, Network]]:
        for (router, peer), networks in self.learned.items():
            if self._gone(router, peer):
                yield from networks

    @cached_property
    def _chart(self) -> IntendedWiring:
        return chart(self.touched.intent)

    @cached_property
    def _names(self) -> Names:
        return names(self.touched.intent)


def left(deleted: Iterator[Statement]) -> Iterator[Object]:
    """The objects that deleted statements name."""
    for each in deleted:
        words = each.words
        if words[:1] == ("interfaces",) and words[2:3] == ("unit",):
            yield each.router, Kind.INTERFACE, f"{words[1]}.{words[3]}"
        for word, value in pairwise(words):
            if word == "neighbor":
                yield each.router, Kind.BGP, value
            elif word == "interface" and "isis" in words:
                yield each.router, Kind.ISIS, value
            elif word == "interface" and ("ospf" in words or "ospf3" in words):
                yield each.router, Kind.OSPF, value


def object_of(router: str, kind: Kind, key: str) -> Object:
    """What a row is about, without what may differ of the same object."""
    return (router, kind, key if kind is Kind.VRRP else key.partition(" ")[0])


def follows_another(each: Difference, moves: Collection[tuple[str, str, str, str, str]]) -> bool:
    """Rule 6: `moves` are router, old next hop and interface, new next hop and interface."""
    if each.old is None or each.new is None or not _differing(each) <= _FREE:
        return False
    return way_of(each) in moves


def way_of(each: Difference) -> tuple[str, str, str, str, str]:
    """The router, the way that a route took there before, and the one it takes now."""
    return (
        each.router,
        *(_value(row, name) for row in (each.old, each.new) for name in ("next-hop", "interface")),
    )  # type: ignore[return-value]


def _objects(check: Expectation) -> Iterator[Object]:
    """What a check is about, as a snapshot names it."""
    kind = _KINDS.get(type(check))
    if isinstance(check, Interface):
        yield check.router, Kind.INTERFACE, check.interface.partition(".")[0]
    if kind is not None:
        yield check.router, kind, _NAMES.get(kind, _first)(check)


def _first(check: Expectation) -> str:
    return str(getattr(check, check.about[0]))


_KINDS: dict[type[Expectation], Kind] = {
    RouteExpectation: Kind.ROUTE,
    Interface: Kind.INTERFACE,
    BgpSession: Kind.BGP,
    Vrrp: Kind.VRRP,
    IsisAdjacency: Kind.ISIS,
    OspfNeighbor: Kind.OSPF,
    LdpSession: Kind.LDP,
    Bfd: Kind.BFD,
}
_NAMES: dict[Kind, Callable[[Expectation], str]] = {
    Kind.ROUTE: lambda check: check.subject,
    Kind.VRRP: lambda check: " ".join(str(getattr(check, name)) for name in check.about),
}


def _differing(each: Difference) -> set[str]:
    if each.old is None or each.new is None:
        return set(COLUMNS[each.kind])
    pairs = zip(COLUMNS[each.kind], each.old.values, each.new.values, strict=True)
    return {name for name, old, new in pairs if old != new}


def _value(row: Row | None, name: str) -> str:
    return "" if row is None else row.values[COLUMNS[row.kind].index(name)]


def _alternatives(row: Row | None) -> set[str]:
    return set(filter(None, _value(row, "alternatives").split("; ")))


def _teller(path: str) -> str:
    """`BGP from 10.0.0.4 local-preference 100`."""
    words = path.split()
    return words[words.index("from") + 1] if "from" in words[:-1] else ""


def _network(text: str) -> Network | None:
    try:
        return ip_interface(text).network
    except ValueError:
        return None


def neighbors_left(statements: Mapping[str, Sequence[Statement]]) -> frozenset[tuple[str, str]]:
    """Router and neighbor of each BGP session that deleted statements name."""
    deleted = (each for some in statements.values() for each in some if each.deleted)
    return frozenset((r, peer) for r, kind, peer in left(deleted) if kind is Kind.BGP)
