"""The route a policy looks at and edits, without touching the route in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.route import Origin, Protocol

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
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


class Subject:
    """One route under evaluation: what it is, and what the actions have made of it."""

    __slots__ = (
        "accepted_by_default",
        "as_path",
        "communities",
        "default",
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
    ) -> None:
        self.route = route
        self.prefix = route.prefix
        self.protocol = WORDS[route.protocol]
        self.instance = route.instance
        self.rib, self.family, self.state = rib, family, state
        self.accepted_by_default = accepted_by_default
        self.default: Disposition | None = None
        self.metric_edited = False
        """A MED somebody set goes where one that was merely received does not."""
        self.neighbor: Address | None = route.learned_from
        self.preference: int = route.preference
        self.tag: int | None = route.tag
        self.igp_metric: int | None = route.metric2
        self.minimum_igp: int | None = route.metric2
        self.prepended = 0
        """How many numbers an action has put in front of the path: a local AS stands behind them."""
        self.next_hop: Address | NextHopAction | None = None
        """What an action made of it; None leaves the route's own."""
        bgp = route.bgp
        if bgp is None:
            self.metric = route.metric
            self.local_preference: int | None = None
            self.communities: tuple[str, ...] = route.communities
            self.as_path: tuple[int, ...] = ()
            self.origin = Origin.IGP
        else:
            self.metric = bgp.med
            self.local_preference = bgp.local_preference
            self.communities = bgp.communities
            self.as_path = bgp.as_path
            self.origin = bgp.origin
