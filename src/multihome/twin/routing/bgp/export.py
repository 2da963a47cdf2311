"""Which route of a prefix a group of peers is offered, and with which attributes.

Source: RFC 4271 section 9.1.3, RFC 4456 section 6, RFC 1997; Junos OS BGP User Guide: the
active route, unless `advertise-inactive` or `advertise-external` bring in another; BGP
routes unless policy says otherwise; not back into the AS they came from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.bgp import attributes
from multihome.twin.routing.bgp.messages import INET, INET_VPN
from multihome.twin.routing.policy.subject import Destination, Subject
from multihome.twin.routing.route import Protocol
from multihome.twin.routing.vpn.vrf import VPN_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.routing.bgp.messages import Nlri
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.policy.evaluation import Engine
    from multihome.twin.routing.route import BgpAttributes, Entry, Route
    from multihome.twin.routing.vpn.l3vpn import Vpns

ACTIVE, INACTIVE = "active", "inactive"
_NEVER = "no-advertise"
_NOT_ABROAD = {"no-export", "no-export-subconfed"}


class Offer(NamedTuple):
    """What a group has to say of a prefix."""

    attributes: BgpAttributes
    learned_from: Address | None
    """Not sent back to that peer."""
    third_party: Address | None
    """The next hop to keep where the peer is on its subnet (RFC 4271 section 5.1.3)."""


class Exporter:
    """The export rules of one group, over the tables of one router."""

    def __init__(
        self,
        host: Host,
        vpns: Vpns,
        instance: str,
        config: BgpNeighbor,
        autonomous_systems: tuple[int, int],
    ) -> None:
        self.engine: Engine | None = None
        self.config_of: Callable[[Address], BgpNeighbor | None] = lambda _: None
        """The configuration of the peer a route was learned from."""
        self.config = config
        self.instance = instance
        self.table = "inet.0" if instance == MASTER else f"{instance}.inet.0"
        self._host = host
        self._vpns = vpns
        self._local_as, self._global_as = autonomous_systems
        self._least_igp: dict[Address, int] = {}

    @property
    def sees_inactive(self) -> bool:
        """Whether routes that are not active matter to this group."""
        return self.config.advertise_inactive or self.config.advertise_external

    def everything(self) -> Iterator[tuple[str, Nlri]]:
        """Every prefix there is something to say about, perhaps."""
        if INET in self.config.families:
            for route in self._host.rib(self.table).actives():
                yield INET, (route.prefix, None)
        if INET_VPN in self.config.families:
            for prefix, rd in self._vpns.exports():
                yield INET_VPN, (prefix, rd)
            for route in self._host.rib(VPN_TABLE).actives():
                yield INET_VPN, (route.prefix, route.rd)

    def offer(self, family: str, nlri: Nlri) -> Offer | None:
        """What the group has to say of this prefix, if anything."""
        if family == INET_VPN:
            candidates = self._vpn_candidates(nlri[0], nlri[1] or "")
        else:
            candidates = self._candidates(self._host.rib(self.table).entry(nlri[0]))
        for route, state in candidates:
            offer = self._export(family, route, state)
            if offer is not None:
                return offer
        return None

    # --- which route -----------------------------------------------------------------

    def _candidates(self, entry: Entry | None) -> Iterator[tuple[Route, str]]:
        if entry is None or entry.active is None:
            return
        active = entry.active
        others = (route for route in entry.routes[1:] if route.hidden is None)
        if self.config.advertise_external and not self.config.external and not active.external:
            yield from ((route, INACTIVE) for route in others if route.external)
        yield active, ACTIVE
        if self.config.advertise_inactive and active.protocol is not Protocol.BGP:
            yield from ((r, INACTIVE) for r in entry.routes[1:] if r.bgp and r.hidden is None)

    def _vpn_candidates(self, prefix: Prefix, rd: str) -> Iterator[tuple[Route, str]]:
        external = self._vpns.best_external(prefix, rd)
        if external is not None and self.config.advertise_external:
            yield external, INACTIVE
        exported = None if self._vpns.from_main_table else self._vpns.exported(prefix, rd)
        route = exported or self._host.rib(VPN_TABLE).active(prefix, rd)
        if route is not None:
            yield route, ACTIVE

    # --- whether, and how --------------------------------------------------------------

    def _export(self, family: str, route: Route, state: str) -> Offer | None:
        own = route.rd is not None and route.primary_table is not None
        if not route.readvertise or self._comes_from_there(route) or self._held_back(route):
            return None
        reflection = None
        if not (self.config.external or own) and _is_internal(route):
            reflection = self._reflection(route)
            if reflection is None:
                return None
        subject = self._subject(family, route, state)
        if not self._accepted(subject, own=own):
            return None
        learned = None if own or route.protocol is not Protocol.BGP else route.learned_from
        if self.config.external:
            sent = attributes.external(self.config, self._local_as, self._global_as, subject)
            return Offer(self._aggregated(route, sent), learned, _third_party(subject))
        sent = attributes.internal(self.config, subject, reflection)
        return Offer(self._aggregated(route, sent), learned, None)

    def _aggregated(self, route: Route, sent: BgpAttributes) -> BgpAttributes:
        """Who made an aggregate signs it (RFC 4271 section 5.1.7), by name if it may."""
        if route.protocol is not Protocol.AGGREGATE or sent.aggregator is not None:
            return sent
        anonymous = self.config.no_aggregator_id
        router = Address(0) if anonymous else self._host.router_id(self.instance)
        return replace(sent, aggregator=(self._global_as, router))

    def _subject(self, family: str, route: Route, state: str) -> Subject:
        is_vpn = family == INET_VPN
        subject = Subject(
            route,
            rib=VPN_TABLE if is_vpn else self.table,
            family="inet-vpn" if is_vpn else "inet",
            state=state,
            accepted_by_default=route.protocol is Protocol.BGP,
        )
        subject.instance = self.instance
        subject.destination = Destination("bgp", subject.rib, self.instance)
        if route.bgp is not None and route.metric2 is not None:
            least = min(route.metric2, self._least_igp.get(route.bgp.next_hop, route.metric2))
            self._least_igp[route.bgp.next_hop] = subject.minimum_igp = least
        return subject

    def _accepted(self, subject: Subject, *, own: bool) -> bool:
        """BGP routes by default; what a VRF exports has passed its policy already."""
        if self.engine is None:
            return False
        if own and not self.config.vpn_apply_export:
            return True
        default = own or subject.route.protocol is Protocol.BGP
        return self.engine.accepts(self.config.export_policies, subject, default=default)

    def _held_back(self, route: Route) -> bool:
        """By a well-known community it came with; one that policy adds here is for the peer."""
        communities = route.communities if route.bgp is None else route.bgp.communities
        if _NEVER in communities:
            return True
        return self.config.external and not _NOT_ABROAD.isdisjoint(communities)

    def _comes_from_there(self, route: Route) -> bool:
        """Without `advertise-peer-as` a route does not go back to the AS it came from.

        Only the first AS number counts: one that import policy prepends hides the neighbour
        (measured on vQFX 17.4), a local AS that the session itself put there does not.
        """
        config, bgp = self.config, route.bgp
        if not config.external or config.as_override or config.advertise_peer_as or bgp is None:
            return False
        path = bgp.as_path
        first = path[1:2] if path[:1] == (route.local_as,) else path[:1]
        return config.peer_as in first

    def _reflection(self, route: Route) -> attributes.Reflection | None:
        """From a client to everybody, from anybody else to clients (RFC 4456 section 6)."""
        source = None if route.learned_from is None else self.config_of(route.learned_from)
        from_client = None if source is None else source.cluster
        to_client = self.config.cluster
        if from_client is None and to_client is None:
            return None
        if from_client and to_client and self.config.no_client_reflect:
            return None
        return attributes.Reflection(route.peer_id, to_client or from_client)


def _third_party(subject: Subject) -> Address | None:
    """The external peer's own address, unless policy chose a next hop."""
    route = subject.route
    if not route.external or route.bgp is None or subject.next_hop is not None:
        return None
    return route.bgp.next_hop


def _is_internal(route: Route) -> bool:
    return route.protocol is Protocol.BGP and not route.peer_external
