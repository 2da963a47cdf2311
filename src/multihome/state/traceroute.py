"""The way of a packet: the answer of `traceroute`.

A router whose probes of one TTL come back from different places lists that TTL several times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.state.query import Query
from multihome.state.reply import Reply, payload
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.state.reply import Address

_RPC = "traceroute"
_NO_ROUTE = ("no route", "unreachable", "can't assign")


@dataclass(frozen=True, slots=True)
class Hop:
    """Who answered to one TTL, each once and in order; none means a timeout."""

    ttl: int
    addresses: tuple[Address, ...]
    reached: bool = False

    @property
    def address(self) -> Address | None:
        """The first that answered."""
        return self.addresses[0] if self.addresses else None

    def __str__(self) -> str:
        return "|".join(str(address) for address in self.addresses) or "*"


@dataclass(frozen=True, slots=True)
class Route:
    """The hops from the first router to the target, or as far as it went."""

    target: Address | None
    hops: tuple[Hop, ...]
    failure: str | None = None

    @property
    def reached(self) -> bool:
        """Whether the target itself answered."""
        if not self.hops:
            return False
        last = self.hops[-1]
        return last.reached or (self.target is not None and self.target in last.addresses)

    def __str__(self) -> str:
        return ", ".join(str(hop) for hop in self.hops) or (self.failure or "nothing")


def read_route(router: str, element: _Element) -> Route:
    """Parse traceroute-results; raises BadReply."""
    answer = payload(router, _RPC, element, "traceroute-results")
    if isinstance(answer, str):
        raise Reply(router, _RPC, element).bad(answer)
    found: dict[int, Hop] = {}
    for each in answer.each("hop"):
        hop = _hop(each)
        found[hop.ttl] = _merged(found[hop.ttl], hop) if hop.ttl in found else hop
    failure = answer.find("traceroute-failure")
    if not found and failure is None and not answer.has("traceroute-failure"):
        raise answer.bad("neither hops nor a failure")
    return Route(
        target=answer.address("target-ip"),
        hops=tuple(found[ttl] for ttl in sorted(found)),
        failure=failure or (None if found else "no route"),
    )


def traceroute(
    target: Address, *, source: Address | None = None, instance: str | None = None
) -> Query[Route]:
    """Probe hop by hop, waiting a second for each answer, addresses not resolved."""
    request = Request.of(
        _RPC,
        host=str(target),
        source=None if source is None else str(source),
        routing_instance=None if instance == "master" else instance,
        no_resolve=True,
        wait="1",
    )
    return Query(request, read_route)


def _hop(reply: Reply) -> Hop:
    probes = list(reply.each("probe-result"))
    heard = [each.address("ip-address") for each in probes] or [reply.address("last-ip-address")]
    addresses = tuple(dict.fromkeys(address for address in heard if address))
    return Hop(reply.count("ttl-value"), addresses, any(p.has("probe-reached") for p in probes))


def _merged(one: Hop, other: Hop) -> Hop:
    addresses = tuple(dict.fromkeys((*one.addresses, *other.addresses)))
    return Hop(one.ttl, addresses, one.reached or other.reached)
