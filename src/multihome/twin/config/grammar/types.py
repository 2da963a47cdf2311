"""What may stand as a value: each type checks a word and returns it as Junos stores it.

A type is a function `(word) -> word` that raises ValueError with Junos's own text.  Words
with `<...>` (a wildcard of a group) or `$...` (a variable of a profile) are never checked,
as in Juniper's own published schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from ipaddress import ip_address, ip_interface, ip_network

from multihome.values.bgp import as_number
from multihome.values.secret import obfuscate

Check = Callable[[str], str]

_MAC = re.compile(r"(?:[0-9a-f]{1,2}[:.-]){5}[0-9a-f]{1,2}\Z", re.IGNORECASE)
_ISO = re.compile(
    r"[0-9a-f]{2}(?:\.[0-9a-f]{4})*(?:\.[0-9a-f]{2})?(?:\.[0-9a-f]{2})?\Z", re.IGNORECASE
)
_AREA = re.compile(r"\d+\Z")
_SIZE = re.compile(r"\d+(?:\.\d+)?[kmgKMG]?\Z")
_IFD = re.compile(r"[a-z]+[a-z0-9]*(?:-?\d+(?:/\d+)*(?::\d+)?)?\Z", re.IGNORECASE)
_SHORT = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,2}(?=/|\Z)")
"""An abbreviated IPv4 address as Junos takes it: `10/8`, `0/0`, `192.168/16`."""


def _number(word: str) -> int:
    try:
        return int(word, 0) if word[:2].lower() == "0x" else int(word)
    except ValueError:
        raise ValueError(f"Invalid numeric value: '{word}'") from None


@cache
def between(low: int, high: int) -> Check:
    """A whole number from `low` to `high`, both included."""

    def check(word: str) -> str:
        number = _number(word)
        if not low <= number <= high:
            raise ValueError(f"Value {number} is not within range ({low}..{high})")
        return str(number)

    return check


@cache
def one_of(*words: str) -> Check:
    """One of the words and nothing else."""
    known = frozenset(words)

    def check(word: str) -> str:
        if word not in known:
            raise ValueError("syntax error")
        return word

    return check


@cache
def either(first: Check, second: Check) -> Check:
    """What the first type takes, or else what the second takes."""

    def check(word: str) -> str:
        try:
            return first(word)
        except ValueError:
            return second(word)

    return check


def anything(word: str) -> str:
    """Any word, kept as it is."""
    return word


@lru_cache(4096)
def address(word: str) -> str:
    """An IPv4 or IPv6 address."""
    try:
        return str(ip_address(word))
    except ValueError:
        raise ValueError(f"invalid ip address: '{word}'") from None


@lru_cache(4096)
def prefix(word: str) -> str:
    """A prefix; host bits are cleared, a missing length means a host."""
    try:
        return str(ip_network(_full(word), strict=False))
    except ValueError:
        raise ValueError(f"invalid ip address or prefix: '{word}'") from None


@lru_cache(4096)
def interface_address(word: str) -> str:
    """An address with its prefix length, `10.0.0.1/30`; a missing length means a host."""
    try:
        return str(ip_interface(_full(word)))
    except ValueError:
        raise ValueError(f"invalid ip address or prefix: '{word}'") from None


def _full(word: str) -> str:
    if (short := _SHORT.match(word)) and ":" not in word:
        return short[0] + ".0" * (3 - short[0].count(".")) + word[short.end() :]
    return word


def area(word: str) -> str:
    """An OSPF area; a plain number becomes dotted (RFC 2328 appendix C.2)."""
    return str(ip_address(int(word))) if _AREA.match(word) else address(word)


def autonomous_system(word: str) -> str:
    """An AS number, plain or dotted."""
    try:
        as_number(word)
    except ValueError:
        raise ValueError(f"invalid AS number: '{word}'") from None
    return word


def iso_address(word: str) -> str:
    """A network entity title or an area, in groups of four digits."""
    if not _ISO.match(word):
        raise ValueError(f"invalid ISO address: '{word}'")
    return word.lower()


def mac_address(word: str) -> str:
    """A MAC address, in lower case with colons."""
    if not _MAC.match(word):
        raise ValueError(f"invalid mac address: '{word}'")
    return ":".join(f"{int(byte, 16):02x}" for byte in re.split(r"[:.-]", word))


def size(word: str) -> str:
    """A number of bytes or bits per second, `10m`."""
    if not _SIZE.match(word):
        raise ValueError(f"Invalid numeric value: '{word}'")
    return word


def physical(word: str) -> str:
    """The name of a physical interface."""
    if not _IFD.match(word):
        raise ValueError("invalid interface type")
    return word


def logical(word: str) -> str:
    """The name of a logical interface; a physical one means its unit 0."""
    if word == "all" or "." in word or "/" not in word:
        return word
    return f"{word}.0" if _IFD.match(word) else word


def secret(word: str) -> str:
    """A key: clear text becomes its `$9$` form, as a router stores it."""
    return obfuscate(word)


NAMED: dict[str, Check] = {
    "any": anything,
    "text": anything,
    "word": anything,
    "regex": anything,
    "secret": secret,
    "hash": anything,
    "key": anything,
    "uint": between(0, 0xFFFFFFFF),
    "int": between(-0x80000000, 0x7FFFFFFF),
    "size": size,
    "address": address,
    "prefix": prefix,
    "inet": interface_address,
    "area": area,
    "as": autonomous_system,
    "iso": iso_address,
    "mac": mac_address,
    "ifd": physical,
    "ifl": logical,
}
"""The types that a schema file names; `1..10` and `a|b` are written out."""

_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)\Z")


@cache
def named(text: str) -> Check:
    """The type that a schema file means: a name, `LOW..HIGH`, or words with `|` between them.

    Among words a type is written with `@`, since `inet` may be a word: `router-id|@address`.
    """
    if text in NAMED:
        return NAMED[text]
    if found := _RANGE.match(text):
        return between(int(found[1]), int(found[2]))
    parts = text.split("|")
    typed = [part for part in parts if part[0] == "@" or _RANGE.match(part)]
    words = one_of(*(part for part in parts if part not in typed))
    return either(words, named(typed[0].removeprefix("@"))) if typed else words


def is_number(text: str) -> bool:
    """Whether a type that a schema file means takes numbers only."""
    return text in {"uint", "int"} or _RANGE.match(text) is not None


def is_open(word: str) -> bool:
    """Whether the word is a wildcard or a variable, which every type takes."""
    return word[:1] == "$" or (word[:1] == "<" and word[-1:] == ">")
