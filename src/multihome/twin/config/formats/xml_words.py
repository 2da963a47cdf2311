"""What the elements of one statement mean: which statement, which key, which words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.grammar.pattern import BadWord, Choice, Value
from multihome.twin.config.grammar.statement import COMMON, Kind, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.grammar.pattern import Alternative
    from multihome.twin.config.tree import Key


def bare_name(name: str | bytes) -> str:
    """A name without its namespace."""
    return (name.decode() if isinstance(name, bytes) else str(name)).rpartition("}")[2]


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return bare_name(element.tag)


def attributes_of(element: etree._Element) -> dict[str, str]:
    """The attributes by their bare names."""
    return {bare_name(name): bare_text(value) for name, value in element.attrib.items()}


def bare_text(text: str | bytes | None) -> str:
    """Text without the blanks around it."""
    return (text.decode() if isinstance(text, bytes) else text or "").strip()


ITEM = "item"
"""The element of a statement whose word is no name of an element; it has the word as `name`."""
LISTED = "list-item"
"""The element of one of several words in brackets, where the grammar does not know the list."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def element_of(parent: etree._Element, word: str, *, stray: bool = False) -> etree._Element:
    """Append an element for a statement's word, whatever the word is.

    An unknown statement must not look like the name of the one around it.
    """
    if _NAME.match(word) and not (stray and word == "name"):
        return etree.SubElement(parent, word)
    element = etree.SubElement(parent, ITEM)
    etree.SubElement(element, "name").text = word
    return element


def word_of(element: etree._Element) -> str:
    """The word that an element represents."""
    name = local_name(element)
    return (_child_text(element, "name") or name) if name == ITEM else name


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """The child elements; comments and instructions are passed over."""
    return parent.iterchildren("*")


def statement_of(here: Statement, name: str) -> Statement | None:
    """The statement that an element name means below `here`."""
    child = here.children.get(name)
    if child is not None and child.element == name:
        return child
    for each in here.children.values():
        if each.element == name:
            return each
    if here.entry is not None and here.entry.element == name:
        return here.entry
    return COMMON.get(name) if here.kind in (Kind.CONTAINER, Kind.LIST) else None


def below_key(statement: Statement, element: etree._Element) -> list[etree._Element]:
    """The child elements that are not the statement's own key and value."""
    names = _key_names(statement, element)
    return [child for child in elements(element) if local_name(child) not in names]


def _key_names(statement: Statement, element: etree._Element) -> set[str]:
    if statement.kind is not Kind.LIST:
        return {"name", LISTED} if statement.open and len(element) else set()
    names = {item.element for item in statement.keys if isinstance(item, Value)}
    for item in statement.keys:
        if isinstance(item, Choice):
            names |= {each.word for each in item.alternatives}
            names |= {"choice-ident", "choice-value"}
    if statement.value is not None:
        names.add(statement.value.element)
    return names


def _word_inside(element: etree._Element) -> str:
    """A choice of words is an element of its own: `<idle-timeout><forever/></idle-timeout>`."""
    return next((local_name(child) for child in elements(element) if not len(child)), "")


def _child_text(element: etree._Element, name: str, *, kept: bool = False) -> str | None:
    """The text of the first child of that name; with `kept`, of one that is not deleted."""
    for child in elements(element):
        if local_name(child) == name and not (kept and _is_deleted(child)):
            return bare_text(child.text)
    return None


def _is_deleted(element: etree._Element) -> bool:
    marks = attributes_of(element)
    return "delete" in marks or marks.get("operation") in {"delete", "remove"}


def key_of(statement: Statement, element: etree._Element, *, strict: bool) -> tuple[Key, Key]:
    """Key and inline value of an entry; raises BadWord for what is missing or malformed."""
    if statement.kind is not Kind.LIST:
        listed = (each for each in elements(element) if local_name(each) == LISTED)
        return _strangers_key(element), tuple(bare_text(each.text) for each in listed)
    key: list[str] = []
    for item in statement.keys:
        if isinstance(item, Value):
            text = _child_text(element, item.element)
            if text is None:
                text = bare_text(element.text)
                if item is not statement.keys[0] or not text:
                    raise BadWord(statement.element, f"missing mandatory element: {item.element}")
            key.append(_read(item, text, strict=strict))
        elif isinstance(item, Choice):
            key += _choice(item, element)
    values: Key = ()
    if statement.value is not None:
        text = _child_text(element, statement.value.element, kept=True)
        values = () if text is None else (_read(statement.value, text, strict=strict),)
    return tuple(key), values


def _read(value: Value, text: str, *, strict: bool) -> str:
    try:
        return value.read(text)
    except BadWord:
        if strict:
            raise
        return text


def _strangers_key(element: etree._Element) -> Key:
    names = tuple(bare_text(each.text) for each in elements(element) if local_name(each) == "name")
    if local_name(element) == ITEM:
        names = names[1:]
    text = bare_text(element.text)
    return names or ((text,) if text and not len(element) else ())


def _choice(choice: Choice, element: etree._Element) -> list[str]:
    ident = _child_text(element, "choice-ident")
    if ident is not None:
        value = _child_text(element, "choice-value")
        return [ident, value] if value else [ident]
    for alternative in choice.alternatives:
        text = _child_text(element, alternative.word)
        if text is not None:
            return [alternative.word, text] if text else [alternative.word]
    raise BadWord(local_name(element), "missing argument")


def phrase_of(statement: Statement, element: etree._Element, *, strict: bool) -> tuple[str, ...]:
    """The words of a phrase, in canonical order."""
    phrase = statement.phrase
    if phrase is None:
        return ()
    alternatives = (*phrase.choice.alternatives, *phrase.options)
    words: list[str] = []
    for child in elements(element):
        words += _phrase_words(alternatives, child, strict=strict)
    if not words and (text := bare_text(element.text)):
        words = text.split()
    if not words:
        return ()
    try:
        return phrase.read(words, 0)[0]
    except BadWord:
        if strict:
            raise
        return tuple(words)


def part_of(statement: Statement, part: etree._Element, *, strict: bool) -> tuple[str, ...]:
    """The words of one part of a phrase; raises BadWord if it has no such part."""
    phrase = statement.phrase
    alternatives = () if phrase is None else (*phrase.choice.alternatives, *phrase.options)
    return tuple(_phrase_words(alternatives, part, strict=strict))


def _phrase_words(
    alternatives: tuple[Alternative, ...], child: etree._Element, *, strict: bool
) -> list[str]:
    name, text = local_name(child), bare_text(child.text)
    for alternative in alternatives:
        if not alternative.word and alternative.value and alternative.value.element == name:
            return [text]
        if alternative.word == name:
            nested = alternative.value.element if alternative.value else ""
            inner = (_child_text(child, nested) if nested else text) or _word_inside(child)
            return [name, inner] if inner else [name]
    if strict:
        raise BadWord(name)
    return [text] if name == ITEM else [name, text] if text else [name]
