"""Messages about many routers, each cause said once, with its routers listed after it.

A router's own name and address, times and process numbers do not belong to a cause: messages
that differ in nothing else are one. Where they do differ, the earliest and the latest are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.errors import Problem

NAMED = 6
"""Routers of one cause that are named; the others are counted."""
_FEW = 3
"""As many routers are named before the text, not after it."""
_LINES = 12
"""Lines of a file that are named; the others are counted."""
_TIME = re.compile(
    r"(?<![\w.:])(?P<moment>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    r"|(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?|(?= [A-Z]{3,4}\b)))(?![\w:])"
    r"|(?<![\w.:/-])(?P<span>\d+(?:\.\d+)?) (?:ms|s|min|h|seconds|minutes|hours)\b"
    r"|\b(?:pid|session) (?P<process>\d+)\b"
)
_COMMANDS = re.compile(r": `multihome [^`]+`(?:,? (?:or|then) `multihome [^`]+`)*$")


@dataclass(frozen=True, slots=True)
class Message:
    """What is said of one router, without its name in front."""

    router: str
    text: str
    own: tuple[str, ...] = ()
    """What else is this router's alone, such as its address."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, with every router that it was said of, in their order."""

    routers: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        """`juno, luna: TEXT`; of many, `13 routers: TEXT (liber, ceres, ...): COMMAND`."""
        if len(self.routers) <= _FEW:
            who = ", ".join(filter(None, self.routers))
            return f"{who}: {self.text}" if who else self.text
        commands = _COMMANDS.search(self.text)
        command = commands[0] if commands is not None else ""
        text = self.text.removesuffix(command)
        return f"{len(self.routers)} routers: {text} ({some(self.routers)}){command}"


def some(names: Iterable[str], most: int = NAMED) -> str:
    """Names in their order; of many, the others are counted."""
    known = list(names)
    more = len(known) - most
    return ", ".join(known[:most]) + (f" and {more} more" if more > 0 else "")


def on_routers(names: Sequence[str]) -> str:
    """Names in a sentence: `juno, luna`, or `13 routers (liber, ceres, ...)`."""
    few = len(names) <= NAMED
    return ", ".join(names) if few else f"{len(names)} routers ({some(names)})"


def message(router: str, text: str, own: Iterable[str] = ()) -> Message:
    """A message from a text that may begin with the router's name."""
    return Message(router, text.removeprefix(f"{router}: "), tuple(own))


def grouped(messages: Iterable[Message]) -> tuple[Cause, ...]:
    """Each cause once, the one of most routers first; the order is otherwise that of `messages`."""
    groups: list[list[Message]] = []
    known: dict[str, int] = {}
    for each in messages:
        key = _key(each)
        number = known.get(each.text, known.get(key, len(groups)))
        if number == len(groups):
            groups.append([])
        groups[number].append(each)
        known.setdefault(each.text, number)
        known.setdefault(key, number)
    found = [Cause(tuple(dict.fromkeys(m.router for m in g)), _shared(g)) for g in groups]
    return tuple(sorted(found, key=lambda cause: -len(cause.routers)))


def lines(messages: Iterable[Message]) -> tuple[str, ...]:
    """The causes as lines."""
    return tuple(map(str, grouped(messages)))


def problem_lines(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Problems of files: what is wrong in the same way in several places of a file is said once."""
    groups: dict[tuple[object, str, str], list[Problem]] = {}
    for each in problems:
        place = each.key.rpartition(".")[2]
        groups.setdefault((each.file, place, each.message), []).append(each)
    return tuple(_problem_line(same) for same in groups.values())


def _problem_line(same: Sequence[Problem]) -> str:
    first, where = same[0], list(dict.fromkeys(p.line for p in same if p.line))
    if len(set(same)) == 1:
        return str(first)
    key = first.key.rpartition(".")[2]
    at = f" (lines {some(map(str, where), _LINES)})" if where else ""
    return f"{first.file}: {f'{key}: ' if key else ''}{first.message}, in {len(same)} places{at}"


def _parts(each: Message) -> list[tuple[str, str]]:
    """The text cut into pieces of a kind: `` for words, else what may differ in one cause."""
    own = [word for word in (*each.own, each.router) if word]
    names = "|".join(re.escape(word) for word in sorted(own, key=len, reverse=True))
    pattern = rf"(?<![\w.-])(?P<own>{names})(?![\w-])|{_TIME.pattern}" if own else _TIME.pattern
    found, end = [], 0
    for match in re.finditer(pattern, each.text):
        kind = match.lastgroup or ""
        found += [("", each.text[end : match.start(kind)]), (kind, match[kind])]
        end = match.end(kind)
    return [*found, ("", each.text[end:])]


def _key(each: Message) -> str:
    """The text without what may differ in one cause."""
    return "\0".join(f"<{kind}>" if kind else text for kind, text in _parts(each))


def _shared(same: Sequence[Message]) -> str:
    """One text for all: what differs becomes a range, or a word for it."""
    if len({each.text for each in same}) == 1:
        return same[0].text
    columns = zip(*map(_parts, same), strict=True)
    return "".join(_piece(column[0][0], [text for _, text in column]) for column in columns)


def _piece(kind: str, texts: Sequence[str]) -> str:
    values = sorted(set(texts), key=lambda text: (float(text) if kind == "span" else 0.0, text))
    if len(values) == 1:
        return values[0]
    if kind == "own":
        return "ROUTER" if not any(char in values[0] for char in ".:") else "its address"
    return f"{values[0]} and others" if kind == "process" else f"{values[0]} to {values[-1]}"
