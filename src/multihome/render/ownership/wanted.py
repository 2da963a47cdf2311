"""What the service needs of one router."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.render.ownership.record import Owner
from multihome.render.ownership.record import made as entry_of
from multihome.render.ownership.statement import statement

if TYPE_CHECKING:
    from multihome.render.ownership.statement import Statement, Words


@dataclass(frozen=True)
class Wanted:
    """What the service needs of one router, without the logical system's prefix."""

    service: str
    statements: tuple[Words, ...] = ()
    """In the order of loading."""
    shared: tuple[Words, ...] = ()
    """Paths below which a statement is set and neither recorded nor ever deleted."""

    @cached_property
    def ours(self) -> tuple[Statement, ...]:
        """The statements."""
        return tuple(map(statement, self.statements))

    @cached_property
    def paths(self) -> frozenset[Words]:
        """What identifies them."""
        return frozenset(identity(each) for each in self.ours)

    def is_shared(self, words: Words) -> bool:
        """Whether others may rely on it too."""
        return any(words[: len(path)] == path for path in self.shared)


def identity(each: Statement) -> Words:
    """What a record knows the statement by."""
    return entry_of(Owner.SERVICE, each.words).path
