"""What a configuration means once groups, ranges, paths and inactive parts are worked out.

Junos's rules ("Understanding Junos OS Configuration Groups"): what is configured wins over
what is inherited, an inner `apply-groups` wins over an outer one, and of several groups the
one named first wins.  `<*>` and `<ge-*>` in a group match entries that are there; they make
none.  Lists of values are joined, what is configured first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.config.apply_path import expanded
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind, Statement
from multihome.twin.config.ranges import KEYWORD as RANGE
from multihome.twin.config.ranges import as_groups
from multihome.twin.config.tree import Node
from multihome.twin.config.wildcard import is_pattern, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.twin.config.tree import Ident

_OTHER_ENGINES = ("re1", "member1", "node1")
"""Groups that Junos applies on another routing engine, chassis member or node only."""
_BOOKKEEPING = frozenset({"apply-groups", "apply-groups-except", "apply-macro", "groups", RANGE})
_NESTED = 8
"""How deep groups may name groups in turn."""


def effective(root: Node) -> Node:
    """The tree as the router's processes see it: a new tree without groups and inactive parts.

    `apply-path` of prefix-lists is expanded to `prefix-list-item`s, also below
    `logical-systems`.  A tree that is effective already comes out the same.
    """
    return expanded(_Inheritance(root, keep_inactive=False).run())


def inherited(root: Node, *, origins: bool = False) -> Node:
    """The tree as `show configuration | display inheritance` has it: inactive parts are kept.

    With `origins`, what was inherited says from where (`Node.origin`).
    """
    return _Inheritance(root, keep_inactive=True, origins=origins).run()


Parts = dict[str, list[Node]]
"""For each group the nodes that stand where we stand, wildcards included."""
Source = tuple[str, Node]
"""A group, and the node of it at the same path as ours."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A place in the hierarchy: what groups say here, and which of them apply, in order."""

    statement: Statement
    parts: Parts
    applied: tuple[str, ...]

    def sources(self) -> list[Source]:
        """What applies here and the group that says it, the strongest first."""
        return [(name, node) for name in self.applied for node in self.parts.get(name, ())]


class _Inheritance:
    def __init__(self, root: Node, *, keep_inactive: bool, origins: bool = False) -> None:
        self._root, self._keep, self._origins = root, keep_inactive, origins
        self._groups: Parts = {
            node.name: [node]
            for node in root.entries("groups")
            if node.name not in _OTHER_ENGINES and self._counts(node)
        }
        ranges = as_groups(root, self._counts)
        self._ranges = tuple(ranges)
        self._groups |= {name: [node] for name, node in ranges.items()}
        self._dropped = _BOOKKEEPING - {"apply-macro"} if keep_inactive else _BOOKKEEPING

    def run(self) -> Node:
        if not self._groups:
            return self._stripped(self._root)
        return self._resolved(self._root, _Here(grammar(), self._groups, self._ranges))

    def _stripped(self, node: Node) -> Node:
        """The node without inactive parts and bookkeeping, itself if it has none."""
        before = node.children
        after = [
            self._stripped(child) if len(child) else child
            for child in before
            if child.keyword not in self._dropped and self._counts(child)
        ]
        if len(after) == len(before) and all(map(_is, before, after)):
            return node
        out = node.twin()
        out.arrange(after)
        return out

    def _counts(self, node: Node) -> bool:
        return self._keep or not node.inactive

    def _resolved(self, node: Node, here: _Here) -> Node:
        """The node with everything that it inherits."""
        here = self._applying(node, here)
        sources = here.sources()
        if not len(node) and not sources:
            return node
        children = [
            self._child(child, here, sources)
            for child in node.children
            if self._counts(child) and child.keyword not in self._dropped
        ]
        if sources:
            children += self._inherited({child.ident for child in children}, here, sources)
        out = node.twin()
        out.arrange(children)
        return out

    def _child(self, child: Node, here: _Here, sources: Sequence[Source]) -> Node:
        statement = here.statement.below(child.keyword)
        if statement.kind in (Kind.CONTAINER, Kind.LIST):
            parts = {name: found for name in here.parts if (found := self._at(here, name, child))}
            return self._resolved(child, _Here(statement, parts, here.applied))
        if statement.kind is Kind.LEAF_LIST and sources:
            theirs = (each.child(*child.ident) for _, each in sources)
            values = (
                word for each in theirs if each and self._counts(each) for word in each.values
            )
            joined = child.twin()
            joined.values = tuple(dict.fromkeys((*child.values, *values)))
            return joined
        return child

    def _at(self, here: _Here, group: str, child: Node) -> list[Node]:
        """The parts of a group at the child's path, one level down."""
        return [
            node
            for part in here.parts[group]
            for node in part.entries(child.keyword)
            if self._counts(node) and _matches(node, child)
        ]

    def _inherited(
        self, known: set[Ident], here: _Here, sources: Sequence[Source]
    ) -> Iterable[Node]:
        """Statements that only groups have, each once, with what every group says of them."""
        for group, source in sources:
            for child in source.children:
                if child.ident in known or child.keyword in _BOOKKEEPING or _is_wild(child):
                    continue
                if self._counts(child) and child.keyword != "when":
                    known.add(child.ident)
                    bare = Node(*child.ident, child.values)
                    bare.inactive = child.inactive
                    bare.origin = group if self._origins else ""
                    yield self._child(bare, here, sources)

    def _applying(self, node: Node, here: _Here) -> _Here:
        """The place with the groups that apply from here on: inner ones before outer ones.

        Ranges of interfaces are no groups, and stronger than any.
        """
        if not self._groups:
            return here
        excepted = node.leaves("apply-groups-except")
        outer = [name for name in here.applied if name not in excepted]
        names = [name for name in outer if name in self._ranges]
        names += self._named(node, here.parts, 0)
        for name in outer:
            names += [name, *self._nested(name, here.parts, 0)]
        return _Here(here.statement, here.parts, tuple(dict.fromkeys(names)))

    def _named(self, node: Node, parts: Parts, depth: int) -> list[str]:
        given = node.child("apply-groups")
        if given is None or given.inactive or depth > _NESTED:
            return []
        names: list[str] = []
        for name in given.values:
            if name in self._groups:
                names += [name, *self._nested(name, parts, depth)]
        return names

    def _nested(self, name: str, parts: Parts, depth: int) -> list[str]:
        return [
            inner for part in parts.get(name, ()) for inner in self._named(part, parts, depth + 1)
        ]


def _is(left: Node, right: Node) -> bool:
    return left is right


def _is_wild(node: Node) -> bool:
    return any(is_pattern(word) for word in node.key)


def _matches(part: Node, node: Node) -> bool:
    return len(part.key) == len(node.key) and all(map(matches, part.key, node.key))
