"""Junos's JSON turned into the elements it represents, to be read like XML.

Both forms are understood: the compact one (`"mtu": 1500`, `"passive": [null]`, `"@": {...}`)
and the verbose one before 16.1 (`"mtu": [{"data": "1500", "attributes": {...}}]`).
"""

from __future__ import annotations

import json

from lxml import etree

from multihome.twin.config.formats.xml_words import element_of
from multihome.twin.config.words import speakable

JUNOS = "http://xml.juniper.net/junos/*/junos"


class BadJson(ValueError):
    """The text is no JSON, or not of Junos's shape; the message says where."""


def json_elements(text: str) -> etree._Element:
    """The `configuration` element that a JSON text means; raises BadJson."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as why:
        raise BadJson(f"line {why.lineno}: {why.msg}") from why
    if isinstance(data, dict) and "configuration" in data:
        data = data["configuration"]
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict):
        raise BadJson("no configuration object")
    root = etree.Element("configuration")
    try:
        _fill(root, data)
    except ValueError as why:  # of lxml: no attribute can be called that
        raise BadJson(str(why)) from why
    return root


def _fill(element: etree._Element, data: dict[str, object]) -> None:
    _mark(element, data.get("@"))
    _mark(element, data.get("attributes"))
    for name, value in data.items():
        if name == "data" and not _holds_entries(value):
            element.text = None if value in (None, [None]) else _word(value)
        elif name != "attributes" and not name.startswith("@"):
            _add(element, name, value, data.get(f"@{name}"))
        elif name[1:] and name[0] == "@" and name[1:] not in data:
            _add(element, name[1:], None, value)  # marks alone: it is to be deleted, perhaps


def _holds_entries(value: object) -> bool:
    """Whether `data` is the entries of an apply-macro and not the verbose form's text."""
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _add(parent: etree._Element, name: str, value: object, marks: object) -> None:
    for at, item in enumerate(value if isinstance(value, list) else [value]):
        mark = marks[at] if isinstance(marks, list) and at < len(marks) else marks
        comment = mark.get("comment") if isinstance(mark, dict) else None
        if comment is None and isinstance(item, dict) and isinstance(item.get("@"), dict):
            comment = item["@"].get("comment")
        if comment is not None:
            etree.SubElement(parent, f"{{{JUNOS}}}comment").text = _word(comment)
        element = element_of(parent, name)
        _mark(element, mark)
        if isinstance(item, dict):
            _fill(element, item)
        elif item is not None:
            element.text = _word(item)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return speakable(str(value))


def _mark(element: etree._Element, marks: object) -> None:
    if not isinstance(marks, dict):
        return
    for name, value in marks.items():
        bare = name.rpartition(":")[2]
        if bare == "comment" or value is False or bare.startswith("xmlns"):
            continue
        element.set(bare, bare if value is True else str(value))
