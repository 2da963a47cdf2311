"""`protect`: statements that cannot be changed until they are unprotected.

Source: Junos CLI User Guide, "Example: Protecting the Junos OS Configuration from
Modification or Deletion"; Junos XML Management Protocol Developer Guide, "Protect or
Unprotect a Configuration Object".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from multihome.twin.config.formatting import head
from multihome.twin.config.problem import Problem, warning
from multihome.twin.config.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.twin.config.cursor import Cursor
    from multihome.twin.config.grammar.statement import Statement

Verb = Literal["created", "changed", "deleted"]


class Protected(Exception):
    """Something may not be done to a statement, because it or one around it is protected."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        """The warnings that Junos gives: nothing else was refused."""
        super().__init__("; ".join(problem.message for problem in problems))


def refuse(place: Cursor, verb: Verb, *words: str) -> None:
    """Raise Protected if a place, or one above it, is protected.

    Args:
        place: what is to be changed, or where something is to be made.
        verb: what is to be done.
        words: what is below the place that it is done to.
    """
    guard: Cursor | None = place
    while guard is not None and not guard.node.protect:
        guard = guard.above
    if guard is not None:
        raise Protected(_warning(path_of(guard), [*path_of(place), *words], verb))


def path_of(place: Cursor) -> list[str]:
    """The words that lead to a place."""
    words: list[str] = []
    here: Cursor | None = place
    while here is not None and here.above is not None:
        words.insert(0, head(here.node, here.statement))
        here = here.above
    return words


def spared(
    node: Node, statement: Statement, path: Sequence[str]
) -> tuple[Node | None, list[Problem]]:
    """What is left of a statement that is deleted, and what Junos says of it.

    What is protected in it stays, and so do the statements around that, with nothing else.
    """
    here = [*path, head(node, statement)]
    if node.protect:
        return node, [_warning(here, here, "deleted")]
    kept: list[Node] = []
    said: list[Problem] = []
    for child in node.children if _any_protected(node) else ():
        left, why = spared(child, statement.below(child.keyword), here)
        said += why
        if left is not None:
            kept.append(left)
    if not kept:
        return None, []
    rest = Node(*node.ident)
    rest.arrange(kept)
    return rest, said


def _any_protected(node: Node) -> bool:
    return any(each.protect for each in _below(node))


def _below(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _below(child)


def _warning(guard: Sequence[str], meant: Sequence[str], verb: Verb) -> Problem:
    return warning(f"[{' '.join(guard)}] is protected, '{' '.join(meant)}' cannot be {verb}")
