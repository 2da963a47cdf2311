"""`show route detail`: all that is known of a route, in the order the daemon emits it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.routing.route import Multipath, NextHopKind, Protocol, attributes_of
from multihome.twin.show.ages import short_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.route.brief import add_activity
from multihome.twin.show.route.detail_hops import add_next_hops
from multihome.twin.show.route.tables import MPLS, VPN, Shown, destination
from multihome.twin.show.route.words import UNVERIFIED, add_communities, as_path, communities_of

if TYPE_CHECKING:
    from multihome.twin.routing.rib import Rib
    from multihome.twin.routing.route import BgpAttributes, Entry, NextHop, Route
    from multihome.twin.show.device import Router

_TASKS = {
    Protocol.DIRECT: "IF",
    Protocol.LOCAL: "IF",
    Protocol.STATIC: "RT",
    Protocol.VPN: "RT",
}
_INTERNAL = frozenset({Protocol.DIRECT, Protocol.LOCAL, Protocol.ISIS, Protocol.OSPF, Protocol.LDP})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one table's details need beyond the routes themselves."""

    router: Router
    rib: Rib
    now: float
    references: Counter[tuple[NextHop, ...]] = field(default_factory=Counter)
    """How many routes of the table share a set of next hops."""

    @classmethod
    def of(cls, router: Router, rib: Rib, now: float) -> Surroundings:
        """Count once for the whole table."""
        entries = rib.entries()
        counter = Counter(route.next_hops for entry in entries for route in entry.routes)
        return cls(router, rib, now, counter)


def add_detail(table: Element, shown: Shown, around: Surroundings) -> Element:
    """One `rt` in style detail; returned so that `extensive` can add to it."""
    rt = table.add("rt", attributes=junos(style="detail"))
    entry, name = shown.entry, around.rib.name
    full = destination(entry, name)
    prefix, slash, length = full.partition("/")
    rt.add("rt-destination", prefix)
    if slash:
        rt.add("rt-prefix-length", length)
    add_entry_counts(rt, entry, name)
    rt.add("rt-state")
    for route in shown.routes:
        _detail_entry(rt.add("rt-entry"), route, entry, around)
    return rt


def add_entry_counts(rt: Element, entry: Entry, table: str) -> None:
    """How many routes the prefix has, and how many of them are announced to anybody."""
    count = len(entry.routes)
    rt.add("rt-entry-count", count, junos(format=f"{count} {'entry' if count == 1 else 'entries'}"))
    rt.add("rt-announced-count", int(entry.active is not None and table != VPN))


def _detail_entry(element: Element, route: Route, entry: Entry, around: Surroundings) -> None:
    add_activity(element, route, entry)
    element.add("protocol-name", route.protocol)
    element.add("preference", route.preference)
    if route.bgp is not None and route.bgp.local_preference is not None:
        element.add("preference2", -route.bgp.local_preference - 1)
    if route.bgp is not None:
        element.add_known(route_distinguisher=route.bgp.route_distinguisher)
    element.add_known(rt_isis_level=route.level)
    add_next_hops(element, route, around.router, around.references[route.next_hops])
    _standing(element, route, entry)
    age = max(int(around.now - route.installed), 0)
    element.add("age", short_age(age), junos(seconds=age))
    metric = route.bgp.med if route.bgp else route.metric
    resolved = route.bgp is None or route.kind is NextHopKind.INDIRECT
    element.add_known(metric=metric, metric2=route.metric2 if resolved else None, rt_tag=route.tag)
    element.add("validation-state", UNVERIFIED)
    element.add("task-name", _task(route))
    if route is entry.active:
        _announcement(element, route, around)
    _attributes(element, route)
    if route.bgp is not None:
        _bgp(element, route, route.bgp)
    _copies(element, route, around)


def _standing(element: Element, route: Route, entry: Entry) -> None:
    reason = entry.inactive.get(route)
    flags = [
        ("Secondary", route.primary_table is not None),
        ("Hidden", route.hidden is not None),
        ("Active", route is entry.active),
        ("NotBest", reason is not None and reason.startswith("Not Best")),
        ("NoReadvrt", route.protocol is Protocol.LOCAL or not route.readvertise),
        ("Int", not route.peer_external),
        ("Ext", route.protocol not in _INTERNAL),
        ("ProtectionCand", route.primary_table is not None),
    ]
    element.add("rt-entry-state", " ".join(flag for flag, set_ in flags if set_))
    element.add_known(inactive_reason=reason, local_as=route.local_as, peer_as=route.peer_as)


