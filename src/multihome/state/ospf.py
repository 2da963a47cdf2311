"""OSPF neighbours: `show ospf neighbor`, of one instance or of all, and of OSPFv3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Rows, merged, payloads, refuse_strangers
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from multihome.state.reply import Address, Reply

_RPC = "get-ospf-neighbor-information"
_TAGS = (
    "ospf-neighbor-information",
    "ospf3-neighbor-information",
    "ospf-neighbor-information-all",
    "ospf3-neighbor-information-all",
)
_LISTS = ("ospf-neighbor", "ospf3-neighbor")
STATES = frozenset({"Down", "Attempt", "Init", "2Way", "ExStart", "Exchange", "Loading", "Full"})


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One neighbour."""

    address: Address
    interface: str
    state: str
    router_id: Address | None
    priority: int | None
    instance: str | None = None


def read_neighbors(router: str, element: _Element) -> Rows[Neighbor]:
    """Parse get-ospf-neighbor-information and its OSPFv3 twin; raises BadReply."""
    answers = payloads(router, _RPC, element, *_TAGS)
    if isinstance(answers, str):
        return Rows((), answers)
    saying = [each for each in answers if len(each.element)]
    if not saying:
        return Rows((), f"an empty <{answers[0].name}>")
    found = merged(tuple(_neighbors(each)) for each in saying)
    if not found:
        for each in saying:
            refuse_strangers(each, *_LISTS, "ospf-instance-neighbor")
    return Rows(found)


def neighbors(instance: str | None = None) -> Query[Rows[Neighbor]]:
    """The neighbours of one instance; None is the main one."""
    request = Request.of(_RPC, detail=True, instance=None if instance == "master" else instance)
    return Query(request, read_neighbors)


EVERYWHERE = Query(Request.of(_RPC, instance="all", detail=True), read_neighbors)
"""The neighbours of every instance."""
NEIGHBOR_LISTING: Listing[Neighbor] = Listing(
    "ospf",
    "OSPF neighbours of every instance.",
    {
        "interface": lambda each: each.interface,
        "neighbour": lambda each: each.address,
        "router ID": lambda each: each.router_id,
        "state": lambda each: each.state,
        "priority": lambda each: each.priority,
        "instance": lambda each: each.instance,
    },
    (EVERYWHERE,),
)


def _neighbors(reply: Reply) -> Iterator[Neighbor]:
    instances = list(reply.each("ospf-instance-neighbor")) or [reply]
    for instance in instances:
        name = instance.find("ospf-instance-name")
        for tag in _LISTS:
            for each in instance.each(tag):
                yield _neighbor(each, name)


def _neighbor(reply: Reply, instance: str | None) -> Neighbor:
    return Neighbor(
        address=reply.address("neighbor-address") or _required(reply),
        interface=reply.text("interface-name"),
        state=reply.word("ospf-neighbor-state", STATES),
        router_id=reply.address("neighbor-id"),
        priority=reply.number("neighbor-priority"),
        instance=instance,
    )


def _required(reply: Reply) -> Address:
    raise reply.bad("missing", "neighbor-address")
