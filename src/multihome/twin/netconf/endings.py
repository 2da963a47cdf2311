"""How sessions end: the own one, and another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.netconf.messages import Refused, child, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Exchange


def close_session(exchange: Exchange, _: _Element) -> str:
    """`close-session` (RFC 6241 section 7.8)."""
    exchange.ending = True
    return exchange.style.ok


def request_end_session(exchange: Exchange, _: _Element) -> str:
    """`request-end-session`, what Junos had before NETCONF."""
    exchange.ending = True
    return "<end-session/>\n"


def abort(_: Exchange, __: _Element) -> str:
    """`abort`: whatever was asked before is answered already."""
    return "<abort-acknowledgement/>\n"


def kill_session(exchange: Exchange, rpc: _Element) -> str:
    """`kill-session` (RFC 6241 section 7.9): never one's own."""
    if child(rpc, "session-id") is None:
        raise Refused(
            Problem(
                "missing mandatory argument: session-id",
                element="session-id",
                tag="missing-element",
                type="application",
            )
        )
    wanted = text_of(rpc, "session-id")
    if not wanted.isdecimal() or int(wanted) == exchange.session:
        raise Refused(Problem("invalid session-id", element=wanted, tag="invalid-value"))
    if not exchange.host.kill(int(wanted)):
        raise Refused(Problem(f"no such session: {wanted}", element=wanted, tag="invalid-value"))
    return exchange.style.ok