def _task(route: Route) -> str:
    if route.protocol is Protocol.BGP:
        return f"BGP_{route.peer_as}.{route.learned_from}"
    return _TASKS.get(route.protocol, str(route.protocol))


def _announcement(element: Element, route: Route, around: Surroundings) -> None:
    table = around.rib.name
    tasks = []
    if table.endswith("inet.0") or table == MPLS:
        tasks.append("KRT")
    if table.endswith(("inet.0", VPN)) and around.router.bgp.peers():
        tasks.append("BGP_RT_Background")
    if table in ("inet.0", "inet.3"):
        tasks.append("Resolve tree 1")
    if table == "inet.0" and route.protocol in (Protocol.ISIS, Protocol.OSPF):
        tasks.append("LDP")
    if tasks:
        element.add("announce-bits", len(tasks))
        numbered = (f"{number}-{task}" for number, task in enumerate(tasks))
        element.add("announce-tasks", f"{' '.join(numbered)} ")


def _attributes(element: Element, route: Route) -> None:
    attributes = route.bgp or _of_its_own(route)
    element.add("as-path", "".join(f"{line}\n" for line in _path_lines(attributes)))
    if route.bgp is not None:
        _path_attributes(element.add("bgp-path-attributes"), route.bgp)
    add_communities(element, communities_of(route))


def _of_its_own(route: Route) -> BgpAttributes:
    """What an aggregate, or a static route with an `as-path`, says of the way to it."""
    return replace(
        attributes_of(route, Address(0)), as_path=route.way.as_path, origin=route.way.origin
    )


def _path_attributes(element: Element, attributes: BgpAttributes) -> None:
    effective = element.add("attr-as-path-effective")
    effective.add("aspath-effective-string", "AS path:")
    effective.add("attr-value", as_path(attributes))
    effective.add("flags", _flags(attributes))
    if attributes.aggregator is not None:
        number, router = attributes.aggregator
        value = element.add("attr-aggregator").add("attr-value")
        value.add("aggr-as-number", number)
        value.add("aggr-router-id", router)


def _flags(attributes: BgpAttributes) -> str:
    words = []
    if attributes.atomic_aggregate:
        words.append("(Atomic)")
    if attributes.originator_id is not None:
        words.append("(Originator)")
    return " ".join(words)


def _path_lines(attributes: BgpAttributes) -> list[str]:
    flags = _flags(attributes)
    lines = [f"AS path: {as_path(attributes)}{flags and f'  {flags}'}"]
    if attributes.aggregator is not None:
        number, router = attributes.aggregator
        lines.append(f"Aggregator: {number} {router}")
    if attributes.cluster_list:
        clusters = " ".join(str(cluster) for cluster in attributes.cluster_list)
        lines.append(f"Cluster list:  {clusters}")
    if attributes.originator_id is not None:
        lines.append(f"Originator ID: {attributes.originator_id}")
    return lines


def _bgp(element: Element, route: Route, attributes: BgpAttributes) -> None:
    if route.hidden is None:
        element.add("bgp-rt-flag", _acceptance(route))
    element.add_known(
        hidden_reason=route.hidden,
        vpn_label=attributes.vpn_label,
        local_preference=attributes.local_preference,
        peer_id=route.peer_id,
    )


def _acceptance(route: Route) -> str:
    vpn = route.primary_table is not None or route.rd is not None
    words = ["Import Accepted" if vpn else "Accepted"]
    if route.multipath is not Multipath.NONE and len(route.next_hops) > 1:
        words.append("Multipath")
    return " ".join(words)


def _copies(element: Element, route: Route, around: Surroundings) -> None:
    element.add_known(rtrib_primary=route.primary_table)
    if around.rib.name == VPN:
        for rib in around.router.ribs.values():
            if _is_copied(route, rib):
                element.add("rtrib-secondary", rib.name)


def _is_copied(route: Route, rib: Rib) -> bool:
    entry = rib.entry(route.prefix)
    return entry is not None and any(
        copy.primary_table == VPN and copy.learned_from == route.learned_from
        for copy in entry.routes
    )
