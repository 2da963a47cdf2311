"""`prefix-list NAME apply-path "PATH"`: prefixes taken from elsewhere in the configuration.

The path is read from the top of the hierarchy, as the command line would write it; each
`<*>` matches one word.  What the last words mean must be addresses: interface addresses
stand for their subnet, plain addresses for a host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.grammar.types import prefix
from multihome.twin.config.order import sort_key
from multihome.twin.config.tree import Node
from multihome.twin.config.wildcard import is_pattern, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.twin.config.grammar.statement import Statement


def expanded(root: Node) -> Node:
    """The tree with every apply-path replaced by the prefixes that it finds in the tree."""
    out = _with_prefixes(root, root)
    systems = [node for node in root.entries("logical-systems") if _has_lists(node)]
    if systems:
        out = root.twin() if out is root else out
        for system in systems:
            out.put(_with_prefixes(system, root))
    return out


def _has_lists(node: Node) -> bool:
    return node.has("policy-options")


def _with_prefixes(holder: Node, root: Node) -> Node:
    options = holder.get("policy-options")
    lists = list(options.entries("prefix-list")) if options else []
    found = [each for each in lists if each.has("apply-path")]
    if options is None or not found:
        return holder
    options = options.twin()
    for each in found:
        options.put(_filled(each, root))
    out = holder.twin()
    out.put(options)
    return out


def _filled(prefix_list: Node, root: Node) -> Node:
    path = prefix_list.leaf("apply-path", "") or ""
    out = prefix_list.twin()
    out.drop(("apply-path", ()))
    items = {node.name: node for node in prefix_list.entries("prefix-list-item")}
    for word in words_at(root, path.split()):
        try:
            name = prefix(word)
        except ValueError:
            continue
        items.setdefault(name, Node("prefix-list-item", (name,)))
    rest = [node for node in out.children if node.keyword != "prefix-list-item"]
    out.arrange([*sorted(items.values(), key=sort_key), *rest])
    return out


def words_at(root: Node, path: Sequence[str]) -> Iterator[str]:
    """The words that the wildcards of a path stand for, the last one of each match."""
    yield from _found(root, grammar(), tuple(path), "")


def _found(node: Node, statement: Statement, path: tuple[str, ...], last: str) -> Iterator[str]:
    if not path:
        if last:
            yield last
        return
    word, rest = path[0], path[1:]
    below = statement.find(word)
    if below is None or below.kind is Kind.LIST:
        entry, words = (statement.entry, path) if below is None else (below, rest)
        if entry is not None:
            yield from _entries(node, entry, words, last)
        return
    child = node.child(below.keyword)
    if child is not None and below.kind is Kind.CONTAINER:
        yield from _found(child, below, rest, last)
    elif child is not None and len(rest) < 2:
        pattern = rest[0] if rest else "<*>"
        yield from (value for value in child.values if matches(pattern, value))


def _entries(node: Node, statement: Statement, path: tuple[str, ...], last: str) -> Iterator[str]:
    size = len(statement.keys)
    patterns, rest = path[:size], path[size:]
    if len(patterns) < size:
        return
    for entry in node.entries(statement.keyword):
        if all(map(matches, patterns, entry.key)):
            wild = [
                word for word, each in zip(entry.key, patterns, strict=False) if is_pattern(each)
            ]
            yield from _found(entry, statement, rest, wild[-1] if wild else last)
