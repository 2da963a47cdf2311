"""Makes the twin's list of statements from a list of paths and kinds, a line each.

    python tests/config/statement_list.py PATHS.tsv > src/multihome/twin/config/grammar/listed.tsv

A path is words, with `<name>` for a list's key; a kind is `container` (`container*` where it
means something by itself), `list`, `leaf TYPE` or `leaf-list TYPE`. Of the result each line
is a kind of statement, a letter with a type or keys and the lines of what is below; the last
line is the top. A capital letter: anything may be below.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Tree = dict[str, "Tree | str"]
KIND = "\0"
LETTERS = {"container": "c", "container*": "p", "list": "l"}
DEEPEST = 8
"""Words of the longest path without keys: what may be below such a container is not listed."""


def tree_of(lines: Iterable[str]) -> Tree:
    root: Tree = {KIND: "container"}
    for line in lines:
        path, kind = line.rstrip("\n").split("\t")
        node = root
        for word in path.split():
            node = node.setdefault(word, {})
        node[KIND] = kind
    return root


def shape(node: Tree) -> tuple[str, str, Tree]:
    """Letter, type or keys, and what is below: a list's keys are no levels of their own."""
    keys: list[str] = []
    below = node
    while KIND not in below and len(below) == 1 and next(iter(below)).startswith("<"):
        [(key, below)] = below.items()
        keys.append(key.strip("<>"))
    kind = str(below.get(KIND, "container"))
    letter, _, argument = kind.partition(" ")
    if letter == "leaf":
        return ("f", "", below) if argument == "empty" else ("v", argument, below)
    if letter == "leaf-list":
        return "m", argument, below
    return LETTERS[letter], " ".join(keys), below


def rows(root: Tree) -> Iterator[str]:
    """Each different statement once, what it holds before it; the last one is the root."""
    numbers: dict[str, int] = {}

    def number(node: Tree, depth: int = 0) -> int:
        letter, argument, below = shape(node)
        inside = {word: inner for word, inner in below.items() if word != KIND}
        held = " ".join(f"{word}={number(inner, depth + 1)}" for word, inner in inside.items())
        if letter in "cpl" and not inside and depth == DEEPEST:
            letter = letter.upper()
        row = f"{letter}\t{argument}\t{held}"
        if row not in numbers:
            numbers[row] = len(numbers)
        return numbers[row]

    number(root)
    yield from numbers


def main() -> None:
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
    sys.stdout.writelines(f"{row}\n" for row in rows(tree_of(lines)))


if __name__ == "__main__":
    main()
