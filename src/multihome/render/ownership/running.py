"""A router's running configuration, as far as ownership is concerned."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.render.ownership.record import MACRO, OLD_MACRO, PREFIX, Record, read
from multihome.render.ownership.statement import Statement, Words, split, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Tree = dict[str, "Tree"]


@dataclass(frozen=True)
class Running:
    """The statements of one router or logical system, without the prefix of the latter."""

    lines: Mapping[Words, str]
    """Each statement's words, with its text as the router prints it, in the router's order."""
    inactive: tuple[Words, ...] = ()
    """What is deactivated."""
    records: Mapping[str, Record] = field(default_factory=dict)
    """By the service's name."""
    formerly: tuple[Words, ...] = ()
    """The containers that a record of earlier versions names."""
    prefix: Words = ()
    """Of the logical system."""
    whole: tuple[Words, ...] = ()
    """Every statement of the router, the others' and the groups' too, with its prefix."""
    inactive_whole: tuple[Words, ...] = ()
    """What is deactivated anywhere on the router."""

    @cached_property
    def tree(self) -> Tree:
        """The words of all statements, nested."""
        found: Tree = {}
        for words in self.lines:
            node = found
            for word in words:
                node = node.setdefault(word, {})
        return found

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All of them, in the router's order."""
        return tuple(map(statement, self.lines))

    @cached_property
    def values(self) -> Mapping[Words, Statement]:
        """Values that another one would replace, by what identifies them."""
        return {each.path: each for each in self.statements if each.single}

    def has(self, words: Words) -> bool:
        """Whether the statement or container is there, also if only by what is in it."""
        return within(self.tree, words) is not None

    def is_active(self, words: Words) -> bool:
        """Whether neither it nor anything around it is deactivated."""
        return not any(words[: len(path)] == path for path in self.inactive)

    def below(self, path: Words) -> Iterator[Words]:
        """The statements in a container, and it itself if it is one."""
        return leaves(within(self.tree, path), path)


def running(configuration: str, logical_system: str | None = None) -> Running:
    """Read `set` and `deactivate` lines as a router prints them; of one logical system if named."""
    prefix = ("logical-systems", logical_system) if logical_system else ()
    commands = [*_commands(configuration)]
    whole = tuple(words for verb, words, _ in commands if verb == "set")
    inactive = tuple(words for verb, words, _ in commands if verb == "deactivate")
    lines: dict[Words, str] = {}
    macros: dict[str, list[tuple[str, str]]] = {}
    for verb, words, text in commands:
        own = words[len(prefix) :]
        if verb != "set" or words[: len(prefix)] != prefix:
            continue
        if own[:1] == (MACRO,) and _is_record(own):
            macros.setdefault(own[1], []).append((" ".join(own[2:3]), " ".join(own[3:])))
        else:
            lines[own] = text.removeprefix(" ".join(prefix)).strip()
    records = {
        name.removeprefix(PREFIX): read(name.removeprefix(PREFIX), found)
        for name, found in macros.items()
        if name != OLD_MACRO
    }
    old = tuple(split(text) for _, text in macros.get(OLD_MACRO, []) if text)
    local = tuple(p[len(prefix) :] for p in inactive if _meets(p, prefix))
    return Running(lines, local, records, old, prefix, whole, inactive)


def within(tree: Tree, path: Iterable[str]) -> Tree | None:
    """The part of the tree below the path; None if there is no such path."""
    node: Tree | None = tree
    for word in path:
        node = node.get(word) if node is not None else None
    return node


def leaves(tree: Tree | None, path: Words) -> Iterator[Words]:
    """Every full path from here."""
    if tree is None:
        return
    if not tree:
        yield path
    for word, below in tree.items():
        yield from leaves(below, (*path, word))


def _meets(path: Words, prefix: Words) -> bool:
    """Whether it is of the logical system, or the logical system as a whole."""
    size = min(len(path), len(prefix))
    return path[:size] == prefix[:size]


def _commands(configuration: str) -> Iterator[tuple[str, Words, str]]:
    for line in _logical_lines(configuration):
        verb, _, text = line.strip().partition(" ")
        if verb in ("set", "deactivate"):
            yield verb, split(text), text.strip()


def _logical_lines(configuration: str) -> Iterator[str]:
    """Lines, joined where a quoted value goes on over several of them."""
    pending = ""
    for line in configuration.split("\n"):
        pending = f"{pending}\n{line}" if pending else line
        if pending.count('"') - pending.count('\\"') & 1:
            continue
        yield pending
        pending = ""
    if pending:
        yield pending


def _is_record(words: Words) -> bool:
    return len(words) > 1 and (words[1] == OLD_MACRO or words[1].startswith(PREFIX))
