"""One operational RPC in, its answer out, in the form the client asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.show import (
    registry,
    renderers,  # noqa: F401 - importing them registers them
)
from multihome.twin.show.as_json import to_json
from multihome.twin.show.as_xml import NETCONF, to_xml
from multihome.twin.show.element import COMMENT, TEXT, Element
from multihome.twin.show.reply import Reply
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.twin.show.device import Device
    from multihome.twin.show.registry import Query


def answer(
    device: Device, rpc: _Element, *, user: str = "root", namespace: str | None = NETCONF
) -> Reply:
    """Answer an operational RPC; its attribute `format` chooses `xml`, `json` or `text`.

    `namespace` is that of answers which have none of their own, such as
    `software-information`: the base namespace, or None in an `rfc-compliant` session.

    Raises:
        RpcError: the RPC is unknown, its arguments are wrong, or it was refused.
    """
    operation = registry.operation(etree.QName(rpc).localname)
    query = operation.query(device, rpc, user)
    elements = [operation.render(one) for one in query.each()]
    if query.of_all:
        said = (output(each.text) if each.tag == TEXT else each for each in elements)
        elements = [part for pair in zip(_headings(query), said, strict=True) for part in pair]
    return _laid_out(elements, query, namespace)


def _headings(query: Query) -> Iterator[Element]:
    """The heading of each logical system's answer."""
    for one in query.each():
        yield output(f"logical-system: {one.get('logical-system')}")


def _laid_out(elements: list[Element], query: Query, namespace: str | None) -> Reply:
    """The answers in the form that was asked for."""
    version, first = query.device.version, elements[0]
    if first.tag == TEXT:
        return Reply(text=f"\n{first.text}\n")
    if query.form == "json":
        return Reply(text=f"\n{to_json(elements, version)}\n")
    if query.form in ("text", "ascii"):
        text = "\n".join(text_of(element) for element in elements)
        return Reply((to_xml(Element("output", f"\n{text}\n"), version, namespace),))
    if first.source is not None:
        return Reply((first.source,))
    return Reply(tuple(to_xml(element, version, namespace) for element in elements))


def text_of(element: Element) -> str:
    """The CLI text of an answer, without a line feed behind its last line."""
    printer = registry.printer(element.tag)
    return "\n".join(printer(element) if printer else _outline(element))


def _outline(element: Element, depth: int = 0) -> Iterator[str]:
    """The text of an answer without a layout of its own: its names and values."""
    for child in element.children:
        if child.tag != COMMENT:
            yield f"{'':{depth * 2}}{child.tag}: {child.text.strip()}".rstrip()
            yield from _outline(child, depth + 1)
