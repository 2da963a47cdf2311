"""How the words of a key or of a phrase follow each other.

A key is a row of values, literal words and choices: `<address> {exact|upto:word}`.  A phrase
is a statement whose value is more than one word: first at most one of some alternatives,
then options in any order: `autonomous-system {<as-number:as>} [loops:1..10]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.config.grammar.types import is_number, is_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.twin.config.grammar.types import Check


class BadWord(Exception):
    """A word that is not allowed at its place: Junos's text, and the word."""

    def __init__(self, element: str, message: str = "syntax error") -> None:
        self.element, self.message = element, message
        super().__init__(f"{message}: {element}")


@dataclass(frozen=True, slots=True)
class Value:
    """A word of some type; `element` is its XML name, `kind` the type as the schema has it."""

    element: str
    check: Check
    kind: str = "word"

    @property
    def number(self) -> bool:
        """Whether it takes numbers only, which JSON prints without quotes."""
        return is_number(self.kind)

    def read(self, word: str) -> str:
        """The word as it is stored; raises BadWord."""
        if is_open(word):
            return word
        try:
            return self.check(word)
        except ValueError as why:
            raise BadWord(word, str(why)) from None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A word, a word with a value, or (with no word) a bare value.

    In XML a word with a value is `<word>value</word>` if the value has no name of its own,
    and `<word><name>value</name></word>` if it has.
    """

    word: str
    value: Value | None = None
    optional: bool = False

    def read(self, words: Sequence[str], at: int, *, named: bool = False) -> tuple[str, ...] | None:
        """The words taken from `at` on, or None if they do not begin this alternative.

        With `named` the word alone will do: it is only pointed at.
        """
        if not self.word:
            return (self.value.read(words[at]),) if self.value else None
        if words[at] != self.word:
            return None
        if self.value is None:
            return (self.word,)
        if at + 1 >= len(words) or self._ends(words[at + 1]):
            if self.optional or named:
                return (self.word,)
            raise BadWord(self.word, "missing argument")
        return self.word, self.value.read(words[at + 1])

    def _ends(self, following: str) -> bool:
        if not self.optional or self.value is None or is_open(following):
            return False
        try:
            self.value.check(following)
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several alternatives; a bare value comes last and takes what no word means."""

    alternatives: tuple[Alternative, ...]

    def read(self, words: Sequence[str], at: int) -> tuple[str, ...]:
        """The words of the first alternative that fits; raises BadWord if none does."""
        for alternative in self.alternatives:
            if taken := alternative.read(words, at):
                return taken
        raise BadWord(words[at])


KeyItem = Value | str | Choice
"""A value, a literal word between two values, or a choice."""


def read_key(items: tuple[KeyItem, ...], words: Sequence[str], at: int) -> tuple[list[str], int]:
    """The key's words (literals left out) and the place behind them; raises BadWord."""
    key: list[str] = []
    for item in items:
        if at >= len(words):
            raise BadWord(words[-1] if words else "", "missing argument")
        if isinstance(item, Value):
            key.append(item.read(words[at]))
            at += 1
        elif isinstance(item, str):
            if words[at] != item:
                raise BadWord(words[at])
            at += 1
        else:
            taken = item.read(words, at)
            key += taken
            at += len(taken)
    return key, at


def key_words(items: tuple[KeyItem, ...], key: Sequence[str]) -> list[str]:
    """The words of a key as they are written, literals put back."""
    if not any(isinstance(item, str) for item in items):
        return list(key)
    rest = iter(key)
    return [item if isinstance(item, str) else next(rest, "") for item in items]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Alternatives (one at most), then options in their order."""

    choice: Choice
    options: tuple[Alternative, ...] = ()

    def read(
        self, words: Sequence[str], at: int, *, named: bool = False
    ) -> tuple[tuple[str, ...], int]:
        """The words of the phrase, in canonical order, and the place behind them."""
        parts: dict[int, tuple[str, ...]] = {}
        start = at
        while at < len(words):
            at += self._is_name(words, at, parts)
            place, taken = self._next(words, at, parts, named=named)
            if taken is None:
                break
            parts[place] = taken
            at += len(taken)
        if at == start:
            if at < len(words):
                raise BadWord(words[at])
            raise BadWord(words[at - 1] if at else "", "missing argument")
        return _joined(parts), at

    def _is_name(self, words: Sequence[str], at: int, parts: dict[int, tuple[str, ...]]) -> bool:
        """Whether the word names the bare value that follows it: `preference metric-value 35`."""
        known = {each.word for each in (*self.options, *self.choice.alternatives)}
        names = {a.value.element for a in self.choice.alternatives if not a.word and a.value}
        return at + 1 < len(words) and -1 not in parts and words[at] in names - known

    def _next(
        self,
        words: Sequence[str],
        at: int,
        parts: dict[int, tuple[str, ...]],
        *,
        named: bool = False,
    ) -> tuple[int, tuple[str, ...] | None]:
        for index, option in enumerate(self.options):
            if taken := option.read(words, at, named=named):
                return index, taken
        if -1 in parts or not self.choice.alternatives:
            return 0, None
        for alternative in self.choice.alternatives:
            if not alternative.word and parts:
                continue
            if taken := alternative.read(words, at, named=named):
                return -1, taken
        return 0, None

    def parts(self, words: Sequence[str], *, named: bool = False) -> dict[int, tuple[str, ...]]:
        """The phrase taken apart: -1 is the choice, 0.. the options; empty if it is none.

        A configuration that was read leniently may hold words that make no sense.
        """
        parts: dict[int, tuple[str, ...]] = {}
        at = 0
        while at < len(words):
            try:
                place, taken = self._next(words, at, parts, named=named)
            except BadWord:
                return {}
            if taken is None:
                return {}
            parts[place] = taken
            at += len(taken)
        return parts

    def merged(self, old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
        """The old phrase with what the new one says."""
        return _joined({**self.parts(old), **self.parts(new)})

    def without(self, old: Sequence[str], gone: Sequence[str]) -> tuple[str, ...] | None:
        """The old phrase without the parts that `gone` names; None if one is not there.

        A part may be named by its first word, whatever its value is.
        """
        parts, wanted = self.parts(old), self.parts(gone, named=True)
        if not wanted:
            return None
        if any(parts.get(place, ())[: len(words)] != words for place, words in wanted.items()):
            return None
        return _joined({place: words for place, words in parts.items() if place not in wanted})

    def alternative(self, place: int, words: tuple[str, ...]) -> Alternative:
        """Which alternative or option a part belongs to."""
        if place >= 0:
            return self.options[place]
        for alternative in self.choice.alternatives:
            if alternative.word == words[0]:
                return alternative
        return next(each for each in self.choice.alternatives if not each.word)


def _joined(parts: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for place in sorted(parts) for word in parts[place])
