"""`show | compare`: what differs between two trees, in the format that routers print.

Observed on routers, release 12.1 to 23.4, and followed here:

- A line's indentation is the statement's depth in the hierarchy, and one more for an object
  (container, entry, phrase) than for a plain value, and one more again behind `inactive:`.
- Each list begins with a context line of its own; plain values and containers share one.
- An entry that was added to a list in the user's order is shown behind its neighbour,
  collapsed to `{ ... }`; additions come before deletions in the same place.
- Entries that changed places are marked with `!`, and so is what was (de)activated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from multihome.twin.config.formats.text_format import (
    entry_lines,
    one_line,
    statement_lines,
    value_text,
)
from multihome.twin.config.formatting import head
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind, Layout, Statement
from multihome.twin.config.order import in_order, sort_key
from multihome.twin.config.tree import same

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.config.tree import Ident, Node

Sign = Literal["+", "-", "!", " "]
Change = Literal["same", "added", "gone", "moved"]


def diff_text(old: Node, new: Node) -> str:
    """The differences, or an empty string; sections as `[edit ...]` and signed lines."""
    if old is new:
        return ""
    comparison = _Comparison()
    comparison.children(old, new, _Level(grammar(), (), 0))
    return "".join(f"{line}\n" for line in comparison.lines)


@dataclass(frozen=True, slots=True)
class _Level:
    """Where the compared statements stand: their parent, the path to it and its depth."""

    statement: Statement
    path: tuple[str, ...]
    depth: int
    prefix: str = ""
    """The keyword of a flat container (`family`), written before each statement."""

    def below(self, node: Node, statement: Statement) -> _Level:
        words = head(node, statement)
        if statement.layout is Layout.FLAT:
            return _Level(statement, self.path, self.depth + 1, f"{words} ")
        return _Level(statement, (*self.path, self.prefix + words), self.depth + 1)


@dataclass(slots=True)
class _Comparison:
    lines: list[str] = field(default_factory=list)
    _section: tuple[tuple[str, ...], str] | None = None

    def children(self, old: Node, new: Node, level: _Level) -> None:
        """Compare everything below two statements."""
        olds, news = _by_keyword(old, level.statement), _by_keyword(new, level.statement)
        keywords = sorted({**olds, **news}, key=level.statement.rank)
        for keyword in keywords:
            before, after = olds.get(keyword, []), news.get(keyword, [])
            if len(before) == len(after) and all(map(_is, before, after)):
                continue
            statement = level.statement.below(keyword)
            if statement.kind is Kind.LIST or any(node.key for node in (*before, *after)):
                _ListComparison(self, level, statement, before, after).run()
            else:
                self._single(before, after, level, statement)

    def _single(
        self, before: list[Node], after: list[Node], level: _Level, statement: Statement
    ) -> None:
        if before and after:
            self.pair(before[0], after[0], level, statement)
        else:
            sign: Sign = "+" if after else "-"
            for node in (*before, *after):
                self.whole(sign, node, level, statement)

    def pair(self, old: Node, new: Node, level: _Level, statement: Statement) -> None:
        """Compare one statement that is on both sides."""
        if old is new:
            return
        self._toggles(old, new, level, statement)
        if old.comment != new.comment:
            self._comments(old, new, level, statement)
        if statement.layout is Layout.LINE and all(map(_on_one_line, (old, new), [statement] * 2)):
            self._line(old, new, level, statement)
            return
        if old.values != new.values:
            for sign, node in (("-", old), ("+", new)):
                line = f"{self._words(node, level, statement)};{_secret(statement)}"
                self._emit(sign, [line], level, statement)
        self.children(old, new, level.below(new, statement))

    def _line(self, old: Node, new: Node, level: _Level, statement: Statement) -> None:
        """Compare what is written on one line as that line, as far in as a plain value."""
        before, after = (_bare(node) for node in (old, new))
        if not same(before, after):
            self.whole("-", before, level, statement, further=-1)
            self.whole("+", after, level, statement, further=-1)

    def _toggles(self, old: Node, new: Node, level: _Level, statement: Statement) -> None:
        marks = []
        if old.inactive != new.inactive:
            marks.append("inactive: " if new.inactive else "active: ")
        if old.protect != new.protect:
            marks.append("protect: " if new.protect else "unprotect: ")
        for mark in marks:
            text = mark + self.collapsed(new, level, statement)
            self._emit("!", [text], level, statement, further=1)

    def _comments(self, old: Node, new: Node, level: _Level, statement: Statement) -> None:
        for sign, node in (("-", old), ("+", new)):
            if node.comment is not None:
                self._emit(sign, [f"/* {node.comment} */"], level, statement)
        self._emit(" ", [self.collapsed(new, level, statement)], level, statement)

    def collapsed(self, node: Node, level: _Level, statement: Statement) -> str:
        """The statement as one line: `neighbor 10.0.0.1 { ... }`, or with its value."""
        if statement.is_object and statement.kind is not Kind.PHRASE and not node.values:
            return f"{self._words(node, level, statement)} {{ ... }}"
        return f"{self._words(node, level, statement)};"

    def _words(self, node: Node, level: _Level, statement: Statement) -> str:
        words = head(node, statement)
        if statement.bag:
            words = words.partition(" ")[2]
        return level.prefix + " ".join(filter(None, (words, value_text(node, statement))))

    def whole(
        self,
        sign: Sign,
        node: Node,
        level: _Level,
        statement: Statement,
        *,
        further: int = 0,
    ) -> None:
        """A statement that is on one side only."""
        if statement.bag:
            lines = list(entry_lines(node, statement))
        else:
            lines = list(statement_lines(node, statement))
            at = 1 if node.comment is not None else 0
            lines[at] = _prefixed(lines[at], level.prefix)
        self._emit(sign, lines, level, statement, further=further)

    def _emit(
        self,
        sign: str,
        lines: Iterable[str],
        level: _Level,
        statement: Statement,
        *,
        further: int = 0,
    ) -> None:
        path = (*level.path, statement.keyword) if statement.bag else level.path
        listed = statement.keyword if statement.kind is Kind.LIST else ""
        if self._section != (path, listed):
            self._section = (path, listed)
            self.lines.append(f"[{' '.join(('edit', *path))}]")
        indent = " " * (level.depth + 1 + statement.is_object + further)
        self.lines += [f"{sign}{indent}{part}" for line in lines for part in line.split("\n")]

    def new_section(self) -> None:
        """Let the next line begin with a context line of its own."""
        self._section = None

    def line(self, sign: Sign, text: str, level: _Level, statement: Statement) -> None:
        """One signed line in the section of a list."""
        self._emit(sign, [text], level, statement)


class _ListComparison:
    """Compares the entries of one list."""

    def __init__(
        self,
        comparison: _Comparison,
        level: _Level,
        statement: Statement,
        before: list[Node],
        after: list[Node],
    ) -> None:
        self._out, self._level, self._statement = comparison, level, statement
        self._before, self._after = before, after
        self._old = {node.ident: node for node in before}
        self._shown = True
        self._previous: Node | None = None
        self._await_next = False
        self._moved: list[Node] = []

    def run(self) -> None:
        self._out.new_section()
        woven = sorted_entries if self._statement.ordered else woven_entries
        for change, node in woven(self._before, self._after):
            if change == "same":
                self._same(node)
            elif change == "gone":
                self._out.whole("-", node, self._level, self._statement)
            else:
                self._placed(change, node)
        for node in self._moved:
            self._out.pair(self._old[node.ident], node, self._level, self._statement)

    def _same(self, node: Node) -> None:
        if self._await_next:
            self._context(node)
            self._await_next = False
        self._out.pair(self._old[node.ident], node, self._level, self._statement)
        self._previous, self._shown = node, False

    def _placed(self, change: Change, node: Node) -> None:
        if not self._statement.ordered:
            if self._previous is not None and not self._shown:
                self._context(self._previous)
            self._await_next = self._await_next or (self._previous is None and change == "added")
            self._shown = True
        if change == "added":
            self._out.whole("+", node, self._level, self._statement)
        else:
            self._out.line("!", self._collapsed(node), self._level, self._statement)
            self._moved.append(node)

    def _context(self, node: Node) -> None:
        self._out.line(" ", self._collapsed(node), self._level, self._statement)

    def _collapsed(self, node: Node) -> str:
        return self._out.collapsed(node, self._level, self._statement)


def sorted_entries(before: list[Node], after: list[Node]) -> list[tuple[Change, Node]]:
    """Entries of a list that Junos keeps sorted, each with what became of it."""
    old, new = {node.ident for node in before}, {node.ident for node in after}
    found: list[tuple[Change, Node]] = [
        ("same" if node.ident in old else "added", node) for node in after
    ]
    found += [("gone", node) for node in before if node.ident not in new]
    return sorted(found, key=lambda entry: sort_key(entry[1]))


def woven_entries(before: list[Node], after: list[Node]) -> list[tuple[Change, Node]]:
    """Entries in the new order, deleted ones behind the neighbour that they had."""
    moved = _moved(before, after)
    old, new = {node.ident for node in before}, {node.ident for node in after}
    gone: dict[Ident | None, list[Node]] = {}
    anchor: Ident | None = None
    for node in before:
        if node.ident not in new:
            gone.setdefault(anchor, []).append(node)
        elif node.ident not in moved:
            anchor = node.ident
    out: list[tuple[Change, Node]] = []
    anchor = None
    for node in after:
        if node.ident not in old:
            out.append(("added", node))
        elif node.ident in moved:
            out.append(("moved", node))
        else:
            out += [("gone", each) for each in gone.pop(anchor, ())]
            out.append(("same", node))
            anchor = node.ident
    return out + [("gone", each) for left in gone.values() for each in left]


def _moved(before: list[Node], after: list[Node]) -> set[Ident]:
    """The entries that have to be taken out and put elsewhere to get the new order."""
    new = {node.ident for node in after}
    old = [node.ident for node in before if node.ident in new]
    kept = set(old)
    moved: set[Ident] = set()
    at = 0
    for node in after:
        if node.ident not in kept:
            continue
        while old[at] in moved:
            at += 1
        if old[at] == node.ident:
            at += 1
        else:
            moved.add(node.ident)
    return moved


def _by_keyword(node: Node, statement: Statement) -> dict[str, list[Node]]:
    groups: dict[str, list[Node]] = {}
    for child in in_order(node, statement):
        groups.setdefault(child.keyword, []).append(child)
    return groups


def _on_one_line(node: Node, statement: Statement) -> bool:
    return not len(node) or one_line(node, statement) is not None


def _bare(node: Node) -> Node:
    """The statement without its marks, which are compared for themselves."""
    bare = node.twin()
    bare.inactive, bare.protect, bare.comment = False, False, None
    return bare


def _is(left: Node, right: Node) -> bool:
    return left is right


def _secret(statement: Statement) -> str:
    return " ## SECRET-DATA" if statement.secret else ""


def _prefixed(line: str, prefix: str) -> str:
    """The line with a flat container's keyword, behind `inactive:` and its like."""
    marks = ""
    for mark in ("inactive: ", "protect: "):
        if line.startswith(mark):
            marks, line = marks + mark, line[len(mark) :]
    return marks + prefix + line
