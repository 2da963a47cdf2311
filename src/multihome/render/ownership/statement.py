"""One statement of a Junos configuration, and what of its line identifies it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from multihome.render.ownership.kinds import ANY, Kind, top
from multihome.values.secret import is_obfuscated, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = tuple[str, ...]
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_ESCAPED = re.compile(r"\\(.)")
_REMARK = re.compile(r"\s*(/\*.*?\*/|## SECRET-DATA)\s*")
_PLAIN = re.compile(r"[\w\-./:,@+*<>$%]+")
GROUP_LISTS = ("apply-groups", "apply-groups-except")


@dataclass(frozen=True, slots=True)
class Statement:
    """A `set` line without its verb."""

    words: Words
    path: Words
    """What identifies it: without the value, if there can be only one."""
    entries: tuple[int, ...]
    """How many words each list entry or presence container around it has, outermost first."""
    known: bool
    """Whether the kind of each of its words is known."""
    leaf_list: bool = False
    plain: tuple[int, ...] = ()
    """How many words each container around it has that means nothing by itself."""

    @property
    def single(self) -> bool:
        """A value that another one would replace."""
        return len(self.path) < len(self.words)

    @property
    def container(self) -> Words:
        """The list entry or presence container that it is in; else the container right around it."""
        inner = [size for size in self.entries if size < len(self.path)]
        if inner:
            return self.words[: inner[-1]]
        return self.words[: max(1, len(self.path) - 1)]

    @property
    def meaning(self) -> Words:
        """Its words with secrets in clear, for comparing: one secret has many `$9$` forms."""
        return meaning(self.words)


def split(text: str) -> Words:
    """The words of a line, without quotes and remarks such as `## SECRET-DATA`."""
    clean = _REMARK.sub(" ", text) if "/*" in text or "##" in text else text
    if '"' not in clean:
        return tuple(clean.split())
    return tuple(
        _ESCAPED.sub(r"\1", quoted) if quoted or not bare else bare
        for quoted, bare in _WORD.findall(clean)
    )


def join(words: Iterable[str]) -> str:
    """The words as a line, in quotes where Junos needs them."""
    return " ".join(map(_quoted, words))


def meaning(words: Words) -> Words:
    """The words with each `$9$` secret in clear. Never to be shown."""
    return tuple(map(_clear, words)) if any(map(is_obfuscated, words)) else words


@lru_cache(maxsize=65536)
def statement(words: Words) -> Statement:
    """The statement that the words make.

    A keyword that is not known makes the whole line its identity.
    """
    at, last, kinds = 0, None, top()
    entries: list[int] = []
    plain: list[int] = []
    while at < len(words):
        kind = kinds.get(words[at]) or _unnamed(kinds.get(ANY))
        if kind is None or kind.letter in "vem":
            return _leaf(words, at, kind, last, (tuple(entries), tuple(plain)))
        at += 1
        at = len(words) if kind.letter == "r" else min(at + kind.keys, len(words))
        (plain if kind.letter == "c" else entries).append(at)
        last, kinds = kind, kind.below
    return Statement(words, words, tuple(entries), known=True, plain=tuple(plain))


def _leaf(
    words: Words,
    at: int,
    kind: Kind | None,
    around: Kind | None,
    sizes: tuple[tuple[int, ...], tuple[int, ...]],
) -> Statement:
    """The end of a line: a leaf, or what follows a container that is written like one."""
    entries, plain = sizes
    if kind is not None:
        path = words[: at + 1] if kind.letter == "v" else words
        return Statement(words, path, entries, True, kind.letter == "m", plain)  # noqa: FBT003
    if words[at] in GROUP_LISTS:
        return Statement(words, words, entries, known=True, leaf_list=True, plain=plain)
    # The value of a container that is written as if it were a leaf: `vrf-target X`.
    flat = around is not None and around.letter in "cp" and bool(around.below)
    value = flat and at == len(words) - 1
    path = words[:at] if value else words
    return Statement(words, path, entries, known=value, plain=plain)


def _unnamed(kind: Kind | None) -> Kind | None:
    """A list whose entries have no keyword: the word is the key already."""
    return None if kind is None else Kind(kind.letter, kind.keys - 1, kind.below)


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _clear(word: str) -> str:
    if not is_obfuscated(word):
        return word
    try:
        return f"\0{reveal(word)}"
    except ValueError:
        return word
