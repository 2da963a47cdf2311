"""The order in which Junos shows statements, whatever the order in which they came."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node

_NUMBERS = re.compile(r"(\d+)")

SortKey = tuple[object, ...]


def in_order(node: Node, statement: Statement) -> list[Node]:
    """What is below a node: by the grammar, then sorted or as the user put it."""
    children = node.children
    if len(children) < 2:
        return list(children)
    ranked = [(statement.rank(child.keyword), child) for child in children]
    ranked.sort(key=lambda pair: pair[0])
    ordered = [child for _, child in ranked]
    if not any(each.ordered for each in _lists(node, statement)):
        return ordered
    return _sorted_runs(ordered, statement)


def _lists(node: Node, statement: Statement) -> list[Statement]:
    keywords = dict.fromkeys(child.keyword for child in node.children if child.key)
    return [statement.below(keyword) for keyword in keywords]


def _sorted_runs(nodes: list[Node], statement: Statement) -> list[Node]:
    runs: dict[str, list[Node]] = {}
    for node in nodes:
        runs.setdefault(node.keyword, []).append(node)
    for keyword, run in runs.items():
        if statement.below(keyword).ordered:
            run.sort(key=sort_key)
    return [node for run in runs.values() for node in run]


def sort_key(node: Node) -> SortKey:
    """How Junos sorts a list that it keeps in order: slots before names, numbers as numbers."""
    name = node.name
    parts = _NUMBERS.split(name)
    placed = 0 if "/" in name else 1
    return placed, tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts), name
