"""What a configuration inherits from groups, where ours are or would be."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from multihome.render.ownership.conflicts.finding import Theirs
from multihome.render.ownership.statement import GROUP_LISTS, statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from multihome.render.ownership.running import Running, Tree
    from multihome.render.ownership.statement import Words

APPLY, EXCEPT = GROUP_LISTS


def inherited(running: Running, ours: Iterable[Words]) -> Iterator[Theirs]:
    """Every statement that comes from a group, with its wildcards filled in.

    What is set at the place itself, by ours or by others, wins and is left out; so is what
    `apply-groups-except` keeps away and what is deactivated.
    """
    active = [words for words in running.whole if _acts(words, running.inactive_whole)]
    applied = list(_applied(active))
    if not applied:
        return
    excepted = {(words[:-2], words[-1]) for words in active if words[-2:-1] == (EXCEPT,)}
    local = [words for words in active if words[:1] != ("groups",)]
    full = [*local, *((*running.prefix, *words) for words in ours)]
    tree = _tree(full)
    explicit = {each.path for each in map(statement, full) if each.single}
    size = len(running.prefix)
    for place, group, line in applied:
        for words in _filled(tree, (*place, *line)):
            wins = statement(words).path in explicit and statement(words).single
            if wins or words[:size] != running.prefix or _kept_away(words, place, group, excepted):
                continue
            yield Theirs(words[size:], ("groups", group, *line), group)


def _applied(active: list[Words]) -> Iterator[tuple[Words, str, Words]]:
    """Where each group applies, its name, and each of its statements."""
    contents: dict[str, list[Words]] = {}
    for words in active:
        if words[:1] == ("groups",) and len(words) > 2 and words[2] != "when":
            contents.setdefault(words[1], []).append(words[2:])
    for words in active:
        if words[-2:-1] != (APPLY,):
            continue
        place = words[2:-2] if words[:1] == ("groups",) else words[:-2]  # a group in a group
        for line in contents.get(words[-1], ()):
            if line[-2:-1] not in ((APPLY,), (EXCEPT,)):
                yield place, words[-1], line


def _filled(tree: Tree, pattern: Words) -> Iterator[Words]:
    """The pattern with each `<...>` replaced by every name that is there."""
    found: list[tuple[Words, Tree]] = [((), tree)]
    for word in pattern:
        if word.startswith("<") and word.endswith(">"):
            found = [
                ((*path, name), below)
                for path, node in found
                for name, below in node.items()
                if fnmatchcase(name, word[1:-1])
            ]
        else:
            found = [((*path, word), node.get(word, {})) for path, node in found]
    return (path for path, _ in found)


def _kept_away(
    words: Words, place: Words, group: str, excepted: Collection[tuple[Words, str]]
) -> bool:
    return any((words[:size], group) in excepted for size in range(len(place), len(words)))


def _acts(words: Words, inactive: Iterable[Words]) -> bool:
    return not any(words[: len(path)] == path for path in inactive)


def _tree(lines: Iterable[Words]) -> Tree:
    found: Tree = {}
    for words in lines:
        node = found
        for word in words:
            node = node.setdefault(word, {})
    return found
