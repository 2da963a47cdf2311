"""A reply as Junos's JSON: every element is a list of objects, whatever its number.

    "age" : [{"data" : "00:00:22", "attributes" : {"junos:seconds" : "22"}}]

An empty element is `{"data" : [null]}`; children of one name share one list.  Source:
Junos OS documentation, "Mapping Junos OS command output to JSON".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from multihome.twin.show.as_xml import module_namespace
from multihome.twin.show.element import COMMENT, Element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


Value = dict[str, object]


def to_json(elements: Iterable[Element], version: str) -> str:
    """The reply as Junos lays it out: four blanks a level, a blank before each colon."""
    return json.dumps(to_data(elements, version), indent=4, separators=(",", " : "))


def to_data(elements: Iterable[Element], version: str) -> Value:
    """The reply as plain lists, dictionaries and strings."""
    lists: dict[str, list[Value]] = {}
    for element in elements:
        value = _object(element, _attributes(element, version))
        lists.setdefault(element.tag, []).append(value)
    return dict(lists)


def _object(element: Element, attributes: Mapping[str, str]) -> Value:
    if not element.children:
        leaf: Value = {"data": element.text.strip("\n") or [None]}
        return {**leaf, "attributes": dict(attributes)} if attributes else leaf
    value: Value = {"attributes": dict(attributes)} if attributes else {}
    lists: dict[str, list[Value]] = {}
    comment: Value = {}
    for child in element.children:
        if child.tag == COMMENT:  # Junos puts it inside what follows
            comment = {"comment": child.text}
            continue
        if child.tag not in lists:
            value[child.tag] = lists[child.tag] = []
        lists[child.tag].append({**comment, **_object(child, child.attributes)})
        comment = {}
    return {**value, **comment}


def _attributes(element: Element, version: str) -> dict[str, str]:
    if not element.module:
        return dict(element.attributes)
    return {"xmlns": module_namespace(element.module, version), **element.attributes}
