"""What becomes of the path attributes on the way out of a router.

Source: RFC 4271 sections 5.1 and 9.1.3, RFC 4456 section 8; Junos OS BGP User Guide for
the order of `as-override`, `remove-private`, policy, `metric-out` and the local AS.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from multihome.twin.addressing import Address
from multihome.twin.junos.policy import NextHopAction
from multihome.twin.routing.route import BgpAttributes, Protocol, attributes_of
from multihome.twin.routing.vpn.vrf import PEER, SELF

if TYPE_CHECKING:
    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.junos.model.bgp import BgpNeighbor, MetricOut, RemovePrivate
    from multihome.twin.routing.policy.subject import Subject
    from multihome.twin.routing.route import Route

_PRIVATE = (range(64512, 65536), range(4_200_000_000, 4_294_967_295))
_DEFAULT_LOCAL_PREFERENCE = 100
_MOST = 0xFFFFFFFF


class _VpnName(TypedDict):
    route_distinguisher: str | None
    vpn_label: int | None


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a reflector adds: who brought the route into the AS, and its own cluster."""

    originator: Address | None
    cluster: Address | None


def external(config: BgpNeighbor, local_as: int, global_as: int, subject: Subject) -> BgpAttributes:
    """For a peer in another AS; the next hop is ours unless the session finds a better one."""
    route = subject.route
    # What policy prepends comes after the local AS has been added, what it expands before.
    front, path = subject.as_path[: subject.prepended], subject.as_path[subject.prepended :]
    if config.as_override:
        path = tuple(_overridden(segment, config.peer_as, local_as) for segment in path)
    if config.remove_private is not None:
        path = _without_private(config.remove_private, config.peer_as, local_as, path)
    ours: AsPath = (local_as,)
    if local_as != global_as and not config.local_as_no_prepend_global:
        ours = (local_as, global_as)
    return replace(
        route.bgp or attributes_of(route, SELF),
        next_hop=_next_hop(subject, _kept(config, route) or SELF),
        as_path=front + ours + path,
        origin=subject.origin,
        local_preference=None,
        med=_med(config, subject, passed_on=route.protocol is not Protocol.BGP),
        communities=subject.communities,
        originator_id=None,
        cluster_list=(),
        **_vpn_name(route),
    )


def internal(config: BgpNeighbor, subject: Subject, reflection: Reflection | None) -> BgpAttributes:
    """For a peer in our AS: next hop and AS path stay as they are."""
    route = subject.route
    carried = route.bgp or attributes_of(route, SELF)
    preference = subject.local_preference
    if config.local_preference is not None and preference == carried.local_preference:
        preference = config.local_preference  # of the session, unless policy has set another
    learned = route.protocol is Protocol.BGP
    sent = replace(
        carried,
        next_hop=_next_hop(subject, carried.next_hop if learned else SELF),
        as_path=subject.as_path,
        origin=subject.origin,
        local_preference=_DEFAULT_LOCAL_PREFERENCE if preference is None else preference,
        med=_med(config, subject, passed_on=True),
        communities=subject.communities,
        **_vpn_name(route),
    )
    if reflection is None:
        return replace(sent, originator_id=None, cluster_list=())
    added = () if reflection.cluster is None else (reflection.cluster,)
    return replace(
        sent,
        originator_id=carried.originator_id or reflection.originator,
        cluster_list=added + carried.cluster_list,
    )


def _overridden(
    segment: int | frozenset[int], peer_as: int | None, local_as: int
) -> int | frozenset[int]:
    if isinstance(segment, int):
        return local_as if segment == peer_as else segment
    return frozenset(local_as if number == peer_as else number for number in segment)


def _kept(config: BgpNeighbor, route: Route) -> Address | None:
    """`multihop no-nexthop-change` leaves the next hop of a BGP route as it came."""
    if not config.no_nexthop_change or route.bgp is None or route.protocol is not Protocol.BGP:
        return None
    return route.bgp.next_hop


def _vpn_name(route: Route) -> _VpnName:
    """A copy in a VRF's table remembers these; outside the VPN family they mean nothing."""
    if route.rd is None or route.bgp is None:
        return {"route_distinguisher": None, "vpn_label": None}
    return {"route_distinguisher": route.rd, "vpn_label": route.bgp.vpn_label}


def _next_hop(subject: Subject, default: Address) -> Address:
    match subject.next_hop:
        case NextHopAction.SELF:
            return SELF
        case NextHopAction.PEER_ADDRESS:
            return PEER
        case Address() as chosen:
            return chosen
        case _:
            return default


def _med(config: BgpNeighbor, subject: Subject, *, passed_on: bool) -> int | None:
    """A MED that policy set, else `metric-out`, else the route's own where that may be sent.

    RFC 4271 section 5.1.4: a MED received from one neighbouring AS is not for another.
    """
    if subject.metric_edited:
        return subject.metric
    if config.metric_out is not None:
        return _metric_out(config.metric_out, subject)
    return subject.metric if passed_on else None


def _metric_out(metric_out: MetricOut, subject: Subject) -> int:
    base = {
        "fixed": 0,
        "igp": _igp_metric(subject.route),
        "minimum-igp": subject.minimum_igp or 0,
    }[metric_out.kind]
    return max(0, min(_MOST, base + metric_out.value))


def _igp_metric(route: Route) -> int:
    return (route.metric2 if route.bgp is not None else route.metric) or 0


def _without_private(
    rule: RemovePrivate, peer_as: int | None, local_as: int, path: AsPath
) -> AsPath:
    """From the left; a public number, or the peer's own, or a set ends it or, with `all`, is kept."""
    kept: list[int | frozenset[int]] = []
    nearest = local_as
    for place, number in enumerate(path):
        if not isinstance(number, int):
            if not rule.everywhere:
                return path[place:]
            kept.append(number)
        elif not _is_private(number) or (rule.peer_loop_check and number == peer_as):
            if not rule.everywhere:
                return path[place:]
            kept.append(number)
            nearest = number if rule.nearest else local_as
        elif rule.replace:
            kept.append(nearest)
    return tuple(kept)


def _is_private(number: int) -> bool:
    return any(number in private for private in _PRIVATE)
