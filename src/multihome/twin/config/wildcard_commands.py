"""Commands that touch many statements at once: `wildcard delete`, `wildcard range`, `replace`.

Source: Junos CLI User Guide, "Using Global Replace in a Configuration", "Using Wildcards to
Delete", "wildcard range".
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING

from multihome.twin.config.grammar.pattern import BadWord
from multihome.twin.config.tree import Node

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE = re.compile(r"wildcard\s+range\s+(?P<command>.*)\Z", re.DOTALL)
_DELETE = re.compile(r'\A(wildcard\s+delete\s.*\s)([^\s"]+)\Z', re.DOTALL)
_SET = re.compile(r"\[\s*([-!,\d\s]+?)\s*\]")
_LIMIT = 10_000
"""Commands that one range may stand for."""


def spelled_out(command: str) -> list[str]:
    """`wildcard range set interfaces ge-0/0/[0-2,!1] ...` as so many commands; others alone.

    The pattern of `wildcard delete` may hold brackets, and is put in quotes.
    """
    found = _RANGE.match(command)
    if found is None:
        return [_DELETE.sub(r'\1"\2"', command)]
    pieces = _SET.split(found["command"])
    sets = [[piece] if at % 2 == 0 else _numbers(piece) for at, piece in enumerate(pieces)]
    size = 1
    for each in sets:
        size *= len(each)
    if len(sets) == 1 or not 0 < size <= _LIMIT:
        raise BadWord("range")
    return ["".join(words) for words in product(*sets)]


def _numbers(text: str) -> list[str]:
    """The numbers of `0-3,7,!2`: those named, without those behind `!`."""
    wanted: dict[int, None] = {}
    unwanted: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.removeprefix("!").partition("-")
        if not first.isdigit() or not (last or first).isdigit():
            raise BadWord(f"[{text}]")
        found = range(int(first), min(int(last or first), int(first) + _LIMIT) + 1)
        if part.startswith("!"):
            unwanted.update(found)
        else:
            wanted.update(dict.fromkeys(found))
    return [str(number) for number in wanted if number not in unwanted]


def matching(holder: Node, pattern: str, keyword: str = "") -> list[Node]:
    """The statements below a node that a pattern means, of the shell or else a regular expression.

    It is compared with what distinguishes siblings: the key, or the keyword where there is none.
    With `keyword`, statements with that one are meant.
    """
    meant = [node for node in holder.children if keyword in ("", node.keyword)]
    names = {" ".join(node.key) or node.keyword: node for node in meant}
    found = [node for name, node in names.items() if fnmatchcase(name, pattern)]
    if found:
        return found
    try:
        expression = re.compile(pattern)
    except re.error:
        raise BadWord(pattern) from None
    return [node for name, node in names.items() if expression.fullmatch(name)]


class Replacement:
    """`replace pattern OLD with NEW [upto N]`, in identifiers and values alike.

    Raises:
        BadWord: it is no command of that form, or no regular expression.
    """

    def __init__(self, words: Sequence[str]) -> None:
        if len(words) not in (4, 6) or words[0] != "pattern" or words[2] != "with":
            raise BadWord(words[0] if words else "")
        if words[4:5] not in ([], ["upto"]) or not all(word.isdigit() for word in words[5:]):
            raise BadWord(words[4])
        try:
            self._pattern = re.compile(words[1])
        except re.error:
            raise BadWord(words[1]) from None
        self._new = re.sub(r"(?<!\\)&", r"\\g<0>", words[3])
        self._left = int(words[5]) if len(words) == 6 else None

    def below(self, node: Node) -> list[Node]:
        """What the statements below a node become."""
        made = Node()
        for child in node.children:
            _join(made, self._one(child))
        return list(made.children)

    def _one(self, node: Node) -> Node:
        new = Node(node.keyword, tuple(map(self._word, node.key)))
        new.values = tuple(map(self._word, node.values))
        new.inactive, new.protect, new.comment = node.inactive, node.protect, node.comment
        new.arrange(self.below(node))
        return new

    def _word(self, word: str) -> str:
        if self._left == 0:
            return word
        try:
            new, count = self._pattern.subn(self._new, word, self._left or 0)
        except (re.error, IndexError):
            raise BadWord(self._new) from None
        if self._left is not None:
            self._left -= count
        return new


def _join(holder: Node, new: Node) -> None:
    """Put a statement below another; two that have become the same are one from now on."""
    old = holder.child(*new.ident)
    if old is None:
        holder.put(new)
        return
    old.values = new.values or old.values
    for child in new.children:
        _join(old, child)
