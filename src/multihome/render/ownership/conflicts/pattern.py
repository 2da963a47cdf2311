"""Patterns of statements, as the tables of conflicts are written in.

A word matches itself, `a|b` for either, `*` for any one word and `{x}` for any one word that
is the same wherever `{x}` is written. A pattern also matches whatever is below it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from multihome.render.ownership.statement import Words

INSTANCE = "routing-instances"
SCOPED = ("protocols", "routing-options")
"""What an instance has of its own, and the router as well."""


def match(
    pattern: str, words: Words, bound: Mapping[str, str] | None = None
) -> dict[str, str] | None:
    """What the names in the pattern stand for; None if the statement is another."""
    wanted = _split(pattern)
    if len(words) < len(wanted):
        return None
    found = dict(bound or {})
    for want, word in zip(wanted, words, strict=False):
        if want.startswith("{"):
            if found.setdefault(want, word) != word:
                return None
        elif want != "*" and word not in want.split("|"):
            return None
    return found


def candidates(want: str, names: Collection[str], bound: Mapping[str, str]) -> Iterable[str]:
    """Of the names that are there, those that one word of a pattern can stand for."""
    if want == "*" or (want.startswith("{") and want not in bound):
        return names
    words = (bound[want],) if want.startswith("{") else want.split("|")
    return [word for word in words if word in names]


def scoped(words: Words) -> tuple[Words, Words]:
    """The instance that a statement is of, empty for the router itself, and the rest."""
    if words[:1] == (INSTANCE,) and words[2:3] and words[2] in SCOPED:
        return words[:2], words[2:]
    return (), words


@lru_cache(maxsize=1024)
def _split(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.split())
