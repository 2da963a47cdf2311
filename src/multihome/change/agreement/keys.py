"""Authentication keys as both ends of a session use them: one, or a chain that rolls over.

Of a chain, a router sends with the key whose start time is the latest that has passed (Juniper,
`start-time (Authentication Key Transmission)`); the other end must have the same one by then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from multihome.change.agreement.statements import below, leaf
from multihome.values.secret import reveal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multihome.change.agreement.statements import Branch, Statements

ALWAYS = datetime.min.replace(tzinfo=UTC)
_MOMENT = re.compile(
    r"(\d{4})-(\d+)-(\d+)(?:[.](\d+)(?::(\d+))?(?::(\d+))?)?(?: *([+-])(\d\d):?(\d\d))?"
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key: from when on it is sent, and what it signs with."""

    start: datetime
    secret: str = field(repr=False)
    algorithm: str = "md5"

    @property
    def signs(self) -> tuple[str, str]:
        """What must be the same at both ends."""
        return self.secret, self.algorithm


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one session at one end, by start time; without any, nothing is signed."""

    keys: tuple[Key, ...] = ()
    chain: bool = False

    def active(self, at: datetime) -> tuple[str, str] | None:
        """What is sent at a moment."""
        started = [key for key in self.keys if key.start <= at]
        return started[-1].signs if started else None

    def apart(self, other: Keys, at: datetime) -> datetime | None:
        """The first moment from `at` on at which the two sign differently; None: never."""
        starts = {key.start for key in (*self.keys, *other.keys) if key.start > at}
        for moment in (at, *sorted(starts)):
            if self.active(moment) != other.active(moment):
                return moment
        return None


def keys_of(
    levels: Sequence[Mapping[str, Branch]],
    tree: Statements,
    stem: str = "",
    *,
    tcp: bool = False,
) -> Keys:
    """The keys that the nearest of several levels names; `stem` is "hello-" where it is IS-IS's.

    On a TCP session the algorithm is the session's, and a chain signs in another TCP option than
    a key does, which names the key by its number: a key and a chain never fit.
    """
    stated = (leaf(each, "authentication-algorithm") for each in levels)
    algorithm = next(filter(None, stated), "md5")
    for level in levels:
        if name := leaf(level, f"{stem}authentication-key-chain"):
            return Keys(tuple(_chain(tree, name, algorithm if tcp else "")), chain=True)
        if text := leaf(level, f"{stem}authentication-key"):
            kind = leaf(level, f"{stem}authentication-type") or "md5"
            return Keys((Key(ALWAYS, clear(text), kind),))
    return Keys()


def clear(text: str) -> str:
    """A secret as it is used: two routers may hold the same one in two `$9$` forms."""
    try:
        return reveal(text)
    except ValueError:
        return text


def _chain(tree: Statements, name: str, algorithm: str) -> list[Key]:
    """The keys of a chain; `algorithm` is the session's, or empty: each key has its own."""
    entries = below(tree.at("security", "authentication-key-chains", "key-chain", name), "key")
    found = [
        Key(
            start_time(leaf(entry, "start-time") or ""),
            clear(leaf(entry, "secret") or ""),
            f"key {number} {algorithm}" if algorithm else _igp_algorithm(number, entry),
        )
        for number, entry in entries.items()
    ]
    return sorted(found, key=lambda key: key.start)


def _igp_algorithm(number: str, entry: Mapping[str, Branch]) -> str:
    """MD5 signs as a single key does (RFC 5304); the form of RFC 5310 names the key."""
    algorithm, options = leaf(entry, "algorithm") or "md5", leaf(entry, "options") or "basic"
    return algorithm if options == "basic" else f"key {number} {algorithm} {options}"


def start_time(text: str) -> datetime:
    """`2027-1-1.00:00:00 +0000` as Junos writes it; from always on if it is not readable."""
    if (found := _MOMENT.fullmatch(text.strip())) is None:
        return ALWAYS
    *numbers, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    try:
        year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return ALWAYS
