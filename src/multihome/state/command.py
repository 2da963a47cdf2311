"""A command of the Junos CLI, sent as the RPC `command`, if it does nothing but look.

Sources: Junos XML Management Protocol Developer Guide, "command"; Junos CLI User Guide, "Using
the Pipe ( | ) Symbol to Filter Junos Command Output".
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from lxml import etree

from multihome.errors import BadReply, UsageError
from multihome.state.query import Query
from multihome.state.request import TEXT, Request

if TYPE_CHECKING:
    from lxml.etree import _Element

RPC = "command"
LOOKS = (
    ("show",),
    ("ping",),
    ("traceroute",),
    ("file", "list"),
    ("file", "show"),
    ("test", "policy"),
)
"""How a command begins that changes nothing."""
PIPES = frozenset(
    {"compare", "count", "display", "except", "find", "last", "match", "no-more", "resolve", "trim"}
)
"""What may follow a bar. Others write files (`save`, `append`, `tee`), send messages (`request`),
or do not end (`refresh`, `hold`)."""
_BAR = re.compile(r'\|(?=(?:[^"]*"[^"]*")*[^"]*\Z)')
"""A bar outside of double quotes."""


class Form(StrEnum):
    """How the router writes its answer."""

    TEXT = "text"
    JSON = "json"
    XML = "xml"


def command(line: str, form: Form) -> Query[str]:
    """The query of one command line; its table is the answer as the router wrote it.

    Raises:
        UsageError: the command does more than look, does not end by itself, or is incomplete.
    """
    words = " ".join(line.split())
    if reason := _objection(words):
        raise UsageError(f"not sent: {words!r}: {reason}")
    if form is Form.JSON:  # by a pipe: the attribute makes PyEZ ask for facts of its own
        first, *pipes = _BAR.split(words)
        words = " | ".join((first.strip(), "display json", *(pipe.strip() for pipe in pipes)))
    style = (Form.XML if form is Form.XML else Form.TEXT).value
    return Query(Request(RPC, (("@format", style), (TEXT, words))), _read[form])


def _objection(line: str) -> str | None:
    """Why a command is not sent; None if it only looks."""
    if not line.isprintable() or line.count('"') % 2:
        return "a quote is not closed, or a character cannot be printed"
    first, *pipes = [part.split() for part in _BAR.split(line)]
    if not any(tuple(first[: len(start)]) == start for start in LOOKS):
        allowed = ", ".join(" ".join(start) for start in LOOKS)
        return f"only commands that look, in full words: {allowed}"
    if first[0] == "ping" and "count" not in first:
        return "it would never end; add `count N`"
    for pipe in pipes:
        if not pipe or pipe[0] not in PIPES:
            allowed = ", ".join(sorted(PIPES))
            return f"`| {' '.join(pipe[:1])}`: behind a bar only, in full words: {allowed}"
    return None


def _text(router: str, reply: _Element) -> str:
    """Text as it is; the first line feed belongs to the element around."""
    text = "".join(map(str, reply.itertext()))
    if any(len(each) for each in reply):
        raise BadReply(router, f"{RPC}: expected text, got elements")
    return text.removeprefix("\n")


def _json(_: str, reply: _Element) -> str:
    return "".join(map(str, reply.itertext())).removeprefix("\n")


def _xml(_: str, reply: _Element) -> str:
    return etree.tostring(reply, encoding="unicode", pretty_print=True)


_read = {Form.TEXT: _text, Form.JSON: _json, Form.XML: _xml}
