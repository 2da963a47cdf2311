"""Why a check failed: one explanation for each kind of expectation that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.diagnosis.exchange import why_exchange
from multihome.check.diagnosis.igp import why_bfd, why_isis, why_ldp, why_ospf
from multihome.check.diagnosis.link import why_interface_down, why_link
from multihome.check.diagnosis.misconfiguration import why_instance, why_miswired, why_unlabelled
from multihome.check.diagnosis.route import why_route
from multihome.check.diagnosis.session import why_bgp
from multihome.check.inquiry import Explanation, Place
from multihome.intent.expectation import (
    AdvertisedRoutes,
    Bfd,
    BgpSession,
    Interface,
    IsisAdjacency,
    LdpSession,
    OspfNeighbor,
    Path,
    Ping,
    ReceivedRoutes,
    RouteExpectation,
    RpcXPath,
    Vrrp,
)
from multihome.intent.matcher import accepts
from multihome.state import interface, traceroute, vrrp

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from multihome.check.inquiry import Inquiry
    from multihome.intent.statement import Expectation


def why(expected: Expectation, inquiry: Inquiry) -> Explanation | None:
    """The cause of a failure as far as routers show it; None if there is nothing to add.

    Raises NotYet until everything that it wants to look at has been collected.
    """
    explain = _EXPLAIN.get(type(expected))
    return explain(expected, inquiry) if explain else None


def why_path(expected: Path, inquiry: Inquiry) -> Explanation | None:
    """Where packets leave the intended way."""
    query = traceroute.traceroute(
        expected.target, source=expected.source, instance=expected.instance
    )
    route = inquiry.table(expected.router, query)
    if route is None or expected.hops is None:
        return None
    before = expected.router
    for number, want in enumerate(expected.hops):
        hop = route.hops[number] if number < len(route.hops) else None
        if hop is None or not hop.addresses:
            return Explanation(
                f"packets end behind {before}: {route.failure or 'no answer'}",
                cause=f"way behind {before}",
                next=f"show route {expected.target} (on {before})",
                blames=_on_the_way(before, expected, inquiry),
            )
        if not accepts(want, hop.addresses[0]):
            went = inquiry.named(hop.addresses[0])
            return Explanation(
                f"{before} sends packets to {went} instead of {want}",
                cause=f"way from {before}",
                next=f"show route {expected.target} (on {before})",
                blames=_on_the_way(before, expected, inquiry),
            )
        before = inquiry.owner(hop.addresses[0]) or str(hop.addresses[0])
    return None


def why_ping(expected: Ping, inquiry: Inquiry) -> Explanation | None:
    """How far packets come."""
    query = traceroute.traceroute(
        expected.target, source=expected.source, instance=expected.instance
    )
    route = inquiry.table(expected.router, query)
    if route is None:
        return None
    if route.reached:
        return Explanation("traceroute reaches the target: packets are lost now and then")
    answered = [hop for hop in route.hops if hop.addresses]
    if not answered:
        return Explanation(f"not even the first router answers: {route.failure or 'timeout'}")
    last = answered[-1].addresses[0]
    return Explanation(
        f"the last to answer is {inquiry.named(last)}",
        cause=f"way behind {inquiry.owner(last) or last}",
        next=f"show route {expected.target} (on {inquiry.owner(last) or last})",
        blames=_on_the_way(inquiry.owner(last) or "", expected, inquiry),
    )


def _on_the_way(last: str, expected: Path | Ping, inquiry: Inquiry) -> tuple[Place, ...]:
    """Where a route may be wrong: where packets end, where they start, and on the way back."""
    places = [Place(last, expected.target), Place(expected.router, expected.target)]
    if expected.source is not None and (there := inquiry.owner(expected.target)):
        places.append(Place(there, expected.source))
    return tuple(places)


def why_vrrp(expected: Vrrp, inquiry: Inquiry) -> Explanation | None:
    """Who is master instead, or that the LAN does not hold together."""
    if dead := why_link(expected.router, expected.interface, inquiry):
        return dead
    groups = inquiry.table(expected.router, vrrp.DETAIL)
    for group in groups or ():
        if (group.interface, group.group) != (expected.interface, expected.group):
            continue
        if other := _virtual_addresses(expected, group):
            return other
        cause = f"mastership of {', '.join(map(str, group.virtual_addresses))}"
        if group.state == "backup" and group.master:
            return Explanation(
                f"{inquiry.named(group.master)} is master with priority {group.master_priority}, "
                f"here it is {group.priority}",
                cause=cause,
            )
        if group.state == "master":
            if split := _two_masters(expected.router, group, inquiry):
                return split
            return Explanation("it hears no advertisement of a higher priority", cause=cause)
    return None


def _two_masters(router: str, here: vrrp.Group, inquiry: Inquiry) -> Explanation | None:
    """That another router of the group is master too: they do not hear each other."""
    for other, name in inquiry.opposite(router, here.interface):
        for there in inquiry.table(other, vrrp.DETAIL) or ():
            if (there.interface, there.group, there.state) != (name, here.group, "master"):
                continue
            if frozenset(there.virtual_addresses) != frozenset(here.virtual_addresses):
                return Explanation(
                    f"{other} is master too, of other virtual addresses",
                    cause=f"virtual addresses of {other} {name}",
                    certain=True,
                )
            both = " - ".join(sorted((f"{router} {here.interface}", f"{other} {name}")))
            return Explanation(
                f"{router} and {other} are both master: they do not hear each other",
                cause=f"LAN {both} is split",
                certain=True,
            )
    return None


def _virtual_addresses(expected: Vrrp, group: vrrp.Group) -> Explanation | None:
    """That the group is for other addresses: routers of one group must agree (RFC 5798 7.1)."""
    wanted, actual = expected.virtual_addresses, frozenset(group.virtual_addresses)
    if wanted is None or wanted == actual:
        return None
    shown = ", ".join(map(str, sorted(actual, key=str))) or "none"
    return Explanation(
        f"{expected.router} has the virtual addresses {shown}, which the others do not accept",
        cause=f"virtual addresses of {expected.router} {expected.interface}",
        certain=True,
    )


def why_interface(expected: Interface, inquiry: Inquiry) -> Explanation | None:
    """Whether the interface is off or its link is down, or up though it must not be."""
    if expected.oper == "down":
        return Explanation(
            "it is up, and in the state that was asked about it must be down",
            cause=f"{expected.router} {expected.interface} is up",
            certain=True,
        )
    place = (expected.router, expected.interface)
    if found := why_interface_down(*place, inquiry) or why_miswired([place], inquiry):
        return found
    if expected.mpls is not None and (off := why_unlabelled(*place, inquiry)):
        return off
    return _missing(expected, inquiry)


def _missing(expected: Interface, inquiry: Inquiry) -> Explanation | None:
    table = inquiry.table(expected.router, interface.TERSE)
    if table and not table.get(expected.interface):
        cause = f"{expected.router} {expected.interface} is not configured"
        return Explanation("the router has no such interface", cause=cause, certain=True)
    return None


def why_rpc(expected: RpcXPath, inquiry: Inquiry) -> Explanation | None:
    """What is the matter with the routing instance that the XPath names, if it names one."""
    for router, name in inquiry.chart.targets:
        if router == expected.router and name in expected.xpath:
            return why_instance(router, name, inquiry)
    return None


_EXPLAIN: dict[type, Callable[[Any, Inquiry], Explanation | None]] = {
    RouteExpectation: why_route,
    ReceivedRoutes: why_exchange,
    AdvertisedRoutes: why_exchange,
    BgpSession: why_bgp,
    Path: why_path,
    Ping: why_ping,
    Vrrp: why_vrrp,
    IsisAdjacency: why_isis,
    OspfNeighbor: why_ospf,
    LdpSession: why_ldp,
    Bfd: why_bfd,
    Interface: why_interface,
    RpcXPath: why_rpc,
}
