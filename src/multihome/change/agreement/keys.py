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
    from collections.abc import Iterator, Mapping

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


def keys_of(holders: Iterator[Mapping[str, Branch]], tree: Statements, stem: str = "") -> Keys:
    """The keys that the nearest of several levels names; `stem` is "hello-" where it is IS-IS's.

    A chain goes before a key, as Junos takes it.
    """
    levels = tuple(holders)
    algorithm = next((a for each in levels if (a := leaf(each, "authentication-algorithm"))), "md5")
    for level in levels:
        if name := leaf(level, f"{stem}authentication-key-chain"):
            return Keys(tuple(_chain(tree, name, algorithm)), chain=True)
        if text := leaf(level, f"{stem}authentication-key"):
            kind = leaf(level, f"{stem}authentication-type") or algorithm
            return Keys((Key(ALWAYS, clear(text), kind),))
    return Keys()


def clear(text: str) -> str:
    """A secret as it is used: two routers may hold the same one in two `$9$` forms."""
    try:
        return reveal(text)
    except ValueError:
        return text


def _chain(tree: Statements, name: str, algorithm: str) -> list[Key]:
    entries = below(tree.at("security", "authentication-key-chains", "key-chain", name), "key")
    found = [
        Key(
            start_time(leaf(entry, "start-time") or ""),
            clear(leaf(entry, "secret") or ""),
            " ".join(filter(None, (leaf(entry, "algorithm") or algorithm, leaf(entry, "options")))),
        )
        for entry in entries.values()
    ]
    return sorted(found, key=lambda key: key.start)


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
