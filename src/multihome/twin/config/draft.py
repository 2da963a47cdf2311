"""A tree that may be changed: it copies what it touches and shares the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.cursor import Cursor
from multihome.twin.config.formatting import head
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.protection import Protected, path_of, refuse, spared
from multihome.twin.config.tree import Node
from multihome.twin.config.unknown_statements import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.twin.config.problem import Problem
    from multihome.twin.config.resolve import Step
    from multihome.twin.config.tree import Ident


_HOLDERS = (Kind.CONTAINER, Kind.LIST)
"""What has statements below it, whose steps lead on; plain values stand beside each other."""


class Draft:
    """Edits on a tree; `root` is the tree in its present state, `finish()` gives it away."""

    def __init__(self, root: Node | None = None) -> None:
        self._token = object()
        self.root = (root or Node()).twin(self._token)

    @property
    def top(self) -> Cursor:
        """The place at the top of the hierarchy."""
        return Cursor(self.root, grammar())

    def finish(self) -> Node:
        """The tree, from now on shared: later edits of this draft copy first."""
        self._token = object()
        root, self.root = self.root, self.root.twin(self._token)
        return root

    # --- walking ----------------------------------------------------------------------

    def own(self, parent: Node, child: Node) -> Node:
        """The child as one that this draft may change; the parent must be owned already."""
        if child.owner is not self._token:
            child = parent.put(child.twin(self._token))
        return child

    def ensure(self, place: Cursor, step: Step) -> Cursor:
        """The place of a container or an entry, made if it is not there."""
        parent, statement = place.node, step.statement
        node = parent.child(statement.keyword, step.key)
        if node is None:
            node = parent.put(Node(statement.keyword, step.key))
            node.owner = self._token
        elif node.owner is not self._token:
            node = self.own(parent, node)
        return Cursor(node, statement, place)

    def find(self, place: Cursor, steps: Sequence[Step]) -> Cursor | None:
        """The place that the steps point at, or None; plain values count as places."""
        for step in fitted(place.node, steps, locating=True):
            child = place.node.child(*step.ident)
            if child is None:
                return None
            place = Cursor(self.own(place.node, child), step.statement, place)
        return place

    # --- changing ----------------------------------------------------------------------

    def set(self, place: Cursor, steps: Sequence[Step]) -> Cursor:
        """Make what the steps say; the place of the last container or entry."""
        steps = fitted(place.node, steps, locating=False)
        last = len(steps) - 1
        for at, step in enumerate(steps):
            if place.node.child(*step.ident) is None:
                refuse(place, "created", *map(_words, steps[at:]))
            for keyword in step.statement.instead_of:
                self._displace(place, keyword)
            if step.statement.kind not in _HOLDERS:
                self._assign(place, step)
                continue
            below = self.ensure(place, step)
            if step.values and below.node.values != step.values:
                refuse(below, "changed")
                below.node.values = step.values
            # Several entries in brackets stand side by side: only the last one is entered.
            if at == last or steps[at + 1].statement is not step.statement:
                place = below
        return place

    @staticmethod
    def _displace(place: Cursor, keyword: str) -> None:
        node = place.node.child(keyword)
        if node is not None:
            refuse(Cursor(node, place.statement.below(keyword), place), "deleted")
            place.node.drop(node.ident)

    def _assign(self, place: Cursor, step: Step) -> None:
        old = place.node.child(*step.ident)
        values = step.values
        if old is None:
            old = place.node.put(Node(*step.ident))
            old.owner = self._token
        else:
            old = self.own(place.node, old)
            if step.statement.kind is Kind.LEAF_LIST:
                values = old.values + tuple(each for each in values if each not in old.values)
            elif step.statement.phrase is not None:
                values = step.statement.phrase.merged(old.values, values)
        values = tuple(dict.fromkeys(values)) if _is_set(step) else values
        if old.values != values:
            refuse(Cursor(old, step.statement, place), "changed")
            old.values = values

    def delete(self, place: Cursor, steps: Sequence[Step]) -> bool:
        """Take out what the steps point at; False if it is not there.

        Containers below the place go if that empties them; the place itself stays.
        """
        steps = fitted(place.node, steps, locating=True)
        holder = self.find(place, [step for step in steps[:-1] if step.statement.kind in _HOLDERS])
        if holder is None:
            return False
        last = steps[-1]
        gone = self.remove(holder, last)
        if gone:
            self.prune(holder, place)
        return gone

    def remove(self, holder: Cursor, step: Step) -> bool:
        """Take out what is directly below a place, and leave that there even if it is empty."""
        if step.statement.kind is Kind.LIST and not step.key:
            return self.remove_all(holder, step.statement.keyword)
        node = holder.node.child(*step.ident)
        if node is None:
            return False
        refuse(Cursor(node, step.statement, holder), "deleted")
        if not step.values or node.values == step.values:
            self.take_out(holder, [node])
            return True
        left = _without(node, step)
        if left is None:
            return False
        if left:
            self.own(holder.node, node).values = left
        else:
            holder.node.drop(step.ident)
        return True

    def remove_all(self, holder: Cursor, keyword: str) -> bool:
        """Take out every entry of a list; False if there is none."""
        found = list(holder.node.entries(keyword))
        self.take_out(holder, found)
        return bool(found)

    @staticmethod
    def take_out(holder: Cursor, nodes: Iterable[Node]) -> None:
        """Take out statements directly below a place; what is protected in them stays.

        Raises:
            Protected: something was, once the rest is gone.
        """
        kept: list[Problem] = []
        for node in nodes:
            statement = holder.statement.below(node.keyword)
            left, why = spared(node, statement, path_of(holder))
            kept += why
            holder.node.drop(node.ident) if left is None else holder.node.put(left)
        if kept:
            raise Protected(*kept)

    def clear(self, place: Cursor) -> tuple[Problem, ...]:
        """Empty a statement for what takes its place; why some of it stays.

        Raises:
            Protected: all of it does.
        """
        refuse(place, "changed")
        node = place.node
        node.values, node.inactive, node.comment = (), False, None
        try:
            self.take_out(place, node.children)
        except Protected as guarded:
            return guarded.problems
        return ()

    def prune(self, place: Cursor, stop: Cursor | None = None) -> None:
        """Take out containers that say nothing once they are empty, upwards as far as `stop`."""
        while place is not stop and place.above is not None:
            if len(place.node) or not _vanishes(place):
                return
            place.above.node.drop(place.node.ident)
            place = place.above

    def replace(self, place: Cursor, node: Node) -> None:
        """Set a whole statement, in the position of the one that it replaces."""
        place.node.put(node)

    def move(
        self, holder: Cursor, ident: Ident, *, before: Ident | None, after: Ident | None
    ) -> bool:
        """Put an entry before or after another one of the same list; False if one is missing."""
        nodes = list(holder.node.children)
        moving = holder.node.child(*ident)
        anchor = holder.node.child(*(before or after or ident))
        if moving is None or anchor is None or moving is anchor:
            return moving is not None and moving is anchor
        nodes.remove(moving)
        nodes.insert(nodes.index(anchor) + (0 if before else 1), moving)
        holder.node.arrange(nodes)
        return True

    def rename(self, holder: Cursor, old: Ident, new: Ident) -> bool:
        """Give an entry another key, in its position; False if it is not there."""
        node = holder.node.child(*old)
        if node is None or holder.node.child(*new) is not None:
            return False
        named = node.twin(self._token)
        named.keyword, named.key = new
        holder.node.arrange([named if each is node else each for each in holder.node.children])
        return True


def move_value(node: Node, value: str, relation: str, anchor: str) -> bool:
    """Put one of a statement's values in another place: `first`, `last`, `before` or `after`.

    False if the value or the anchor, which the last two need, is not there.
    """
    others = [each for each in node.values if each != value]
    if value not in node.values or (relation in ("before", "after") and anchor not in others):
        return False
    ends = {"first": 0, "last": len(others)}
    at = ends[relation] if relation in ends else others.index(anchor) + (relation == "after")
    node.values = (*others[:at], value, *others[at:])
    return True


def _words(step: Step) -> str:
    return head(Node(*step.ident), step.statement)


def _is_set(step: Step) -> bool:
    return step.statement.kind is Kind.LEAF_LIST


def _vanishes(place: Cursor) -> bool:
    statement = place.statement
    return statement.kind is Kind.CONTAINER and not statement.presence and not statement.open


def _without(node: Node, step: Step) -> tuple[str, ...] | None:
    """The values that stay when some are deleted; None if one of those is not there."""
    if step.statement.phrase is not None:
        return step.statement.phrase.without(node.values, step.values)
    if step.statement.kind is not Kind.LEAF_LIST or not set(step.values) <= set(node.values):
        return None
    return tuple(value for value in node.values if value not in step.values)
