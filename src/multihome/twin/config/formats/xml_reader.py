"""Reads Junos's XML (and JSON, by way of the same elements) into a draft.

Understands Junos's attributes (`inactive`, `active`, `delete`, `replace`, `insert`, `rename`,
`protect`) and NETCONF's `operation` (RFC 6241 section 7.2), whatever their namespace.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from multihome.twin.config.cursor import Cursor
from multihome.twin.config.draft import move_value
from multihome.twin.config.formats.xml_words import (
    attributes_of,
    bare_text,
    below_key,
    elements,
    key_of,
    local_name,
    part_of,
    phrase_of,
    statement_of,
    word_of,
)
from multihome.twin.config.grammar.pattern import BadWord
from multihome.twin.config.grammar.statement import Kind, Statement, unknown
from multihome.twin.config.problem import Problem, warning
from multihome.twin.config.protection import Protected
from multihome.twin.config.ranges import KEYWORD as RANGE
from multihome.twin.config.resolve import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from multihome.twin.config.draft import Draft
    from multihome.twin.config.tree import Ident, Node

Operation = Literal["merge", "replace", "create", "delete", "remove", "none"]
_OPERATIONS: dict[str, Operation] = {
    "merge": "merge",
    "replace": "replace",
    "create": "create",
    "delete": "delete",
    "remove": "remove",
    "none": "none",
}


@dataclass(slots=True)
class XmlReader:
    """Loads elements; problems are collected, the rest is loaded.

    Attributes:
        replace: whether `replace="replace"` is honoured (`load replace`).
        default: what an element without an operation of its own does (RFC 6241's
            default-operation).
        missing: how deleting what is not there is answered: Junos warns, RFC 6241 refuses.
    """

    draft: Draft
    strict: bool = True
    replace: bool = True
    default: Operation = "merge"
    missing: Literal["warning", "error"] = "warning"
    origins: bool = False
    """Believe what is said of where statements were inherited from."""
    problems: list[Problem] = field(default_factory=list)
    _guards: list[tuple[Node, dict[str, str]]] = field(default_factory=list)
    """What is to be protected once everything beside it is read: a list has many elements."""

    def read(self, configuration: etree._Element) -> list[Problem]:
        """Load the children of a `configuration` element; what Junos would say of them."""
        self._children(self.draft.top, list(elements(configuration)), self.default)
        return self.problems

    def _children(
        self, place: Cursor, children: Iterable[etree._Element], inherited: Operation
    ) -> None:
        comment: str | None = None
        waiting = len(self._guards)
        for child in children:
            name = local_name(child)
            if name == "comment" and child.tag != name:
                comment = _bare_comment(child.text or "")
            elif name == "undocumented":
                self._children(place, elements(child), inherited)
            else:
                self._guarded(place, child, inherited, comment)
                comment = None
        for node, attributes in self._guards[waiting:]:
            _guard(node, attributes)
        del self._guards[waiting:]

    def _guarded(
        self, place: Cursor, element: etree._Element, inherited: Operation, comment: str | None
    ) -> None:
        try:
            left = self._without_deleted(place, element)
            if left is not None:
                self._element(place, left, inherited, comment)
        except BadWord as bad:
            self.problems.append(Problem(bad.message, element=bad.element))
        except Protected as guarded:
            self.problems += guarded.problems

    def _element(
        self, place: Cursor, element: etree._Element, inherited: Operation, comment: str | None
    ) -> None:
        statement = self._statement(place.statement, element)
        attributes = attributes_of(element)
        operation = self._operation(attributes, inherited)
        step = self._step(statement, element, locating=operation in ("delete", "remove"))
        if operation in ("delete", "remove"):
            self._delete(place, step, operation)
            return
        if not self._may(place, step, operation):
            return
        if "rename" in attributes or "insert" in attributes:
            step = self._reorder(place, step, attributes)
        node = self._make(place, step, operation)
        if node is None:
            return
        _mark(node, attributes, comment)
        if self.origins:
            node.origin = _origin(attributes)
        if statement.kind in (Kind.CONTAINER, Kind.LIST):
            below = Cursor(node, statement, place)
            rest = "merge" if operation in ("create", "replace") else operation
            self._children(below, below_key(statement, element), rest)
            # The container around it is still being read: more may come into it.
            self.draft.prune(below, place)
        self._guards.append((node, attributes))

    # --- one element -------------------------------------------------------------------

    def _statement(self, here: Statement, element: etree._Element) -> Statement:
        name = word_of(element)
        statement = statement_of(here, name)
        if statement is None:
            if self.strict and not here.open:
                raise BadWord(name)
            if not here.open:
                self.problems.append(warning(f"unknown statement: {name}"))
            return unknown(name)
        return statement

    def _operation(self, attributes: dict[str, str], inherited: Operation) -> Operation:
        if "delete" in attributes:
            return "delete"
        if "replace" in attributes and self.replace:
            return "replace"
        if (given := attributes.get("operation")) is not None:
            if given not in _OPERATIONS:
                raise BadWord(given, "invalid value")
            return _OPERATIONS[given]
        return inherited

    def _step(self, statement: Statement, element: etree._Element, *, locating: bool) -> Step:
        text = bare_text(element.text)
        if locating and statement.kind is Kind.LIST and not (text or len(element)):
            return Step(statement)  # every entry
        if statement.kind is Kind.LIST or statement.open:
            key, values = key_of(statement, element, strict=self.strict)
            return Step(statement, key, values)
        if statement.kind is Kind.PHRASE:
            values = phrase_of(statement, element, strict=self.strict)
            if not values and not locating and not statement.presence:
                raise BadWord(statement.keyword, "missing argument")
            return Step(statement, (), values)
        if statement.kind not in (Kind.LEAF, Kind.LEAF_LIST):
            return Step(statement)
        if not text and locating:
            return Step(statement)
        return Step(statement, (), (self._value(statement, text),))

    def _without_deleted(self, place: Cursor, element: etree._Element) -> etree._Element | None:
        """Delete the parts of a phrase that say so; the element with the others, if there are."""
        if not any(part.attrib for part in elements(element)):
            return element
        statement = statement_of(place.statement, word_of(element))
        if statement is None or statement.kind is not Kind.PHRASE:
            return element
        kept = deepcopy(element)
        for part in list(elements(kept)):
            operation = self._operation(attributes_of(part), "merge")
            if operation in ("delete", "remove"):
                words = part_of(statement, part, strict=self.strict)
                self._delete(place, Step(statement, (), words), operation)
                kept.remove(part)
        return kept if len(kept) else None

    def _value(self, statement: Statement, text: str) -> str:
        if statement.value is None:
            return text
        try:
            return statement.value.read(text)
        except BadWord:
            if self.strict:
                raise
            self.problems.append(warning(f"invalid value: {statement.keyword} {text}"))
            return text

    def _delete(self, place: Cursor, step: Step, operation: Operation) -> None:
        # An emptied container goes once everything in it is read: more may follow.
        if not self.draft.remove(place, step) and operation == "delete":
            if self.missing == "warning":
                self.problems.append(warning("statement not found"))
            else:
                self.problems.append(_absent(step))

    def _may(self, place: Cursor, step: Step, operation: Operation) -> bool:
        there = place.node.child(*step.ident) is not None
        if operation == "create" and there and step.statement.kind is not Kind.LEAF_LIST:
            self.problems.append(
                Problem(
                    "statement already exists",
                    element=step.statement.element,
                    tag="data-exists",
                    type="application",
                )
            )
            return False
        if operation == "none" and not there:
            self.problems.append(_absent(step))
            return False
        return True

    def _make(self, place: Cursor, step: Step, operation: Operation) -> Node | None:
        old = place.node.child(*step.ident)
        if operation == "none":
            return self.draft.own(place.node, old) if old is not None else None
        if operation == "replace" and old is not None:
            fresh = self.draft.own(place.node, old)
            self.problems += self.draft.clear(Cursor(fresh, step.statement, place))
        self.draft.set(place, [step])
        return place.node.child(*step.ident)

    def _reorder(self, place: Cursor, step: Step, attributes: dict[str, str]) -> Step:
        """Rename or move an entry as its attributes say; the step that it is from now on."""
        words = attributes.get("name", "").split() or _PREDICATE.findall(attributes.get("key", ""))
        other: Ident = (step.statement.keyword, tuple(words))
        relation = attributes.get("insert")
        if "rename" in attributes:
            self.draft.rename(place, step.ident, other)
            return Step(step.statement, other[1], step.values)
        self.draft.set(place, [step])
        if step.statement.kind is Kind.LEAF_LIST:
            self._move_values(place, step, attributes)
            return step
        if relation in ("first", "last"):
            entries = [node.ident for node in place.node.entries(step.statement.keyword)]
            other = entries[0] if relation == "first" else entries[-1]
        before = relation in ("before", "first")
        moved = self.draft.move(
            place, step.ident, before=other if before else None, after=None if before else other
        )
        if not moved:
            self.problems.append(warning("statement not found"))
        return step

    def _move_values(self, place: Cursor, step: Step, attributes: dict[str, str]) -> None:
        """Move values among those of their statement (RFC 7950 section 7.7.9: `yang:value`)."""
        node = place.node.child(*step.ident)
        anchor = attributes.get("name", attributes.get("value", ""))
        for value in step.values:
            if node is None or not move_value(node, value, attributes["insert"], anchor):
                self.problems.append(warning("statement not found"))


_PREDICATE = re.compile(r"\[\w[-\w]*='([^']*)'\]")
"""How `yang:key` names an entry (RFC 7950 section 7.8.6)."""


def _absent(step: Step) -> Problem:
    return Problem(
        "statement not found",
        element=step.statement.element,
        tag="data-missing",
        type="application",
    )


def _bare_comment(text: str) -> str:
    return text.strip().removeprefix("/*").removesuffix("*/").strip()


def _mark(node: Node, attributes: dict[str, str], comment: str | None) -> None:
    if comment is not None:
        node.comment = comment
    if attributes.get("inactive") in ("inactive", "true"):
        node.inactive = True
    if "active" in attributes or attributes.get("inactive") == "false":
        node.inactive = False


def _origin(attributes: dict[str, str]) -> str:
    expanded = attributes.get(RANGE)
    return f"{RANGE} {expanded}" if expanded else attributes.get("group", "")


def _guard(node: Node, attributes: dict[str, str]) -> None:
    """Protect or unprotect a statement, once what is below it is loaded."""
    if "protect" in attributes:
        node.protect = True
    if "unprotect" in attributes:
        node.protect = False
