"""Which module carries out which RPC: the session's own, the configuration's, and all that `show` answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.netconf import configuration, endings, rescue, selection, standard, systems
from multihome.twin.netconf.command import command, refusal, reply_body
from multihome.twin.netconf.layout import MINIFIED, as_sent, minified
from multihome.twin.netconf.messages import name_of
from multihome.twin.show.answer import answer
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Exchange, Operation

OPERATIONS: Mapping[str, Operation] = {
    "abort": endings.abort,
    "close-session": endings.close_session,
    "kill-session": endings.kill_session,
    "request-end-session": endings.request_end_session,
    "command": command,
    "set-logical-system": systems.set_logical_system,
    "clear-logical-system": systems.clear_logical_system,
    **standard.OPERATIONS,
    **configuration.OPERATIONS,
    **rescue.OPERATIONS,
}


def perform(exchange: Exchange, rpc: _Element) -> str:
    """Do what an RPC's element asks; the body of its reply.

    Raises:
        Refused: with the problems to answer instead.
    """
    operation = OPERATIONS.get(name_of(rpc), _operational)
    form = rpc.get("format", "").lower()
    plain = form.removesuffix(MINIFIED)
    if form == plain or plain not in ("json", "xml"):
        return operation(exchange, rpc)
    rpc.set("format", plain)
    return minified(operation(exchange, rpc), plain)


def _operational(exchange: Exchange, rpc: _Element) -> str:
    style = exchange.style
    systems.add(rpc, exchange.system)
    chosen = selection.taken_out(rpc)
    try:
        reply = answer(exchange.host, rpc, user=exchange.user, namespace=style.payload_namespace)
    except RpcError as error:
        raise refusal(error) from error
    if chosen is not None and rpc.get("format", "xml").lower() == "xml":
        reply = replace(reply, elements=selection.selected(reply.elements, chosen))
    return as_sent(reply_body(style, reply))
