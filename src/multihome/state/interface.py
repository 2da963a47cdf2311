"""Interfaces: `show interfaces terse`, and in full for counters of errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Reply, payloads, prefix, refuse_strangers
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

_RPC = "get-interface-information"
_TAG = re.compile(r"0x[0-9a-fA-F]{4}\.(\d+)")
_NOWHERE = frozenset({"Unspecified", "unspecified"})
ADMIN = frozenset({"up", "down", "testing"})
OPER = frozenset({"up", "down", "testing", "unknown", "dormant", "not present", "lower layer down"})


@dataclass(frozen=True, slots=True)
class Status:
    """One interface; counters are there in full replies of physical interfaces only."""

    name: str
    admin: str | None
    oper: str | None
    description: str | None = None
    addresses: tuple[str, ...] = ()
    """With length: `4.0.0.22/30`."""
    families: frozenset[str] = frozenset()
    mtu: int | None = None
    vlan: int | None = None
    """The one tag of its frames; not there in terse replies, nor where there are two."""
    input_errors: int | None = None
    output_errors: int | None = None
    carrier_transitions: int | None = None


@dataclass(frozen=True, slots=True)
class Interfaces:
    """Interfaces by name, physical and logical alike."""

    by_name: Mapping[str, Status] = field(default_factory=dict)

    def get(self, name: str) -> Status | None:
        """One interface; None if the router has none of that name."""
        return self.by_name.get(name)


def read_interfaces(router: str, element: _Element) -> Interfaces:
    """Parse get-interface-information at any level; an empty list is a list, and not BadReply."""
    answers = payloads(router, _RPC, element, "interface-information")
    if isinstance(answers, str):
        raise Reply(router, _RPC, element).bad(answers)
    found: dict[str, Status] = {}
    for answer in answers:
        for each in _interfaces(answer):
            other = found.setdefault(each.name, each)
            if other != each and answer.engine:  # each node of a cluster has an fxp0 of its own
                found[f"{answer.engine}:{each.name}"] = each
    if not found:
        for answer in answers:
            refuse_strangers(answer, "physical-interface", "logical-interface")
    return Interfaces(found)


TERSE = Query(Request.of(_RPC, terse=True), read_interfaces)


LISTED = Query(Request.of(_RPC), read_interfaces)
"""`show interfaces`: with VLANs and MTUs, without counters."""
STATUS_LISTING: Listing[Status] = Listing(
    "interfaces",
    "Interfaces: state, addresses, MTU, VLAN.",
    {
        "interface": lambda each: each.name,
        "admin": lambda each: each.admin,
        "oper": lambda each: each.oper,
        "addresses": lambda each: each.addresses,
        "MTU": lambda each: each.mtu,
        "VLAN": lambda each: each.vlan,
        "description": lambda each: each.description,
    },
    (LISTED,),
    rows=lambda table: table.by_name.values(),
)


def full(name: str) -> Query[Interfaces]:
    """One interface with all its counters: `show interfaces NAME extensive`."""
    return Query(Request.of(_RPC, extensive=True, interface_name=name), read_interfaces)


def _interfaces(reply: Reply) -> Iterator[Status]:
    """Physical interfaces may be nameless where a filter left them out."""
    for physical in reply.each("physical-interface"):
        if any(physical.has(leaf) for leaf in ("name", "admin-status", "address-family")):
            yield _status(physical)
        for logical in physical.each("logical-interface"):
            yield _status(logical)
    for logical in reply.each("logical-interface"):
        yield _status(logical)


def _status(reply: Reply) -> Status:
    families = list(reply.each("address-family"))
    inputs, outputs = reply.first("input-error-list"), reply.first("output-error-list")
    return Status(
        name=reply.text("name"),
        admin=_admin(reply),
        oper=_oper(reply),
        description=reply.find("description"),
        addresses=tuple(address for each in families for address in _addresses(each)),
        families=frozenset(each.text("address-family-name") for each in families),
        mtu=_mtu(reply, families),
        vlan=_vlan(reply),
        input_errors=inputs.number("input-errors") if inputs else None,
        output_errors=outputs.number("output-errors") if outputs else None,
        carrier_transitions=outputs.number("carrier-transitions") if outputs else None,
    )


def _admin(reply: Reply) -> str | None:
    return reply.word("admin-status", ADMIN) if reply.has("admin-status") else None


def _oper(reply: Reply) -> str | None:
    """Full replies say the state of a logical interface as a flag."""
    if reply.has("oper-status"):
        return reply.word("oper-status", OPER)
    flags = reply.first("if-config-flags")
    if flags is None:
        return None
    return "up" if flags.has("iff-up") and not flags.has("iff-device-down") else "down"


def _mtu(reply: Reply, families: list[Reply]) -> int | None:
    """The media MTU, or that of the first protocol; `Unlimited` is no number."""
    texts = (each.find("mtu") for each in (reply, *families))
    return next((int(text) for text in texts if text and text.isdigit()), None)


def _vlan(reply: Reply) -> int | None:
    """The link address of a tagged unit: `[ 0x8100.105 ]`."""
    tags = _TAG.findall(reply.find("link-address") or "")
    return int(tags[0]) if len(tags) == 1 else None


def _addresses(family: Reply) -> Iterator[str]:
    """Terse gives the length with the address, full replies with the destination."""
    if family.text("address-family-name") not in ("inet", "inet6"):
        return
    for each in family.each("interface-address"):
        local = each.find("ifa-local")
        if local is None:
            continue
        yield local if "/" in local else f"{local}/{_length(each, local)}"


def _length(reply: Reply, local: str) -> int:
    """The length of the destination if the address is in it: that of a loopback is `0/0`.

    An address that belongs to the router as a whole has no destination: `Unspecified`.
    """
    destination = reply.find("ifa-destination")
    if destination in _NOWHERE:
        destination = None
    try:
        address = ip_address(local)
        subnet = prefix(destination or local)
    except ValueError as error:
        raise reply.bad(str(error), "ifa-local") from error
    inside = subnet.prefixlen > 0 and address in subnet
    return subnet.prefixlen if inside else address.max_prefixlen
