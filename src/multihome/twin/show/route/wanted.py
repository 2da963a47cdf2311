"""Which routes were asked for: the arguments of `show route` as one value."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.aspath import AsPathPattern
from multihome.twin.routing.route import Protocol
from multihome.twin.show.reply import RpcError
from multihome.twin.show.route.words import UNVERIFIED, communities_of

if TYPE_CHECKING:
    from multihome.twin.junos.community import Community
    from multihome.twin.routing.route import Entry, Route
    from multihome.twin.show.registry import Query

_PROTOCOLS = {
    "access": (),
    "aggregate": (Protocol.AGGREGATE,),
    "bgp": (Protocol.BGP,),
    "direct": (Protocol.DIRECT,),
    "isis": (Protocol.ISIS,),
    "ldp": (Protocol.LDP,),
    "local": (Protocol.LOCAL,),
    "mpls": (Protocol.MPLS,),
    "ospf": (Protocol.OSPF,),
    "ospf2": (Protocol.OSPF,),
    "ospf3": (),
    "rip": (),
    "rsvp": (),
    "static": (Protocol.STATIC,),
    "vpn": (Protocol.VPN,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of one request; a route is shown if every one of them lets it pass."""

    destination: Prefix | None = None
    match: str = "range"
    """`range` (this prefix and longer ones, else the best), `longer`, `exact` or `best`."""
    table: str = ""
    """The beginning of a table's name."""
    label: int | None = None
    protocols: tuple[Protocol, ...] | None = None
    next_hop: Address | None = None
    source: Address | None = None
    communities: tuple[str, ...] = ()
    community_name: Community | None = None
    no_community: bool = False
    validation: str = ""
    """A state of route origin validation: only BGP routes have one, and none was validated."""
    as_path: AsPathPattern | None = None
    paths: str = ""
    """`active`, `inactive` or both ("")."""
    hidden: str = "no"
    """`no`, `only` or `too`."""
    without_active: bool = False
    """Only destinations that no route is active for."""
    pattern: str = ""
    """A shell pattern of the destination as it is printed."""
    elsewhere: bool = False
    """The destination is of a family that the twin has no tables of."""

    @classmethod
    def of(cls, query: Query) -> Wanted:
        """Read the arguments.

        Raises:
            RpcError: one of them is not what it must be.
        """
        destination = query.get("destination")
        elsewhere = destination is not None and ":" in destination
        return cls(
            destination=None if elsewhere else _prefix(destination),
            elsewhere=elsewhere,
            without_active=query.has("inactive-prefix"),
            pattern=query.get("rd-prefix") or query.get("match-prefix") or "",
            match=query.level("exact", "best", "longer", "range", default="range"),
            table=query.get("table") or "",
            label=_number(query.get("label"), "label"),
            protocols=_protocols(query.get("protocol")),
            next_hop=_address(query.get("next-hop"), "next-hop"),
            source=_address(query.get("source-gateway"), "source-gateway"),
            communities=query.all("community"),
            community_name=_community(query),
            no_community=query.has("no-community"),
            validation=query.get("validation-state") or "",
            as_path=_as_path(query.get("aspath-regex")),
            paths=query.level("active-path", "inactive-path", default="").partition("-")[0],
            hidden={"hidden": "only", "all": "too"}.get(
                query.level("hidden", "all", default=""), "no"
            ),
        )

    def routes(self, entry: Entry, name: str) -> tuple[Route, ...]:
        """The routes that are wanted of one entry, best first; `name` is how it is printed."""
        if self.without_active and entry.active is not None:
            return ()
        if self.pattern and not fnmatchcase(name, self.pattern):
            return ()
        return tuple(route for route in entry.routes if self._wants(route, entry))

    def _wants(self, route: Route, entry: Entry) -> bool:
        return (
            self._visible(route)
            and self._on_path(active=route is entry.active)
            and (self.protocols is None or route.protocol in self.protocols)
            and (self.source is None or route.learned_from == self.source)
            and (self.next_hop is None or any(hop.to == self.next_hop for hop in route.next_hops))
            and self._with_attributes(route)
        )

    def _visible(self, route: Route) -> bool:
        if self.hidden == "too":
            return True
        return (route.hidden is not None) == (self.hidden == "only")

    def _on_path(self, *, active: bool) -> bool:
        return not self.paths or active == (self.paths == "active")

    def _with_attributes(self, route: Route) -> bool:
        if self.validation and (route.bgp is None or self.validation != UNVERIFIED):
            return False
        return self._with_communities(route) and self._on_as_path(route)

    def _with_communities(self, route: Route) -> bool:
        communities = communities_of(route)
        if self.no_community and communities:
            return False
        if self.community_name is not None and not self.community_name.matches(communities):
            return False
        return all(
            any(fnmatchcase(community, pattern) for community in communities)
            for pattern in self.communities
        )

    def _on_as_path(self, route: Route) -> bool:
        if self.as_path is None:
            return True
        return route.bgp is not None and self.as_path.matches(route.bgp.as_path)


def _prefix(text: str | None) -> Prefix | None:
    if text is None:
        return None
    address, slash, length = text.partition("/")
    missing = 3 - address.count(".") if slash else 0
    try:
        return Prefix.parse(f"{address}{'.0' * missing}{slash}{length}")
    except ValueError:
        raise RpcError(
            f"invalid ip address or hostname: {text}", bad_element="destination"
        ) from None


def _community(query: Query) -> Community | None:
    name = query.get("community-name")
    if name is None:
        return None
    policies = query.router.config.policies
    if policies is None or name not in policies.communities:
        raise RpcError(f"community {name} is not defined", bad_element="community-name")
    return policies.communities[name]


def _address(text: str | None, name: str) -> Address | None:
    if text is None:
        return None
    try:
        return Address.parse(text)
    except ValueError:
        raise RpcError(f"invalid ip address or hostname: {text}", bad_element=name) from None


def _number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not text.isdigit():
        raise RpcError(f"invalid numeric value: '{text}'", bad_element=name)
    return int(text)


def _protocols(text: str | None) -> tuple[Protocol, ...] | None:
    if text is None:
        return None
    word = text.lower()
    found = [word] if word in _PROTOCOLS else [name for name in _PROTOCOLS if name.startswith(word)]
    if len(found) != 1:
        raise RpcError(f"invalid value '{text}' for protocol", bad_element="protocol")
    return _PROTOCOLS[found[0]]


def _as_path(text: str | None) -> AsPathPattern | None:
    if text is None:
        return None
    try:
        return AsPathPattern.parse(text)
    except ValueError:
        raise RpcError(f"invalid regular expression: {text}", bad_element="aspath-regex") from None
