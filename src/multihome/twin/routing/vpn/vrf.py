"""One VRF's say in what leaves it for the backbone and what enters it from there.

Source: RFC 4364 sections 4.2-4.3; Junos OS Layer 3 VPNs User Guide: `vrf-target` replaces
for an import policy that accepts the target and an export policy that adds it; `vrf-import`
and `vrf-export` take their place where they are given, and end in a reject.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.junos.community import in_order
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.policy.subject import Destination, Subject
from multihome.twin.routing.route import (
    BgpAttributes,
    Multipath,
    Protocol,
    Route,
    attributes_of,
)

if TYPE_CHECKING:
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.routing.policy.evaluation import Engine

VPN_TABLE = "bgp.l3vpn.0"
SELF = Address(0)
"""The next hop of what this router originates, until a session's own address takes its place."""
PEER = Address(0xFFFFFFFF)
"""The next hop `peer-address`, until a session's far address takes its place."""
_FAMILY = "inet-vpn"


class Vrf:
    """The import and export rules of one instance."""

    def __init__(self, instance: RoutingInstance, engine: Engine) -> None:
        self.instance = instance
        self.engine = engine
        self.name = instance.name
        self.table = instance.table
        self.rd = instance.route_distinguisher or ""
        self._import_targets = frozenset(instance.vrf_target_import)

    # --- import --------------------------------------------------------------------

    def accepts(self, route: Route) -> bool:
        """Whether the VRF wants a route of the backbone at all."""
        return self._import(route) is not None

    def copy_of(self, route: Route) -> Route | None:
        """The route as it enters the VRF's table, or None if it does not."""
        subject = self._import(route)
        if subject is None or route.bgp is None:
            return None
        return route._replace(
            rd=None,
            source=_copy_source(route.source, route.rd),
            instance=self.name,
            primary_table=VPN_TABLE,
            multipath=Multipath.NONE,  # paths of other names share no load with it
            preference=subject.preference,
            tag=subject.tag,
            bgp=_edited(route.bgp, subject) if self.instance.vrf_import else route.bgp,
        )

    def _import(self, route: Route) -> Subject | None:
        communities = route.communities if route.bgp is None else route.bgp.communities
        policies = self.instance.vrf_import
        if not policies and self._import_targets.isdisjoint(communities):
            return None
        subject = Subject(route, rib=VPN_TABLE, family=_FAMILY)
        subject.destination = Destination("bgp", self.table, self.name, received=True)
        accepted = self.engine.accepts(policies, subject, default=not policies)
        return subject if accepted else None

    # --- export --------------------------------------------------------------------

    def export(self, route: Route) -> Route | None:
        """The route as the backbone is to see it, without a label, or None."""
        if route.protocol is Protocol.LOCAL or not route.readvertise:
            return None
        if route.primary_table is not None:
            return None  # A copy is exported by the table it came from.
        policies = self.instance.vrf_export
        subject = Subject(route, rib=self.table)
        subject.destination = Destination("bgp", VPN_TABLE, MASTER)
        subject.instance = self.name
        if not self.engine.accepts(policies, subject, default=not policies):
            return None
        if not policies:
            targets = self.instance.vrf_target_export
            subject.communities = in_order(subject.communities + targets)
        return route._replace(
            rd=self.rd,
            primary_table=self.table,
            tag=subject.tag,
            bgp=_attributes(route, subject, self.rd),
        )


@lru_cache(maxsize=4096)
def _copy_source(source: str, rd: str | None) -> str:
    """Two distinguishers of one peer are two routes; the text is shared, there being so many."""
    return f"{source} {rd}"


def _edited(attributes: BgpAttributes, subject: Subject) -> BgpAttributes:
    return replace(
        attributes,
        local_preference=subject.local_preference,
        med=subject.metric,
        communities=subject.communities,
        as_path=subject.as_path,
        origin=subject.origin,
    )


def _attributes(route: Route, subject: Subject, rd: str) -> BgpAttributes:
    carried = route.bgp or attributes_of(route, SELF)
    return replace(
        carried,
        next_hop=SELF,
        as_path=subject.as_path,
        origin=subject.origin,
        local_preference=subject.local_preference,
        med=subject.metric,
        communities=subject.communities,
        originator_id=None,
        cluster_list=(),
        route_distinguisher=rd,
        vpn_label=None,
    )
