"""Which statements of a Junos configuration hold a secret, by the words of their paths.

The packaged lists were made from the types and names of the configuration statements that
Juniper publishes (YANG; type `unreadable`), and from what Junos prints as `SECRET-DATA`.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Place: TypeAlias = tuple[str, ...]

_ENDINGS = ("-password", "-secret", "-passphrase", "-psk", "-authentication-key")
_FREE_NAMES = re.compile(
    r"passw|passphrase|passwd|secret|psk|token|credential|(?:^|[-_.])(?:key|pin|pwd|community)$",
    re.IGNORECASE,
)
ANY = "*"


class Holds(Enum):
    """What follows the words of a path."""

    VALUE = "+"
    """A secret."""
    ENTRY_NAME = "="
    """A secret that is the name of a list's entry: the next word, or the element `name`."""
    OTHER = "-"


def holds(path: Sequence[str]) -> Holds:
    """Judge the words of a statement, names of entries among them (set and text form)."""
    return _judge(path, _places(named=True))


def holds_below(elements: Sequence[str]) -> Holds:
    """Judge the names of nested elements or keys, without names of entries (XML and JSON)."""
    return _judge(elements, _places(named=False))


def is_free_secret(name: str) -> bool:
    """Whether a name that an operator chose (of a macro's parameter) promises a secret."""
    return bool(_FREE_NAMES.search(name))


def takes_a_name(keyword: str) -> bool:
    """Whether a name or a value always follows this keyword, so that it is no keyword itself."""
    return keyword in _named()


def _judge(path: Sequence[str], places: dict[str, list[tuple[Place, Holds]]]) -> Holds:
    last = path[-1]
    for place, found in places.get(last, ()):
        size = len(place)
        if size <= len(path) and all(
            word in (ANY, given) for word, given in zip(place, path[-size:], strict=True)
        ):
            return found
    return Holds.VALUE if last.endswith(_ENDINGS) else Holds.OTHER


@cache
def _places(*, named: bool) -> dict[str, list[tuple[Place, Holds]]]:
    """The patterns by their last word, the longest first."""
    found: dict[str, list[tuple[Place, Holds]]] = {}
    for mark, *words in _lines("secret-places.txt"):
        place = tuple(word for word in words if named or word != ANY)
        found.setdefault(place[-1], []).append((place, Holds(mark)))
    for patterns in found.values():
        patterns.sort(key=lambda pattern: -len(pattern[0]))
    return found


@cache
def _named() -> frozenset[str]:
    return frozenset(word for line in _lines("named-lists.txt") for word in line)


def _lines(file: str) -> list[list[str]]:
    text = files("multihome.values").joinpath(file).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]
