"""Subtree filters (RFC 6241 section 6), with Junos's habit of always showing an entry's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.draft import Draft
from multihome.twin.config.xml_format import print_xml
from multihome.twin.config.xml_reader import XmlReader
from multihome.twin.config.xml_words import bare_text, elements, local_name

if TYPE_CHECKING:
    from multihome.twin.config.tree import Node


def filtered(root: Node, configuration: etree._Element) -> Node:
    """The part of a tree that a filter's `configuration` element selects."""
    if not len(configuration):
        return root
    selected = select(print_xml(root), configuration)
    draft = Draft()
    if selected is not None:
        XmlReader(draft, strict=False, origins=True).read(selected)
    return draft.finish()


def select(data: etree._Element, chosen: etree._Element) -> etree._Element | None:
    """What a filter element selects of a data element of the same name; None if nothing.

    With Junos's attribute `recurse="false"` an entry is its name alone.
    """
    matches = [each for each in elements(chosen) if _is_match(each)]
    if not all(_holds(data, match) for match in matches):
        return None
    others = [each for each in elements(chosen) if not _is_match(each)]
    if not others:
        return _hull(data, {"name"}) if chosen.get("recurse") == "false" else _copy(data)
    out = _hull(data, {local_name(each) for each in matches} | {"name"})
    for child in elements(data):
        for other in others:
            if local_name(other) == local_name(child):
                part = select(child, other)
                if part is not None:
                    out.append(part)
                    break
    return out if len(out) > len(_hull(data, {"name"})) or matches else None


def _is_match(element: etree._Element) -> bool:
    """Whether a filter element asks for a value: text and nothing below."""
    return not len(element) and bool(bare_text(element.text))


def _holds(data: etree._Element, match: etree._Element) -> bool:
    wanted = bare_text(match.text)
    return any(
        local_name(child) == local_name(match) and bare_text(child.text) == wanted
        for child in elements(data)
    )


def _hull(data: etree._Element, names: set[str]) -> etree._Element:
    """The element with its attributes and those leaves of it that are named."""
    out = etree.Element(data.tag)
    for name, value in data.attrib.items():
        out.set(name, value)
    for child in elements(data):
        if local_name(child) in names and not len(child):
            out.append(_copy(child))
    return out


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))
