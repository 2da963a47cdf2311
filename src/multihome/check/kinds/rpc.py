"""Anything a router answers: an RPC and an XPath into its reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.errors import BadReply
from multihome.intent.expectation import RpcXPath
from multihome.intent.matcher import accepts
from multihome.state.query import Query
from multihome.state.raw import read_raw
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.check.result import Finding
    from multihome.state.query import Evidence


_COMMANDS = {
    "get-alarm-information": "show chassis alarms",
    "get-bgp-summary-information": "show bgp summary",
    "get-chassis-inventory": "show chassis hardware",
    "get-commit-information": "show system commit",
    "get-configuration": "show configuration",
    "get-hakr-keychain-information": "show security keychain",
    "get-instance-information": "show route instance detail",
    "get-interface-information": "show interfaces",
    "get-route-summary-information": "show route summary",
    "get-software-information": "show version",
    "get-system-alarm-information": "show system alarms",
    "get-system-uptime-information": "show system uptime",
}
"""What a person types for the RPCs that are asked for most; of others, the RPC itself is shown."""


def _query(expected: RpcXPath) -> Query[_Element]:
    arguments = tuple(
        (name, None if value is True else value) for name, value in expected.arguments.items()
    )
    return Query(Request(expected.rpc, arguments), read_raw)


@check(RpcXPath, needs=lambda expected: [_query(expected)])
def rpc(expected: RpcXPath, evidence: Evidence) -> Iterator[Finding]:
    """What an XPath finds in the reply to an RPC is what it must be.

    For what has no check of its own. Names in the XPath have no namespaces. `value` holds for
    every match, and without a `count` there must be at least one.
    """
    judge = Judge(expected, next=_COMMANDS.get(expected.rpc, f"<{expected.rpc}/>"))
    reply = evidence.table(expected.router, _query(expected))
    try:
        found = _texts(reply.xpath(expected.xpath))
    except etree.XPathError as error:
        raise BadReply(expected.router, f"{expected.rpc}: {expected.xpath}: {error}") from error
    if expected.count is not None:
        yield judge.compare("matches", expected.count, len(found))
    else:
        yield judge.finding("matches", "at least 1", len(found), holds=bool(found))
    if expected.value is not None:
        for text in found:
            yield judge.finding("value", expected.value, text, holds=_agrees(expected.value, text))


def _texts(result: object) -> list[str]:
    """An XPath yields nodes, texts, a number or a truth value."""
    if isinstance(result, bool):
        return ["true" if result else "false"]
    if isinstance(result, float):
        return [f"{result:g}"]
    if not isinstance(result, list):
        return [str(result).strip()]
    return [_text(each) for each in result]


def _text(node: object) -> str:
    if isinstance(node, etree._Element):
        return "".join(map(str, node.itertext())).strip()
    return str(node).strip()


def _agrees(value: object, text: str) -> bool:
    """Text agrees as it is, or as the number that it is."""
    if accepts(value, text):
        return True
    try:
        return accepts(value, float(text))
    except ValueError:
        return False
