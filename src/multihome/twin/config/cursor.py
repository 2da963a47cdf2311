"""The current position in a tree that is being edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node


class Cursor(NamedTuple):
    """A node of a draft with its statement and the place above."""

    node: Node
    statement: Statement
    above: Cursor | None = None
