"""Why two routers do not talk: a dead link, the far end, the last error."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.check.inquiry import Explanation
from multihome.state import bgp, interface

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry
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
    cause = session_cause(router, peer, inquiry)
    if here is None:
        words = peers.not_running or f"{router} has no neighbor {peer} in its configuration"
        return Explanation(words, cause=cause, next="show bgp summary")
    told = _far_end(router, here, inquiry) or _last_words(here)
    return Explanation(told, cause=cause, next=f"show bgp neighbor {peer}")


def why_link(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    """That an interface, or one at the other end of its link, is down; None if none is."""
    if down := down_interface(router, name, inquiry):
        return down
    for owner, far in inquiry.opposite(router, name):
        if down := down_interface(owner, far, inquiry):
            return down
    return None


def why_routers(router: str, peer: Address, inquiry: Inquiry) -> Explanation | None:
    """That every link between a router and the owner of an address is down."""
    owner = inquiry.owner(peer)
    if owner is None:
        return None
    links = [near for near, far in inquiry.links(router) if far == owner]
    found = [why_link(router, near, inquiry) for near in links]
    return found[0] if found and all(found) else None


def neighbor(peers: tuple[Neighbor, ...], peer: Address) -> Neighbor | None:
    """The neighbour of that address."""
    return next((each for each in peers if each.peer == peer), None)


def is_external(router: str, peer: Address, inquiry: Inquiry) -> bool:
    """Whether a router's session with a neighbour crosses the border of its AS."""
    peers = inquiry.table(router, bgp.NEIGHBORS)
    return any(each.peer == peer and each.type == "External" for each in peers or ())


def session_cause(router: str, peer: Address, inquiry: Inquiry) -> str:
    """One name for a session, from whichever end it is looked at."""
    owner = inquiry.owner(peer)
    if owner is None:
        return f"BGP session {router} - {peer}"
    return "BGP session " + " - ".join(sorted((router, owner)))


def down_interface(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    """That an interface is down, if it is; a unit is down with its port."""
    table = inquiry.table(router, interface.TERSE)
    status = table.get(name) if table else None
    if status is None or (status.oper == "up" and status.admin != "down"):
        return None
    by = "disabled by configuration" if status.admin == "down" else "no carrier"
    return Explanation(
        f"{router} {name} is down ({by})",
        cause=f"{router} {name} is down",
        next=f"show interfaces {name} extensive (on {router})",
    )


def _dead_link(router: str, peer: Address, inquiry: Inquiry) -> Explanation | None:
    """The link of a session between neighbours on one subnet, dead at either end."""
    local = inquiry.local_interface(router, peer)
    return why_link(router, local.name, inquiry) if local else None


def _far_end(router: str, here: Neighbor, inquiry: Inquiry) -> str | None:
    """What the neighbour itself says of the session."""
    owner = inquiry.owner(here.peer)
    ours = _our_addresses(router, here, inquiry)
    if owner is None or not ours:
        return None
    peers = inquiry.table(owner, bgp.NEIGHBORS)
    if peers is None:
        return f"the far end, {owner}, could not be asked"
    if peers.not_running:
        return f"at the far end, {owner}: {peers.not_running}"
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
    if here.authentication and here.state in ("Active", "Connect"):
        return f"{_last_words(here)}; both ends sign their messages: do the keys agree?"
    return None


def _last_words(here: Neighbor) -> str:
    error = here.last_error if here.last_error not in (None, "None") else "none"
    return f"state {here.state}, last error {error}, last event {here.last_event or 'none'}"
