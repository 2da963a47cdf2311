"""Junos's regular expressions over AS paths, whose letters are whole AS numbers.

`.` is any AS number, `64512-65534` (or with brackets) a range, `(a|b)` an alternative; the
operators `*`, `+`, `?`, `{m}`, `{m,n}` and `{m,}` follow the term they repeat.  An
expression covers the whole path, whether or not `^` and `$` say so; `()` is the empty path.
An AS set is one letter, and is what any of its numbers is.

Source: Junos OS Routing Policies User Guide, "Understanding AS Path Regular Expressions".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

AsPath = tuple[int | frozenset[int], ...]
"""AS numbers in their order; those of a set (RFC 4271 section 4.3) in none."""


def numbers_in(path: AsPath) -> tuple[int, ...]:
    """Every number of the path, those of a set as well."""
    return tuple(number for segment in path for number in _members(segment))


def words_of(path: AsPath) -> list[str]:
    """As Junos prints them: `1`, and `{2 3}` for a set."""
    return [
        str(segment) if isinstance(segment, int) else f"{{{' '.join(map(str, sorted(segment)))}}}"
        for segment in path
    ]


def _members(segment: int | frozenset[int]) -> Iterator[int]:
    if isinstance(segment, int):
        yield segment
    else:
        yield from sorted(segment)


_TOKEN = re.compile(r"\s*(\d+\s*-\s*\d+|\d+|\{\s*\d+\s*(?:,\s*\d*\s*)?\}|[.()|*+?\[\]])")
_MANY = 1 << 16


@dataclass(frozen=True, slots=True)
class Range:
    """One AS number between two bounds, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A term so many times."""

    term: Term
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms one after the other."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several terms."""

    terms: tuple[Term, ...]


Term = Range | Repeat | Chain | Choice
ANY = Range(0, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class AsPathPattern:
    """A compiled expression; equal text gives equal patterns."""

    text: str
    term: Term

    @classmethod
    def parse(cls, text: str) -> AsPathPattern:
        """Read an expression; raises ValueError with the place where it breaks off."""
        return cls(text, _Parser(text).whole())

    def matches(self, path: AsPath) -> bool:
        """Whether the expression covers the whole path."""
        return len(path) in _ends(self.term, path, frozenset({0}))


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        body = text.strip().strip('"').strip().removeprefix("^").removesuffix("$")
        self.text, self.tokens, place = text, list[str](), 0
        while place < len(body.rstrip()):
            token = _TOKEN.match(body, place)
            if token is None:
                raise ValueError(f"{text!r} is not an AS path expression from {body[place:]!r} on")
            self.tokens.append(token[1])
            place = token.end()
        self.place = 0

    def whole(self) -> Term:
        term = self.choice()
        if self.peek():
            raise ValueError(f"{self.text!r} is not an AS path expression at {self.peek()!r}")
        return term

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def choice(self) -> Term:
        terms = [self.sequence()]
        while self.peek() == "|":
            self.take()
            terms.append(self.sequence())
        return terms[0] if len(terms) == 1 else Choice(tuple(terms))

    def sequence(self) -> Term:
        terms: list[Term] = []
        while self.peek() not in ("", "|", ")", "]"):
            terms.append(self.repeated())
        return terms[0] if len(terms) == 1 else Chain(tuple(terms))

    def repeated(self) -> Term:
        term = self.single()
        while (operator := self.peek()) and (operator in "*+?" or operator[0] == "{"):
            term = Repeat(term, *_bounds(self.take()))
        return term

    def single(self) -> Term:
        word = self.take()
        if word == ".":
            return ANY
        if word in ("(", "["):
            term = self.choice() if word == "(" else self.listed()
            if self.take() != {"(": ")", "[": "]"}[word]:
                raise ValueError(
                    f"{self.text!r} is not an AS path expression: {word} is not closed"
                )
            return term
        low, dash, high = word.partition("-")
        if not low.strip().isdigit():
            raise ValueError(f"{self.text!r} is not an AS path expression at {word!r}")
        return Range(int(low), int(high if dash else low))

    def listed(self) -> Term:
        terms: list[Term] = []
        while self.peek() not in ("", "]"):
            terms.append(self.single())
        return Choice(tuple(terms))


def _bounds(operator: str) -> tuple[int, int]:
    if operator in "*+?":
        return {"*": (0, _MANY), "+": (1, _MANY), "?": (0, 1)}[operator]
    low, comma, high = operator.strip("{} ").partition(",")
    if not comma:
        return int(low), int(low)
    return int(low), int(high) if high.strip() else _MANY


def _ends(term: Term, path: AsPath, starts: frozenset[int]) -> frozenset[int]:
    """Every place the term can end at, begun at any of the starts."""
    match term:
        case Range(low, high):
            return frozenset(
                place + 1
                for place in starts
                if place < len(path)
                and any(low <= number <= high for number in _members(path[place]))
            )
        case Chain(terms):
            for each in terms:
                starts = _ends(each, path, starts)
            return starts
        case Choice(terms):
            return frozenset().union(*(_ends(each, path, starts) for each in terms))
        case Repeat():
            return _repeat_ends(term, path, starts)


def _repeat_ends(term: Repeat, path: AsPath, starts: frozenset[int]) -> frozenset[int]:
    found = starts if term.least == 0 else frozenset()
    seen: set[frozenset[int]] = set()
    for count in range(1, min(term.most, term.least + len(path) + 1) + 1):
        starts = _ends(term.term, path, starts)
        if not starts or (count > term.least and starts in seen):
            break
        seen.add(starts)
        if count >= term.least:
            found |= starts
    return found
