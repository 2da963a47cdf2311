"""Reads the brace format into a draft, tags and comments included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.twin.config.cursor import Cursor
from multihome.twin.config.draft import Draft
from multihome.twin.config.grammar.pattern import BadWord
from multihome.twin.config.grammar.statement import Kind, Layout
from multihome.twin.config.problem import Problem, syntax_error, warning
from multihome.twin.config.protection import Protected
from multihome.twin.config.resolve import Resolver, Step
from multihome.twin.config.words import Token, UnbalancedQuote, Word, gather, tokens

if TYPE_CHECKING:
    from multihome.twin.config.tree import Node

TAGS = frozenset({"inactive:", "active:", "replace:", "delete:", "protect:", "unprotect:"})
_RECOVERED = "error recovery ignores input until this point"


@dataclass(slots=True)
class TextReader:
    """Loads brace text; problems are collected, the rest is loaded.

    Attributes:
        replace: whether `replace:` tags are honoured (`load replace`); a merge ignores them.
    """

    draft: Draft
    strict: bool = True
    replace: bool = False
    problems: list[Problem] = field(default_factory=list)
    _tokens: list[Token] = field(default_factory=list)
    _at: int = 0

    def read(
        self, text: str, place: Cursor | None = None, *, prefix: list[Word] | None = None
    ) -> list[Problem]:
        """Load the text below a place (the top if None); what Junos would say of it.

        `prefix` precedes each statement: the keyword of a list whose braces are left out.
        """
        try:
            self._tokens = list(tokens(text))
        except UnbalancedQuote as bad:
            self.problems.append(Problem("unbalanced quotes", element=bad.text))
            return self.problems
        self._at = 0
        self._block(place or self.draft.top, prefix or [], inner=False)
        return self.problems

    def _block(self, place: Cursor, prefix: list[Word], *, inner: bool) -> None:
        while self._at < len(self._tokens):
            if self._tokens[self._at] == Token("mark", "}"):
                self._at += 1
                if inner:
                    return
                self.problems.append(syntax_error("}"))
                continue
            self._statement(place, prefix)
        if inner:
            self.problems.append(Problem("syntax error, expecting '}'", element="end of input"))

    def _statement(self, place: Cursor, prefix: list[Word]) -> None:
        comment, tags, words, end = self._head()
        words = [*prefix, *words] if words else words
        try:
            if end == "{":
                self._open(place, words, tags, comment)
            elif words:
                self._plain(place, words, tags, comment)
            if end not in (";", "{") and (words or tags or end):
                self.problems.append(syntax_error(end or "end of input"))
        except BadWord as bad:
            self.problems.append(Problem(bad.message, element=bad.element))
            if end == "{":
                self._recover()
        except Protected as guarded:
            self.problems += guarded.problems
            if end == "{":
                self._recover()

    def _head(self) -> tuple[str | None, set[str], list[Word], str]:
        """Comment, tags and words up to the mark that ends them; a `}` is left in place."""
        comment: str | None = None
        tags: set[str] = set()
        start = self._at
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "mark" and token.text in ";{}":
                break
            if token.kind == "comment":
                comment = token.text
            elif (
                token.bare and token.text in TAGS and len(tags) == self._at - start - bool(comment)
            ):
                tags.add(token.text)
            self._at += 1
        taken = self._tokens[start : self._at]
        words = gather([token for token in taken if not (token.bare and token.text in tags)])
        end = self._tokens[self._at].text if self._at < len(self._tokens) else ""
        if end in (";", "{"):
            self._at += 1
        return comment, tags, words, end

    def _recover(self) -> None:
        """Skip the block that follows a word which is not understood."""
        depth = 1
        while depth and self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "mark":
                depth += {"{": 1, "}": -1}.get(token.text, 0)
            self._at += 1
        self.problems.append(Problem(_RECOVERED, element="}"))

    def _open(self, place: Cursor, words: list[Word], tags: set[str], comment: str | None) -> None:
        if self._is_bag(place, words):
            if "replace:" in tags and self.replace:
                self.draft.remove_all(place, str(words[-1]))
            self._block(place, words[-1:], inner=True)
            return
        if self._is_phrase(place, words):
            self._phrase_block(place, words, tags, comment)
            return
        below = self._loaded(place, words, tags, comment) if words else place
        self._block(below or Cursor(Draft().root, place.statement), [], inner=True)
        if below is not None:
            self.draft.prune(below, place)
            _guard(below.node, tags)

    def _is_phrase(self, place: Cursor, words: list[Word]) -> bool:
        try:
            steps = Resolver(strict=False, locate=True).read(place.statement, words)
        except BadWord:
            return False
        return bool(steps) and steps[-1].statement.kind is Kind.PHRASE

    def _phrase_block(
        self, place: Cursor, words: list[Word], tags: set[str], comment: str | None
    ) -> None:
        """`metric { minimum-igp 5; }`: a phrase may be given in braces, part by part."""
        while self._at < len(self._tokens):
            if self._tokens[self._at] == Token("mark", "}"):
                self._at += 1
                return
            _, _, part, end = self._head()
            if end == "{":
                self._phrase_block(place, [*words, *part], tags, comment)
            elif part:
                self._plain(place, [*words, *part], tags, comment)

    def _plain(self, place: Cursor, words: list[Word], tags: set[str], comment: str | None) -> None:
        if self._loaded(place, words, tags, comment) is not None and tags:
            marked = self._marked(place, Resolver(strict=self.strict).read(place.statement, words))
            if marked is not None:
                _guard(marked.node, tags)

    @staticmethod
    def _is_bag(place: Cursor, words: list[Word]) -> bool:
        statement = place.statement.find(words[0]) if words and isinstance(words[0], str) else None
        return statement is not None and statement.kind is Kind.LIST and len(words) == 1

    def _loaded(
        self, place: Cursor, words: list[Word], tags: set[str], comment: str | None
    ) -> Cursor | None:
        """Load one head; the place below it, or None if it was deleted."""
        resolver = Resolver(strict=self.strict, locate="delete:" in tags)
        steps = resolver.read(place.statement, words)
        self.problems += [warning(f"unknown statement: {each}") for each in resolver.strangers]
        if "delete:" in tags:
            if not self.draft.delete(place, steps):
                self.problems.append(warning("statement not found"))
            return None
        if "replace:" in tags and self.replace:
            self._clear(place, steps)
        below = self.draft.set(place, steps)
        marked = self._marked(place, steps)
        if marked is not None:
            _mark(marked.node, tags, comment)
        return below

    def _clear(self, place: Cursor, steps: list[Step]) -> None:
        marked = self._marked(place, steps)
        if marked is not None:
            self.problems += self.draft.clear(marked)

    def _marked(self, place: Cursor, steps: list[Step]) -> Cursor | None:
        """What tags and comments belong to: the first statement, `inet` in `family inet`."""
        end = next(
            (at for at, step in enumerate(steps, 1) if step.statement.layout is not Layout.FLAT),
            len(steps),
        )
        return self.draft.find(place, steps[:end])


def _mark(node: Node, tags: set[str], comment: str | None) -> None:
    if comment is not None:
        node.comment = comment
    if "inactive:" in tags:
        node.inactive = True
    if "active:" in tags:
        node.inactive = False


def _guard(node: Node, tags: set[str]) -> None:
    """Protect or unprotect a statement, once what is below it is loaded."""
    if "protect:" in tags:
        node.protect = True
    if "unprotect:" in tags:
        node.protect = False
