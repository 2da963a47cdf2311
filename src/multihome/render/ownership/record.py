"""The record on the router: which statements a service wrote, one entry for each.

    apply-macro multihome-NAME {
        s4f1c2a90b7d3 "interfaces ge-0/0/1 unit 5 vlan-id 5";      service-owned: we wrote it
        d0a77be19c245 "interfaces ge-0/0/1 unit 5 family inet";    device-owned: was there before
        c9b2e6d4410aa "interfaces ge-0/0/1 unit 5";                a container that we created
    }

An entry's key is made from what identifies its statement, so that one more statement renumbers
no other. A secret's value is left out. The statement of a device-owned entry stays when the
service lets go of it; that of a service-owned entry goes, unless another service's record
names it too (reference counting).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from multihome.render.ownership.statement import Words, join, split, statement
from multihome.values.secret import is_obfuscated

if TYPE_CHECKING:
    from collections.abc import Iterable

MACRO = "apply-macro"
PREFIX = "multihome-"
OLD_MACRO = "multihome"
"""The record of earlier versions: numbered containers of one service, without its name."""
_DIGITS = 12


class Owner(StrEnum):
    """What a record's entry says of its statement."""

    SERVICE = "s"
    """The service wrote it."""
    DEVICE = "d"
    """It was there, equal, before the service needed it."""
    CONTAINER = "c"
    """A list entry or presence container that was not there before the service."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record."""

    owner: Owner
    words: Words
    """The statement; without its value if that is a secret."""

    @property
    def path(self) -> Words:
        """What identifies the statement."""
        return statement(self.words).path

    @property
    def key(self) -> str:
        """What the router keeps it under."""
        return self.owner + sha256(join(self.path).encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that one service's record on a router names."""

    service: str
    entries: tuple[Entry, ...] = ()
    strange: tuple[str, ...] = ()
    """Lines that no version of this tool wrote like that; they prove nothing."""

    def paths(self, owner: Owner) -> frozenset[Words]:
        """What identifies the statements of that owner."""
        return frozenset(entry.path for entry in self.entries if entry.owner is owner)


def macro(service: str) -> str:
    """The name of the service's record."""
    return f"{PREFIX}{service}"


def entry_line(service: str, entry: Entry) -> str:
    """The statement that keeps an entry on the router."""
    text = join(entry.words).replace("\\", "\\\\").replace('"', '\\"')
    return f'{MACRO} {macro(service)} {entry.key} "{text}"'


def made(owner: Owner, words: Words) -> Entry:
    """The entry for a statement, without the value of a secret."""
    found = statement(words)
    if found.single and any(is_obfuscated(word) for word in words):
        return Entry(owner, found.path)
    return Entry(owner, tuple("$9$" if is_obfuscated(word) else word for word in words))


def read(service: str, lines: Iterable[tuple[str, str]]) -> Record:
    """The record from keys and texts as they are on the router."""
    entries: list[Entry] = []
    strange: list[str] = []
    for key, text in lines:
        entry = _entry(key, text)
        if entry is None:
            strange.append(f"{key} {text}".strip())
        else:
            entries.append(entry)
    return Record(service, tuple(entries), tuple(strange))


def _entry(key: str, text: str) -> Entry | None:
    """An entry whose key fits its text; anything else was altered and is not followed."""
    if key[:1] not in tuple(Owner) or not text:
        return None
    entry = Entry(Owner(key[0]), split(text))
    return entry if entry.key == key else None
