"""`interfaces interface-range NAME`: what is said once of many interfaces.

A range is worked out as if it were a group that names its members; what an interface says
itself wins over it ("Understanding Interface Ranges").  Members that are named exist by
that; `*` and `?` stand for interfaces that are configured.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from multihome.twin.config.tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYWORD = "interface-range"
_MEMBERS = ("member", "member-range")
_SET = re.compile(r"\[([\d,-]+)\]")
_PORT = re.compile(r"(?P<stem>.*?)(?P<number>\d+)\Z")
_LIMIT = 4096
"""Members that one expression may stand for."""


def as_groups(root: Node, counts: Callable[[Node], bool]) -> dict[str, Node]:
    """Every range as a node like `groups NAME`, by the words that introduce it.

    Args:
        root: the whole configuration; ranges of logical systems stand below those.
        counts: whether a node is to be looked at, inactive ones perhaps not.
    """
    found: dict[str, Node] = {}
    for holder in (root, *filter(counts, root.entries("logical-systems"))):
        for node in _ranges(holder, counts):
            found[" ".join((KEYWORD, *holder.key, node.name))] = _group(node, holder, counts)
    return found


def _ranges(holder: Node, counts: Callable[[Node], bool]) -> Iterator[Node]:
    interfaces = holder.get("interfaces")
    if interfaces is not None and counts(interfaces):
        yield from filter(counts, interfaces.entries(KEYWORD))


def _group(node: Node, holder: Node, counts: Callable[[Node], bool]) -> Node:
    """`interfaces MEMBER { what the range says }` at the position of the range."""
    said = [child for child in node.children if child.keyword not in _MEMBERS and counts(child)]
    interfaces = Node("interfaces")
    for name in dict.fromkeys(members(node, counts)):
        interfaces.put(Node("interface", (name,))).arrange(said)
    group = Node("groups", (node.name,))
    below = group.put(Node(*holder.ident)) if holder.keyword else group
    below.put(interfaces)
    return group


def members(node: Node, counts: Callable[[Node], bool]) -> Iterator[str]:
    """The interfaces of a range; a pattern as groups write it, `<ge-0/0/*>`."""
    for child in filter(counts, node.children):
        if child.keyword == "member":
            yield from _expanded(child.name)
        elif child.keyword == "member-range":
            yield from _between(*child.key[:2])


def _expanded(expression: str) -> Iterator[str]:
    """`ge-0/0/[0-2,7]`: four names; with `*` or `?` in it, as many patterns."""
    pieces = _SET.split(expression)
    sets = [[piece] if at % 2 == 0 else list(_numbers(piece)) for at, piece in enumerate(pieces)]
    for count, words in enumerate(product(*sets)):
        if count == _LIMIT:
            return
        name = "".join(words)
        yield f"<{name}>" if set(name) & set("*?[") else name


def _numbers(text: str) -> Iterator[str]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last or first).isdigit():
            yield from map(str, range(int(first), min(int(last or first), int(first) + _LIMIT) + 1))


def _between(first: str, last: str) -> Iterator[str]:
    """`ge-0/0/3` to `ge-0/0/7`: the ports between the two, of one card."""
    begin, end = _PORT.match(first), _PORT.match(last)
    if begin is None or end is None or begin["stem"] != end["stem"]:
        yield from (first, last)
        return
    for number in _numbers(f"{begin['number']}-{end['number']}"):
        yield f"{begin['stem']}{number}"
