"""The words after `|` on the command line: how the answer is laid out, and what is kept of it.

Source: Junos CLI User Guide, "Using the Pipe ( | ) Symbol to Filter Junos Command Output".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.netconf.messages import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

DISPLAYS = (
    *("xml", "json", "set", "rpc", "detail", "inheritance", "commit-scripts", "omit"),
    *("no-comments", "defaults", "no-interface-range", "relative", "translation-scripts"),
)
"""What `display` may be followed by; `xml rpc` is the request instead of its answer."""
_IGNORED = ("no-more", "hold", "refresh", "resolve", "request", "tee")
"""They concern a screen, or what the twin does not have."""
_VERBS = ("compare", "display", *_IGNORED)
"""What may stand behind a bar besides the filters; a word may be abbreviated."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line taken apart."""

    words: str
    display: tuple[str, ...] = ()
    filters: tuple[Callable[[list[str]], list[str]], ...] = ()
    compare: str | None = None
    """What `| compare rollback N` compares with."""

    def keep(self, text: str) -> str:
        """What the filters leave of an answer."""
        if not self.filters:
            return text
        lines = text.splitlines()
        for each in self.filters:
            lines = each(lines)
        return "".join(f"{line}\n" for line in lines)


def split(line: str) -> Command:
    """Read a command line; raises Refused where a pipe is not one of Junos's."""
    words, *pipes = _sections(line)
    display: list[str] = []
    filters = []
    compare = None
    for pipe in pipes:
        typed, *rest = pipe.split() or [""]
        verb = _whole(typed, (*_VERBS, *_FILTERS))
        if verb == "display":
            display += [_whole(word, DISPLAYS) for word in rest]
        elif verb == "compare":
            compare = rest[1] if rest[:1] == ["rollback"] and len(rest) > 1 else "0"
        elif verb not in _IGNORED:
            filters.append(_filter(verb, pipe.strip()[len(typed) :].strip()))
    return Command(" ".join(words.split()), tuple(display), tuple(filters), compare)


def _whole(word: str, known: tuple[str, ...]) -> str:
    """The known word that begins like this, if it is the only one."""
    found = [name for name in dict.fromkeys(known) if word and name.startswith(word)]
    if word in found:
        return word
    if len(found) != 1:
        message = f"'{word}' is ambiguous." if found else "syntax error"
        raise Refused(Problem(message, element=word))
    return found[0]


def _sections(line: str) -> list[str]:
    """Cut at the bars that stand outside of quotes."""
    parts, quoted = [""], False
    for letter in line:
        quoted ^= letter == '"'
        if letter == "|" and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _filter(verb: str, argument: str) -> Callable[[list[str]], list[str]]:
    make = _FILTERS.get(verb)
    if make is None:
        raise Refused(Problem("syntax error", element=verb))
    try:
        return make(argument.strip('"'))
    except (re.error, ValueError) as error:
        raise Refused(Problem("syntax error", element=argument)) from error


def _match(pattern: str) -> Callable[[list[str]], list[str]]:
    wanted = re.compile(pattern, re.IGNORECASE)
    return lambda lines: [line for line in lines if wanted.search(line)]


def _except(pattern: str) -> Callable[[list[str]], list[str]]:
    unwanted = re.compile(pattern, re.IGNORECASE)
    return lambda lines: [line for line in lines if not unwanted.search(line)]


def _find(pattern: str) -> Callable[[list[str]], list[str]]:
    wanted = re.compile(pattern, re.IGNORECASE)

    def keep(lines: list[str]) -> list[str]:
        found = next((number for number, line in enumerate(lines) if wanted.search(line)), None)
        return ["", "Pattern not found"] if found is None else lines[found:]

    return keep


def _last(count: str) -> Callable[[list[str]], list[str]]:
    number = int(count or "10")
    return lambda lines: lines[-number:]


def _trim(count: str) -> Callable[[list[str]], list[str]]:
    number = int(count)
    return lambda lines: [line[number:] for line in lines]


def _save(name: str) -> Callable[[list[str]], list[str]]:
    """What is written away is not shown; there is no file system that keeps it."""
    if not name:
        raise ValueError("no file is named")
    return lambda lines: [f"Wrote {len(lines)} lines of output to '{name}'"]


def _count(_: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [f"Count: {len(lines)} lines"]


_FILTERS: dict[str, Callable[[str], Callable[[list[str]], list[str]]]] = {
    "match": _match,
    "grep": _match,
    "except": _except,
    "find": _find,
    "last": _last,
    "trim": _trim,
    "count": _count,
    "save": _save,
    "append": _save,
}
