"""Why two routers do not talk: a dead link, the far end, the last error."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.check.diagnosis.link import why_link
from multihome.check.diagnosis.misconfiguration import why_loopbacks, why_system
from multihome.check.inquiry import Explanation, Place, silence
from multihome.intent.matcher import accepts
from multihome.state import bgp

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry
    from multihome.intent.expectation import BgpSession
    from multihome.state.bgp import Neighbor
    from multihome.state.reply import Address


def why_session(router: str, peer: Address, inquiry: Inquiry) -> Explanation | None:
    """The reason why a BGP session is not established; None if it is."""
    peers = inquiry.table(router, bgp.NEIGHBORS)
    if peers is None:
        return None
    here = neighbor(peers.rows, peer)
    if here is not None and here.state == "Established":
        return None
    if dead := _dead_link(router, peer, inquiry):
        return dead
    if here is None:
        if peers.not_running:
            return _not_running(router, peers.not_running)
        words = f"{router} has no neighbor {peer} in its configuration"
        cause = session_cause(router, peer, inquiry)
        return Explanation(words, cause=cause, next="show bgp summary", certain=True)
    return _why_not_established(router, here, inquiry)


def why_bgp(expected: BgpSession, inquiry: Inquiry) -> Explanation | None:
    """Why a session is down, or that it is up and does not carry what it must."""
    router, peer = expected.router, expected.peer
    if expected.down:
        return Explanation(
            "it is up, and in the state that was asked about it must be down",
            cause=f"{session_cause(router, peer, inquiry)} is up",
            next=f"show bgp neighbor {peer}",
            certain=True,
        )
    if down := why_session(router, peer, inquiry):
        return down
    here = neighbor(tuple(inquiry.table(router, bgp.NEIGHBORS) or ()), peer)
    if here is not None and (found := _why_otherwise(expected, here, inquiry)):
        return found
    missing = sorted(set(expected.tables or {}) - set(here.tables)) if here and here.tables else []
    if not missing:
        return None
    return Explanation(
        f"the session is up, but carries no {missing[0]}: do both ends have the family?",
        cause=f"{session_cause(router, peer, inquiry)} carries no {missing[0]}",
        next=f"show bgp neighbor {peer}",
    )


def _why_otherwise(expected: BgpSession, here: Neighbor, inquiry: Inquiry) -> Explanation | None:
    """Which end does not offer a family, or what each offers as hold time."""
    router, owner = expected.router, inquiry.owner(here.peer) or str(here.peer)
    lacking = sorted((expected.families or frozenset()) - here.families)
    if lacking:
        culprit = owner if lacking[0] not in here.offered else router
        return Explanation(
            f"{culprit} does not offer {lacking[0]}",
            cause=f"{culprit} does not offer {lacking[0]}",
            next=f"show bgp neighbor (on {culprit})",
            certain=True,
        )
    if expected.peer_id is not None and not accepts(expected.peer_id, here.peer_id):
        return Explanation(
            f"{owner} calls itself {here.peer_id or 'nothing'} and must be {expected.peer_id}",
            cause=f"router ID of {owner}",
            next=f"show route instance master detail (on {owner})",
            certain=True,
        )
    if expected.hold_time is None or accepts(expected.hold_time, here.hold_time):
        return None
    far = inquiry.table(owner, bgp.NEIGHBORS) if inquiry.owner(here.peer) else None
    there = [each for each in far or () if inquiry.owner(each.peer) == router]
    offers = {router: here.configured_hold_time}
    if there:
        offers[owner] = there[0].configured_hold_time
    reason = ", ".join(f"{name} {seconds or 'none'}" for name, seconds in sorted(offers.items()))
    return Explanation(
        f"the lower of two offers counts, in seconds: {reason}",
        cause=f"hold time of {session_cause(router, here.peer, inquiry)}",
        next=f"show bgp neighbor {here.peer}",
    )


def _why_not_established(router: str, here: Neighbor, inquiry: Inquiry) -> Explanation:
    """What the far end says of it, if that can be asked, or the router's own last words."""
    cause, command = session_cause(router, here.peer, inquiry), f"show bgp neighbor {here.peer}"
    owner = inquiry.owner(here.peer)
    if owner is not None and inquiry.silent(owner):
        return Explanation(f"the far end, {silence(owner)}", silence(owner), command, certain=True)
    far = inquiry.table(owner, bgp.NEIGHBORS) if owner is not None else None
    if owner is not None and far is not None and far.not_running:
        return _not_running(owner, far.not_running)
    if wrong := why_system((router, owner) if owner else (router,), inquiry):
        return wrong
    if reason := _far_end(router, here, inquiry):
        return Explanation(reason, cause, command, certain=True)
    if group := _whole_group(router, here, inquiry):
        return group
    words = _last_words(here)
    if here.authentication and here.state in ("Active", "Connect"):
        words = f"{words}; both ends sign their messages: do the keys agree?"
    return Explanation(words, cause, command, blames=(Place(router, here.peer, "inet.0"),))


