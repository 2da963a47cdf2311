"""`load patch`: applies what `show | compare` prints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from multihome.twin.config.cursor import Cursor
from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.text_reader import TextReader
from multihome.twin.config.grammar.pattern import BadWord
from multihome.twin.config.grammar.statement import Kind, Layout, Statement
from multihome.twin.config.problem import Problem
from multihome.twin.config.resolve import Resolver, Step
from multihome.twin.config.words import UnbalancedQuote, split, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.config.tree import Ident, Node
    from multihome.twin.config.words import Word

_SECTION = re.compile(r"\[edit ?(.*)\]\s*\Z")
_COLLAPSED = re.compile(r"\{ \.\.\. \}")
_MARKS = ("inactive: ", "active: ", "protect: ", "unprotect: ")
_MISMATCH = "statement does not match patch"
_REFUSED = ("\0",)
"""Represents values that are not those which the patch was made for."""

Run = tuple[str, list[str]]
"""Lines that follow each other with one sign."""


@dataclass(slots=True)
class Patcher:
    """Applies a patch to a draft; what cannot be applied becomes a problem."""

    draft: Draft
    strict: bool = True
    problems: list[Problem] = field(default_factory=list)

    def apply(self, text: str) -> list[Problem]:
        """Apply every section; what Junos would say of them."""
        places: list[Cursor] = []
        for path, lines in _sections(text):
            try:
                place, prefix = self._place(path)
            except (BadWord, UnbalancedQuote):
                self.problems.append(Problem(_MISMATCH, element=path))
                continue
            _Section(self, place, prefix, list(_runs(lines))).apply()
            places.append(place)
        for place in places:
            self.draft.prune(place)
        return self.problems

    def _place(self, path: str) -> tuple[Cursor, list[Word]]:
        words = split(path)
        steps = Resolver(strict=self.strict, locate=True).read(self.draft.top.statement, words)
        prefix: list[Word] = []
        if steps and steps[-1].statement.bag and not steps[-1].key:
            prefix = [steps.pop().statement.keyword]
        place = self.draft.find(self.draft.top, steps)
        if place is None:
            raise BadWord(path)
        return place, prefix


def _sections(text: str) -> Iterable[tuple[str, list[str]]]:
    path: str | None = None
    lines: list[str] = []
    for line in text.splitlines():
        if found := _SECTION.match(line):
            if path is not None:
                yield path, lines
            path, lines = found[1], []
        elif line.strip():
            lines.append(line)
    if path is not None:
        yield path, lines


def _runs(lines: Iterable[str]) -> Iterable[Run]:
    for sign, group in groupby(lines, key=lambda line: line[0]):
        yield sign, [line[1:].strip() for line in group]


def _remarked(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines, and the comment at their end, which belongs to the context that follows."""
    text = "\n".join(lines)
    found = list(tokens(text))
    if not found or found[-1].kind != "comment":
        return lines, None
    return [text[: text.rindex("/*")]], found[-1].text


