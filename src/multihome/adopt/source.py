"""One router's configuration as it was found, with the line of each statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.errors import InvalidFile, Problem
from multihome.render.ownership.statement import split
from multihome.syntax.flatten import flatten
from multihome.syntax.recognize import Recognized, Unrecognized, recognize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from multihome.render.ownership.statement import Words

Tree = dict[str, "Tree"]


@dataclass(frozen=True)
class Source:
    """The statements of one router."""

    router: str
    file: Path
    lines: tuple[tuple[int, Words], ...]
    """The number of each `set` line, with its words."""
    inactive: tuple[Words, ...] = ()
    """What is deactivated: known to be there, and without effect."""

    @cached_property
    def tree(self) -> Tree:
        """The words of what is active, nested."""
        found: Tree = {}
        for _, words in self.lines:
            if not self.is_active(words):
                continue
            node = found
            for word in words:
                node = node.setdefault(word, {})
        return found

    def is_active(self, words: Words) -> bool:
        """Whether neither the statement nor anything around it is deactivated."""
        return not any(words[: len(path)] == path for path in self.inactive)

    def at(self, *path: str) -> Tree:
        """What is below the path; empty if nothing is."""
        return below(self.tree, *path)

    def value(self, *path: str) -> str | None:
        """The only word below the path; None if there is none, or more than one."""
        return only(self.at(*path))

    def has(self, *path: str) -> bool:
        """Whether the path is there, also if nothing is below it."""
        return path[-1] in below(self.tree, *path[:-1])


def below(tree: Tree, *path: str) -> Tree:
    """The part of the tree below the path; empty if there is none."""
    for word in path:
        tree = tree.get(word, {})
    return tree


def only(tree: Tree) -> str | None:
    """The only word at the top of the tree."""
    return next(iter(tree)) if len(tree) == 1 else None


def read_source(router: str, file: Path) -> Source:
    """Read a file in set form or with braces, as `show configuration` prints.

    Raises:
        InvalidFile: it is none, or is in another form.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidFile([Problem(file, None, "", error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise InvalidFile([Problem(file, None, "", "is not UTF-8 text")]) from error
    try:
        found = recognize(text)
        commands = _commands(found)
    except Unrecognized as error:
        raise InvalidFile([Problem(file, error.line, "", str(error))]) from None
    lines: list[tuple[int, Words]] = []
    inactive: list[Words] = []
    for number, line in commands:
        verb, _, rest = line.strip().partition(" ")
        if verb == "set":
            lines.append((number, split(rest)))
        elif verb == "deactivate":
            inactive.append(split(rest))
        elif verb and not verb.startswith(("#", "/*")):
            reason = f"`{verb}` changes a configuration; only `set` and `deactivate` lines are one"
            raise InvalidFile([Problem(file, number, "", reason)])
    return Source(router, file, tuple(lines), tuple(inactive))


def _commands(found: Recognized) -> list[tuple[int, str]]:
    if found.form == "set":
        return [*_whole_lines(found.text)]
    if found.form == "text":
        return [(line.number, line.text) for line in flatten(found.text)]
    # Which words of these name an entry of a list, only a grammar knows.
    raise Unrecognized(
        1, f"is in {found.form} form; save `show configuration | display set` instead"
    )


def _whole_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with the number of their first, joined where a quoted value goes on."""
    pending, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start if pending else number
        pending = f"{pending}\n{line}" if pending else line
        if (pending.count('"') - pending.count('\\"')) % 2 == 0:
            yield start, pending
            pending = ""
    if pending:
        yield start, pending
