"""The route a policy looks at and edits, without touching the route in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.routing.route import Protocol

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.junos.policy import Disposition, NextHopAction
    from multihome.twin.routing.route import Route

WORDS = {
    Protocol.DIRECT: "direct",
    Protocol.LOCAL: "local",
    Protocol.STATIC: "static",
    Protocol.ISIS: "isis",
    Protocol.OSPF: "ospf",
    Protocol.LDP: "ldp",
    Protocol.AGGREGATE: "aggregate",
    Protocol.BGP: "bgp",
    Protocol.VPN: "vpn",
    Protocol.MPLS: "mpls",
}


class Destination(NamedTuple):
    """Where a route is going, for `to`."""

    protocol: str
    rib: str
    instance: str
    level: int | None = None
    received: bool = False
    """By import policy, where `to neighbor` means the neighbour that sent the route."""


class Subject:
    """One route under evaluation: what it is, and what the actions have made of it."""

    __slots__ = (
        "accepted_by_default",
        "as_path",
        "communities",
        "default",
        "destination",
        "external_type",
        "family",
        "igp_metric",
        "instance",
        "local_preference",
        "metric",
        "metric_edited",
        "minimum_igp",
        "neighbor",
        "next_hop",
        "origin",
        "preference",
        "prefix",
        "prepended",
        "protocol",
        "rib",
        "route",
        "state",
        "tag",
    )

    def __init__(
        self,
        route: Route,
        *,
        rib: str = "inet.0",
        family: str = "inet",
        state: str = "active",
        accepted_by_default: bool = False,
        destination: Destination | None = None,
    ) -> None:
        self.route = route
        self.prefix, self.protocol = route.prefix, WORDS[route.protocol]
        self.instance = route.instance
        self.rib, self.family, self.state = rib, family, state
        self.destination = destination
        self.accepted_by_default = accepted_by_default
        self.default: Disposition | None = None
        """`default-action`."""
        self.external_type: int | None = None
        self.metric_edited, self.prepended = False, 0
        """A MED set by policy is sent where one that was merely received is not; a local AS
        comes after the numbers that an action has put in front of the path."""
        self.neighbor: Address | None = route.learned_from
        self.preference, self.tag = route.preference, route.tag
        self.igp_metric: int | None = route.metric2
        self.minimum_igp: int | None = route.metric2
        self.next_hop: Address | NextHopAction | None = None
        """What an action made of it; None leaves the route's own."""
        bgp = route.bgp
        if bgp is None:
            self.metric = route.metric
            self.local_preference: int | None = None
            self.communities: tuple[str, ...] = route.communities
            self.as_path: AsPath = route.way.as_path
            self.origin = route.way.origin
        else:
            self.metric = bgp.med
            self.local_preference = bgp.local_preference
            self.communities = bgp.communities
            self.as_path = bgp.as_path
            self.origin = bgp.origin
