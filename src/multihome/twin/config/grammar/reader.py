"""Reads the schema files of this folder: one statement a line, indented below its parent.

    interfaces                          a container
      (interface) <name:ifd> /sort      entries without a keyword, sorted by Junos
        (community) any                 a value without a keyword
        description text                a leaf and its type
        disable;                        a flag
        mtu 256..9192                   a number in a range
        unit <name:0..16385> /sort      entries with a key
          family /flat                  written before each child: `family inet { ... }`
            inet!                       a container that says something when it is empty
        ~hold-time [up:uint]            known, not modelled, nor anything below
        metric {<metric:uint>|igp}      a phrase: alternatives, then options in brackets
        export word*                    a leaf-list
        ~services ...                   anything may stand below
      use name                          what `define name` holds

Marks: `/sort` a list that Junos keeps sorted, `/flat`, `/single` and `/line` as in `Layout`,
`/bag` entries that share one pair of braces, `/or=NAME,NAME` siblings that it takes the place
of, `/must=NAME` a statement that a commit misses below it, `xml=NAME` the element's name,
`= <e:type>` a value that an entry carries beside its key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.twin.config.grammar.pattern import Alternative, Choice, Phrase, Value
from multihome.twin.config.grammar.statement import Kind, Layout, Statement
from multihome.twin.config.grammar.types import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.twin.config.grammar.pattern import KeyItem

_PIECE = re.compile(r"\{[^}]*\}|\[[^\]]*\]|<[^>]*>\??|\S+")
_VALUE = re.compile(r"<([^:>]+):?([^>]*)>(\?)?\Z")
_WORD = re.compile(r"([\w.+=-]+)(?:(<[^>]*>\??)|:(.+))?\Z")
_LAYOUTS = {"/flat": Layout.FLAT, "/single": Layout.SINGLE, "/line": Layout.LINE}
_MARKS: dict[str, Callable[[Statement, str], None]] = {
    "/sort": lambda statement, _: setattr(statement, "ordered", True),
    "/bag": lambda statement, _: setattr(statement, "bag", True),
    "...": lambda statement, _: setattr(statement, "open", True),
    "xml": lambda statement, value: setattr(statement, "element", value),
    "/must": lambda statement, value: setattr(statement, "must", value),
    "/or": lambda statement, value: setattr(statement, "instead_of", tuple(value.split(","))),
}
_INDENT = 2


class BadSchema(Exception):
    """A schema file that cannot be read: names file and line."""


class Reader:
    """Reads schema files one after the other; definitions hold across files."""

    def __init__(self) -> None:
        self.root = Statement("")
        self._definitions: dict[str, Statement] = {}

    def read(self, name: str, text: str) -> None:
        """Add one file's statements to the root; raises BadSchema."""
        stack: list[Statement] = [self.root]
        for number, indent, line in _lines(text):
            try:
                del stack[indent + 1 :]
                stack.append(self._statement(stack[-1], line))
            except (ValueError, KeyError, IndexError) as why:
                raise BadSchema(f"{name}:{number}: {line}: {why}") from why

    def _statement(self, parent: Statement, line: str) -> Statement:
        word, _, rest = line.partition(" ")
        if word == "define":
            return self._definitions.setdefault(rest, Statement(rest))
        if word == "use":
            used = self._definitions[rest]
            parent.described.update(used.described)
            parent.entry = parent.entry or used.entry
            for keyword in used.ranks:
                parent.ranks.setdefault(keyword, len(parent.ranks))
            return parent
        statement = self._parsed(word, _PIECE.findall(rest))
        statement.modelled = statement.modelled and parent.modelled
        if statement.hidden:
            parent.entry = statement
        else:
            parent.described[statement.keyword] = statement
        _number(parent, statement)
        return statement

    def _parsed(self, word: str, pieces: list[str]) -> Statement:
        statement = Statement(word.strip("~!;()"))
        statement.element = statement.keyword
        statement.modelled = not word.startswith("~")
        statement.hidden = "(" in word
        statement.presence = word.endswith("!")
        if word.endswith(";"):
            statement.kind = Kind.FLAG
        pieces = list(_marks(statement, pieces))
        if "=" in pieces:
            place = pieces.index("=")
            statement.value = _value(pieces[place + 1])
            _say_how(statement, pieces[place + 1].strip("<>").rpartition(":")[2])
            pieces = pieces[:place]
        if pieces:
            _shape(statement, pieces)
        return statement


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield number, (len(line) - len(line.lstrip())) // _INDENT, bare


def _number(parent: Statement, *more: Statement) -> None:
    for keyword in (*parent.described, *(each.keyword for each in more)):
        parent.ranks.setdefault(keyword, len(parent.ranks))
    if parent.entry is not None:
        parent.ranks.setdefault(parent.entry.keyword, len(parent.ranks))


def _marks(statement: Statement, pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        mark, _, value = piece.partition("=")
        if piece in _LAYOUTS:
            statement.layout = _LAYOUTS[piece]
        elif mark in _MARKS:
            _MARKS[mark](statement, value)
        else:
            yield piece


def _shape(statement: Statement, pieces: list[str]) -> None:
    first = pieces[0]
    if any(piece[0] == "<" for piece in pieces):
        statement.kind = Kind.LIST
        statement.keys = tuple(_key_item(piece) for piece in pieces)
        statement.secret = "<name:key>" in pieces
    elif first[0] in "{[":
        statement.kind = Kind.PHRASE
        statement.phrase = _phrase(pieces)
    else:
        statement.kind = Kind.LEAF_LIST if first.endswith("*") else Kind.LEAF
        statement.value = _typed(statement.element, first.rstrip("*"))
        _say_how(statement, first)


def _say_how(statement: Statement, kind: str) -> None:
    statement.secret = kind in {"secret", "hash"}
    statement.quoted = statement.secret or kind == "regex"


def _key_item(piece: str) -> KeyItem:
    if piece[0] == "<":
        return _value(piece)
    return _choice(piece) if piece[0] == "{" else piece


def _value(piece: str) -> Value:
    found = _VALUE.match(piece)
    if found is None:
        raise ValueError(f"no value: {piece}")
    return _typed(found[1], found[2] or "word")


def _typed(element: str, kind: str) -> Value:
    return Value(element, named(kind), kind)


def _choice(piece: str) -> Choice:
    alternatives = [_alternative(each.strip()) for each in piece.strip("{}").split("|")]
    return Choice(tuple(sorted(alternatives, key=lambda each: not each.word)))


def _alternative(text: str) -> Alternative:
    if text[0] == "<":
        return Alternative("", _value(text))
    found = _WORD.match(text)
    if found is None:
        raise ValueError(f"no alternative: {text}")
    if found[2]:
        return Alternative(found[1], _value(found[2]), found[2].endswith("?"))
    return Alternative(found[1], _typed("", found[3]) if found[3] else None)


def _phrase(pieces: list[str]) -> Phrase:
    choice = _choice(pieces[0]) if pieces[0][0] == "{" else Choice(())
    options = (piece.strip("[]") for piece in pieces if piece[0] == "[")
    return Phrase(choice, tuple(_alternative(each) for each in options))
