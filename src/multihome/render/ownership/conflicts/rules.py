"""The reading of the tables: each foreign statement against ours."""

from __future__ import annotations

from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

from multihome.render.ownership.conflicts.bgp import bgp
from multihome.render.ownership.conflicts.finding import Finding
from multihome.render.ownership.conflicts.pattern import INSTANCE, match
from multihome.render.ownership.conflicts.tables import (
    INSTANCE_LIMITS,
    PAIRS,
    PLACES,
    SCOPED_PAIRS,
    SCOPED_PLACES,
)
from multihome.render.ownership.statement import GROUP_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.render.ownership.conflicts.finding import Theirs, View
    from multihome.render.ownership.conflicts.tables import Inside, Pair
    from multihome.render.ownership.statement import Words

_TERM = "policy-options policy-statement {p} term {t}"
_POLICY = "policy-options policy-statement {p}"
_ADDRESS = "interfaces {p} unit {u} family inet address {a}"


def findings(view: View) -> Iterator[Finding]:
    """Each foreign statement that does something to ours, once."""
    for theirs in view.theirs:
        if not any(word in GROUP_LISTS for word in theirs.words):
            found = next(_found(view, theirs), None)
            if found is not None:
                yield found


def _found(view: View, theirs: Theirs) -> Iterator[Finding]:
    scope, words = theirs.scope
    yield from _pairs(view, theirs, PAIRS, (), theirs.words)
    yield from _pairs(view, theirs, SCOPED_PAIRS, scope, words)
    yield from bgp(view, theirs)
    yield from _address(view, theirs)
    yield from _interface_of_ours(view, theirs)
    yield from _limit(view, theirs)
    yield from _policy(view, theirs)
    yield from _inside(view, theirs, PLACES, (), theirs.words)
    yield from _inside(view, theirs, SCOPED_PLACES, scope, words)


def _pairs(
    view: View, theirs: Theirs, table: Iterable[Pair], scope: Words, words: Words
) -> Iterator[Finding]:
    for row in table:
        names = match(row.theirs, words)
        if names is not None and (ours := view.first(row.ours, names, scope)):
            yield Finding(row.kind, ours, theirs, row.why)


def _inside(
    view: View, theirs: Theirs, table: Iterable[Inside], scope: Words, words: Words
) -> Iterator[Finding]:
    """The innermost place of ours that the statement is in decides."""
    for row in table:
        size = len(row.place.split())
        names = match(row.place, words)
        if names is None or len(words) <= size:
            continue
        ours = view.first(row.place, names, scope)
        if ours is None:
            continue
        word = words[size]
        if word in row.harmless:
            continue
        if word in row.alters or "*" in row.alters:
            yield Finding(row.kind, ours, theirs, row.why)
        elif "*" not in row.harmless:
            yield Finding(row.kind, ours, theirs, "", judged=False)
        return


def _policy(view: View, theirs: Theirs) -> Iterator[Finding]:
    """A policy of ours with terms of theirs: those before ours decide first."""
    names = match(_POLICY, theirs.words)
    if names is None or len(theirs.words) < 4:
        return
    own = view.under(_POLICY, names)
    in_term = match(_TERM, theirs.words)
    if not own or (in_term and view.first(_TERM, in_term)):
        return
    last = _last(own)
    if in_term is None:
        ours = next((words for words in own if words[3] != "term"), None)
        if ours is not None:
            yield Finding("term", ours, theirs, "changes what our policy matches or does")
            return
    elif theirs.group or _before(view, theirs, own):
        yield Finding("order", last, theirs, "is evaluated before our term")
        return
    if not _ends(own):
        yield Finding("order", last, theirs, "", judged=False)


def _before(view: View, theirs: Theirs, own: list[Words]) -> bool:
    """Whether the term comes before one of ours; what has no term of its own is last."""
    if any(words[3] != "term" for words in own):
        return True
    order = view.order.get(theirs.words[:4], [])
    name = theirs.words[4]
    if name not in order:
        return True
    return any(order.index(name) < order.index(w[4]) for w in own if w[4] in order)


def _last(own: list[Words]) -> Words:
    return own[-1]


def _ends(own: list[Words]) -> bool:
    """Whether nothing gets past our last term: it has no condition, and accepts or rejects."""
    last = own[-1]
    size = 5 if last[3] == "term" else 3
    term = [words[size:] for words in own if words[:size] == last[:size]]
    conditional = any(words[:1] in (("from",), ("to",)) for words in term)
    return not conditional and any(
        words[:2] in (("then", "accept"), ("then", "reject")) for words in term
    )


def _address(view: View, theirs: Theirs) -> Iterator[Finding]:
    """Our address elsewhere, or another one in the subnet of ours on our own interface."""
    names = match(_ADDRESS, theirs.words)
    if names is None or (address := _parsed(names["{a}"])) is None:
        return
    place = (names["{p}"], names["{u}"])
    for words, own in view.matching(_ADDRESS, {}):
        mine = _parsed(own["{a}"])
        if mine is None:
            continue
        if place == (own["{p}"], own["{u}"]):
            if address != mine and address.network.overlaps(mine.network):
                yield Finding("address", words, theirs, "is in the subnet of our address")
        elif address.ip == mine.ip and _instance(view, place) == _instance(
            view, (own["{p}"], own["{u}"])
        ):
            yield Finding("address", words, theirs, "gives our address to another interface")


def _interface_of_ours(view: View, theirs: Theirs) -> Iterator[Finding]:
    """An interface of ours that a foreign statement puts into an instance in which we do not have it."""
    if theirs.words[:1] != (INSTANCE,) or theirs.words[2:3] != ("interface",):
        return
    port, _, unit = theirs.words[3].rpartition(".")
    ours = view.first("interfaces {p} unit {u}", {"{p}": port, "{u}": unit})
    if ours is not None:
        yield Finding("instance", ours, theirs, "puts our interface into an instance")


def _instance(view: View, place: tuple[str, str]) -> str:
    """The instance of an interface; empty for the router itself."""
    name = ".".join(place)
    for words in (*view.ours, *(each.words for each in view.theirs)):
        if words[:1] == (INSTANCE,) and words[2:4] == ("interface", name):
            return words[1]
    return ""


def _limit(view: View, theirs: Theirs) -> Iterator[Finding]:
    scope, words = theirs.scope
    if scope and words[:1] == ("routing-options",) and words[1:2] and words[1] in INSTANCE_LIMITS:
        ours = next((own for own in view.ours if own[:2] == scope), None)
        if ours is not None:
            yield Finding("limit", ours, theirs, "limits the routes of our instance")


def _parsed(text: str) -> IPv4Interface | None:
    try:
        return IPv4Interface(text)
    except ValueError:
        return None
