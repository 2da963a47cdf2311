"""Why a BGP session is not what it must be: its link, its far end, its last error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.inquiry import Explanation
from multihome.state import bgp, interface

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry
    from multihome.state.bgp import Neighbor
    from multihome.state.reply import Address


def why_session(router: str, peer: Address, inquiry: Inquiry) -> Explanation | None:
    """The reason why a session is not established; None if it is."""
    peers = inquiry.table(router, bgp.NEIGHBORS)
    if peers is None:
        return None
    here = neighbor(peers.rows, peer)
    if here is not None and here.state == "Established":
        return None
    if here is None:
        words = peers.not_running or f"{router} has no neighbor {peer} in its configuration"
        return Explanation(
            words, cause=session_cause(router, peer, inquiry), next="show bgp summary"
        )
    local = inquiry.local_interface(router, peer)
    if local and (down := down_interface(router, local.name, inquiry)):
        return down
    cause = session_cause(router, peer, inquiry)
    told = _far_end(router, here, inquiry) or _last_words(here)
    return Explanation(told, cause=cause, next=f"show bgp neighbor {peer}")


def neighbor(peers: tuple[Neighbor, ...], peer: Address) -> Neighbor | None:
    """The neighbour of that address."""
    return next((each for each in peers if each.peer == peer), None)


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
        next=f"show interfaces {name} extensive",
    )


def _far_end(router: str, here: Neighbor, inquiry: Inquiry) -> str | None:
    """What the neighbour itself says of the session."""
    owner = inquiry.owner(here.peer)
    local = inquiry.local_interface(router, here.peer)
    if owner is None or local is None:
        return None
    peers = inquiry.table(owner, bgp.NEIGHBORS)
    if peers is None:
        return f"the far end, {owner}, could not be asked"
    if peers.not_running:
        return f"at the far end, {owner}: {peers.not_running}"
    addresses = {text.partition("/")[0] for text in local.addresses}
    there = next((each for each in peers if str(each.peer) in addresses), None)
    if there is None:
        return f"the far end, {owner}, has no neighbor {' or '.join(sorted(addresses))}"
    return _disagreement(router, here, owner, there)


def _disagreement(router: str, here: Neighbor, owner: str, there: Neighbor) -> str | None:
    if here.authentication != there.authentication:
        signs, does_not = (router, owner) if here.authentication else (owner, router)
        return f"{signs} signs its messages and {does_not} does not"
    if there.local_as is not None and here.peer_as != there.local_as:
        return f"{router} expects AS {here.peer_as}, {owner} is AS {there.local_as}"
    if here.authentication and here.last_error in (None, "None") and not here.hold_time:
        return f"state {here.state}, no message has passed: do the authentication keys agree?"
    return None


def _last_words(here: Neighbor) -> str:
    error = here.last_error if here.last_error not in (None, "None") else "none"
    return f"state {here.state}, last error {error}, last event {here.last_event or 'none'}"
