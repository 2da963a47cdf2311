"""Who sent a route with an attribute that it must not have: followed back from router to router."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.check.diagnosis.session import far_table, is_external
from multihome.check.inquiry import Explanation, Place
from multihome.check.judge import attribute_words, words
from multihome.check.pathmatch import attributes
from multihome.state import route

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry
    from multihome.state.path import RoutePath
    from multihome.state.reply import Address, Prefix

SENT_BY_NEIGHBORS = (
    "med",
    "as_path",
    "local_preference",
    "communities",
    "with_communities",
    "without_communities",
    "cluster_list",
    "next_hop",
)
"""Attributes that a neighbour sends, in the order in which they are blamed."""
_FOLLOW = 5
"""How many routers are walked back."""


@dataclass(frozen=True, slots=True)
class Got:
    """A route as one router got it from a neighbour, and the attribute in question."""

    router: str
    table: str
    prefix: Prefix
    attribute: str
    wanted: object
    source: Address

    @property
    def word(self) -> str:
        """The attribute as people write it."""
        name = self.attribute
        return "communities" if name.endswith("communities") else attribute_words(name)


def shown(path: RoutePath, name: str) -> str:
    """An attribute of a path in words; that of several next hops once."""
    value = attributes(path)[name]
    return words(tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value)


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with an attribute: its value, or communities that lack or are too many."""

    attribute: str
    value: str = ""
    missing: frozenset[str] = frozenset()
    surplus: frozenset[str] = frozenset()

    def is_in(self, path: RoutePath) -> bool:
        """Whether a path has the same defect already."""
        if not self.missing and not self.surplus:
            return shown(path, self.attribute) == self.value
        return self.surplus <= path.communities and not self.missing & path.communities


def defect(wanted: object, path: RoutePath, name: str) -> Defect:
    """The defect of a path; of communities those that lack count before those too many."""
    if not name.endswith("communities") or not isinstance(wanted, frozenset):
        return Defect(name, shown(path, name))
    if name == "without_communities":
        return Defect(name, surplus=wanted & path.communities)
    if missing := wanted - path.communities:
        return Defect(name, missing=missing)
    return Defect(name, surplus=path.communities - wanted)


def sent_so(got: Got, received: RoutePath, inquiry: Inquiry) -> Explanation:
    """The neighbour sent it so; if it had received it so, the router that sent it first."""
    value = shown(received, got.attribute)
    first = _first_sender(got, defect(got.wanted, received, got.attribute), inquiry)
    sender = inquiry.owner(first.source) or str(first.source)
    by = "" if first is got else f"; {sender} is the first to send it so"
    return Explanation(
        f"{inquiry.named(got.source)} sends it with {got.word} {value}{by}",
        cause=what_is_wrong(got, sender),
        next=f"show route receive-protocol bgp {first.source} {got.prefix} detail "
        f"(on {first.router})",
        certain=_adds_another_cluster(got, received),
        blames=() if _adds_another_cluster(got, received) else (Place(sender, got.prefix),),
    )


def _adds_another_cluster(got: Got, received: RoutePath) -> bool:
    """Each reflector answers for the cluster that it puts first, not for those before it."""
    wanted, actual = got.wanted, received.cluster_list
    if got.attribute != "cluster_list" or not isinstance(wanted, tuple) or not wanted:
        return False
    return bool(actual) and actual[0] != wanted[0]


def what_is_wrong(got: Got, sender: str) -> str:
    """The cause of a route's defect: a route with such communities should not be sent at all."""
    if got.attribute == "without_communities":
        return f"what {sender} advertises"
    return f"{got.word} sent by {sender}"


def _first_sender(got: Got, wrong: Defect, inquiry: Inquiry) -> Got:
    """Walk back while the previous router received the same defect from another one.

    Not for a next hop, nor for communities that must stop a route: each router that advertises a
    route is responsible for its next hop, and for advertising it at all.
    """
    alone = got.attribute in ("next_hop", "without_communities", "cluster_list")
    for _ in range(0 if alone else _FOLLOW):
        before = None if _set_at_the_border(got, inquiry) else _before(got, wrong, inquiry)
        if before is None:
            break
        got = before
    return got


def _set_at_the_border(got: Got, inquiry: Inquiry) -> bool:
    """A MED goes no further than the next AS (RFC 4271 section 5.1.4): the router that sends it sets it."""
    return got.attribute == "med" and is_external(got.router, got.source, inquiry)


def _before(got: Got, wrong: Defect, inquiry: Inquiry) -> Got | None:
    """How the sender got the route itself, if it got it with the same defect."""
    sender = inquiry.owner(got.source)
    table = far_table(got.router, got.table, sender, inquiry) if sender else None
    if sender is None or table is None:
        return None
    tables = inquiry.table(sender, route.table(table))
    found = tables.get(table) if tables else None
    entry = found.get(got.prefix) if found else None
    active = entry.active if entry else None
    if active is None or active.learned_from is None:
        return None
    if not wrong.is_in(active):
        return None
    if inquiry.owner(active.learned_from) == got.router:
        return None
    if got.attribute == "local_preference" and is_external(sender, active.learned_from, inquiry):
        return None  # not sent to other ASes (RFC 4271 section 5.1.5): it was set here
    return replace(got, router=sender, table=table, source=active.learned_from)
