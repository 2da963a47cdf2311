"""Foreign settings of BGP: a neighbour's win over its group's, a group's over the protocol's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.render.ownership.arrange import ORDERED_VALUES
from multihome.render.ownership.conflicts.finding import Finding
from multihome.render.ownership.conflicts.tables import BGP_ALTERS, BGP_HARMLESS, FAMILY_ALTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.render.ownership.conflicts.finding import Theirs, View
    from multihome.render.ownership.statement import Words

_BGP = ("protocols", "bgp")
_GROUP = "protocols bgp group {g}"
_NEIGHBOR = "protocols bgp group {g} neighbor {n}"


def bgp(view: View, theirs: Theirs) -> Iterator[Finding]:
    """What a foreign setting does to the sessions of ours that it applies to."""
    scope, words = theirs.scope
    if words[:2] != _BGP or len(words) < 3:
        return
    group = words[3] if words[2] == "group" and len(words) > 4 else ""
    neighbor = words[5] if group and words[4] == "neighbor" and len(words) > 5 else ""
    level = 6 if neighbor else 4 if group else 2
    setting = words[level:]
    if neighbor and (found := _other_group(view, theirs, scope, (group, neighbor))):
        yield found
    if not setting or setting[0] in BGP_HARMLESS:
        return
    session = _session(view, scope, group, neighbor, setting)
    if session is not None and (found := _judge(view, theirs, session, setting)):
        yield found


def _other_group(
    view: View, theirs: Theirs, scope: Words, place: tuple[str, str]
) -> Finding | None:
    """The same neighbour in another group than ours."""
    group, neighbor = place
    for words, names in view.matching(_NEIGHBOR, {"{n}": neighbor}, scope):
        if names["{g}"] != group:
            return Finding("neighbor", words, theirs, "configures our neighbor in another group")
    return None


def _session(view: View, scope: Words, group: str, neighbor: str, setting: Words) -> Words | None:
    """One of ours that the setting applies to; None if none, or if ours says it nearer by."""
    bound = {"{g}": group} if group else {}
    if neighbor:
        return view.first(_NEIGHBOR, {**bound, "{n}": neighbor}, scope)
    for words, names in view.matching(_GROUP, bound, scope):
        nearer = f"{_GROUP} {setting[0]}" if not group else ""
        own = {"{g}": names["{g}"]}
        if nearer and view.first(nearer, own, scope):
            continue
        if not _all_neighbors_say(view, scope, own, setting[0]):
            return words
    return None


def _all_neighbors_say(view: View, scope: Words, group: dict[str, str], setting: str) -> bool:
    """Whether each neighbour of ours in the group has the setting itself."""
    neighbors = {names["{n}"] for _, names in view.matching(_NEIGHBOR, group, scope)}
    return bool(neighbors) and all(
        view.first(f"{_NEIGHBOR} {setting}", {**group, "{n}": name}, scope) for name in neighbors
    )


def _judge(view: View, theirs: Theirs, ours: Words, setting: Words) -> Finding | None:
    name = setting[0]
    if name in ORDERED_VALUES:
        return _policy(view, theirs, ours)
    if name == "family":
        return _family(view, theirs, ours, setting)
    where = f" in the group {theirs.group!r}" if theirs.group else ""
    if name in BGP_ALTERS:
        why = f"changes `{name}` of our session{where}"
        return Finding("session", _same(view, theirs, name) or ours, theirs, why)
    return Finding("session", ours, theirs, "", judged=False)


def _policy(view: View, theirs: Theirs, ours: Words) -> Finding | None:
    """A policy of theirs in the list of ours: behind it is no difference, before it is."""
    path, name = theirs.words[:-1], theirs.words[-1]
    own = [words[-1] for words in view.ours if words[:-1] == path]
    if not own:
        return Finding("policy", ours, theirs, f"applies `{path[-1]} {name}` to our session")
    order = view.order.get(path, [])
    behind = not theirs.group and all(order.index(name) > order.index(each) for each in own)
    mine = next(words for words in view.ours if words[:-1] == path)
    return None if behind else Finding("order", mine, theirs, "is evaluated before our policy")


def _family(view: View, theirs: Theirs, ours: Words, setting: Words) -> Finding | None:
    """Another family beside ours is no difference; instead of ours, or a limit on ours, is."""
    at = len(theirs.words) - len(setting)
    own = [words for words in view.ours if words[: at + 1] == theirs.words[: at + 1]]
    if not own:
        why = "sets the address families of our session"
        return Finding("family", _same(view, theirs, "family") or ours, theirs, why)
    same = [w for w in own if w[at + 1 : at + 3] == setting[1:3]]
    if not same or len(setting) < 4:
        return None
    alters = setting[3] in FAMILY_ALTERS
    why = f"puts `{setting[3]}` on the routes of our session"
    return Finding("limit", same[0], theirs, why if alters else "", judged=alters)


def _same(view: View, theirs: Theirs, setting: str) -> Words | None:
    """Ours of the same setting, at the group or wherever it is."""
    scope, words = theirs.scope
    bound = {"{g}": words[3]} if words[2] == "group" else {}
    return view.first(f"{_GROUP} {setting}", bound, scope)
