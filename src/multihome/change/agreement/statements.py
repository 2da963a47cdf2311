"""The statements of one router as a tree: as they are, and as a load script leaves them.

What a configuration group would be inherited from is not expanded: only statements in the
place where they act are seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Words: TypeAlias = tuple[str, ...]
Branch: TypeAlias = "dict[str, Branch]"

_OF_THE_DEVICE = ("security",)
"""What logical systems use and do not have of their own, such as key chains."""
_WORD = re.compile(r'"((?:\\.|[^"\\])*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Statements:
    """The active statements of one router, or of one logical system."""

    root: Mapping[str, Branch] = field(default_factory=dict, repr=False)

    def at(self, *path: str) -> Mapping[str, Branch]:
        """The statements below a path; empty if there are none."""
        return below(self.root, *path)

    def lines(self) -> frozenset[Words]:
        """Every statement as its words."""
        return frozenset(_lines(self.root, ()))


def below(branch: Mapping[str, Branch], *path: str) -> Mapping[str, Branch]:
    """The statements below a path of a tree; empty if there are none."""
    for word in path:
        branch = branch.get(word, {})
    return branch


def leaf(branch: Mapping[str, Branch], name: str) -> str | None:
    """The value of a statement that holds one; the one that was set last."""
    values = branch.get(name)
    return next(reversed(values)) if values else None


def statements(
    configuration: str, script: str = "", logical_system: str | None = None
) -> Statements:
    """A configuration (`set` and `deactivate` lines), after a load script if there is one."""
    root: Branch = {}
    inactive: set[Words] = set()
    for line in (*configuration.splitlines(), *script.splitlines()):
        if found := words(line):
            _load(root, inactive, found[0], found[1:])
    for path in inactive:
        _remove(root, path)
    if logical_system is not None:
        inner = root.get("logical-systems", {}).get(logical_system, {})
        shared = {name: root[name] for name in _OF_THE_DEVICE if name in root}
        root = {**shared, **inner}
    return Statements(root)


def words(line: str) -> Words:
    """One line as words, without quotes."""
    return tuple(quoted or plain for quoted, plain in _WORD.findall(line))


def _load(root: Branch, inactive: set[Words], verb: str, path: Words) -> None:
    match verb:
        case "set":
            _insert(root, path)
        case "delete":
            _remove(root, path)
            inactive -= {each for each in inactive if each[: len(path)] == path}
        case "deactivate":
            inactive.add(path)
        case "activate":
            inactive.discard(path)


def _insert(root: Branch, path: Words) -> None:
    branch = root
    for word in path[:-1]:
        branch = branch.setdefault(word, {})
    if path:
        branch[path[-1]] = branch.pop(path[-1], {})


def _remove(root: Branch, path: Iterable[str]) -> None:
    *above, last = path
    branch = root
    for word in above:
        if (found := branch.get(word)) is None:
            return
        branch = found
    branch.pop(last, None)


def _lines(branch: Mapping[str, Branch], path: Words) -> Iterator[Words]:
    for word, inner in branch.items():
        if inner:
            yield from _lines(inner, (*path, word))
        else:
            yield (*path, word)
