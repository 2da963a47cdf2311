"""Secrets in Junos configuration as text: `set` lines, braces, diffs, and sentences about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.values.secret_places import Holds, holds, is_free_secret, takes_a_name

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK = "/* SECRET-DATA */"
"""What Junos prints to a user who may not see secrets."""
HIDDEN = "(hidden)"
"""What a rendered statement shows in place of a key."""
_PARTS_OF_KEYS = frozenset({"auth_key", "keyname", "key-id"})
"""Keywords where `authentication-key` is no key itself."""

_TOKEN = re.compile(
    r"""
      (?P<comment> /\*[^\n]*?\*/ )
    | (?P<marked> \#\#[ ]*SECRET-DATA )
    | (?P<hash> \#+ (?=\s|$) )
    | (?P<text> "(?:[^"\\\n]|\\.)*"? )
    | (?P<open> \{ ) | (?P<close> \} ) | (?P<end> ; ) | (?P<left> \[ ) | (?P<right> \] )
    | (?P<newline> \n )
    | (?P<word> [^\s{};\[\]"]+ )
    """,
    re.VERBOSE,
)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_COMMANDS = frozenset(
    {"set", "delete", "activate", "deactivate", "protect", "unprotect", "annotate", "insert"}
    | {"rename", "copy"}
)
_SIGNS = frozenset({"+", "-", "!", "inactive:", "active:", "protect:", "unprotect:", "replace:"})
_STATEMENT = re.compile(
    r"\s*[-+!]?\s*(?:[\w.@-]+[#>%]\s*)?(?:set|delete|edit|(?:de)?activate|\[edit)\b|.*[;{}]\s*(?:\#.*)?$"
)
_PROSE = re.compile(
    r"an?|and|are|as|at|be|been|but|by|can|cannot|does|expired|for|from|had|has|have|i[fnst]|its?|may"
    r"|must|needs|no|nor|not|o[fnr]|only|set|so|than|that|the|this|too?|was|were|when|which|will|with"
    r"|would"
)
"""Words that follow a keyword in a sentence; in a statement they may be a secret."""


def mask_text(text: str) -> str:
    """The text with every secret replaced; all else, and what is masked already, unchanged."""
    parts: list[str] = []
    done = 0
    for start, end in _Scan(text).spans():
        if start >= done:
            parts += (text[done:start], MASK)
            done = end
    return "".join((*parts, text[done:]))


class _Scan:
    """One pass over a text: the path of the statement at hand, and where secrets are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._path: list[str] = []
        self._base = 0
        """Where the statement at hand begins in the path."""
        self._outer: list[int] = []
        self._header = self._list = self._names_next = False
        self._awaited = Holds.OTHER
        self._last: tuple[int, int] | None = None

    def spans(self) -> Iterator[tuple[int, int]]:
        """Begin and end of each secret, in the order of the text."""
        position = 0
        while found := _TOKEN.search(self._text, position):
            position = found.end()
            kind = str(found.lastgroup)
            if kind in ("word", "text"):
                span = self._word(found[0], found.start(), found.end())
                if span is not None:
                    position = max(position, span[1])
                    yield span
            elif kind == "marked" and self._last is not None:
                yield self._last
            else:
                self._punctuation(kind, found)

    def _word(self, word: str, start: int, end: int) -> tuple[int, int] | None:
        """Take a word; its span if it is a secret."""
        if len(self._path) == self._base and self._is_lead(word):
            return None
        self._last = (start, end)
        awaited, self._awaited = self._awaited, Holds.OTHER
        if awaited is not Holds.OTHER and not self._is_longer_keyword(word):
            self._path.append(word)
            self._names_next = False
            return self._secret(word, start, end)
        is_name, self._names_next = self._names_next, False
        self._path.append(word)
        if is_name or self._list or word.startswith('"'):
            if self._is_free_parameter():
                self._awaited = Holds.VALUE
            return None
        self._awaited = Holds.VALUE if self._is_free_parameter() else holds(self._path)
        self._names_next = takes_a_name(word)
        return None

    def _is_lead(self, word: str) -> bool:
        """A sign of a diff, a mark, or the command of the line: no part of a path."""
        if word == "top":
            self._leave()
        return word in _SIGNS or word in _COMMANDS

    def _is_longer_keyword(self, word: str) -> bool:
        """Whether what looks like a secret is a keyword that the secret follows."""
        return word in _PARTS_OF_KEYS and self._path[-1] == "authentication-key"

    def _is_free_parameter(self) -> bool:
        """`apply-macro NAME PARAMETER` and `arguments NAME value`, whose names are free."""
        if self._path[-3:-2] == ["apply-macro"]:
            return is_free_secret(self._path[-1].strip('"'))
        if self._path[-3:-2] == ["arguments"] and self._path[-1] == "value":
            return is_free_secret(self._path[-2].strip('"'))
        return False

    def _secret(self, word: str, start: int, end: int) -> tuple[int, int] | None:
        if HIDDEN in word or word in ('""', f'"{MASK}"'):
            return None
        if _PROSE.fullmatch(word.strip(",.:;")) and not self._is_statement(start):
            return None
        if word.startswith('"') and (len(word) == 1 or not word.endswith('"')):
            whole = _STRING.match(self._text, start)
            return start, whole.end() if whole else end
        return start, end

    def _is_statement(self, position: int) -> bool:
        start = self._text.rfind("\n", 0, position) + 1
        end = self._text.find("\n", position)
        line = self._text[start : end if end >= 0 else len(self._text)]
        return bool(_STATEMENT.match(line))

    def _punctuation(self, kind: str, found: re.Match[str]) -> None:
        if kind in ("newline", "end"):
            self._finish(newline=kind == "newline")
        elif kind == "open":
            self._outer.append(self._base)
            self._base = len(self._path)
            self._awaited, self._names_next = Holds.OTHER, False
        elif kind == "close":
            self._base = self._outer.pop() if self._outer else self._base
            self._finish()
        elif kind in ("left", "right"):
            self._bracket(header=self._text.startswith("[edit", found.start()), kind=kind)
        elif kind == "comment" and MASK in found[0]:
            self._awaited, self._last = Holds.OTHER, None

    def _bracket(self, *, header: bool, kind: str) -> None:
        """`[edit PATH]` says where what follows is; other brackets hold a list of values."""
        self._awaited = Holds.OTHER
        if kind == "left":
            self._header, self._list = header, not header
            if header:
                self._leave()
            return
        if self._header:
            self._base = len(self._path)
        self._header = self._list = False

    def _finish(self, *, newline: bool = False) -> None:
        """The end of a statement: an `edit` line is where those below it begin."""
        if newline and self._path[self._base : self._base + 1] == ["edit"]:
            self._base = len(self._path)
        del self._path[self._base :]
        self._list = self._names_next = False
        self._awaited = Holds.OTHER
        if newline:
            self._last = None

    def _leave(self) -> None:
        """Back to the top of the configuration."""
        self._path.clear()
        self._outer.clear()
        self._base = 0
