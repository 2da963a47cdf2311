"""Values out of statements: what a leaf says, as the type the model wants."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix
from multihome.values.bgp import as_number
from multihome.values.secret import is_obfuscated, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.twin.config.tree import Node


def number(node: Node | None, keyword: str) -> int | None:
    """A leaf that is a number; None if it is absent or none."""
    value = None if node is None else node.leaf(keyword)
    return integer(value)


def integer(text: str | None) -> int | None:
    """A number, or None for anything else."""
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        return None


def address(text: str | None) -> Address | None:
    """An IPv4 address, with or without a length; None for anything else, IPv6 included."""
    if text is None:
        return None
    try:
        return Address.parse(text.partition("/")[0])
    except ValueError:
        return None


def prefix(text: str | None) -> Prefix | None:
    """An IPv4 prefix; None for anything else."""
    if text is None:
        return None
    try:
        return Prefix.parse(text)
    except ValueError:
        return None


def addresses(texts: Iterable[str]) -> tuple[Address, ...]:
    """Those that are IPv4 addresses."""
    return tuple(found for text in texts if (found := address(text)) is not None)


def autonomous_system(text: str | None) -> int | None:
    """An AS number in either notation."""
    if text is None:
        return None
    try:
        return as_number(text)
    except ValueError:
        return None


def option(words: Sequence[str], name: str) -> str | None:
    """What follows a word in a phrase: `loops` in `65000 loops 2`."""
    for word, value in pairwise(words):
        if word == name:
            return value
    return None


def secret(node: Node | None, keyword: str) -> str | None:
    """A key in clear, whether it was written so or in `$9$` form; one cut short stays as it is."""
    text = None if node is None else node.leaf(keyword)
    if text is None or not is_obfuscated(text):
        return text
    try:
        return reveal(text)
    except ValueError:
        return text


def logical(name: str) -> str:
    """A logical interface; without a unit, unit 0 is meant."""
    return name if "." in name or name == "all" else f"{name}.0"


def bandwidth(text: str | None) -> int | None:
    """`10g` in bits per second."""
    if text is None:
        return None
    scale = {"k": 10**3, "m": 10**6, "g": 10**9}.get(text[-1:], 1)
    found = integer(text.rstrip("kmg"))
    return None if found is None else found * scale


def seconds(milliseconds: int | None) -> float | None:
    """Milliseconds as seconds."""
    return None if milliseconds is None else milliseconds / 1000
