"""What the routing daemon refuses about policies: undefined names, expressions it cannot read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.junos import community
from multihome.twin.junos.aspath import AsPathPattern
from multihome.twin.junos.policy import names_in, parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DAEMON = "rpd"
Path = tuple[str, ...]
_NAMED = {
    "community": "Community",
    "as-path": "As-path",
    "as-path-group": "As-path-group",
    "prefix-list": "Prefix-list",
}


def policy_problems(here: Node, path: Path) -> Iterator[Problem]:
    """Every complaint about policies: their own statements, and who uses them."""
    options = here.get("policy-options")
    if options is not None:
        yield from _definitions(options, (*path, "policy-options"))
        for statement in options.entries("policy-statement"):
            where = (*path, "policy-options", "policy-statement", statement.name)
            yield from _statement(statement, options, where)
    known = _names(options, "policy-statement")
    for user in _users(here, path):
        yield from _undefined(*user, known)


# --- definitions -------------------------------------------------------------------


def _definitions(options: Node, path: Path) -> Iterator[Problem]:
    for entry in options.entries("community"):
        where = (*path, "community", entry.name)
        members = entry.leaves("members")
        if not members:
            yield Problem("Missing mandatory statement: 'members'", where, tag="invalid-value")
        for member in members:
            fault = community.problem(member)
            if fault is not None:
                yield _refusal(f"invalid community expression: {fault}", where, f"members {member}")
    for holder, where in _as_path_holders(options, path):
        for entry in holder.entries("as-path"):
            text = entry.values[0] if entry.values else ""
            try:
                AsPathPattern.parse(text)
            except ValueError:
                yield _refusal(
                    f"invalid as-path expression: {text}", where, f"as-path {entry.name}"
                )


def _as_path_holders(options: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    yield options, path
    for group in options.entries("as-path-group"):
        yield group, (*path, "as-path-group", group.name)


def _statement(statement: Node, options: Node, path: Path) -> Iterator[Problem]:
    terms = [(statement, path)]
    terms += [(term, (*path, "term", term.name)) for term in statement.entries("term")]
    for term, where in terms:
        for keyword in ("from", "to"):
            conditions = term.get(keyword)
            if conditions is not None:
                yield from _conditions(conditions, options, (*where, keyword))
        actions = term.get("then")
        if actions is not None:
            yield from _actions(actions, options, (*where, "then"))


def _actions(node: Node, options: Node, path: Path) -> Iterator[Problem]:
    known = _names(options, "community")
    for entry in node.entries("community"):
        if entry.key[-1] not in known:
            words = " ".join(("community", *entry.key))
            yield _missing("community", entry.key[-1], path, words)


def _conditions(node: Node, options: Node, path: Path) -> Iterator[Problem]:
    for keyword in _NAMED:
        known = _names(options, keyword)
        for name in node.leaves(keyword):
            if name not in known:
                yield _missing(keyword, name, path, f"{keyword} {name}")
    lists = _names(options, "prefix-list")
    for entry in node.entries("prefix-list-filter"):
        if entry.name not in lists:
            yield _missing("prefix-list", entry.name, path, f"prefix-list-filter {entry.name}")
    yield from _subroutines(node, options, path)


def _subroutines(node: Node, options: Node, path: Path) -> Iterator[Problem]:
    known = _names(options, "policy-statement")
    for element in node.leaves("policy"):
        for name in _policies_in(element):
            if name not in known:
                yield _not_defined(name, path, f"policy {element}")


# --- users -------------------------------------------------------------------------


def _users(here: Node, path: Path) -> Iterator[tuple[Node, str, Path, str]]:
    """Statement holder, keyword, edit path, and what the daemon says it does without."""
    yield from _protocol_users(here, path)
    table = here.get("routing-options", "forwarding-table")
    if table is not None:
        yield table, "export", (*path, "routing-options", "forwarding-table"), ""
    holder = here.get("routing-instances")
    for instance in () if holder is None else holder.entries("instance"):
        where = (*path, "routing-instances", instance.name)
        yield from _protocol_users(instance, where)
        yield instance, "vrf-import", where, "RT Instance: vrf-import list not applied"
        yield instance, "vrf-export", where, "RT Instance: vrf-export list not applied"


def _protocol_users(node: Node, path: Path) -> Iterator[tuple[Node, str, Path, str]]:
    for kind in ("aggregate", "generate"):
        holder = node.get("routing-options", kind)
        for route in () if holder is None else holder.entries("route"):
            yield route, "policy", (*path, "routing-options", kind, "route", route.name), ""
    for protocol in ("isis", "ospf"):
        found = node.get("protocols", protocol)
        if found is not None:
            complaint = f"{protocol.upper()}: export list not applied"
            yield found, "export", (*path, "protocols", protocol), complaint
    bgp = node.get("protocols", "bgp")
    for level, where in () if bgp is None else _bgp_levels(bgp, (*path, "protocols", "bgp")):
        for keyword in ("import", "export"):
            yield level, keyword, where, f"BGP: {keyword} list not applied"


def _bgp_levels(bgp: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    yield bgp, path
    for group in bgp.entries("group"):
        where = (*path, "group", group.name)
        yield group, where
        for neighbor in group.entries("neighbor"):
            yield neighbor, (*where, "neighbor", neighbor.name)


def _undefined(
    node: Node, keyword: str, path: Path, consequence: str, known: frozenset[str]
) -> Iterator[Problem]:
    missing = [
        name
        for element in node.leaves(keyword)
        for name in _policies_in(element)
        if name not in known
    ]
    for name in missing:
        yield _not_defined(name, path, keyword)
    if missing and consequence:
        yield _refusal(consequence, path, keyword)


def _policies_in(element: str) -> tuple[str, ...]:
    try:
        return names_in(parse_expression(element))
    except ValueError:
        return (element,)


# --- words -------------------------------------------------------------------------


def _names(options: Node | None, keyword: str) -> frozenset[str]:
    return frozenset(() if options is None else (one.name for one in options.entries(keyword)))


def _missing(keyword: str, name: str, path: Path, element: str) -> Problem:
    text = f"Policy error: {_NAMED[keyword]} {name} referenced but not defined"
    return _refusal(text, path, element)


def _not_defined(name: str, path: Path, element: str) -> Problem:
    text = f"Policy error: Policy {name} referenced but not defined"
    return _refusal(text, path, element)


def _refusal(text: str, path: Path, element: str) -> Problem:
    return Problem(text, path, element, daemon=_DAEMON)
