"""Subtree filters (RFC 6241 section 6), with Junos's habit of always showing an entry's name.

Source of the attributes: Junos XML Management Protocol Developer Guide, "Request a Specified
Number of Configuration Objects", "Request a Subset of Objects by Using Regular Expressions".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.xml_format import print_xml
from multihome.twin.config.formats.xml_reader import XmlReader
from multihome.twin.config.formats.xml_words import bare_text, elements, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.twin.config.tree import Node

_OWN = frozenset({"recurse", "count", "start", "matching"})
"""Junos's own attributes in a filter; any other must be one of the data as well."""
_STEP = re.compile(
    r"(?P<level>[\w.-]+)(?:\[name=(?P<q>['\"])(?P<name>.*?)(?P=q)\])?(?:/(?P<rest>.*))?\Z"
)
"""One level of `matching`: `interface[name='ge-.*']/unit`."""
_NAMESPACES = re.compile(
    r"\Z|urn:ietf:params:xml:ns:netconf:base:1\.0\Z|https?://[\w.]*juniper\.net/"
)
"""Namespaces in which the configuration's elements may be asked for; empty means any."""


def filtered(root: Node, configurations: Sequence[etree._Element]) -> Node:
    """The part of a tree that a filter's `configuration` elements select, each its own part.

    Raises:
        ValueError: an attribute makes no sense.
    """
    asked = [each for each in configurations if _is_ours(each)]
    if any(not len(each) for each in asked):
        return root
    data = print_xml(root)
    kept: set[etree._Element] = set()
    try:
        for each in asked:
            _select(data, each, kept)
    except re.error as why:
        raise ValueError(str(why)) from why
    draft = Draft()
    if data in kept:
        XmlReader(draft, strict=False, origins=True).read(_copy(data, kept))
    return draft.finish()


def _select(data: etree._Element, chosen: etree._Element, kept: set[etree._Element]) -> bool:
    """Note what a filter element selects of a data element of its name; whether it is anything."""
    asked = [each for each in elements(chosen) if _is_ours(each)]
    matches = [each for each in asked if _is_match(each)]
    if len(asked) < len(chosen) and not asked:
        return False
    if (path := chosen.get("matching")) is not None and len(data):
        return _follow(data, path, kept)
    if not _agrees(data, chosen) or not all(_holds(data, match) for match in matches):
        return False
    others = [each for each in asked if not _is_match(each)]
    if not others:
        whole = chosen.get("recurse") != "false"
        kept.update(data.iter("*") if whole else _hull(data, {"name"}))
        return True
    found = bool(matches)
    for other in others:
        below = [each for each in elements(data) if local_name(each) == local_name(other)]
        selected = [_select(each, other, kept) for each in _numbered(below, other)]
        found = found or any(selected)
    if found:
        kept.update(_hull(data, {local_name(each) for each in matches} | {"name"}))
    return found


def _follow(data: etree._Element, path: str, kept: set[etree._Element]) -> bool:
    """Note what `matching` selects below a level: levels, and objects whose name fits.

    Letter case does not count ("Request Subsets of Configuration Objects Using Regular
    Expressions").
    """
    step = _STEP.match(path.lstrip("/"))
    if step is None:
        raise ValueError(path)
    below = [each for each in elements(data) if local_name(each) == step["level"]]
    if step["name"] is not None:
        fits = re.compile(step["name"], re.IGNORECASE).search
        below = [each for each in below if fits(_name_of(each))]
    if step["rest"]:
        below = [each for each in below if _follow(each, step["rest"], kept)]
    else:
        kept.update(every for each in below for every in each.iter("*"))
    if below:
        kept.update(_hull(data, {"name"}))
    return bool(below)


def _name_of(data: etree._Element) -> str:
    return next((bare_text(each.text) for each in elements(data) if local_name(each) == "name"), "")


def _is_ours(element: etree._Element) -> bool:
    """Whether it asks for something of this configuration (RFC 6241 section 6.2.1)."""
    return _NAMESPACES.match(etree.QName(element).namespace or "") is not None


def _agrees(data: etree._Element, chosen: etree._Element) -> bool:
    """Whether the data has the attributes of the filter (section 6.2.2), and a name that matches."""
    expression = chosen.get("matching")
    if expression is not None and re.search(expression, bare_text(data.text)) is None:
        return False
    wanted = {name: value for name, value in chosen.attrib.items() if name not in _OWN}
    return all(data.get(name) == value for name, value in wanted.items() if "{" not in str(name))


def _numbered(found: list[etree._Element], chosen: etree._Element) -> Iterable[etree._Element]:
    """Those of several entries that `start` and `count` mean, the first one being 1."""
    first = int(chosen.get("start", "1"))
    count = int(chosen.get("count", len(found)))
    return found[max(first, 1) - 1 :][:count]


def _is_match(element: etree._Element) -> bool:
    """Whether a filter element asks for a value: text and nothing below (section 6.2.5)."""
    return not len(element) and bool(bare_text(element.text))


def _holds(data: etree._Element, match: etree._Element) -> bool:
    wanted = bare_text(match.text)
    return any(
        local_name(child) == local_name(match) and bare_text(child.text) == wanted
        for child in elements(data)
    )


def _hull(data: etree._Element, names: set[str]) -> Iterable[etree._Element]:
    """The element and those leaves of it that are named."""
    yield data
    for child in elements(data):
        if local_name(child) in names and not len(child):
            yield child


def _copy(data: etree._Element, kept: set[etree._Element]) -> etree._Element:
    """The element without what is not kept; what is kept has its annotation before it."""
    out = etree.Element(data.tag)
    for name, value in data.attrib.items():
        out.set(name, value)
    out.text = data.text
    for child in elements(data):
        if child in kept:
            before = child.getprevious()
            if before is not None and _is_annotation(before) and before not in kept:
                out.append(_copy(before, kept))
            out.append(_copy(child, kept))
    return out


def _is_annotation(element: etree._Element) -> bool:
    return str(element.tag).endswith("}comment")