def _whole_group(router: str, here: Neighbor, inquiry: Inquiry) -> Explanation | None:
    """That none of several sessions of one end's group is up, though the other end has some."""
    owner = inquiry.owner(here.peer)
    far = inquiry.table(owner, bgp.NEIGHBORS) if owner else None
    near = inquiry.table(router, bgp.NEIGHBORS)
    there = [each for each in far or () if inquiry.owner(each.peer) == router]
    if owner is None or near is None or far is None or not there:
        return None
    groups = {
        router: [each for each in near if each.group == here.group],
        owner: [each for each in far if each.group == there[0].group],
    }
    alone = {
        name: len(group) > 1 and not any(each.state == "Established" for each in group)
        for name, group in groups.items()
    }
    if here.group is None or alone[router] == alone[owner]:
        return None
    culprit = router if alone[router] else owner
    group = groups[culprit][0].group
    signed = ": is its key that of the others?" if here.authentication else ""
    return Explanation(
        f"none of the {len(groups[culprit])} sessions of group {group} on {culprit} is up, though "
        f"their far ends have others that are{signed}",
        cause=f"BGP group {group} of {culprit}",
        next=f"show configuration protocols bgp group {group} (on {culprit})",
        blames=(Place(router, here.peer, "inet.0"),),
    )


def _not_running(router: str, words: str) -> Explanation:
    """That one of the two does not speak BGP at all."""
    return Explanation(
        f"{router} says: {words}",
        cause=f"BGP does not run on {router}",
        next=f"show configuration protocols bgp (on {router})",
        certain=True,
    )


def why_routers(router: str, peer: Address, inquiry: Inquiry) -> Explanation | None:
    """That every link between a router and the owner of an address is down."""
    owner = inquiry.owner(peer)
    if owner is None:
        return None
    links = [near for near, far in inquiry.links(router) if far == owner]
    found = [why_link(router, near, inquiry) for near in links]
    if found and all(found):
        return found[0]
    return why_loopbacks((router, inquiry.chart.owners.get(peer, owner)), inquiry)


def neighbor(peers: tuple[Neighbor, ...], peer: Address) -> Neighbor | None:
    """The neighbour of that address."""
    return next((each for each in peers if each.peer == peer), None)


def is_external(router: str, peer: Address, inquiry: Inquiry) -> bool:
    """Whether a router's session with a neighbour crosses the border of its AS."""
    peers = inquiry.table(router, bgp.NEIGHBORS)
    return any(each.peer == peer and each.type == "External" for each in peers or ())


def far_table(router: str, table: str, owner: str, inquiry: Inquiry) -> str | None:
    """The table of a neighbour that a router's table is filled from.

    The same one inside an AS, or, where a routing instance ends, that of the session.
    """
    for each in inquiry.table(owner, bgp.NEIGHBORS) or ():
        if inquiry.owner(each.peer) == router and each.tables:
            if table in each.tables or any(name.startswith("bgp.l3vpn") for name in each.tables):
                return table
            return next(iter(each.tables))
    return None


def session_cause(router: str, peer: Address, inquiry: Inquiry) -> str:
    """One name for a session, from whichever end it is looked at."""
    owner = inquiry.owner(peer)
    if owner is None:
        return f"BGP session {router} - {peer}"
    return "BGP session " + " - ".join(sorted((router, owner)))


def _dead_link(router: str, peer: Address, inquiry: Inquiry) -> Explanation | None:
    """The link of a session between neighbours on one subnet, dead at either end."""
    name = inquiry.toward(router, peer)
    if name is not None:
        return why_link(router, name, inquiry)
    owner = inquiry.chart.owners.get(peer)
    return why_loopbacks((router, owner) if owner else (router,), inquiry)


def _far_end(router: str, here: Neighbor, inquiry: Inquiry) -> str | None:
    """What the neighbour itself says of the session."""
    owner = inquiry.owner(here.peer)
    ours = _our_addresses(router, here, inquiry)
    if owner is None or not ours:
        return None
    peers = inquiry.table(owner, bgp.NEIGHBORS)
    if peers is None:
        return None
    there = next((each for each in peers if each.peer in ours), None)
    if there is None:
        known = " or ".join(sorted(map(str, ours)))
        return f"the far end, {owner}, has no neighbor {known}"
    return _disagreement(router, here, owner, there)


def _our_addresses(router: str, here: Neighbor, inquiry: Inquiry) -> frozenset[Address]:
    """Where the far end must know this router: the session's own address, or the link's."""
    if here.local_address is not None:
        return frozenset({here.local_address})
    local = inquiry.local_interface(router, here.peer)
    texts = local.addresses if local else ()
    return frozenset(ip_address(text.partition("/")[0]) for text in texts)


def _disagreement(router: str, here: Neighbor, owner: str, there: Neighbor) -> str | None:
    if here.authentication != there.authentication:
        signs, does_not = (router, owner) if here.authentication else (owner, router)
        return f"{signs} signs its messages and {does_not} does not"
    if there.local_as is not None and here.peer_as != there.local_as:
        return f"{router} expects AS {here.peer_as}, {owner} is AS {there.local_as}"
    return None


def _last_words(here: Neighbor) -> str:
    error = here.last_error if here.last_error not in (None, "None") else "none"
    return f"state {here.state}, last error {error}, last event {here.last_event or 'none'}"
