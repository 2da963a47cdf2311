"""Whether a reply answers the question that was asked: what it names against the arguments.

A proxy, a cache or a confused router may answer another question correctly, and every reader
would believe it. So each thing that a reply names and the request chose is compared before the
reply is read: target, table, destination, instance, interface, neighbour. What a reply does not
name cannot be compared; only an echo test that succeeded must name the target it reached.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, TypeAlias

from multihome.errors import BadReply
from multihome.state.reply import local, prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element

    from multihome.state.request import Request

    Fits: TypeAlias = Callable[[str, str], bool]
    """Whether what a reply names is what was asked."""


def compare(router: str, request: Request, reply: _Element) -> None:
    """Refuse a reply to another question.

    Raises:
        BadReply: names what was asked and what the reply is about.
    """
    arguments = {name: value for name, value in request.arguments if value}
    for argument, (paths, fits) in _COMPARED.get(request.rpc, {}).items():
        asked = arguments.get(argument)
        if asked is None or asked == "all":
            continue
        for said in _named(reply, paths):
            if not fits(asked, said):
                raise _another(router, request, argument, asked, said)
    if request.rpc in _PROBES and "host" in arguments:
        _must_name(router, request, reply, arguments["host"])
    if _RECEIVED in arguments:
        _only_bgp(router, request, reply)


def _another(router: str, request: Request, what: str, asked: str, said: str) -> BadReply:
    text = f"{request.rpc}: asked for {what} {asked}, and the reply is about {said}"
    return BadReply(router, text)


def _must_name(router: str, request: Request, reply: _Element, asked: str) -> None:
    """An address was reached: which one must be there to read."""
    failed = any(True for _ in reply.iter(*(f"{{*}}{name}" for name in _FAILURES)))
    if not failed and not any(True for _ in _named(reply, ("target-ip", "target-host"))):
        text = f"{request.rpc}: asked for host {asked}, and the reply does not say its target"
        raise BadReply(router, text)


def _only_bgp(router: str, request: Request, reply: _Element) -> None:
    """What a neighbour sent has no protocol but BGP: else it is the whole table."""
    for said in _named(reply, ("rt/rt-entry/protocol-name",)):
        if said != "BGP":
            text = f"{request}: asked for routes of a BGP neighbour, and the reply holds {said}"
            raise BadReply(router, text)


def _named(reply: _Element, paths: tuple[str, ...]) -> Iterator[str]:
    """The texts at the end of these paths, wherever in the reply they begin, each once."""
    wanted: dict[str, list[list[str]]] = {}
    for path in paths:
        *above, leaf = path.split("/")
        wanted.setdefault(leaf, []).append(above)
    seen: set[str] = set()
    for element in reply.iter(*(f"{{*}}{leaf}" for leaf in wanted)):
        text = (element.text or "").strip()
        if text in seen or not any(_below(element, above) for above in wanted[local(element)]):
            continue
        seen.add(text)
        if text:
            yield text


def _below(element: _Element, above: list[str]) -> bool:
    at = element.getparent()
    for name in reversed(above):
        if at is None or local(at) != name:
            return False
        at = at.getparent()
    return True


def _same(asked: str, said: str) -> bool:
    return asked == said


def _same_host(asked: str, said: str) -> bool:
    """The same address, however it is written; a name that was asked can be any address."""
    try:
        wanted = ip_address(asked)
    except ValueError:
        return True
    try:
        return ip_address(said.partition("+")[0].partition("%")[0]) == wanted
    except ValueError:  # a name that the router found for the address
        return said == asked


def _same_target(asked: str, said: str) -> bool:
    """A name in `target-host` may be that of the address; an address must be the one asked."""
    try:
        ip_address(said)
    except ValueError:
        return True
    return _same_host(asked, said)


def _same_table(asked: str, said: str) -> bool:
    """`ipvpn` asks for all tables of that instance, `inet.0` for one."""
    return said == asked or said.startswith(f"{asked}.")


def _overlapping(asked: str, said: str) -> bool:
    """Junos answers a destination with its best match or with what is inside it."""
    try:
        wanted, found = ip_network(asked, strict=False), prefix(said)
    except ValueError:  # labels, and prefixes behind a route distinguisher
        return True
    return wanted.version == found.version and wanted.overlaps(found)


def _same_port(asked: str, said: str) -> bool:
    """A physical interface is answered with its units, and a unit within its physical one."""
    if "*" in asked:
        return True
    return said == asked or said.startswith(f"{asked}.") or asked.startswith(f"{said}.")


def _same_protocol(asked: str, said: str) -> bool:
    """`isis` is answered as `IS-IS`, `ospf` as `OSPF3` too."""
    return said.lower().replace("-", "").startswith(asked.lower().replace("-", ""))


_FAILURES = frozenset({"ping-failure", "traceroute-failure", "probe-failure"})
_PROBES = frozenset({"ping", "traceroute"})
_RECEIVED = "receive-protocol-name"
_TARGET = {
    "host": (("target-ip", "target-host"), _same_target),
    "size": (("packet-size",), _same),
}
_COMPARED: Mapping[str, Mapping[str, tuple[tuple[str, ...], Fits]]] = {
    "ping": _TARGET,
    "traceroute": {"host": _TARGET["host"]},
    "get-route-information": {
        "table": (("route-table/table-name",), _same_table),
        "destination": (("rt/rt-destination",), _overlapping),
        "peer": (("rt/rt-entry/gateway", "rt/rt-entry/learned-from"), _same_host),
        "protocol": (("rt/rt-entry/protocol-name",), _same_protocol),
    },
    "get-interface-information": {
        "interface-name": (
            ("physical-interface/name", "interface-information/logical-interface/name"),
            _same_port,
        ),
    },
    "get-vrrp-information": {"interface": (("vrrp-interface/interface",), _same_port)},
    "get-bgp-neighbor-information": {
        "neighbor-address": (("bgp-peer/peer-address",), _same_host),
        "instance": (("bgp-peer/peer-cfg-rti",), _same),
    },
    "get-ospf-neighbor-information": {
        "instance": (("ospf-instance-neighbor/ospf-instance-name",), _same),
        "interface": (("ospf-neighbor/interface-name",), _same_port),
    },
    "get-instance-information": {"instance-name": (("instance-core/instance-name",), _same_table)},
    "get-isis-adjacency-information": {
        "instance": (("isis-adjacency/instance-name",), _same),
    },
    "get-ldp-session-information": {
        "destination": (("ldp-session/ldp-neighbor-address",), _same_host),
    },
    "get-bfd-session-information": {
        "address": (("bfd-session/session-neighbor",), _same_host),
    },
}
"""By RPC and argument: where the reply names it, and when that fits."""
