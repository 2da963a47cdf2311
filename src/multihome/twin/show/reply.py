"""What an RPC is answered with: a payload, a text, or an error in Junos's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.show.as_xml import NETCONF

if TYPE_CHECKING:
    from lxml.etree import _Element

# lxml's stubs do not know that None is the prefix of the default namespace.
_PREFIXES: dict[str, str] = {None: NETCONF}  # type: ignore[dict-item]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes inside `rpc-reply`: elements, then text (JSON is there bare)."""

    elements: tuple[_Element, ...] = ()
    text: str = ""


class RpcError(Exception):
    """The RPC is refused; `element` is the `rpc-error` that says so (RFC 6241 section 4.3)."""

    def __init__(
        self,
        message: str,
        *,
        bad_element: str | None = None,
        tag: str = "operation-failed",
        kind: str = "protocol",
    ) -> None:
        self.message, self.bad_element, self.tag, self.kind = message, bad_element, tag, kind
        super().__init__(message)

    def element(self) -> _Element:
        """The `rpc-error` element, in the NETCONF namespace."""
        root = etree.Element(f"{{{NETCONF}}}rpc-error", nsmap=_PREFIXES)
        _leaf(root, "error-type", self.kind)
        _leaf(root, "error-tag", self.tag)
        _leaf(root, "error-severity", "error")
        _leaf(root, "error-message", self.message)
        if self.bad_element is not None:
            _leaf(_leaf(root, "error-info"), "bad-element", self.bad_element)
        return root


def _leaf(parent: _Element, name: str, text: str | None = None) -> _Element:
    leaf = etree.SubElement(parent, f"{{{NETCONF}}}{name}")
    leaf.text = text
    return leaf
