"""What the rules look at, and what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.render.ownership.conflicts.pattern import match, scoped
from multihome.render.ownership.statement import statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    def by_top(self) -> Mapping[tuple[Words, str], tuple[Words, ...]]:
        """Ours, without their instance, by instance and first word."""
        found: dict[tuple[Words, str], list[Words]] = {}
        for words in self.ours:
            scope, rest = scoped(words)
            found.setdefault((scope, rest[0]), []).append(rest)
        return {key: tuple(each) for key, each in found.items()}

    def matching(
        self, pattern: str, bound: Mapping[str, str], scope: Words = ()
    ) -> Iterator[tuple[Words, Mapping[str, str]]]:
        """Ours that fit a pattern, with what its names stand for."""
        top = pattern.split(" ", 1)[0]
        for rest in self.by_top.get((scope, top), ()):
            if (names := match(pattern, rest, bound)) is not None:
                yield (*scope, *rest), names

    def first(self, pattern: str, bound: Mapping[str, str], scope: Words = ()) -> Words | None:
        """One of ours that fits; None if there is none."""
        return next((words for words, _ in self.matching(pattern, bound, scope)), None)

    @cached_property
    def own_values(self) -> frozenset[Words]:
        """Values of ours that another one would replace, by path."""
        return frozenset(s.path for s in map(statement, self.ours) if s.single)
