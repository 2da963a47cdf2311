"""The XML around what is said: requests taken apart, replies and errors put together.

Junos writes the NETCONF elements of its replies without a prefix, in the default
namespace, or with `nc:` where `system services netconf rfc-compliant` is configured
("Configure RFC-Compliant NETCONF Sessions"); the payload between them looks the same in
both.  So a reply is composed as text, with the session's `Style` naming its NETCONF tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0"


@dataclass(frozen=True, slots=True)
class Style:
    """How one session names things."""

    junos: str
    """The URI bound to `junos:`, which carries the release."""
    compliant: bool = False
    """Whether NETCONF elements carry the prefix `nc:`."""

    @property
    def declaration(self) -> str:
        """The namespace declaration of the outermost element."""
        return f'xmlns:nc="{NETCONF}"' if self.compliant else f'xmlns="{NETCONF}"'

    def tag(self, name: str) -> str:
        """The name of a NETCONF element."""
        return f"nc:{name}" if self.compliant else name

    def leaf(self, name: str, text: str) -> str:
        """A NETCONF element with text; several lines stand apart from its tags, as in Junos."""
        words = f"\n{text.strip(chr(10))}\n" if "\n" in text else text
        return f"<{self.tag(name)}>{escape(words)}</{self.tag(name)}>\n"

    @property
    def ok(self) -> str:
        """The element that says it was done."""
        return f"<{self.tag('ok')}/>\n"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One `rpc-error` (RFC 6241 section 4.3), with Junos's `source-daemon`."""

    message: str
    severity: str = "error"
    kind: str = "protocol"
    tag: str = "operation-failed"
    path: str | None = None
    bad_element: str | None = None
    daemon: str | None = None
    holder: int | None = None
    """The session that holds what was asked for, where the tag is `lock-denied`."""

    def render(self, style: Style) -> str:
        """The element; a warning carries neither type nor tag, as Junos sends it."""
        name = style.tag("rpc-error")
        inner = "".join(style.leaf(leaf, text) for leaf, text in self._leaves() if text is not None)
        info = self._info(style)
        return f"<{name}>\n{inner}{info}</{name}>\n"

    def _leaves(self) -> tuple[tuple[str, str | None], ...]:
        warning = self.severity == "warning"
        return (
            ("error-type", None if warning else self.kind),
            ("error-tag", None if warning else self.tag),
            ("error-severity", self.severity),
            ("source-daemon", self.daemon),
            ("error-path", self.path),
            ("error-message", self.message),
        )

    def _info(self, style: Style) -> str:
        inner = ""
        if self.bad_element is not None:
            inner += style.leaf("bad-element", self.bad_element)
        if self.holder is not None:
            inner += style.leaf("session-id", str(self.holder))
        name = style.tag("error-info")
        return f"<{name}>\n{inner}</{name}>\n" if inner else ""


class Refused(Exception):
    """An operation is answered with errors instead of its result."""

    def __init__(self, *complaints: Complaint) -> None:
        self.complaints = complaints
        super().__init__("; ".join(complaint.message for complaint in complaints))


class Malformed(Exception):
    """A message is no well-formed XML document, or no `rpc` and no `hello`."""

    def __init__(self, bad_element: str | None = None) -> None:
        self.bad_element = bad_element
        super().__init__("malformed message")


def parse(message: bytes) -> _Element:
    """Read one message; raises Malformed. Entities are never expanded, nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(message, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed from error
    if root.getroottree().docinfo.doctype:
        raise Malformed
    return root


def name_of(element: _Element) -> str:
    """The local name of an element, whatever its namespace."""
    return etree.QName(element).localname


def child(element: _Element, name: str) -> _Element | None:
    """The first child of that local name."""
    return next((node for node in element if name_of(node) == name), None)


def has(element: _Element, name: str) -> bool:
    """Whether there is a child of that local name."""
    return child(element, name) is not None


def text_of(element: _Element, name: str, default: str = "") -> str:
    """The text of a child, without blank edges."""
    node = child(element, name)
    return default if node is None else (node.text or "").strip()


def echo(rpc: _Element) -> str:
    """The attributes and prefixes of an `rpc`, as its reply repeats them (RFC 6241 section 4.1)."""
    prefixes = {uri: prefix for prefix, uri in rpc.nsmap.items() if prefix}
    words = [
        f"xmlns:{prefix}={quoteattr(uri)}" for uri, prefix in prefixes.items() if prefix != "junos"
    ]
    for name, value in rpc.attrib.items():
        qualified = etree.QName(name)
        prefix = prefixes.get(qualified.namespace or "", "")
        word = f"{prefix}:{qualified.localname}" if prefix else qualified.localname
        words.append(f"{word}={quoteattr(str(value))}")
    return "".join(f" {word}" for word in words)


def reply(style: Style, echoed: str, body: str) -> bytes:
    """The `rpc-reply` around a body."""
    if style.compliant:
        echoed = echoed.replace(f' xmlns:nc="{NETCONF}"', "", 1)
    name = style.tag("rpc-reply")
    head = f'<{name} {style.declaration} xmlns:junos="{style.junos}"{echoed}>'
    return f"{head}\n{body}</{name}>".encode()


def payload(style: Style, element: _Element) -> str:
    """An element as it stands in a reply, whose head has bound `junos:` already."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return text.replace(f' xmlns:junos="{style.junos}"', "") + "\n"
