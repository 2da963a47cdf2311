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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.twin.show.device import Device


def answer(
    device: Device, rpc: _Element, *, user: str = "root", namespace: str | None = NETCONF
) -> Reply:
    """Answer an operational RPC; its attribute `format` chooses `xml`, `json` or `text`.

    `namespace` is that of answers which have none of their own, such as
    `software-information`: the base namespace, or None in an `rfc-compliant` session.

    Raises:
        RpcError: the RPC is unknown, its arguments are wrong, or it was refused.
    """
    form = (rpc.get("format") or "xml").lower()
    operation = registry.operation(etree.QName(rpc).localname)
    element = operation.render(operation.query(device, rpc, user))
    if element.tag == TEXT:
        return Reply(text=f"\n{element.text}\n")
    if form == "json":
        return Reply(text=f"\n{to_json(element, device.version)}\n")
    if form in ("text", "ascii"):
        element = Element("output", f"\n{text_of(element)}\n")
    elif element.source is not None:
        return Reply((element.source,))
    return Reply((to_xml(element, device.version, namespace),))


def text_of(element: Element) -> str:
    """The CLI text of an answer, without a line feed behind its last line."""
    printer = registry.printer(element.tag)
    return "\n".join(printer(element) if printer else _outline(element))


def _outline(element: Element, depth: int = 0) -> Iterator[str]:
    """The text of an answer that nobody has a layout for: its names and values."""
    for child in element.children:
        if child.tag != COMMENT:
            yield f"{'':{depth * 2}}{child.tag}: {child.text.strip()}".rstrip()
            yield from _outline(child, depth + 1)
