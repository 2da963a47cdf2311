"""Configurations with braces, as `set` and `deactivate` lines. Needs no grammar.

What `protect:` or `replace:` marks is refused: set lines say it in other ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.syntax.recognize import Unrecognized

if TYPE_CHECKING:
    from collections.abc import Iterator

    Step = tuple[list[str], bool]
    """The words of one level, and whether it is deactivated."""

_TOKEN = re.compile(
    r"(?P<comment>/\*.*?\*/|\#[^\n]*)"
    r'|(?P<quoted>"(?:[^"\\]|\\.)*")'
    r"|(?P<mark>[{};\[\]])"
    r'|(?P<word>[^\s{};\[\]"]+)',
    re.DOTALL,
)
_TAGS = ("protect:", "replace:", "delete:")


@dataclass(frozen=True, slots=True)
class Line:
    """A command, and the line of the text that it comes from; lines count from 1."""

    number: int
    text: str


@dataclass(slots=True)
class _Flattening:
    above: list[Step] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    values: list[str] | None = None
    """Inside brackets: each is a statement of its own."""
    start: int = 1

    def end(self) -> Iterator[Line]:
        """A semicolon: the statement is whole."""
        words, inactive = _tagged(self.words)
        for value in self.values if self.values is not None else [None]:
            path = [*self._path(), *words, *([value] if value is not None else [])]
            yield Line(self.start, "set " + " ".join(path))
        if inactive:
            yield Line(self.start, "deactivate " + " ".join([*self._path(), *words]))
        self.words, self.values = [], None

    def open(self) -> None:
        """A brace: what follows is inside."""
        self.above.append(_tagged(self.words))
        self.words = []

    def close(self, *, empty: bool) -> Iterator[Line]:
        """The closing brace; a container with nothing in it is a statement."""
        if not self.above or self.words:
            raise Unrecognized(self.start, "a closing brace where a statement is not finished")
        path = self._path()
        if empty:
            yield Line(self.start, "set " + " ".join(path))
        _, inactive = self.above.pop()
        if inactive:
            yield Line(self.start, "deactivate " + " ".join(path))

    def _path(self) -> list[str]:
        return [word for words, _ in self.above for word in words]


def flatten(text: str) -> list[Line]:
    """The commands that make the configuration, each with its line.

    Raises:
        Unrecognized: braces, brackets or quotes do not match, or a tag is none that is printed.
    """
    state, before = _Flattening(), ""
    found: list[Line] = []
    number, at = 1, 0
    for token in _TOKEN.finditer(text):
        number += text.count("\n", at, token.start())
        at = token.start()
        if token["comment"]:
            continue
        if token["word"] in _TAGS:
            raise Unrecognized(number, f"`{token['word']}` is not supported here")
        if not state.words and state.values is None and not token["mark"]:
            state.start = number
        found.extend(_take(state, token, before))
        before = token.group()
    if state.above or state.words or '"' in _TOKEN.sub("", text):
        raise Unrecognized(number, "the text ends, or a quote opens, inside a statement")
    return found


def _take(state: _Flattening, token: re.Match[str], before: str) -> Iterator[Line]:
    mark = token["mark"]
    if mark == ";":
        yield from state.end()
    elif mark == "{":
        state.open()
    elif mark == "}":
        yield from state.close(empty=before == "{")
    elif mark == "[":
        state.values = []
    elif mark is None and state.values is not None and before != "]":
        state.values.append(token.group())
    elif mark is None:
        state.words.append(token.group())


def _tagged(words: list[str]) -> tuple[list[str], bool]:
    """The words without `inactive:`, and whether it was there."""
    if words[:1] == ["inactive:"]:
        return words[1:], True
    return words, False
