"""How one statement is written: its words, its values, its quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.grammar.pattern import key_words
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.words import quote

if TYPE_CHECKING:
    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node

_BRACKETS = ("[", "]")
"""Words of a phrase that was read leniently, list and all."""


def head(node: Node, statement: Statement) -> str:
    """Keyword and key, `neighbor 10.0.0.1`; without values."""
    words = [quote(word) for word in key_words(statement.keys, node.key)]
    if not statement.hidden:
        words.insert(0, quote(node.keyword) if statement.stray else node.keyword)
    return " ".join(words)


def quoted_values(node: Node, statement: Statement) -> list[str]:
    """The values as they are written."""
    bare = _BRACKETS if statement.kind is Kind.PHRASE else ()
    return [
        value if value in bare else quote(value, always=statement.quoted) for value in node.values
    ]