class _Section:
    """One `[edit ...]` and its lines."""

    def __init__(
        self, patcher: Patcher, place: Cursor, prefix: list[Word], runs: list[Run]
    ) -> None:
        self._patcher, self._place, self._prefix, self._runs = patcher, place, prefix, runs
        self._anchor: Ident | None = None
        self._comment: str | None = None
        self._uncomment = False
        self._before: dict[Ident, tuple[str, ...]] = {}
        """The values that the patch takes for those of statements that it changes."""

    def apply(self) -> None:
        for at, (sign, lines) in enumerate(self._runs):
            if sign == "-":
                self._take_out(lines, self._coming(at + 1))
            elif sign == "+":
                self._put_in(lines, at)
            else:
                for line in lines:
                    self._context(line) if sign == " " else self._change(line, at)

    def _parsed(self, lines: Iterable[str]) -> Node:
        """The lines as a tree of their own."""
        scratch = Draft()
        reader = TextReader(scratch, strict=self._patcher.strict)
        reader.read(
            "\n".join(lines), Cursor(scratch.root, self._place.statement), prefix=self._prefix
        )
        self._patcher.problems += [each for each in reader.problems if each.severity == "error"]
        return scratch.root

    def _coming(self, at: int) -> set[Ident]:
        """What the next lines put in again: a value that changes, an entry with a new value."""
        if at < len(self._runs) and self._runs[at][0] == "+":
            return {node.ident for node in self._parsed(self._runs[at][1]).children}
        return set()

    # --- deletions ---------------------------------------------------------------------

    def _take_out(self, lines: list[str], coming: set[Ident]) -> None:
        lines, remark = _remarked(lines)
        self._uncomment = remark is not None
        for node in self._parsed(lines).children:
            self._drop(self._place, node, coming)

    def _drop(self, place: Cursor, node: Node, coming: set[Ident]) -> None:
        statement = place.statement.below(node.keyword)
        there = place.node.child(*node.ident)
        if there is None:
            self._patcher.problems.append(Problem(_MISMATCH, element=node.keyword))
        elif statement.layout is Layout.FLAT and len(node):
            below = self._patcher.draft.ensure(place, Step(statement, node.key))
            for child in node.children:
                self._drop(below, child, set())
            if not len(below.node):
                place.node.drop(node.ident)
        elif statement.kind is Kind.LEAF and there.values != node.values:
            self._differs(there, node)
        elif node.ident in coming:
            self._before[node.ident] = node.values
        else:
            place.node.drop(node.ident)

    def _differs(self, there: Node, node: Node) -> None:
        """Another session has changed it meanwhile: it stays as that one left it."""
        self._before[node.ident] = _REFUSED
        text = f"{_MISMATCH}; '{' '.join(there.values)}' != '{' '.join(node.values)}'"
        self._patcher.problems.append(Problem(text, element=node.keyword))

    # --- additions ---------------------------------------------------------------------

    def _put_in(self, lines: list[str], at: int) -> None:
        lines, self._comment = _remarked(lines)
        for node in self._parsed(lines).children:
            there = self._place.node.child(*node.ident)
            self._graft(self._place, node)
            if there is None and self._listed(node):
                self._settle(node.ident, at)

    def _graft(self, place: Cursor, node: Node) -> None:
        statement = place.statement.below(node.keyword)
        there = place.node.child(*node.ident)
        if there is None:
            place.node.put(node)
            return
        if statement.layout is Layout.FLAT:
            below = self._patcher.draft.ensure(place, Step(statement, node.key))
            for child in node.children:
                self._graft(below, child)
        elif statement.layout is Layout.LINE:  # a line that changes is shown as a whole
            node.inactive, node.protect, node.comment = there.inactive, there.protect, there.comment
            place.node.put(node)
        elif self._before.get(node.ident) != _REFUSED:
            values = self._merged(node, there, statement)
            self._patcher.draft.own(place.node, there).values = values

    def _merged(self, node: Node, there: Node, statement: Statement) -> tuple[str, ...]:
        """The values of a list keep what the patch knows nothing of."""
        before = self._before.get(node.ident, ())
        if statement.kind is not Kind.LEAF_LIST or there.values == before:
            return node.values
        gone = set(before) - set(node.values)
        added = (each for each in node.values if each not in {*before, *there.values})
        return (*(each for each in there.values if each not in gone), *added)

    def _listed(self, node: Node) -> bool:
        statement = self._statement(node)
        return statement.kind is Kind.LIST and not statement.ordered

    def _statement(self, node: Node) -> Statement:
        return self._place.statement.below(node.keyword)

    def _settle(self, ident: Ident, at: int) -> None:
        """Put an entry behind the last one shown, or before the first one that follows."""
        draft = self._patcher.draft
        if self._anchor is not None:
            draft.move(self._place, ident, before=None, after=self._anchor)
        elif (following := self._following(at, ident)) is not None:
            draft.move(self._place, ident, before=following, after=None)
        self._anchor = ident

    def _following(self, at: int, ident: Ident) -> Ident | None:
        """The next entry that is shown; not the one that moved, whose annotation changed too."""
        for sign, lines in self._runs[at + 1 :]:
            if sign == " ":
                node = self._named(lines[0])
                if node is None or node.ident != ident:
                    return node.ident if node else None
        return None

    # --- context and changes of place ---------------------------------------------------

    def _named(self, line: str) -> Node | None:
        """The statement that a collapsed line represents; None if it is not there."""
        found = self._found(line)
        return found[0] if found else None

    def _found(self, line: str) -> tuple[Node, Cursor] | None:
        text = _COLLAPSED.sub(";", line).rstrip("; ")
        try:
            words = [*self._prefix, *split(text)]
            steps = Resolver(strict=False, locate=True).read(self._place.statement, words)
        except (BadWord, UnbalancedQuote):
            return None
        place = self._patcher.draft.find(self._place, steps)
        if place is None or place.above is None:
            self._patcher.problems.append(Problem(_MISMATCH, element=text))
            return None
        return place.node, place.above

    def _context(self, line: str) -> None:
        node = self._named(line)
        if node is None:
            return
        if self._uncomment or self._comment is not None:
            node.comment = self._comment
            self._comment, self._uncomment = None, False
        if self._listed(node):
            self._anchor = node.ident

    def _change(self, line: str, at: int) -> None:
        for mark in _MARKS:
            if line.startswith(mark):
                self._toggle(mark, line.removeprefix(mark))
                return
        node = self._named(line)
        if node is None:
            return
        if self._anchor is None and self._following(at, node.ident) is None:
            first = next(self._place.node.entries(node.keyword))
            self._patcher.draft.move(self._place, node.ident, before=first.ident, after=None)
        self._settle(node.ident, at)

    def _toggle(self, mark: str, line: str) -> None:
        node = self._named(line)
        if node is None:
            return
        if mark in ("inactive: ", "active: "):
            node.inactive = mark == "inactive: "
        else:
            node.protect = mark == "protect: "
