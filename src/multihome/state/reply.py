"""Read a reply strictly: what an RPC promises is there and has the form it must have.

Namespaces are ignored (their URIs carry the release and are never worth comparing), text is
stripped (some daemons wrap it in newlines), comments are skipped.  Whatever does not fit
raises BadReply with router, RPC and the path of the element, so that an unexpected answer is
UNKNOWN by name and never an empty table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from multihome.errors import BadReply

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from lxml.etree import _Element

Address: TypeAlias = IPv4Address | IPv6Address
Prefix: TypeAlias = IPv4Network | IPv6Network
Form: TypeAlias = tuple[str, ...]
"""The element that answers, that of one row, and those which may stand beside the rows."""
T = TypeVar("T")

_NOT_RUNNING = re.compile(r"not running|not configured|not needed by configuration", re.IGNORECASE)
_ENGINE = "multi-routing-engine-item"
WRAPPERS = frozenset({"rpc-reply", "multi-routing-engine-results", _ENGINE, "data"})
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
"""Declaration, comments and instructions before a document type or the first element."""
_ERRORS = frozenset({"rpc-error", "error"})


def has_document_type(text: bytes) -> bool:
    """Whether a document, or its beginning, has a DTD before its first element."""
    start = _PROLOG.match(text)
    return text[start.end() if start else 0 :].startswith(b"<!DOCTYPE")


def local(element: _Element) -> str:
    """The element's name without namespace; empty for comments and processing instructions."""
    tag = str(element.tag)
    return "" if tag.startswith("<") else tag.rpartition("}")[2]


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """The rows of one table, and whether what keeps the table runs at all."""

    rows: tuple[T, ...] = ()
    not_running: str | None = None
    """The router's words if there is no table because nothing keeps one; None if it runs."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Reply:
    """One element of a reply, and how to read what is below it."""

    __slots__ = ("_below", "element", "router", "rpc")

    def __init__(self, router: str, rpc: str, element: _Element) -> None:
        self.router, self.rpc, self.element = router, rpc, element
        below: dict[str, list[_Element]] = {}
        for child in element:
            if name := local(child):
                below.setdefault(name, []).append(child)
        self._below = below

    @property
    def name(self) -> str:
        """The element's own name."""
        return local(self.element)

    @property
    def engine(self) -> str | None:
        """The routing engine or cluster node that answers; None where only one does."""
        at = self.element.getparent()
        while at is not None and local(at) != _ENGINE:
            at = at.getparent()
        names = [each.text for each in at if local(each) == "re-name"] if at is not None else []
        return (names[0] or "").strip() or None if names else None

    @property
    def path(self) -> str:
        """The element's position: `/route-information/route-table[2]/rt[3]`."""
        steps: list[str] = []
        at: _Element | None = self.element
        while at is not None:
            name, above = local(at), at.getparent()
            twins = [] if above is None else [child for child in above if local(child) == name]
            steps.append(f"{name}[{twins.index(at) + 1}]" if len(twins) > 1 else name)
            at = above
        return "/" + "/".join(reversed(steps))

    def bad(self, what: str, below: str = "") -> BadReply:
        """The error to raise for this element or one below it."""
        where = f"{self.path}/{below}" if below else self.path
        return BadReply(self.router, f"{self.rpc}: {where}: {what}")

    def has(self, name: str) -> bool:
        """Whether there is such an element, empty or not."""
        return name in self._below

    def each(self, name: str) -> Iterator[Reply]:
        """Every element of that name, in order."""
        for element in self._below.get(name, ()):
            yield Reply(self.router, self.rpc, element)

    def first(self, name: str) -> Reply | None:
        """The first element of that name."""
        return next(self.each(name), None)

    def one(self, name: str) -> Reply:
        """The first element of that name, which must be there."""
        found = self.first(name)
        if found is None:
            raise self.bad("missing", name)
        return found

    def find(self, name: str) -> str | None:
        """The text of an element; None if it is not there or says nothing."""
        found = self._below.get(name)
        return (found[0].text or "").strip() or None if found else None

    def text(self, name: str) -> str:
        """The text of an element, which must be there and say something."""
        text = self.find(name)
        if text is None:
            raise self.bad("empty" if self.has(name) else "missing", name)
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of all elements of that name that say something."""
        stripped = ((element.text or "").strip() for element in self._below.get(name, ()))
        return tuple(text for text in stripped if text)

    def word(self, name: str, known: Collection[str]) -> str:
        """The text of a mandatory element whose values are known."""
        text = self.text(name)
        if text not in known:
            raise self.bad(f"unknown value {text!r}; known: {', '.join(sorted(known))}", name)
        return text

    def maybe(self, name: str, read: Callable[[str], T]) -> T | None:
        """What an optional element says, read by a function that raises ValueError."""
        text = self.find(name)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError as error:
            raise self.bad(str(error), name) from error

    def must(self, name: str, read: Callable[[str], T]) -> T:
        """What a mandatory element says, read by a function that raises ValueError."""
        text = self.text(name)
        try:
            return read(text)
        except ValueError as error:
            raise self.bad(str(error), name) from error

    def number(self, name: str) -> int | None:
        """An optional whole number."""
        return self.maybe(name, int)

    def count(self, name: str) -> int:
        """A mandatory whole number."""
        return self.must(name, int)

    def address(self, name: str) -> Address | None:
        """An optional address."""
        return self.maybe(name, ip_address)

    def attribute(self, child: str, name: str) -> str | None:
        """An attribute of the first element of that name, whatever its namespace."""
        for element in self._below.get(child, ())[:1]:
            for key, value in element.attrib.items():
                if str(key).rpartition("}")[2] == name:
                    return str(value)
        return None

    def seconds(self, name: str) -> int | None:
        """The `seconds` of an age or a time; None if it is not there."""
        text = self.attribute(name, "seconds")
        return int(text) if text and text.lstrip("-").isdigit() else None


def payload(router: str, rpc: str, element: _Element, *tags: str) -> Reply | str:
    """The one element an RPC answers with, or the router's words for why there is none.

    Of several routing engines the first that has something to say; where each of them says a
    part, `payloads` or `rows` reads them all. Raises BadReply as `payloads` does.
    """
    answers = payloads(router, rpc, element, *tags)
    if isinstance(answers, str):
        return answers
    return next((each for each in answers if len(each.element)), answers[0])


def payloads(router: str, rpc: str, element: _Element, *tags: str) -> tuple[Reply, ...] | str:
    """Every element that answers, one for each routing engine, or why there is none.

    The words are those of a protocol that does not run (a plain `<output>`, a warning of mgd
    or an empty element); raises BadReply for every other answer, also if one routing engine
    answers and another one refuses.
    """
    answers = list(_answers(element))
    wanted = tuple(Reply(router, rpc, each) for each in answers if local(each) in tags)
    rest = [(each, text) for each in answers if local(each) not in tags and (text := _said(each))]
    errors = [text for each, text in rest if local(each) in _ERRORS]
    idle = [text for _, text in rest if _NOT_RUNNING.search(text)]
    refused = [text for each, text in rest if local(each) in _ERRORS and not _is_warning(each)]
    if wanted and not set(refused) - set(
        idle
    ):  # of several routing engines, some may have nothing to say
        return wanted
    if idle and not wanted:
        return idle[0]
    here = Reply(router, rpc, element)
    if errors:
        raise here.bad(f"the router refused: {'; '.join(errors)}")
    raise here.bad(f"expected <{tags[0]}>, got {_described(rest)}")


def rows(
    router: str, rpc: str, element: _Element, tags: Form, read: Callable[[Reply], Iterator[T]]
) -> Rows[T]:
    """The rows below one answer; an empty element is how some daemons say they do not run.

    Raises:
        BadReply: no such answer, or it holds no row while it holds something else than rows.
    """
    tag, row, *aside = tags
    answers = payloads(router, rpc, element, tag)
    if isinstance(answers, str):
        return Rows((), answers)
    saying = [each for each in answers if any(local(child) for child in each.element)]
    if not saying:
        return Rows((), f"an empty <{tag}>")
    found = merged(tuple(read(each)) for each in saying)
    if not found:
        for each in saying:
            refuse_strangers(each, row, *aside)
    return Rows(found)


def merged(tables: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """The rows of several routing engines, those that are alike once; one engine's as they are."""
    first, *others = tables
    if not others:
        return first
    return tuple({repr(row): row for rows in (first, *others) for row in rows}.values())


