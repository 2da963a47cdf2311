"""What peers send, on its way into the tables: loops, import policy, next hop.

Source: RFC 4271 section 9.1.2, RFC 4456 section 8; Junos OS BGP User Guide: a route whose
AS path holds the local AS as often as `loops` says is dropped (with `keep all` it stays,
hidden); one that import policy rejects is hidden (with `keep none` it is dropped).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.junos.policy import NextHopAction
from multihome.twin.routing.bgp.domain import Domains
from multihome.twin.routing.bgp.messages import INET_VPN
from multihome.twin.routing.policy.subject import Destination, Subject
from multihome.twin.routing.resolution import Question
from multihome.twin.routing.route import (
    BgpAttributes,
    Multipath,
    NextHopKind,
    Protocol,
    Route,
)
from multihome.twin.routing.vpn.vrf import VPN_TABLE

if TYPE_CHECKING:
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.routing.bgp.messages import Nlri, Update
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.policy.evaluation import Engine
    from multihome.twin.routing.resolution import Resolver
    from multihome.twin.routing.vpn.l3vpn import Vpns

REJECTED = "rejected by import policy"
AS_LOOP = "AS path loop"
_DEFAULT_LOCAL_PREFERENCE = 100
_RESOLUTION = {"inet.0": ("inet.3", "inet.0"), VPN_TABLE: ("inet.3",)}
"""Where Junos looks next hops up, unless `resolution` says otherwise."""
_SINKS = {
    NextHopAction.DISCARD: NextHopKind.DISCARD,
    NextHopAction.REJECT: NextHopKind.REJECT,
}


class Incoming:
    """The way in, for every peer of one router."""

    def __init__(self, host: Host, resolver: Resolver, vpns: Vpns, engine: Engine) -> None:
        self.engine = engine
        self.domains = Domains(host.config)
        self._host = host
        self._resolver = resolver
        self._vpns = vpns
        self._interned: dict[BgpAttributes, BgpAttributes] = {}

    def update(self, peer: Peer, update: Update) -> None:
        """Remember what the peer says, and take it into the tables."""
        family = update.family
        known = peer.received.setdefault(family, {})
        for nlri in update.withdrawn:
            if known.pop(nlri, None) is not None:
                self._forget(peer, family, nlri)
        for nlri, attributes in update.announced.items():
            before = known.get(nlri)
            if before == attributes:
                continue
            if self._unwanted(peer, family, attributes):
                if before is not None:
                    del known[nlri]
                    self._forget(peer, family, nlri)
            else:
                known[nlri] = attributes
                self._learn(peer, family, nlri, attributes)

    def _unwanted(self, peer: Peer, family: str, attributes: BgpAttributes) -> bool:
        """A VPN route that no VRF imports is not even kept, unless this router reflects."""
        if family != INET_VPN or self._vpns.from_main_table or peer.config.keep_all:
            return False
        if peer.config.import_policies:
            return False  # They may add the very target that a VRF wants.
        return self._vpns.wants_targets(attributes.communities) is False

    def _learn(self, peer: Peer, family: str, nlri: Nlri, attributes: BgpAttributes) -> None:
        """Take one route into its table, in the place of what the peer said of it before."""
        route = self._route(peer, family, nlri, attributes)
        if route is not None and route.kind is NextHopKind.UNUSABLE:
            table = self.table(peer, family)
            self._resolver.put(table, route, self._question(peer, family, route))
            return
        self._forget(peer, family, nlri)
        if route is not None:
            self._host.rib(self.table(peer, family)).put(route)

    def _forget(self, peer: Peer, family: str, nlri: Nlri) -> None:
        """Take one route out again."""
        prefix, rd = nlri
        table = self.table(peer, family)
        self._resolver.withdraw(table, prefix, Protocol.BGP, peer.source, rd)
        self._host.rib(table).withdraw(prefix, Protocol.BGP, peer.source, rd)

    def relearn(self, peer: Peer) -> None:
        """Everything the peer said, again: the rules have changed."""
        for family, known in peer.received.items():
            for nlri, attributes in [*known.items()]:
                if self._unwanted(peer, family, attributes):
                    del known[nlri]
                    self._forget(peer, family, nlri)
                else:
                    self._learn(peer, family, nlri, attributes)

    def forget_all(self, peer: Peer) -> None:
        """The session is gone, and all it brought."""
        for family, known in peer.received.items():
            for nlri in known:
                self._forget(peer, family, nlri)
        peer.received = {}

    # --- one route -------------------------------------------------------------------

    def table(self, peer: Peer, family: str) -> str:
        """The table that a peer's routes of a family are in."""
        if family == INET_VPN:
            return VPN_TABLE
        return "inet.0" if peer.instance == MASTER else f"{peer.instance}.inet.0"

    def _route(
        self, peer: Peer, family: str, nlri: Nlri, attributes: BgpAttributes
    ) -> Route | None:
        """The route after import policy, without its way; None if it is not kept at all."""
        looped = self._loops(peer, family, attributes)
        if looped and not peer.config.keep_all:
            return None
        route = _bare(peer, nlri, self._received(peer, attributes), self._host.clock.now)
        if looped:
            return route._replace(hidden=AS_LOOP)
        accepted = self._after_policy(peer, family, route) if peer.config.import_policies else route
        wanted = family != INET_VPN or peer.config.keep_all or self._vpns.from_main_table
        if accepted is None or wanted or self._vpns.wants(accepted):
            return accepted
        return None

    def _loops(self, peer: Peer, family: str, attributes: BgpAttributes) -> bool:
        """Whether the route has been here before (RFC 4271 section 9.1.2, RFC 4456 section 8)."""
        path = attributes.as_path
        if path and self.domains.loops(peer.instance, peer.config, family, peer.local_as, path):
            return True
        if attributes.originator_id is None:
            return False
        if attributes.originator_id == self._host.router_id(peer.instance):
            return True
        own = clusters(self._host.config.instances[peer.instance])
        return not own.isdisjoint(attributes.cluster_list)

    def _received(self, peer: Peer, attributes: BgpAttributes) -> BgpAttributes:
        """What the session itself adds: a local preference, the local AS of a disguise."""
        preference = attributes.local_preference
        path = attributes.as_path
        if peer.config.external:
            preference = peer.config.local_preference
            if self._is_disguised(peer) and not peer.config.local_as_private:
                path = (peer.local_as, *path)
        if preference is None:
            preference = _DEFAULT_LOCAL_PREFERENCE
        if (preference, path) == (attributes.local_preference, attributes.as_path):
            return attributes
        return self._intern(replace(attributes, local_preference=preference, as_path=path))

    def _is_disguised(self, peer: Peer) -> bool:
        """Whether a local AS comes between the peer and the AS of the instance."""
        instances = self._host.config.instances
        own = instances[peer.instance].autonomous_system or instances[MASTER].autonomous_system
        return peer.config.local_as not in (None, own)

    def _after_policy(self, peer: Peer, family: str, route: Route) -> Route | None:
        rib = self.table(peer, family)
        words = "inet-vpn" if family == INET_VPN else "inet"
        subject = Subject(route, rib=rib, family=words, accepted_by_default=True)
        subject.instance = peer.instance
        subject.destination = Destination("bgp", rib, peer.instance, received=True)
        if not self.engine.accepts(peer.config.import_policies, subject, default=True):
            return None if peer.config.keep_none else route._replace(hidden=REJECTED)
        kind = NextHopKind.UNUSABLE
        if isinstance(subject.next_hop, NextHopAction):
            kind = _SINKS.get(subject.next_hop, kind)
        return route._replace(
            preference=subject.preference,
            tag=subject.tag,
            kind=kind,
            bgp=self._edited(peer, route, subject),
        )

    def _edited(self, peer: Peer, route: Route, subject: Subject) -> BgpAttributes | None:
        if route.bgp is None:
            return None
        next_hop = route.bgp.next_hop
        if isinstance(subject.next_hop, Address):
            next_hop = subject.next_hop
        elif subject.next_hop is NextHopAction.PEER_ADDRESS:
            next_hop = peer.address
        return self._intern(
            replace(
                route.bgp,
                next_hop=next_hop,
                local_preference=subject.local_preference,
                med=subject.metric,
                communities=subject.communities,
                as_path=subject.as_path,
                origin=subject.origin,
            )
        )

    def _intern(self, attributes: BgpAttributes) -> BgpAttributes:
        """Routes with equal attributes share one object: there are many, and few differ."""
        return self._interned.setdefault(attributes, attributes)

    def _question(self, peer: Peer, family: str, route: Route) -> Question:
        bgp = route.bgp
        if bgp is None:
            raise AssertionError(route)
        table, label = self.table(peer, family), bgp.vpn_label if family == INET_VPN else None
        if peer.single_hop and not peer.config.accept_remote_nexthop:
            own = "inet.0" if family == INET_VPN else table
            return Question((own,), bgp.next_hop, connected=True, label=label)
        chosen = self._host.config.instances[MASTER].resolution_ribs.get(table)
        if chosen is None:
            chosen = _RESOLUTION.get(table, (table,))
        inside = route.prefix if route.rd is None and route.prefix.contains(bgp.next_hop) else None
        return Question(chosen, bgp.next_hop, label=label, inside=inside)


