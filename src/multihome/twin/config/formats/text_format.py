"""The brace format, as `show configuration` prints it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.twin.config.formatting import head, quoted_values
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind, Layout
from multihome.twin.config.order import in_order
from multihome.twin.config.ranges import KEYWORD as RANGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node

_INDENT = "    "
_REMARK = " ## SECRET-DATA"
_HIDDEN = re.compile(r"\$[0-9][a-z]?\$")
"""How an obfuscated or hashed word begins."""


def print_text(root: Node, statement: Statement | None = None) -> str:
    """What is below a node in braces; without the `## Last commit` line of a show command."""
    return "".join(f"{line}\n" for line in block_lines(root, statement or grammar()))


def block_lines(node: Node, statement: Statement) -> Iterator[str]:
    """The lines of everything below a node, not indented."""
    for child in _grouped(in_order(node, statement), statement):
        if isinstance(child, list):
            yield from _bag(child, statement.below(child[0].keyword))
        else:
            yield from statement_lines(child, statement.below(child.keyword))


def _grouped(nodes: Iterable[Node], statement: Statement) -> Iterator[Node | list[Node]]:
    """Single nodes, and together the entries of a list that shares one pair of braces."""
    bag: list[Node] = []
    for node in nodes:
        if bag and bag[0].keyword != node.keyword:
            yield bag
            bag = []
        if statement.below(node.keyword).bag:
            bag.append(node)
        else:
            yield node
    if bag:
        yield bag


def _bag(nodes: list[Node], statement: Statement) -> Iterator[str]:
    yield f"{nodes[0].keyword} {{"
    for node in nodes:
        yield from _indented(entry_lines(node, statement))
    yield "}"


def entry_lines(node: Node, statement: Statement) -> Iterator[str]:
    """The lines of an entry as written inside its list's braces (`8.8.8.8;`)."""
    written = head(node, statement)
    yield from _with_marks(node, statement, written.partition(" ")[2])


def statement_lines(node: Node, statement: Statement) -> Iterator[str]:
    """The lines of one statement, not indented."""
    if statement.layout is Layout.FLAT and len(node) and not _marked(node):
        for child in in_order(node, statement):
            below = statement.below(child.keyword)
            yield from _with_marks(child, below, f"{node.keyword} {head(child, below)}")
    else:
        yield from _with_marks(node, statement, head(node, statement))


def _marked(node: Node) -> bool:
    return node.inactive or node.protect or node.comment is not None


def _with_marks(node: Node, statement: Statement, words: str) -> Iterator[str]:
    if node.origin:
        yield from _inheritance(node, words)
    if node.comment is not None:
        yield f"/* {node.comment} */"
    marks = ("inactive: " if node.inactive else "") + ("protect: " if node.protect else "")
    lines = _plain(node, statement, words)
    yield marks + next(lines)
    yield from lines


def _inheritance(node: Node, words: str) -> Iterator[str]:
    """Where a statement comes from, as `| display inheritance` says it above."""
    said = node.values[-1] if node.values else words.rpartition(" ")[2]
    mark, _, origin = node.origin.rpartition(" ")
    way = f"expanded from {RANGE}" if mark else "inherited from group"
    yield from ("##", f"## '{said}' was {way} '{origin}'", "##")


def _plain(node: Node, statement: Statement, words: str) -> Iterator[str]:
    written = " ".join(filter(None, (words, value_text(node, statement))))
    if not len(node):
        yield f"{written};{_REMARK if _is_secret(node, statement) else ''}"
    elif (tail := one_line(node, statement)) is not None:
        remark = _REMARK if _holds_secret(node, statement) else ""
        yield f"{written} {tail};{remark}"
    else:
        yield f"{written} {{"
        yield from _indented(block_lines(node, statement))
        yield "}"


def value_text(node: Node, statement: Statement) -> str:
    """The values, in brackets if they are several of a list."""
    values = quoted_values(node, statement)
    phrase = statement.kind in (Kind.PHRASE, Kind.LEAF, Kind.LIST)
    return " ".join(values) if phrase or len(values) == 1 else _bracketed(values)


def _bracketed(values: list[str]) -> str:
    return f"[ {' '.join(values)} ]" if values else ""


_PLAIN_KINDS = (Kind.LEAF, Kind.LEAF_LIST, Kind.FLAG)


def one_line(node: Node, statement: Statement) -> str | None:
    """What is below a node, if it is written on the node's own line."""
    if statement.layout not in (Layout.SINGLE, Layout.LINE):
        return None
    if statement.layout is Layout.SINGLE and len(node) > 1:
        return None
    words: list[str] = []
    for child in in_order(node, statement):
        below = statement.below(child.keyword)
        if below.kind not in _PLAIN_KINDS or _marked(child) or child.origin != node.origin:
            return None
        words.append(" ".join(filter(None, (head(child, below), value_text(child, below)))))
    return " ".join(words)


def _is_secret(node: Node, statement: Statement) -> bool:
    """Whether a router would say so: it is one by the grammar, or by its look where that is open."""
    return statement.secret or (statement.stray and bool(_HIDDEN.match((node.key or ("",))[-1])))


def _holds_secret(node: Node, statement: Statement) -> bool:
    return any(_is_secret(child, statement.below(child.keyword)) for child in node.children)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield _INDENT + line