def refuse_strangers(answer: Reply, *known: str) -> None:
    """A table without rows must not hold records of another name: they may be the rows."""
    strangers = {local(each) for each in answer.element if len(each)} - {"", *known}
    if strangers:
        raise answer.bad(f"no <{known[0]}>, but <{'>, <'.join(sorted(strangers))}>")


def _is_warning(error: _Element) -> bool:
    return any(local(e) == "error-severity" and e.text == "warning" for e in error)


def _said(element: _Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _answers(element: _Element) -> Iterator[_Element]:
    """The answers inside replies and routing engines; the banner of the CLI is none."""
    if local(element) not in WRAPPERS:
        yield element
        return
    for child in element:
        if local(child) not in ("", "cli", "re-name"):
            yield from _answers(child)


def _described(answers: list[tuple[_Element, str]]) -> str:
    if not answers:
        return "an empty reply"
    return ", ".join(f"<{local(answer)}> {text[:80]!r}" for answer, text in answers)


def as_number(text: str) -> int:
    """Read an AS number, plain or as `asdot-notation` prints it: `1.10` is 65546 (RFC 5396)."""
    high, dot, low = text.partition(".")
    return int(high) * 65536 + int(low) if dot else int(text)


def prefix(text: str) -> Prefix:
    """Read a prefix as routers print it; `10/8` means `10.0.0.0/8`."""
    address, slash, length = text.partition("/")
    if slash and ":" not in address:
        address = ".".join([*address.split("."), "0", "0", "0"][:4])
    return ip_network(f"{address}{slash}{length}")