def clusters(instance: RoutingInstance) -> frozenset[Address]:
    """The clusters a router reflects in: a route that has been in one of them comes round again."""
    found = (neighbor.cluster for neighbor in instance.bgp.neighbors)
    return frozenset(cluster for cluster in found if cluster is not None)


def _bare(peer: Peer, nlri: Nlri, attributes: BgpAttributes, now: float) -> Route:
    """The route as it came, before policy, and before its way is looked up."""
    return Route(
        prefix=nlri[0],
        rd=nlri[1],
        protocol=Protocol.BGP,
        preference=peer.config.preference,
        kind=NextHopKind.UNUSABLE,
        source=peer.source,
        bgp=attributes,
        learned_from=peer.address,
        peer_id=peer.identifier,
        peer_as=peer.config.peer_as,
        local_as=peer.local_as,
        peer_external=peer.config.external,
        instance=peer.instance,
        installed=now,
        multipath=_multipath(peer),
    )


def _multipath(peer: Peer) -> Multipath:
    if not peer.config.multipath:
        return Multipath.NONE
    return Multipath.ANY_AS if peer.config.multipath_multiple_as else Multipath.SAME_AS


def as_received(
    peer: Peer, nlri: Nlri, attributes: BgpAttributes, installed: float, hidden: str | None
) -> Route:
    """For `show route receive-protocol`: what the peer said, whatever became of it."""
    route = _bare(peer, nlri, attributes, installed)
    return route._replace(kind=NextHopKind.ROUTER, hidden=hidden)
