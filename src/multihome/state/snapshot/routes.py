"""Routes as rows, read one destination at a time: a full table is never in memory.

A million destinations pass here, so an entry is read in one pass over its leaves, as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from lxml import etree

from multihome.errors import BadReply, RpcFailed
from multihome.state.path import clean_as_path
from multihome.state.reply import Reply, has_document_type, local
from multihome.state.snapshot.row import Kind, Row, prefix_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_RPC = "get-route-information"
_PRIVATE = "__juniper_private"
"""Tables of the router's own innards."""
_TAGS = ("{*}route-information", "{*}table-name", "{*}rt", "{*}rpc-error")
_IN_USE = frozenset({"*", "+", "@"})
_KNOWN_TAGS = _IN_USE | {"", "-", "#"}

LONGEST_ENTRY = 16 << 20
"""Bytes of one destination with all its paths: a thousand paths have a million."""
_PROLOG = 64 << 10
"""Bytes in which a document must have come to its first element, or has no DTD for us to see."""

Leaves = dict[str, str]


def stream_routes(router: str, source: BinaryIO) -> Iterator[Row]:
    """The rows of a reply as it comes from a session or a file, in memory one destination.

    The reply is read to its end, unless it is no XML.

    Raises:
        RpcFailed: the router refused, in its own words.
        BadReply: it is no route-information, or cut short.
    """
    reading = _Reading(router)
    try:
        guarded = _Guarded(router, source)
        for _, element in etree.iterparse(guarded, events=("end",), tag=_TAGS, huge_tree=True):
            guarded.progress()
            if local(element) == "rt":
                if not reading.table.startswith(_PRIVATE):
                    yield _row(router, reading.table, element)
                _forget(element)
            else:
                reading.note(element)
    except etree.XMLSyntaxError as error:
        raise BadReply(router, f"{_RPC}: not XML: {error}") from error
    reading.end()


class _Guarded:
    """The reply as a file for the parser, which must not grow on what has no end."""

    def __init__(self, router: str, source: BinaryIO) -> None:
        self._router, self._source = router, source
        self._head: bytes | None = b""
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """Pass on; raises BadReply for a DTD, and for an entry that goes on and on."""
        piece = self._source.read(size)
        self._since += len(piece)
        if self._since > LONGEST_ENTRY:
            text = f"more than {LONGEST_ENTRY >> 20}M without a route: refused"
            raise BadReply(self._router, f"{_RPC}: {text}")
        if self._head is not None:
            self._head += piece
            if has_document_type(self._head):
                text = "a DTD, which NETCONF forbids (RFC 6241 section 3): refused"
                raise BadReply(self._router, f"{_RPC}: {text}")
            if self._since > _PROLOG:
                self._head = None
        return piece

    def progress(self) -> None:
        """An entry was read."""
        self._since = 0
        self._head = None


class _Reading:
    """What a reply said so far, besides its routes."""

    def __init__(self, router: str) -> None:
        self._router = router
        self.table = ""
        self._answered = False
        self._refused = ""

    def note(self, element: _Element) -> None:
        """Take in an element that is no route."""
        match local(element):
            case "table-name":
                self.table = (element.text or "").strip()
            case "route-information":
                self._answered = True
            case _:
                self._refused = self._refused or _refusal(element)

    def end(self) -> None:
        """Raise what is to be raised of a reply that is over."""
        if self._refused:
            raise RpcFailed(self._router, f"{_RPC}: {self._refused}")
        if not self._answered:
            raise BadReply(self._router, f"{_RPC}: expected <route-information>")


def _refusal(element: _Element) -> str:
    """The router's words; a warning is no refusal."""
    said = {local(child): " ".join((child.text or "").split()) for child in element}
    if said.get("error-severity") == "warning":
        return ""
    return said.get("error-message") or said.get("error-tag") or "refused"


def _forget(element: _Element) -> None:
    """Free what has been read: the element and everything before it."""
    element.clear()
    above = element.getparent()
    while above is not None and element.getprevious() is not None:
        del above[0]


def _row(router: str, table: str, element: _Element) -> Row:
    destination = length = ""
    paths: list[tuple[Leaves, list[Leaves]]] = []
    for child in element:
        name = local(child)
        if name == "rt-entry":
            paths.append(_entry(child))
        elif name == "rt-destination":
            destination = (child.text or "").strip()
        elif name == "rt-prefix-length":
            length = (child.text or "").strip()
    if not destination or not paths:
        raise Reply(router, _RPC, element).bad("missing", "rt-destination or rt-entry")
    if any(leaves.get("active-tag", "") not in _KNOWN_TAGS for leaves, _ in paths):
        raise Reply(router, _RPC, element).bad("unknown value", "rt-entry/active-tag")
    if length and "/" not in destination:
        destination = f"{destination}/{length}"
    return Row(
        Kind.ROUTE,
        f"{table}\x00{prefix_order(destination)}",
        f"{table} {destination}",
        _values(paths),
    )


def _entry(element: _Element) -> tuple[Leaves, list[Leaves]]:
    """The leaves of one `rt-entry`, and those of each of its next hops."""
    leaves: Leaves = {}
    hops: list[Leaves] = []
    for child in element:
        name = local(child)
        if name == "nh":
            hops.append({local(leaf): (leaf.text or "").strip() for leaf in child})
        elif name == "communities":
            leaves[name] = " ".join(sorted((leaf.text or "").strip() for leaf in child))
        else:
            leaves[name] = (child.text or "").strip()
    return leaves, hops


def _values(paths: list[tuple[Leaves, list[Leaves]]]) -> tuple[str, ...]:
    """The active path in the order of the columns, then the others in brief."""
    active = next((path for path in paths if path[0].get("active-tag") in _IN_USE), None)
    others = sorted(_brief(*path) for path in paths if path is not active)
    said = ("",) * 10 if active is None else _said(*active)
    return (*said, "; ".join(others))


def _said(leaves: Leaves, hops: list[Leaves]) -> tuple[str, ...]:
    used = [hop for hop in hops if "selected-next-hop" in hop] or hops
    return (
        leaves.get("protocol-name", ""),
        leaves.get("preference", ""),
        _joined(used, "to"),
        _joined(used, "via") or _joined(used, "nh-local-interface"),
        leaves.get("learned-from") or leaves.get("gateway", ""),
        leaves.get("med") or leaves.get("metric", ""),
        leaves.get("local-preference", ""),
        clean_as_path(leaves.get("as-path", "")),
        _joined(used, "mpls-label"),
        leaves.get("communities", ""),
    )


def _joined(hops: list[Leaves], name: str) -> str:
    if len(hops) == 1:
        return hops[0].get(name, "")
    return ", ".join(sorted({hop[name] for hop in hops if hop.get(name)}))


def _brief(leaves: Leaves, hops: list[Leaves]) -> str:
    source = leaves.get("learned-from") or leaves.get("gateway")
    if not source and hops:
        source = hops[0].get("to") or hops[0].get("via")
    parts = [leaves.get("protocol-name", "?")]
    parts += [f"from {source}"] if source else []
    for name, word in (("local-preference", "local-preference"), ("med", "med"), ("metric", "med")):
        if leaves.get(name):
            parts.append(f"{word} {leaves[name]}")
    return " ".join(parts)
