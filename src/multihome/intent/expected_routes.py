"""What can be expected of routes: those of a table, those exchanged with a neighbour."""

from typing import ClassVar, Literal, Self

from pydantic import StrictBool, StrictStr, model_validator

from multihome.intent.matcher import Address, ExactAddress, ExactPrefix, Number, Text
from multihome.intent.statement import Expectation, Names, Statement


class RoutePath(Statement):
    """One path to a prefix."""

    protocol: Text | None = None
    """`BGP`, `Static`, `Direct`, `Local`, `IS-IS`, `LDP`, `OSPF`, `Aggregate`."""
    preference: Number | None = None
    """Of the protocol: 170 for BGP unless configured."""
    med: Number | None = None
    """MED of a BGP path."""
    metric: Number | None = None
    """Metric of any other path."""
    local_preference: Number | None = None
    """Of a BGP path."""
    as_path: Text | None = None
    """With the origin letter: `65500 I`."""
    next_hop: Address | None = None
    """Where packets go: the selected gateway, and each of them if there are several."""
    interface: Text | None = None
    """The logical interface they leave by."""
    next_hop_type: Text | None = None
    """`Router`, `Indirect`, `Reject`, `Discard`, `Local`, ..."""
    protocol_next_hop: Address | None = None
    """The next hop that BGP received, which another route resolves."""
    learned_from: Address | None = None
    """The neighbour that sent the path."""
    label_action: Text | None = None
    """`Push`, `Swap` or `Pop`."""
    labels: tuple[Number, ...] | None = None
    """Labels of the action, bottom of the stack first, as Junos prints them."""
    vpn_label: Number | None = None
    """The label at the bottom of the stack."""
    communities: Names | None = None
    """Exactly these."""
    with_communities: Names | None = None
    """At least these."""
    without_communities: Names | None = None
    """None of these."""
    originator: Address | None = None
    """Who brought the path into the AS, as a route reflector says."""
    cluster_list: tuple[ExactAddress, ...] | None = None
    """The route reflectors that it passed, the last one first."""
    route_distinguisher: Text | None = None
    """Of a VPN path: `1:1`."""
    inactive_reason: Text | None = None
    """Junos's word for why the path is not the active one."""

    @property
    def asserted(self) -> dict[str, object]:
        """Every attribute asserted, by its name in code."""
        values = {field: getattr(self, field) for field in type(self).model_fields}
        return {field: value for field, value in values.items() if value is not None}


class RouteExpectation(Expectation):
    """The paths of one prefix in one table."""

    about: ClassVar[tuple[str, ...]] = ("table", "prefix")

    check: Literal["route"] = "route"
    table: StrictStr
    """`inet.0`, or that of a routing instance: `ipvpn.inet.0`."""
    prefix: ExactPrefix
    """Exactly this destination, not what contains it."""
    active: RoutePath | None = None
    """The path in use."""
    alternatives: tuple[RoutePath, ...] | None = None
    """Exactly these inactive paths, in any order."""
    includes: tuple[RoutePath, ...] | None = None
    """At least these paths, active or not."""
    count: Number | None = None
    """How many paths, hidden ones not counted."""
    absent: StrictBool | None = None
    """True: no path at all."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        others = set(self.asserted) - {"absent"}
        if self.absent and others:
            raise ValueError(f"an absent route has no {', '.join(sorted(others))}")
        if not self.asserted:
            raise ValueError(
                "asserts nothing: give active, alternatives, includes, count or absent"
            )
        return self


class _Exchanged(Expectation):
    about: ClassVar[tuple[str, ...]] = ("peer", "table")

    peer: ExactAddress
    """The neighbour's address."""
    table: StrictStr = "inet.0"
    """The table that the routes are in."""
    count: Number | None = None
    """How many routes."""
    prefixes: frozenset[ExactPrefix] | None = None
    """Exactly these."""
    includes: frozenset[ExactPrefix] | None = None
    """At least these."""
    excludes: frozenset[ExactPrefix] | None = None
    """None of these."""
    active: frozenset[ExactPrefix] | None = None
    """Exactly these are in use."""
    each: RoutePath | None = None
    """What holds for every one of them."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.asserted:
            raise ValueError("asserts nothing")
        return self


class ReceivedRoutes(_Exchanged):
    """What a BGP neighbour sent this router, before import policy."""

    check: Literal["received-routes"] = "received-routes"


class AdvertisedRoutes(_Exchanged):
    """What this router sends a BGP neighbour, after export policy."""

    check: Literal["advertised-routes"] = "advertised-routes"
