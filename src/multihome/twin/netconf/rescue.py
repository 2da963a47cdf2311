"""The rescue configuration: kept, shown and forgotten by request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.netconf.command import refusal
from multihome.twin.netconf.messages import payload
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Exchange, Operation

_DONE = (
    "<rescue-management-results>\n"
    '<routing-engine junos:style="normal">\n<name>re0</name>\n<success/>\n</routing-engine>\n'
    "</rescue-management-results>\n"
)


def save(exchange: Exchange, _: _Element) -> str:
    """`request-save-rescue-configuration`: what is active now."""
    host = exchange.host
    host.database.save_rescue(exchange.user, "netconf", host.now())
    return _DONE


def delete(exchange: Exchange, _: _Element) -> str:
    """`request-delete-rescue-configuration`; no matter whether there is one."""
    exchange.host.database.delete_rescue()
    return _DONE


def show(exchange: Exchange, rpc: _Element) -> str:
    """`get-rescue-information`."""
    try:
        return payload(exchange.style, exchange.host.database_reply(rpc))
    except RpcError as error:
        raise refusal(error) from error


OPERATIONS: Mapping[str, Operation] = {
    "request-save-rescue-configuration": save,
    "get-rescue-information": show,
    "request-delete-rescue-configuration": delete,
}
