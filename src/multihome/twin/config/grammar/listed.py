"""Every statement of Junos 21.4R1 on MX by name and type, for what no schema file describes.

`listed.tsv` holds each different statement once; here one is made when somebody asks for it.
Source: the names, types and ranges of Juniper's published YANG model.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.config.grammar import types
from multihome.twin.config.grammar.pattern import Value

if TYPE_CHECKING:
    from multihome.twin.config.grammar.types import Check

_RANGE = re.compile(r"(\w+)\[(-?\d+)(?: \.\. (-?\d+))?\]\Z")
_BITS = {"8": 8, "16": 16, "32": 32, "64": 64}
_ENUM = re.compile(r"enum\((.*)\)\Z")
_UNION = re.compile(r"union\((.*)\)\Z")
_NAMED: dict[str, str] = {
    "ipv4addr": "address",
    "ipv6addr": "address",
    "ipaddr": "address",
    "ipv4prefix": "inet",
    "ipv6prefix": "inet",
    "ipprefix": "inet",
    "ipprefix-only": "inet",
    "ipv6prefix-only": "inet",
    "ipv6prefix-mandatory": "inet",
    "ipprefix-optional": "inet",
    "unreadable": "secret",
    "areaid": "area",
    "mac-addr": "mac",
    "mac-unicast": "mac",
    "mac-multicast": "mac",
    "regular-expression": "regex",
}
"""Types of the model by our own names; any other takes any word."""


class Listed(NamedTuple):
    """One statement: a letter for its kind, its type or keys, and what is below by word."""

    letter: str
    argument: str
    below: dict[str, int]

    @property
    def open(self) -> bool:
        """Whether the list ends here, and anything may stand below."""
        return self.letter.isupper()

    @property
    def keys(self) -> tuple[Value, ...]:
        """Of a list's entry."""
        return tuple(Value(name, types.anything) for name in self.argument.split())

    @property
    def value(self) -> Value:
        """The type of a leaf, whose XML element is the statement's own."""
        kind, check = _typed(self.argument)
        return Value("", check, kind)


@cache
def _rows() -> tuple[str, ...]:
    text = (files("multihome.twin.config.grammar") / "listed.tsv").read_text("utf-8")
    return tuple(text.splitlines())


def top() -> int:
    """The number of the top of the hierarchy."""
    return len(_rows()) - 1


@cache
def listed(number: int) -> Listed:
    """One statement by its number."""
    letter, argument, below = _rows()[number].split("\t")
    pairs = (each.rpartition("=") for each in below.split(" ") if each)
    return Listed(letter, argument, {word: int(inner) for word, _, inner in pairs})


@cache
def _typed(text: str) -> tuple[str, Check]:
    """Our name of a type of the model, and what checks it.

    `union(string;uint32)` is a number: the text beside it is a wildcard or a variable.
    """
    if found := _UNION.match(text):
        parts = [part for part in found[1].split(";") if not part.startswith("string")]
        return _typed(parts[0]) if len(parts) == 1 else ("word", types.anything)
    if found := _ENUM.match(text):
        return "|".join(found[1].split("|")), types.one_of(*found[1].split("|"))
    if found := _RANGE.match(text):
        low, high = int(found[2]), int(found[3] or found[2])
        if found[1] in ("string", "decimal64"):
            return "word", types.anything
        return f"{low}..{high}", types.between(low, high)
    if (whole := re.fullmatch(r"(u?)int(8|16|32|64)", text)) is not None:
        bits = _BITS[whole[2]]
        low, high = (0, 2**bits - 1) if whole[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        return ("uint" if whole[1] else "int"), types.between(low, high)
    name = _NAMED.get(text, "word")
    return name, types.NAMED[name]
