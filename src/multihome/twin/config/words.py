r"""Words of the command line and of the brace format: split, and quoted again.

A word in double quotes may hold anything; a quote inside it is written `\"`, and backslashes
count double only where they stand before a quote, so that `"\\."` of a regular expression
stays as people write it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLAIN = re.compile(r"[A-Za-z0-9_.:/%+*<>=,~!?'`\\-]+\Z")
_WILDCARD = re.compile(r'<[^\s<>"{};]+>\Z')
_SPECIAL = frozenset('"[]{}();#\\')

_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<remark>\#[^\n]*)
    | /\*(?P<comment>.*?)\*/
    | "(?P<quoted>(?:\\.|[^"\\])*)"
    | (?P<expression>\([^()"{};]*(?:\([^()]*\)[^()"{};]*)*\))
    | (?P<wildcard><[^\s<>"{};]+>(?=[\s;{}]|\Z))
    | (?P<mark>[{};\[\]])
    | (?P<plain>[^\s"{};\[\]]+)
    """,
    re.VERBOSE | re.DOTALL,
)

_UNSPEAKABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def speakable(text: str) -> str:
    """The text without what XML has no way to say, escaped or not (XML 1.0 section 2.2)."""
    return _UNSPEAKABLE.sub("", text)


TokenKind = Literal["word", "mark", "comment"]


class Token(NamedTuple):
    """One token: a word (unquoted), a mark (`{ } ; [ ]`) or a comment."""

    kind: TokenKind
    text: str
    bare: bool = False
    """A word written without quotes, so that `inactive:` may be a tag."""


class UnbalancedQuote(ValueError):
    """A quote that never closes; the rest of the text is in `text`."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__("unbalanced quote")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text; `#` begins a remark that is dropped.  Raises UnbalancedQuote."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise UnbalancedQuote(text[at : at + 40].splitlines()[0])
        at = found.end()
        kind = found.lastgroup
        if kind in ("plain", "wildcard"):
            yield Token("word", found[0], bare=True)
        elif kind == "mark":
            yield Token("mark", found["mark"])
        elif kind == "quoted":
            yield Token("word", unquote(found["quoted"]))
        elif kind == "comment":
            yield Token("comment", found["comment"].strip())
        elif kind == "expression":
            yield Token("word", " ".join(found["expression"].replace("(", "( ").split()))


Word = str | list[str]
"""A word, or the words of a bracketed list."""


def split(line: str) -> list[Word]:
    """The words of one command; brackets make lists.  Raises UnbalancedQuote."""
    if _SPECIAL.isdisjoint(line) and "/*" not in line:
        return list(line.split())
    return gather(list(tokens(line)))


def gather(found: Sequence[Token]) -> list[Word]:
    """Words and bracketed lists out of tokens; comments and stray marks are dropped."""
    words: list[Word] = []
    inside: list[str] | None = None
    for token in found:
        if token.kind == "mark":
            if token.text == "[":
                inside = []
                words.append(inside)
            elif token.text == "]":
                inside = None
        elif token.kind == "word":
            if inside is None:
                words.append(token.text)
            else:
                inside.append(token.text)
    return words


def unquote(body: str) -> str:
    """The text between the quotes, as a value."""
    return re.sub(r'(\\+)("|\Z)', _unescaped, body)


def _unescaped(found: re.Match[str]) -> str:
    slashes = len(found[1])
    return "\\" * (slashes // 2) + found[2]


def quote(word: str, *, always: bool = False) -> str:
    """The word as it is written; in quotes where it must be."""
    if not always and _stands_alone(word):
        return word
    return '"' + re.sub(r'(\\*)("|\Z)', _escaped, word) + '"'


def _stands_alone(word: str) -> bool:
    if _PLAIN.match(word) or _WILDCARD.match(word):
        return not word.startswith("/*")
    # A policy expression, `( a && b )`, which Junos writes without quotes.
    return word.startswith("( ") and _TOKEN.fullmatch(word) is not None and split(word) == [word]


def _escaped(found: re.Match[str]) -> str:
    slashes, end = found[1] * 2, found[2]
    return slashes + ('\\"' if end else "")
