"""`show | compare | display xml`: what differs between two trees, as elements.

Elements say what was done to them (Junos CLI User Guide, "The show | compare | display xml
Command Output"): `nc:operation` is `create`, `delete` or `merge`; what changed is deleted and
created; where the user's order counts, `yang:insert` and `yang:key` say where it went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.formats.diff import sorted_entries, woven_entries
from multihome.twin.config.formats.xml_format import Printer, carried
from multihome.twin.config.formats.xml_words import element_of
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.order import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node

NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0"
YANG = "urn:ietf:params:xml:ns:yang:1"
_HOLDERS = (Kind.CONTAINER, Kind.LIST)


def diff_xml(old: Node, new: Node, junos: str) -> etree._Element | None:
    """The element `configuration` with the differences below it; None if there are none."""
    root = etree.Element("configuration", nsmap={"junos": junos, "nc": NETCONF, "yang": YANG})
    _Comparison(Printer(junos)).children(root, old, new, grammar())
    return root if len(root) else None


class _Comparison:
    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def children(self, parent: etree._Element, old: Node, new: Node, statement: Statement) -> None:
        """Compare everything below two statements."""
        before, after = (_by_keyword(node, statement) for node in (old, new))
        keywords = sorted({**before, **after}, key=statement.rank)
        # What gives way to its opposite goes first: nothing would be left of it to delete.
        keywords.sort(key=lambda word: word in after or not statement.below(word).instead_of)
        for keyword in keywords:
            olds, news = before.get(keyword, []), after.get(keyword, [])
            below = statement.below(keyword)
            if below.kind is Kind.LIST or any(node.key for node in (*olds, *news)):
                self._entries(parent, olds, news, below)
            elif olds and news:
                self._pair(parent, olds[0], news[0], below)
            else:
                for node in olds:
                    self._delete(parent, node, below)
                for node in news:
                    self._create(parent, node, below)

    def _entries(
        self,
        parent: etree._Element,
        olds: Sequence[Node],
        news: Sequence[Node],
        statement: Statement,
    ) -> None:
        before = {node.ident: node for node in olds}
        woven = sorted_entries if statement.ordered else woven_entries
        previous: Node | None = None
        for change, node in woven(list(olds), list(news)):
            if change == "gone":
                self._delete(parent, node, statement)
                continue
            if change == "same":
                self._pair(parent, before[node.ident], node, statement)
            else:
                self._put(parent, before.get(node.ident), node, statement)
                if not statement.ordered:
                    _place(parent[-1], previous)
            previous = node

    def _put(
        self, parent: etree._Element, old: Node | None, node: Node, statement: Statement
    ) -> None:
        """An entry that is new, or has moved."""
        if old is None:
            self._create(parent, node, statement)
            return
        element = self._printer.named(parent, node, statement)
        _mark(element, "merge")
        self._carry(element, old, node, statement)
        self.children(element, old, node, statement)

    def _pair(self, parent: etree._Element, old: Node, new: Node, statement: Statement) -> None:
        """One statement that is on both sides."""
        if old is new:
            return
        self._annotated(parent, old, new)
        if statement.kind not in _HOLDERS:
            self._revalued(parent, old, new, statement)
            return
        element = self._printer.named(parent, new, statement)
        bare = len(element)
        self._carry(element, old, new, statement)
        _toggled(element, old, new)
        self.children(element, old, new, statement)
        if len(element) == bare and not element.attrib:
            parent.remove(element)

    def _carry(self, element: etree._Element, old: Node, new: Node, statement: Statement) -> None:
        """The value that an entry has beside its key."""
        if old.values != new.values:
            self._delete(element, old, statement, whole=False)
            at = len(element)
            carried(element, new, statement)
            for value in list(element)[at:]:
                _mark(value, "create")

    def _revalued(self, parent: etree._Element, old: Node, new: Node, statement: Statement) -> None:
        """A plain statement: its values, and whether it counts."""
        if old.values != new.values:
            self._delete(parent, old, statement, keep=new.values)
            self._create(parent, new, statement, keep=old.values)
        elif (old.inactive, old.protect) != (new.inactive, new.protect):
            at = len(parent)
            self._printer.statement(parent, new, statement)
            for element in list(parent)[at:]:
                _toggled(element, old, new)

    def _annotated(self, parent: etree._Element, old: Node, new: Node) -> None:
        if old.comment == new.comment:
            return
        for text, operation in ((old.comment, "delete"), (new.comment, "create")):
            if text is not None:
                _mark(self._printer.comment(parent, text), operation)

    def _create(
        self,
        parent: etree._Element,
        node: Node,
        statement: Statement,
        keep: Sequence[str] = (),
    ) -> None:
        at = len(parent)
        self._printer.statement(parent, node, statement)
        for element in list(parent)[at:]:
            if statement.kind is Kind.LEAF_LIST and element.text in keep:
                parent.remove(element)
            else:
                _mark(element, "create")

    def _delete(
        self,
        parent: etree._Element,
        node: Node,
        statement: Statement,
        *,
        keep: Sequence[str] = (),
        whole: bool = True,
    ) -> None:
        if not whole and statement.value is not None:
            _mark(etree.SubElement(parent, statement.value.element), "delete")
        elif statement.kind is Kind.LEAF_LIST:
            for value in node.values:
                if value not in keep:
                    element = element_of(parent, statement.element)
                    element.text = value
                    _mark(element, "delete")
        else:
            _mark(self._printer.named(parent, node, statement), "delete")


def _mark(element: etree._Element, operation: str) -> None:
    element.set(f"{{{NETCONF}}}operation", operation)


def _place(element: etree._Element, previous: Node | None) -> None:
    """Where it went: to the front, or behind another entry."""
    element.set(f"{{{YANG}}}insert", "first" if previous is None else "after")
    if previous is not None:
        labels = ("name", *("choice-ident", "choice-value") * len(previous.key))
        named = zip(labels, previous.key, strict=False)
        element.set(f"{{{YANG}}}key", "".join(f"[{label}='{word}']" for label, word in named))


def _toggled(element: etree._Element, old: Node, new: Node) -> None:
    """Whether it counts, and whether it may be changed."""
    marks = []
    if old.inactive != new.inactive:
        marks.append("inactive" if new.inactive else "active")
    if old.protect != new.protect:
        marks.append("protect" if new.protect else "unprotect")
    for mark in marks:
        element.set(mark, mark)
        _mark(element, "merge")


def _by_keyword(node: Node, statement: Statement) -> dict[str, list[Node]]:
    groups: dict[str, list[Node]] = {}
    for child in in_order(node, statement):
        groups.setdefault(child.keyword, []).append(child)
    return groups
