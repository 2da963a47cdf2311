"""Commands as words: the RPC `command`, and lines typed at a router's prompt."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lxml import etree

from multihome.twin.config.problem import Problem
from multihome.twin.netconf.browse import Look, path_of
from multihome.twin.netconf.layout import as_sent
from multihome.twin.netconf.messages import Refused, Style, payload
from multihome.twin.netconf.pipes import Command, split
from multihome.twin.netconf.printing import XNM, compared
from multihome.twin.netconf.systems import SYSTEM
from multihome.twin.show.answer import answer
from multihome.twin.show.commands import rpc_of, takes
from multihome.twin.show.reply import Reply, RpcError

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Exchange, Host

FORMS = frozenset({"xml", "json", "set"})
"""What `| display` may turn an answer into."""


def command(exchange: Exchange, rpc: _Element) -> str:
    """The RPC `command`: an answer as elements, or as text in `output`.

    Its attribute `format` chooses `text`, `ascii`, `xml` or `json`; pipes in the command
    decide before it.
    """
    line = split(rpc.text or "")
    style = exchange.style
    if "rpc" in line.display:
        return f"<rpc>\n{payload(style, _request(line, exchange.system))}</rpc>\n"
    form = _form(line, rpc.get("format", "xml").lower())
    look = _look(exchange.host, line, exchange.system)
    if look is not None and not (form == "xml" and line.filters):
        return look.body(style) if form == "xml" else _looked(look, form, style)
    if form in {"text", "ascii", "set"} or line.filters:
        # Lines are what filters work on, so behind one there are no elements any more.
        return f"<output>\n{escape(_printed(exchange.host, exchange.user, line, exchange.system))}</output>\n"
    reply = _ask(exchange.host, exchange.user, line, form, style, exchange.system)
    return as_sent(reply_body(style, reply))


def _looked(look: Look, form: str, style: Style) -> str:
    """A part of the configuration in another format than XML, as `show configuration` sends it."""
    text = look.line.keep(look.text(form, style))
    if form == "json":
        return f"\n{escape(text)}"
    if form == "set" and "set" not in look.line.display:
        return f'<configuration-set xmlns="{XNM}">\n{escape(text)}</configuration-set>\n'
    return compared(text)


def run_line(host: Host, user: str, text: str, system: str = "") -> str:
    """What a command prints that came without a prompt; errors are part of it."""
    try:
        return printed(host, user, text, system)
    except Refused as refused:
        return "".join(complaint(problem) for problem in refused.problems)


def printed(host: Host, user: str, text: str, system: str = "") -> str:
    """What a command prints; `system` is the logical system of the prompt.

    Raises:
        Refused: it is none, or nothing answers it.
    """
    return _printed(host, user, split(text), system)


def _printed(host: Host, user: str, line: Command, system: str = "") -> str:
    style = host.style
    if not line.words:
        return ""
    if "rpc" in line.display:
        return _shown(style, f"<rpc>\n{payload(style, _request(line, system))}</rpc>\n")
    form = _form(line, "text")
    look = _look(host, line, system)
    if look is not None:
        text = _shown(style, look.body(style)) if form == "xml" else look.text(form, style)
        return line.keep(text)
    reply = _ask(host, user, line, form, style, system)
    text = _shown(style, reply_body(style, reply)) if form == "xml" else reply_text(reply)
    return line.keep(text)


def _look(host: Host, line: Command, system: str = "") -> Look | None:
    """`show configuration`, which asks no daemon."""
    path = path_of(line)
    return None if path is None else Look(host.database, path, line, system)


def reply_body(style: Style, reply: Reply) -> str:
    """What `show` answered as an `rpc-reply` holds it."""
    return "".join(payload(style, element) for element in reply.elements) + escape(reply.text)


def reply_text(reply: Reply) -> str:
    """What `show` answered as text: that of its one element, or the text beside them."""
    text = "".join("".join(map(str, element.itertext())) for element in reply.elements)
    # The first line feed belongs to the element around; a table begins with a blank line.
    return (text or reply.text).removeprefix("\n")


def _ask(host: Host, user: str, line: Command, form: str, style: Style, system: str = "") -> Reply:
    request = _request(line, system)
    request.set("format", form)
    try:
        return answer(host, request, user=user, namespace=style.payload_namespace)
    except RpcError as error:
        raise refusal(error) from error


def _request(line: Command, system: str = "") -> _Element:
    if path_of(line) is not None:
        return etree.Element("get-configuration", database="committed")
    try:
        request = rpc_of(shlex.split(line.words))
    except RpcError as error:
        raise refusal(error) from error
    except ValueError as error:
        raise Refused(Problem("syntax error", element=line.words)) from error
    if system and takes(request, SYSTEM) and request.find(SYSTEM) is None:
        etree.SubElement(request, SYSTEM).text = system
    return request


def refusal(error: RpcError) -> Refused:
    """What `show` refuses, as the problem it is."""
    return Refused(
        Problem(
            error.message,
            element=error.bad_element or "",
            tag=error.tag,
            type="application" if error.kind == "application" else "protocol",
        )
    )


def _form(line: Command, default: str) -> str:
    return next((word for word in line.display if word in FORMS), default)


def _shown(style: Style, body: str) -> str:
    """`| display xml`: the reply as the management process sees it, without NETCONF's part."""
    prompt = "<cli>\n<banner></banner>\n</cli>\n"
    text = f'<rpc-reply xmlns:junos="{style.junos}">\n{body}{prompt}</rpc-reply>'
    root = etree.fromstring(text, etree.XMLParser(remove_blank_text=True))
    etree.indent(root, "    ")
    return etree.tostring(root, encoding="unicode") + "\n"


def complaint(problem: Problem) -> str:
    """What is printed instead of an answer, where no caret can point at the line."""
    # Other messages name what is wrong themselves.
    named = problem.message == "syntax error" and problem.element
    return f"error: {problem.message}{f': {problem.element}' if named else ''}\n"
