"""`policy-options` into the values of `multihome.twin.junos.policy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos import reading
from multihome.twin.junos.aspath import AsPathPattern
from multihome.twin.junos.community import Community
from multihome.twin.junos.policy import (
    Actions,
    Amend,
    Change,
    Conditions,
    Count,
    Disposition,
    NextHopAction,
    Policies,
    Policy,
    PrefixListFilter,
    RouteFilter,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Address
    from multihome.twin.config.tree import Node

_HOST = 32
_COMMUNITY_WORDS = {
    "add": "add",
    "delete": "delete",
    "set": "set",
    "+": "add",
    "-": "delete",
    "=": "set",
}
_FINAL = {"accept": Disposition.ACCEPT, "reject": Disposition.REJECT}
_FOLLOWING = {"term": Disposition.NEXT_TERM, "policy": Disposition.NEXT_POLICY}
_COUNTED = ("community-count", "as-path-unique-count", "as-path-calc-length")
_JUDGED = frozenset(
    {
        *("protocol", "route-filter", "route-filter-list", "prefix-list", "prefix-list-filter"),
        *("community", "as-path", "as-path-group", "neighbor", "next-hop", "interface", "state"),
        *("metric", "local-preference", "preference", "tag", "origin", "family", "rib"),
        *("instance", "level", "route-type", "policy", *_COUNTED),
    }
)
"""Conditions that are read here; any other cannot be judged."""
_LIST_MATCHES = ("exact", "longer", "orlonger")
_ORIGINS = ("igp", "egp", "incomplete")
_PROTOCOLS = {"ospf2": "ospf"}


def policies(node: Node | None) -> Policies:
    """Everything below `policy-options`."""
    if node is None:
        return Policies()
    return Policies(
        statements={entry.name: _policy(entry, node) for entry in node.entries("policy-statement")},
        prefix_lists={
            entry.name: tuple(
                found
                for item in entry.entries("prefix-list-item")
                if (found := reading.prefix(item.name)) is not None
            )
            for entry in node.entries("prefix-list")
        },
        communities={
            entry.name: Community(
                entry.name, entry.leaves("members"), invert=entry.has("invert-match")
            )
            for entry in node.entries("community")
        },
        as_paths=dict(_as_paths(node)),
        as_path_groups={
            entry.name: tuple(pattern for _, pattern in _as_paths(entry))
            for entry in node.entries("as-path-group")
        },
    )


def _as_paths(node: Node) -> Iterator[tuple[str, AsPathPattern]]:
    for entry in node.entries("as-path"):
        try:
            yield entry.name, AsPathPattern.parse(entry.values[0] if entry.values else "")
        except ValueError:
            continue  # The commit check has said so; nothing matches it.


def _policy(node: Node, options: Node) -> Policy:
    terms = [_term(entry, entry.name, options) for entry in node.entries("term")]
    if any(node.has(keyword) for keyword in ("from", "to", "then")):
        terms.append(_term(node, "", options))
    return Policy(node.name, tuple(terms))


def _term(node: Node, name: str, options: Node) -> Term:
    found = node.get("from")
    conditions = Conditions() if found is None else _conditions(found, options)
    then, to = node.get("then"), node.get("to")
    return Term(
        name,
        conditions,
        Actions() if then is None else _actions(then),
        None if to is None else _conditions(to, options),
    )


# --- from --------------------------------------------------------------------------


def _conditions(node: Node, options: Node) -> Conditions:
    return Conditions(
        protocols=tuple(_PROTOCOLS.get(word, word) for word in node.leaves("protocol")),
        route_filters=tuple(_route_filters(node, options)),
        prefix_lists=tuple(
            entry.name for entry in node.entries("prefix-list") if not entry.children
        ),
        prefix_list_filters=tuple(_prefix_list_filters(node)),
        communities=node.leaves("community"),
        as_paths=node.leaves("as-path"),
        as_path_groups=node.leaves("as-path-group"),
        neighbors=reading.addresses(node.leaves("neighbor")),
        next_hops=reading.addresses(node.leaves("next-hop")),
        interfaces=tuple(reading.logical(name) for name in node.leaves("interface")),
        state=node.leaf("state"),
        metric=reading.number(node, "metric"),
        local_preference=reading.number(node, "local-preference"),
        preference=reading.number(node, "preference"),
        tags=tuple(n for text in node.leaves("tag") if (n := reading.integer(text)) is not None),
        origin=node.leaf("origin"),
        family=node.leaf("family"),
        rib=node.leaf("rib"),
        instances=node.leaves("instance"),
        level=reading.number(node, "level"),
        route_type=node.leaf("route-type"),
        policies=node.leaves("policy"),
        counts=tuple(_counts(node)),
        unjudged=tuple(
            dict.fromkeys(each.keyword for each in node.children if each.keyword not in _JUDGED)
        ),
    )


def _counts(node: Node) -> Iterator[Count]:
    for what in _COUNTED:
        for entry in node.entries(what):
            number = reading.integer(entry.key[0])
            if number is not None:
                yield Count(what, number, entry.key[-1])


def _prefix_list_filters(node: Node) -> Iterator[PrefixListFilter]:
    for entry in node.entries("prefix-list"):
        if entry.children:
            yield PrefixListFilter(entry.name, "exact", _actions(entry))
    for entry in node.entries("prefix-list-filter"):
        if entry.key[-1] in _LIST_MATCHES:
            actions = _actions(entry) if entry.children else None
            yield PrefixListFilter(entry.key[0], entry.key[-1], actions)


def _route_filters(node: Node, options: Node) -> Iterator[RouteFilter]:
    for entry in node.entries("route-filter"):
        yield from _route_filter(entry)
    for name in node.leaves("route-filter-list"):
        listed = options.get(("route-filter-list", name))
        for entry in () if listed is None else listed.entries("rf_list"):
            yield from _route_filter(entry)


def _route_filter(node: Node) -> Iterator[RouteFilter]:
    """`route-filter P MATCH [ARGUMENT]`, as a range of lengths."""
    inside = reading.prefix(node.key[0])
    match = node.key[1] if len(node.key) > 1 else "exact"
    argument = node.key[2] if len(node.key) > 2 else ""
    if inside is None:
        return
    through = reading.prefix(argument) if match == "through" else None
    low, high = _lengths(inside.length, match, argument)
    if through is not None:
        high = through.length
    mask = reading.address(argument) if match == "address-mask" else None
    actions = _actions(node) if node.children else None
    yield RouteFilter(inside, low, high, through, mask, actions)


def _lengths(own: int, match: str, argument: str) -> tuple[int, int]:
    match match:
        case "orlonger":
            return own, _HOST
        case "longer":
            return own + 1, _HOST
        case "upto":
            return own, _length(argument)
        case "prefix-length-range":
            low, _, high = argument.partition("-")
            return _length(low), _length(high)
        case _:
            return own, own


def _length(text: str) -> int:
    found = reading.integer(text.strip().removeprefix("/"))
    return _HOST if found is None else found


# --- then --------------------------------------------------------------------------


def _actions(node: Node) -> Actions:
    expand = node.leaves("as-path-expand")
    return Actions(
        metric=_change(node.leaves("metric")),
        local_preference=_change(node.leaves("local-preference")),
        preference=_change(node.leaves("preference")),
        tag=_change(node.leaves("tag")),
        communities=tuple(
            (_COMMUNITY_WORDS[entry.key[0]], entry.key[-1])
            for entry in node.entries("community")
            if entry.key[0] in _COMMUNITY_WORDS
        ),
        as_path_prepend=_as_numbers(node.leaf("as-path-prepend")),
        as_path_expand=_expansion(expand),
        as_path_repeat=_repetitions(expand),
        origin=origin if (origin := node.leaf("origin")) in _ORIGINS else None,
        external_type=reading.number(node.get("external"), "type"),
        next_hop=_next_hop(node.leaf("next-hop")),
        disposition=_disposition(node),
        default=_FINAL.get(node.leaf("default-action") or ""),
    )


def _repetitions(words: tuple[str, ...]) -> int:
    """`as-path-expand last-as count N`."""
    if words[:1] != ("last-as",):
        return 0
    return reading.integer(reading.option(words, "count")) or 1


def _expansion(words: tuple[str, ...]) -> tuple[int, ...]:
    """`as-path-expand "64999 64998"`."""
    return () if words[:1] == ("last-as",) else _as_numbers(" ".join(words))


def _as_numbers(text: str | None) -> tuple[int, ...]:
    words = (text or "").split()
    return tuple(n for word in words if (n := reading.autonomous_system(word)) is not None)


def _change(words: tuple[str, ...]) -> Change | None:
    if not words:
        return None
    if words[0].isdigit():
        return Change(Amend.SET, int(words[0]))
    if words[0] not in set(Amend):
        return None
    return Change(Amend(words[0]), reading.integer(words[-1]) or 0)


def _next_hop(word: str | None) -> Address | NextHopAction | None:
    if word is None:
        return None
    found = reading.address(word)
    if found is not None:
        return found
    return NextHopAction(word) if word in set(NextHopAction) else None


def _disposition(node: Node) -> Disposition | None:
    """A term may hold both kinds; vJunos 25.4 then goes on, whichever was written first."""
    if (following := _FOLLOWING.get(node.leaf("next") or "")) is not None:
        return following
    if node.has("accept"):
        return Disposition.ACCEPT
    if node.has("reject"):
        return Disposition.REJECT
    return None
