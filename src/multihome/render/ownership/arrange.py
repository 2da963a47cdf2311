"""The order of ours among each other, where order has a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from multihome.render.ownership.statement import join, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multihome.render.ownership.running import Running
    from multihome.render.ownership.statement import Words
    from multihome.render.ownership.wanted import Wanted

ORDERED_LISTS = frozenset({"term"})
"""Lists that are evaluated from the first entry to the last."""
ORDERED_VALUES = frozenset(
    {"import", "export", "vrf-import", "vrf-export", "instance-import", "instance-export"}
)
"""Policies that are evaluated one after the other."""

Member = tuple["Words", str]
"""The path of a list or leaf-list, with its keyword, and one name in it."""


def member(words: Words) -> Member | None:
    """The place of a statement in a list whose order matters; of the outermost such list."""
    found = statement(words)
    if found.leaf_list and words[-2:-1] and words[-2] in ORDERED_VALUES:
        return words[:-1], words[-1]
    for size in found.entries:
        if size >= 2 and words[size - 2] in ORDERED_LISTS:
            return words[: size - 1], words[size - 1]
    return None


def sequence(lines: Iterable[Words]) -> dict[Words, list[str]]:
    """The names in each list whose order matters, in order."""
    found: dict[Words, dict[str, None]] = {}
    for words in lines:
        if (place := member(words)) is not None:
            found.setdefault(place[0], {})[place[1]] = None
    return {path: [*names] for path, names in found.items()}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where ours are to be put, and what the order is then."""

    moves: tuple[str, ...]
    """`PATH NAME after|before NAME`."""
    order: Mapping[Words, list[str]]
    """The names in each list, foreign ones too."""


def arrange(running: Running, wanted: Wanted, held: frozenset[Words]) -> Arrangement:
    """Put each of ours where it must be among ours.

    What is added goes directly behind what of ours is before it; foreign entries are not moved.
    """
    order = sequence(running.lines)
    moves: list[str] = []
    for path, names in sequence(w for w in wanted.statements if w not in held).items():
        moves += _moves(path, names, order.setdefault(path, []))
    return Arrangement(tuple(moves), order)


def _moves(path: Words, ours: list[str], order: list[str]) -> Iterator[str]:
    there = set(order)
    order += (name for name in ours if name not in there)
    first = next((name for name in ours if name in there), None)
    if first is not None and ours[0] not in there:
        _move(order, ours[0], order.index(first))
        yield _line(path, ours[0], "before", first)
    for ahead, name in pairwise(ours):
        start, at = order.index(ahead), order.index(name)
        if at < start or (name not in there and at != start + 1):
            _move(order, name, start + 1)
            yield _line(path, name, "after", ahead)


def _move(order: list[str], name: str, to: int) -> None:
    at = order.index(name)
    order.insert(to, name)
    del order[at + 1 if at >= to else at]


def _line(path: Words, name: str, relation: str, other: str) -> str:
    """For a list the other entry is named with its keyword, for a leaf-list without."""
    keyword = (path[-1],) if path[-1] in ORDERED_LISTS else ()
    return f"{join((*path, name))} {relation} {join((*keyword, other))}"
