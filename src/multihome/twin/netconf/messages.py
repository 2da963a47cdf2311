"""The XML around what is said: requests taken apart, replies and errors put together.

Junos writes the NETCONF elements of its replies without a prefix, in the default
namespace, or with `nc:` where `system services netconf rfc-compliant` is configured
("Configure RFC-Compliant NETCONF Sessions"); the payload between them looks the same in
both.  So a reply is composed as text, with the session's `Style` naming its NETCONF tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from multihome.twin.netconf.layout import lines

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.twin.config.problem import Problem

NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0"


@dataclass(frozen=True, slots=True)
class Style:
    """How one session names things."""

    junos: str
    """The URI bound to `junos:`, which carries the release."""
    compliant: bool = False
    """Whether NETCONF elements carry the prefix `nc:`."""
    flat: bool = False
    """Whether a commit is answered with `ok` or errors alone (`flatten-commit-results`)."""

    @property
    def declaration(self) -> str:
        """The namespace declaration of the outermost element."""
        return f'xmlns:nc="{NETCONF}"' if self.compliant else f'xmlns="{NETCONF}"'

    @property
    def payload_namespace(self) -> str | None:
        """The namespace of elements between NETCONF's that have none of their own."""
        return None if self.compliant else NETCONF

    def tag(self, name: str) -> str:
        """The name of a NETCONF element."""
        return f"nc:{name}" if self.compliant else name

    def leaf(self, name: str, text: str, *, apart: bool = False) -> str:
        """A NETCONF element with text; several lines stand apart from its tags, as in Junos."""
        words = f"\n{text.strip(chr(10))}\n" if apart or "\n" in text else text
        return f"<{self.tag(name)}>{escape(words)}</{self.tag(name)}>\n"

    def element(self, name: str, inner: str) -> str:
        """A NETCONF element around others."""
        return f"<{self.tag(name)}>\n{inner}</{self.tag(name)}>\n"

    @property
    def ok(self) -> str:
        """The element that says it was done."""
        return f"<{self.tag('ok')}/>\n"


def rpc_error(style: Style, problem: Problem) -> str:
    """One `rpc-error` (RFC 6241 section 4.3); a warning has neither type nor tag, as in Junos.

    Messages that blame no word are what the command line prints, with its line ends.
    """
    warning = problem.severity == "warning"
    leaves = (
        ("error-type", "" if warning else problem.type),
        ("error-tag", "" if warning else problem.tag),
        ("error-severity", problem.severity),
        ("source-daemon", "" if style.compliant else problem.daemon),
        ("error-path", problem.edit_path),
    )
    inner = "".join(style.leaf(name, text) for name, text in leaves if text)
    printed = not problem.element and problem.message != "syntax error"
    inner += style.leaf("error-message", problem.message, apart=printed)
    holder = "" if problem.session is None else str(problem.session)
    # From 21.2R1 on, compliant replies have the daemon inside of error-info.
    daemon = problem.daemon if style.compliant else ""
    details = (("bad-element", problem.element), ("session-id", holder), ("source-daemon", daemon))
    info = "".join(style.leaf(name, text) for name, text in details if text)
    return style.element("rpc-error", inner + (style.element("error-info", info) if info else ""))


class Refused(Exception):
    """An operation is answered with errors instead of its result."""

    def render(self, style: Style) -> str:
        """The body of the reply."""
        said = "".join(rpc_error(style, problem) for problem in self.problems)
        if not self.within:
            return said
        return f"<{self.within}>\n{self.before}{said}</{self.within}>\n"

    def __init__(self, *problems: Problem, within: str = "", before: str = "") -> None:
        self.problems = problems
        self.within = within
        """The element that they stand in, such as `commit-results`."""
        self.before = before
        """The content of that element before them."""
        super().__init__("; ".join(problem.message for problem in problems))


class Malformed(Exception):
    """A message is no well-formed XML document, or declares a document type."""

    def __init__(self, echoed: str) -> None:
        self.echoed = echoed
        """What the reply repeats of the request, as far as it could be read."""
        super().__init__("not well-formed")


def parse(message: bytes) -> _Element:
    """Read one message; raises Malformed. Entities are never expanded, nothing is fetched."""
    try:
        root = etree.fromstring(message, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(_begun(message)) from error
    document: Any = root.getroottree().docinfo  # the stubs do not know all of it
    if document.doctype:
        raise Malformed(echo(root))
    return root


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _begun(message: bytes) -> str:
    """The attributes of an `rpc` whose begin can be read; its sender waits for its message-id."""
    try:
        root: _Element | None = etree.fromstring(message, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    return "" if root is None or name_of(root) != "rpc" else echo(root)


def name_of(element: _Element) -> str:
    """The local name of an element, whatever its namespace."""
    return etree.QName(element).localname


def namespace_of(element: _Element) -> str:
    """The namespace of an element, empty if it has none."""
    return etree.QName(element).namespace or ""


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
    """An element as a reply holds it, whose head has bound `junos:` and the default already."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    for bound in (f' xmlns:junos="{style.junos}"', f' xmlns="{NETCONF}"'):
        text = text.replace(bound, "")
    return lines(text) + "\n"
