"""What the rules look at, and what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.render.ownership.conflicts.pattern import candidates, scoped
from multihome.render.ownership.running import leaves, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.render.ownership.running import Tree
    from multihome.render.ownership.statement import Words


@dataclass(frozen=True, slots=True)
class Theirs:
    """A foreign statement that acts on the router."""

    words: Words
    source: Words
    """Where it is written: in a group, if it is inherited."""
    group: str = ""
    """The group that it is inherited from."""

    @property
    def scope(self) -> tuple[Words, Words]:
        """Its instance, and the statement in it."""
        return scoped(self.words)


@dataclass(frozen=True, slots=True)
class Finding:
    """A foreign statement, one of ours, and what the one does to the other."""

    kind: str
    ours: Words
    theirs: Theirs
    why: str
    judged: bool = True
    """False: what it does is not known to this tool."""


@dataclass(frozen=True)
class View:
    """One router's statements that act: ours as they are to be, and all others."""

    ours: tuple[Words, ...]
    theirs: tuple[Theirs, ...]
    order: Mapping[Words, list[str]] = field(default_factory=dict)
    """The names in each list whose order matters, as they will be."""

    @cached_property
    def tree(self) -> Tree:
        """Ours, nested word by word."""
        found: Tree = {}
        for words in self.ours:
            node = found
            for word in words:
                node = node.setdefault(word, {})
        return found

    def matching(
        self, pattern: str, bound: Mapping[str, str], scope: Words = ()
    ) -> Iterator[tuple[Words, Mapping[str, str]]]:
        """One of ours for each way to fit a pattern, with what its names stand for."""
        for path, names in self._places(pattern, bound, scope):
            yield next(leaves(within(self.tree, path), path)), names

    def under(self, pattern: str, bound: Mapping[str, str]) -> list[Words]:
        """All of ours that fit a pattern, or are below it, in their order."""
        paths = [path for path, _ in self._places(pattern, bound, ())]
        return [each for path in paths for each in leaves(within(self.tree, path), path)]

    def first(self, pattern: str, bound: Mapping[str, str], scope: Words = ()) -> Words | None:
        """One of ours that fits; None if there is none."""
        return next((words for words, _ in self.matching(pattern, bound, scope)), None)

    def _places(
        self, pattern: str, bound: Mapping[str, str], scope: Words
    ) -> Iterator[tuple[Words, dict[str, str]]]:
        """Where in the tree a pattern ends, with what its names stand for."""
        node = within(self.tree, scope)
        found = [(scope, node, dict(bound))] if node is not None else []
        for want in pattern.split():
            found = [
                ((*path, word), node[word], {**names, want: word} if want[0] == "{" else names)
                for path, node, names in found
                for word in candidates(want, node, names)
            ]
        return ((path, names) for path, _, names in found)
