"""The statements that a change sets, deletes, activates or moves, router by router."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.render.ownership.statement import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.render.ownership.changes import StatementChanges

_SIGNS = {"set": "+", "delete": "-"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One changed statement of one router."""

    router: str
    words: tuple[str, ...]
    """Its path with its values, without verb and logical system."""
    sign: str = "+"
    """`+` set, `-` deleted, `!` activated, deactivated or moved."""

    @property
    def deleted(self) -> bool:
        """Whether it is on the router now, and will not be."""
        return self.sign == "-"


def changed_statements(changes: StatementChanges) -> tuple[Statement, ...]:
    """All that a change does to one router; what it only records is left out."""
    signed = {
        "+": changes.set,
        "-": (*changes.gone, *changes.taken),
        "!": (*changes.activate, *changes.revived, *changes.insert),
    }
    return tuple(
        Statement(changes.router, tuple(split(text)), sign)
        for sign, texts in signed.items()
        for text in texts
    )


def statements_of(router: str, lines: Iterable[str]) -> tuple[Statement, ...]:
    """Lines for `load set`; the words that lead into a logical system are left out."""
    found = []
    for line in lines:
        verb, *words = split(line)
        inside = words[2:] if words[:1] == ["logical-systems"] else words
        found.append(Statement(router, tuple(inside), _SIGNS.get(verb, "!")))
    return tuple(found)
