"""Everything that two or more routers must agree on, found in the intent and the statements.

The intent says who is at the other end; the statements say whether anything runs there.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from multihome.change.agreement import facts as said
from multihome.change.agreement.sessions import sessions
from multihome.intent.places import segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from ipaddress import IPv4Address

    from multihome.change.agreement.facts import Facts, Side
    from multihome.intent.model import Intent
    from multihome.intent.places import Place, Segment

Ask: TypeAlias = "Callable[[Facts], Side | None]"
"""What a router's statements say of one thing; None: it has no part in it."""
Known: TypeAlias = "Mapping[str, Facts]"


class Kind(StrEnum):
    """What is shared."""

    ISIS = "IS-IS"
    OSPF = "OSPF"
    LDP = "LDP"
    BGP = "BGP"
    LINK = "link"
    VRRP = "VRRP"
    VPN = "VPN"


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that must be the same on all its members."""

    kind: Kind
    title: str
    """What it is one of, such as "internal BGP"."""
    name: str
    """Such as "the BGP session juno-luna"."""
    asks: Mapping[str, Ask] = field(repr=False)
    """Of each member that the intent knows."""
    stranger: str = ""
    """The other end, if the intent does not know it."""
    ports: Mapping[str, str] = field(default_factory=dict)
    """The interface of each member, where it is about one."""

    @property
    def key(self) -> tuple[object, ...]:
        """Unique: two routers may share several links."""
        return self.kind, self.name, *self.ports.items()

    @property
    def members(self) -> tuple[str, ...]:
        """The routers of the intent among those that share it."""
        return tuple(self.asks)


def shared(intent: Intent, before: Known) -> tuple[Shared, ...]:
    """What the routers share, of whatever their statements before the change may say."""
    return (
        *_on_links(intent, before),
        *_strangers(intent, before),
        *_bgp(intent, before),
        *_vpns(intent),
    )


# --- links -----------------------------------------------------------------------------


def _on_links(intent: Intent, before: Known) -> Iterator[Shared]:
    for segment in segments(intent):
        places = [place for place in segment.places if place.router and place.interface]
        if not places:
            continue
        yield _link(segment, places, before)
        if segment.loc[-1] == "gateway":
            asks = {p.router: partial(said.vrrp, interface=p.interface) for p in places}
            yield Shared(Kind.VRRP, "VRRP", f"the gateway of {segment.loc[-2]}", asks)
        if segment.loc[:2] == ("core", "links") and len(places) == 2:
            yield from _adjacencies(intent, places)


def _link(segment: Segment, places: list[Place], before: Known) -> Shared:
    known = {p.router: {p.address.ip, *_addresses(before, p.router, p.interface)} for p in places}
    asks = {
        place.router: partial(
            said.link,
            interface=place.interface,
            peers={router: known[router] for router in known if router != place.router},
        )
        for place in places
    }
    ports = {place.router: place.interface for place in places}
    name = f"the link {'-'.join(asks)}"
    alone = len(segment.places) != len(places) or len(places) == 1
    return Shared(Kind.LINK, "links", name, asks, "its other end" if alone else "", ports)


def _adjacencies(intent: Intent, places: list[Place]) -> Iterator[Shared]:
    ports = {place.router: place.interface for place in places}
    pair = "-".join(ports)
    for kind, ask in ((Kind.ISIS, said.isis), (Kind.OSPF, said.ospf)):
        asks = {router: partial(ask, interface=port) for router, port in ports.items()}
        yield Shared(kind, kind, f"the {kind} adjacency {pair}", asks, ports=ports)
    one, other = places
    sides = ((one, other), (other, one))
    peers = {this.router: intent.routers[far.router].loopback.address.ip for this, far in sides}
    asks = {
        router: partial(said.ldp, interface=port, peer=peers[router])
        for router, port in ports.items()
    }
    yield Shared(Kind.LDP, Kind.LDP, f"the LDP session {pair}", asks, ports=ports)


def _strangers(intent: Intent, before: Known) -> Iterator[Shared]:
    """Ports with IS-IS of which the intent does not know the other end."""
    known = {
        (router, end.interface)
        for link in intent.core.links
        if len(link.ends) == 2
        for router, end in link.ends.items()
    }
    for router, facts in before.items():
        for port in said.isis_interfaces(facts):
            if (router, port) not in known:
                asks = {router: partial(said.isis, interface=port)}
                name = f"the IS-IS adjacency of {router} on {port}"
                other = f"the router at {port} of {router}"
                yield Shared(Kind.ISIS, Kind.ISIS, name, asks, other, {router: port})


# --- sessions --------------------------------------------------------------------------


def _bgp(intent: Intent, before: Known) -> Iterator[Shared]:
    seen: set[tuple[frozenset[str], bool]] = set()
    owners = _owners(intent, before)
    for router, facts in before.items():
        whose = owners.get(router, {})
        for session in sessions(facts):
            far = whose.get(session.peer, "")
            pair = frozenset({router, far or str(session.peer)})
            if (pair, bool(far)) in seen:
                continue
            seen.add((pair, bool(far)))
            ask = partial(_session, router=router, far=far, peer=session.peer, owners=whose)
            asks: dict[str, Ask] = {router: ask}
            if far:
                asks[far] = partial(_session, router=far, far=router, peer=None, owners=owners[far])
            name = f"the BGP session {router}-{far or session.peer}"
            title = _title(intent, router, far)
            yield Shared(Kind.BGP, title, name, asks, "" if far else str(session.peer))


def _session(
    facts: Facts,
    *,
    router: str,
    far: str,
    peer: IPv4Address | None,
    owners: Mapping[IPv4Address, str],
) -> Side | None:
    """A router's view of its session with another."""
    for session in sessions(facts):
        owner = owners.get(session.peer, "")
        if (owner == far) if far else (session.peer == peer):
            return session.side(router, far or str(peer))
    return None


def _title(intent: Intent, router: str, far: str) -> str:
    speakers = set(intent.bgp_speakers)
    if {router, far} <= speakers:
        return "internal BGP"
    return "BGP to the sites" if {router, far} & speakers else "BGP between CPEs"


def _owners(intent: Intent, before: Known) -> dict[str, Mapping[IPv4Address, str]]:
    """Whose the addresses are that each router reaches: before the change and after it.

    An address in two VPNs may be two routers': what is on a link of its own goes first.
    """
    loopbacks: dict[IPv4Address, str] = {}
    for name, facts in intent.routers.items():
        loopbacks |= _addresses(before, name, facts.loopback.interface)
        loopbacks[facts.loopback.address.ip] = name
    near: dict[str, dict[IPv4Address, str]] = {name: {} for name in intent.routers}
    for segment in segments(intent):
        places = [place for place in segment.places if place.router]
        for place in places:
            addresses = {
                **_addresses(before, place.router, place.interface),
                place.address.ip: place.router,
            }
            for other in places:
                if other.router != place.router:
                    near.setdefault(other.router, {}).update(addresses)
    return {router: ChainMap(found, loopbacks) for router, found in near.items()}


def _addresses(before: Known, router: str, interface: str) -> dict[IPv4Address, str]:
    facts = before.get(router)
    return {a.ip: router for a in facts.addresses(interface)} if facts is not None else {}


def _vpns(intent: Intent) -> Iterator[Shared]:
    for name, vpn in intent.vpns.items():
        edges = {*vpn.loopbacks, *(each.pe.router for each in vpn.connections)}
        asks = {
            router: partial(said.vpn, name=name) for router in intent.routers if router in edges
        }
        yield Shared(Kind.VPN, "VPNs", f"the VPN {name}", asks)
