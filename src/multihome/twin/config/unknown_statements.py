"""Statements that the grammar leaves open: words whose shape is unknown.

`set system processes routing bgp rib-sharding` and the same in braces or elements must mean
the same tree, so that one may delete what the other made.  Words that lead nowhere yet
become containers, one in the other, but for the last two: a word and its value.  Some
words have a name behind them wherever Junos knows them, or a family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.grammar.statement import FAMILY, unknown
from multihome.twin.config.resolve import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.twin.config.tree import Node


_NAMED = frozenset(
    {
        *("authentication-server", "client", "export-profile", "flow-server"),
        *("group", "instance", "interface", "maintenance-association"),
        *("maintenance-domain", "mep", "neighbor", "peer"),
        *("policy", "pool", "probe", "profile"),
        *("range", "rule", "rule-set", "security-level"),
        *("security-model", "security-name", "sensor", "session"),
        *("site", "stream", "streaming-server", "template"),
        *("term", "test", "unit", "user", "vlan"),
    }
)
"""Words that begin an entry of a list in each of the hierarchies that are left open."""


def fitted(node: Node, steps: Sequence[Step], *, locating: bool) -> list[Step]:
    """The steps below a node, those into the open fitted to how the tree has them already.

    Args:
        node: where the steps begin.
        steps: as the words were resolved without knowing the tree.
        locating: they point at something; the words at the end of it may be missing.
    """
    at = next((at for at, step in enumerate(steps) if step.statement.stray), len(steps))
    if at == len(steps):
        return list(steps)
    here = node.get(*((step.statement.keyword, step.key) for step in steps[:at]))
    words = [word for step in steps[at:] for word in (step.statement.keyword, *step.key)]
    found: list[Step] = []
    while here is not None and words:
        here = _beginning(here, words, locating=locating)
        if here is not None:
            found.append(Step(unknown(here.keyword), here.key))
            del words[: 1 + len(here.key)]
    found += _nested(words)
    found[-1] = found[-1]._replace(values=steps[-1].values)
    return [*steps[:at], *found]


def _beginning(node: Node, words: Sequence[str], *, locating: bool) -> Node | None:
    """The statement below a node that the words begin with, the longest of several."""
    matches = [
        child
        for child in node.children
        if list(words[: 1 + len(child.key)]) == [child.keyword, *child.key]
    ]
    if not matches and locating:
        size = len(words)
        short = [each for each in node.children if [each.keyword, *each.key][:size] == list(words)]
        matches = short if len(short) == 1 else []
    return max(matches, key=lambda child: len(child.key), default=None)


def _nested(words: Sequence[str]) -> Iterator[Step]:
    """Steps for words that lead nowhere yet."""
    while len(words) > 2 or (words and words[0] == FAMILY):
        size = 2 if words[0] in _NAMED else 1
        yield Step(unknown(words[0]), tuple(words[1:size]))
        if words[0] == FAMILY and len(words) > 2:
            yield Step(unknown(words[1]))
            size = 2
        words = words[size:]
    if words:
        yield Step(unknown(words[0]), tuple(words[1:]))
