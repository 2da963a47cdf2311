"""From the words of a command or a brace line to the statements that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.config.grammar.pattern import BadWord, Value, read_key
from multihome.twin.config.grammar.statement import Kind, Statement, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from multihome.twin.config.tree import Ident, Key
    from multihome.twin.config.words import Word


class Step(NamedTuple):
    """One statement on the way; plain values are steps beside each other, not below."""

    statement: Statement
    key: Key = ()
    values: tuple[str, ...] = ()

    @property
    def ident(self) -> Ident:
        """Keyword and key of the node that the step means."""
        return self.statement.keyword, self.key


class Resolver:
    """Reads words against the grammar.

    Args:
        strict: an unknown word or a bad value raises BadWord; otherwise it is kept as it is
            and noted in `strangers`.
        locate: the words point at something that is there, so values and keys may be left
            out at the end (`delete system host-name`).
    """

    def __init__(self, *, strict: bool = True, locate: bool = False) -> None:
        self.strict, self.locate = strict, locate
        self.strangers: list[str] = []
        self._steps: list[Step] = []
        self._words: Sequence[Word] = ()
        self._at = 0
        self._read: dict[Kind, Callable[[Statement, Statement], Statement]] = {
            Kind.CONTAINER: self._container,
            Kind.LIST: self._entry,
            Kind.LEAF: self._leaf,
            Kind.LEAF_LIST: self._leaf,
            Kind.FLAG: self._flag,
            Kind.PHRASE: self._phrase,
        }

    def read(self, here: Statement, words: Sequence[Word]) -> list[Step]:
        """The steps that the words mean below `here`; raises BadWord."""
        self._steps, self._words, self._at = [], words, 0
        while self._at < len(words):
            word = words[self._at]
            if not isinstance(word, str):
                raise BadWord("[")
            here = self._one(here, word)
        return self._steps

    def _one(self, here: Statement, word: str) -> Statement:
        statement = here.find(word)
        if statement is None:
            if here.entry is None:
                return self._stranger(here, word)
            read = self._leaf if here.entry.kind is Kind.LEAF else self._entry
            return read(here.entry, here)
        self._at += 1
        return self._read[statement.kind](statement, here)

    def _stranger(self, here: Statement, word: str) -> Statement:
        if not here.open:
            if self.strict:
                raise BadWord(word)
            self._note()
        rest = self._words[self._at + 1 :]
        key = tuple(each for each in rest if isinstance(each, str))
        values = tuple(each for group in rest if not isinstance(group, str) for each in group)
        self._at = len(self._words)
        stranger = unknown(word)
        self._steps.append(Step(stranger, key, values))
        return stranger

    # --- one method for each shape -----------------------------------------------------

    def _container(self, statement: Statement, _here: Statement) -> Statement:
        self._steps.append(Step(statement))
        return statement

    def _flag(self, statement: Statement, here: Statement) -> Statement:
        self._steps.append(Step(statement))
        return here

    def _entry(self, statement: Statement, _here: Statement) -> Statement:
        following = self._words[self._at] if self._at < len(self._words) else None
        if isinstance(following, list) and len(statement.keys) == 1:
            self._at += 1
            self._steps += [
                Step(statement, (self._value(statement.keys[0], word),)) for word in following
            ]
            return statement
        if following is None and self.locate:
            self._steps.append(Step(statement))
            return statement
        self._steps.append(self._keyed(statement))
        return statement

    def _keyed(self, statement: Statement) -> Step:
        word = self._words[self._at] if self._at < len(self._words) else None
        if len(statement.keys) == 1 and statement.value is None and isinstance(word, str):
            self._at += 1
            return Step(statement, (self._value(statement.keys[0], word),))
        return self._long_keyed(statement)

    def _long_keyed(self, statement: Statement) -> Step:
        words = [word if isinstance(word, str) else "[" for word in self._words]
        try:
            key, end = read_key(statement.keys, words, self._at)
        except BadWord:
            if self.strict:
                raise
            end = min(self._at + len(statement.keys), len(words))
            key = words[self._at : end]
        self._at = end
        values: tuple[str, ...] = ()
        if (
            statement.value is not None
            and end < len(words)
            and words[end] not in statement.children
        ):
            values = (self._value(statement.value, words[end]),)
            self._at += 1
        return Step(statement, tuple(key), values)

    def _leaf(self, statement: Statement, here: Statement) -> Statement:
        values: tuple[str, ...] = ()
        if self._at < len(self._words):
            word = self._words[self._at]
            group = [word] if isinstance(word, str) else word
            if statement.kind is Kind.LEAF and len(group) != 1:
                if self.strict or statement.hidden:
                    raise BadWord("[", "invalid value")
                self._at -= 1
                return self._stranger(here, statement.keyword)
            values = tuple(self._value(statement.value, each) for each in group)
            self._at += 1
        elif not self.locate:
            raise BadWord(statement.keyword, "missing argument")
        self._steps.append(Step(statement, (), values))
        return here

    def _phrase(self, statement: Statement, here: Statement) -> Statement:
        words = [word if isinstance(word, str) else "[" for word in self._words]
        values: tuple[str, ...] = ()
        try:
            if statement.phrase is not None:
                values, self._at = statement.phrase.read(words, self._at, named=self.locate)
        except BadWord:
            optional = statement.presence or self.locate
            if not optional and (self.strict or self._at >= len(words)):
                raise
            if not optional:
                self._note()
                values, self._at = tuple(spread(self._words[self._at :])), len(words)
        self._steps.append(Step(statement, (), values))
        return here

    def _note(self) -> None:
        self.strangers.append(" ".join(map(_flat, self._words)))

    def _value(self, item: object, word: str) -> str:
        if not isinstance(item, Value):
            return word
        try:
            return item.read(word)
        except BadWord:
            if self.strict:
                raise
            self._note()
            return word


def spread(words: Sequence[Word]) -> Iterator[str]:
    """The words one after the other, brackets as words of their own."""
    for word in words:
        yield from ([word] if isinstance(word, str) else ["[", *word, "]"])


def _flat(word: Word) -> str:
    return word if isinstance(word, str) else f"[ {' '.join(word)} ]"
