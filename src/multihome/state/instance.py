"""Routing instances: `show route instance`, terse and detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Reply, merged, payloads
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.state.reply import Address

_RPC = "get-instance-information"


@dataclass(frozen=True, slots=True)
class Instance:
    """One routing instance; what only detail shows is None or empty in terse replies."""

    name: str
    type: str
    tables: tuple[str, ...]
    state: str | None = None
    router_id: Address | None = None
    rd: str | None = None
    interfaces: tuple[str, ...] = ()
    imports: frozenset[str] = frozenset()
    """Route targets; empty where a policy decides instead, or the reply does not say."""
    exports: frozenset[str] = frozenset()


def read_instances(router: str, element: _Element) -> tuple[Instance, ...]:
    """Parse get-instance-information at any level; a router without `master` is BadReply."""
    answers = payloads(router, _RPC, element, "instance-information")
    if isinstance(answers, str):
        raise Reply(router, _RPC, element).bad(answers)
    found = merged(tuple(map(_instance, answer.each("instance-core"))) for answer in answers)
    if not found:
        raise answers[0].bad("no instance at all")
    return found


INSTANCES = Query(Request.of(_RPC, detail=True), read_instances)
INSTANCE_LISTING: Listing[Instance] = Listing(
    "instances",
    "Routing instances: type, RD, interfaces, route targets.",
    {
        "instance": lambda each: each.name,
        "type": lambda each: each.type,
        "router ID": lambda each: each.router_id,
        "RD": lambda each: each.rd,
        "interfaces": lambda each: each.interfaces,
        "import": lambda each: each.imports,
        "export": lambda each: each.exports,
    },
    (INSTANCES,),
)


def _instance(reply: Reply) -> Instance:
    vrf = reply.first("instance-vrf") or reply
    return Instance(
        name=reply.text("instance-name"),
        type=reply.text("instance-type"),
        tables=tuple(each.text("irib-name") for each in reply.each("instance-rib")),
        state=reply.find("instance-state"),
        router_id=reply.address("router-id"),
        rd=vrf.find("route-distinguisher"),
        interfaces=tuple(
            name
            for each in reply.each("instance-interface")
            for name in each.texts("interface-name")
        ),
        imports=_targets(vrf, "vrf-import-target"),
        exports=_targets(vrf, "vrf-export-target"),
    )


def _targets(vrf: Reply, leaf: str) -> frozenset[str]:
    """Bare, or in brackets as the text has them."""
    return frozenset(
        word.strip("[]")
        for text in vrf.texts(leaf)
        for word in text.split()
        if word.strip("[]").startswith("target:")
    )
