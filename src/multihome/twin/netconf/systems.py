"""The logical system that a session works in (`set cli logical-system`, as an RPC)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.problem import Problem
from multihome.twin.netconf.messages import Refused, has, name_of, text_of
from multihome.twin.show.commands import takes
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Exchange

SYSTEM = "logical-system"


def set_logical_system(exchange: Exchange, rpc: _Element) -> str:
    """`set-logical-system`: whatever is asked from now on is asked of that one."""
    wanted = text_of(rpc, SYSTEM)
    if not wanted or wanted not in exchange.host.routers:
        raise Refused(Problem(f"Logical system {wanted} not found", element=wanted))
    exchange.system = wanted
    return f"<cli>\n<{SYSTEM}>{wanted}</{SYSTEM}>\n</cli>\n"


def clear_logical_system(exchange: Exchange, _: _Element) -> str:
    """`clear-logical-system`: back to the main router."""
    exchange.system = ""
    return "<cli>\n</cli>\n"


def add(rpc: _Element, system: str) -> None:
    """Name the logical system in a request that names none and may."""
    try:
        taken = bool(system) and takes(etree.Element(name_of(rpc)), SYSTEM)
    except RpcError:
        return
    if taken and not has(rpc, SYSTEM):
        etree.SubElement(rpc, SYSTEM).text = system
