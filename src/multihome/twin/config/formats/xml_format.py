"""The tree as Junos's XML elements, and as Junos's JSON, which mirrors them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.formats.xml_words import ITEM, LISTED, element_of
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.pattern import Choice, Value
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.order import in_order
from multihome.twin.config.ranges import KEYWORD as RANGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.twin.config.grammar.pattern import Alternative
    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node

JUNOS_NAMESPACE = "http://xml.juniper.net/junos/*/junos"


def print_xml(root: Node, *, junos: str = JUNOS_NAMESPACE) -> etree._Element:
    """The `configuration` element, in no namespace; `junos` is the namespace of comments."""
    return Printer(junos).configuration(root)


class Printer:
    """Makes elements of statements; `junos` is the namespace of comments and origins."""

    def __init__(self, junos: str) -> None:
        self._junos = junos

    def configuration(self, root: Node) -> etree._Element:
        """The element `configuration` and everything in it."""
        element = etree.Element("configuration", nsmap={"junos": self._junos})
        self._children(element, root, grammar())
        return element

    def _children(self, element: etree._Element, node: Node, statement: Statement) -> None:
        for child in in_order(node, statement):
            self.statement(element, child, statement.below(child.keyword))

    def statement(self, parent: etree._Element, node: Node, statement: Statement) -> None:
        """Append one statement and everything below it; several elements if it has values."""
        if node.comment is not None:
            self.comment(parent, node.comment)
        if statement.kind in (Kind.LEAF, Kind.LEAF_LIST):
            for value in node.values:
                self._marked(parent, node, statement).text = value
            return
        element = self._marked(parent, node, statement)
        if statement.kind is Kind.PHRASE:
            _phrase(element, node, statement)
        elif statement.kind is Kind.LIST:
            key(element, node, statement)
            carried(element, node, statement)
        elif node.key or node.values:
            _stranger(element, node)
        self._children(element, node, statement)

    def comment(self, parent: etree._Element, text: str) -> etree._Element:
        """Append an annotation, which precedes the statement it is about."""
        comment = etree.SubElement(parent, f"{{{self._junos}}}comment")
        comment.text = f"/* {text} */"
        return comment

    def named(self, parent: etree._Element, node: Node, statement: Statement) -> etree._Element:
        """Append the element of one container or entry with its key, and nothing below."""
        element = element_of(parent, statement.element)
        if statement.kind is Kind.LIST:
            key(element, node, statement)
        else:
            for word in node.key:
                _text(element, "name", word)
        return element

    def _marked(self, parent: etree._Element, node: Node, statement: Statement) -> etree._Element:
        element = element_of(parent, statement.element, stray=statement.stray)
        if node.inactive:
            element.set("inactive", "inactive")
        if node.protect:
            element.set("protect", "protect")
        if node.origin:
            mark, _, origin = node.origin.rpartition(" ")
            element.set(f"{{{self._junos}}}{RANGE if mark else 'group'}", origin)
        return element


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def key(element: etree._Element, node: Node, statement: Statement) -> None:
    """Append what distinguishes an entry from the others of its list."""
    rest = list(node.key)
    for item in statement.keys:
        if isinstance(item, Value) and rest:
            _text(element, item.element, rest.pop(0))
        elif isinstance(item, Choice) and rest:
            alternative = _chosen(item, rest[0])
            taken = 2 if alternative.word and alternative.value is not None else 1
            _alternative(element, alternative, rest[:taken])
            del rest[:taken]


def carried(element: etree._Element, node: Node, statement: Statement) -> None:
    """Append the value that an entry carries beside its key, `as-path NAME "REGEX"`."""
    if statement.value is not None:
        for value in node.values:
            _text(element, statement.value.element, value)


def _chosen(choice: Choice, word: str) -> Alternative:
    for alternative in choice.alternatives:
        if alternative.word == word:
            return alternative
    return choice.alternatives[-1]


def _alternative(parent: etree._Element, alternative: Alternative, words: Sequence[str]) -> None:
    if not alternative.word:
        _text(parent, alternative.value.element if alternative.value else "name", words[0])
        return
    if not alternative.word[0].isalpha():  # `community + NAME`: no name for an element
        _text(parent, "choice-ident", alternative.word)
        return
    element = etree.SubElement(parent, alternative.word)
    if alternative.value is not None and len(words) > 1:
        if alternative.value.element:
            _text(element, alternative.value.element, words[1])
        else:
            element.text = words[1]


def _phrase(element: etree._Element, node: Node, statement: Statement) -> None:
    phrase = statement.phrase
    parts = {} if phrase is None else phrase.parts(node.values)
    if phrase is None or not parts:
        for word in node.values:  # read leniently: words that are no such phrase
            _text(element, ITEM, word)
        return
    for place, words in sorted(parts.items()):
        _alternative(element, phrase.alternative(place, words), words)


def _stranger(element: etree._Element, node: Node) -> None:
    """Words of a statement that the grammar does not know: a value, or names and a list."""
    if len(node.key) == 1 and not len(element) and not len(node) and not node.values:
        element.text = node.key[0]
        return
    for word in node.key:
        _text(element, "name", word)
    for word in node.values:
        _text(element, LISTED, word)


# --- JSON --------------------------------------------------------------------------------


def print_json(root: Node, attributes: dict[str, str] | None = None) -> str:
    """`{"configuration": {...}}` as Junos prints it since 16.1; `attributes` go under `@`."""
    body = _object(root, grammar())
    marked = {"@": attributes, **body} if attributes else body
    document = {"configuration": marked}
    return json.dumps(document, indent=4, separators=(",", " : "), ensure_ascii=False) + "\n"


Json = dict[str, object]


def _object(node: Node, statement: Statement) -> Json:
    out: Json = {}
    for child in in_order(node, statement):
        below = statement.below(child.keyword)
        if below.kind is Kind.LIST or (below.open and (child.key or child.values)):
            name, keyed = _entry(child, below)
            entries = out.setdefault(name, [])
            if isinstance(entries, list):
                entries.append(_attributes(child) | keyed | _object(child, below))
            continue
        if below.kind in (Kind.LEAF, Kind.LEAF_LIST, Kind.FLAG):
            if marks := _attributes(child).get("@"):
                out[f"@{below.element}"] = marks
            out[below.element] = _plain(child, below)
        else:
            out[below.element] = _attributes(child) | _words(child, below) | _object(child, below)
    return out


def _entry(node: Node, statement: Statement) -> tuple[str, Json]:
    """Under which name an entry is listed, and its key."""
    keyed = _keyed(node, statement)
    if not statement.stray or statement.element != "name":
        return statement.element, keyed
    found = keyed.get("name", [])
    return ITEM, {**keyed, "name": ["name", *(found if isinstance(found, list) else [found])]}


def _attributes(node: Node) -> Json:
    marks: Json = {}
    if node.comment is not None:
        marks["comment"] = f"/* {node.comment} */"
    if node.inactive:
        marks["inactive"] = True
    if node.protect:
        marks["protect"] = True
    return {"@": marks} if marks else {}


def _plain(node: Node, statement: Statement) -> object:
    if statement.kind is Kind.FLAG:
        return [None]
    if statement.kind is Kind.LEAF_LIST:
        return [_scalar(value, statement.value) for value in node.values]
    return _scalar(node.values[0], statement.value) if node.values else ""


def _scalar(word: str, value: Value | None) -> str | int:
    number = value is not None and value.number and word.removeprefix("-").isdigit()
    return int(word) if number else word


def _keyed(node: Node, statement: Statement) -> Json:
    element = etree.Element("entry")
    if statement.kind is Kind.LIST:
        key(element, node, statement)
        carried(element, node, statement)
    else:
        for word in node.key:
            _text(element, "name", word)
        for word in node.values:
            _text(element, LISTED, word)
    numbers = {each.element for each in statement.keys if isinstance(each, Value) and each.number}
    return _as_json(element, numbers)


def _words(node: Node, statement: Statement) -> Json:
    element = etree.Element("phrase")
    _phrase(element, node, statement)
    return _as_json(element, set())


def _as_json(element: etree._Element, numbers: set[str]) -> Json:
    out: Json = {}
    for child in element:
        name = str(child.tag)
        value = _value(child, numbers)
        if name in out:
            first = out[name]
            out[name] = [*first, value] if isinstance(first, list) else [first, value]
        else:
            out[name] = value
    return out


def _value(element: etree._Element, numbers: set[str]) -> object:
    if len(element):
        return _as_json(element, set())
    if element.text is None:
        return [None]
    number = element.tag in numbers and element.text.isdigit()
    return int(element.text) if number else element.text
