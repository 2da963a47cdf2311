"""Routes out of the tables and to the peers: worked out once per group, sent where they differ.

Peers with the same export rules form a group.  The group remembers what it offers of each
prefix and each peer what it was sent; a changed route is offered again, and an UPDATE
holds what came out differently and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.bgp.alarm import Alarm
from multihome.twin.routing.bgp.messages import Update
from multihome.twin.routing.vpn.vrf import PEER, SELF

if TYPE_CHECKING:
    from multihome.twin.routing.bgp.export import Exporter, Offer
    from multihome.twin.routing.bgp.messages import Nlri
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.route import BgpAttributes

_PLACEHOLDERS = (SELF, PEER)
_ADVERTISEMENT_DELAY = 0.04
"""Seconds from a change to the UPDATE that carries it, and whatever else changed meanwhile.

As real routers measure it: a withdrawal and the answer to it cross two CPEs in 0.10-0.16 s.
"""


Said = dict[str, dict["Nlri", "BgpAttributes"]]
"""By family, what a peer was sent and has not withdrawn."""


@dataclass(slots=True, eq=False)
class Member:
    """An established peer of a group."""

    peer: Peer
    subnet: Prefix | None
    unsettled: Said | None = field(default_factory=dict)
    """What it was sent by another group, or nothing; None once it knows this group's offers."""
    repeated: set[str] = field(default_factory=set)
    """Families it asked for again: all of it is said, and what went meanwhile is withdrawn."""


class Group:
    """Peers that are offered the same.

    What each member has been sent follows from the offers, so only these are remembered.
    """

    def __init__(self, host: Host, exporter: Exporter) -> None:
        self.exporter = exporter
        self._delay = max(_ADVERTISEMENT_DELAY, exporter.config.out_delay)
        self._alarm = Alarm(host, self.advertise)
        self.members: dict[Peer, Member] = {}
        self._offers: dict[str, dict[Nlri, Offer]] = {}
        self._dirty: dict[tuple[str, Nlri], None] = {}
        self._localised: dict[tuple[BgpAttributes, Address], BgpAttributes] = {}

    def join(self, member: Member) -> None:
        """An established peer comes in; it is offered everything the next time."""
        if not self.members:
            self._dirty.update((key, None) for key in self.exporter.everything())
        self.members[member.peer] = member
        self._wake()

    def leave(self, peer: Peer) -> None:
        """A peer's session is gone."""
        self.members.pop(peer, None)

    def hand_over(self, peer: Peer) -> Member | None:
        """A peer goes to another group, with what it knows."""
        member = self.members.get(peer)
        if member is not None:
            member.unsettled = self.said(member)
            self.leave(peer)
        return member

    def repeat(self, peer: Peer, family: str) -> None:
        """The peer asks for a family again."""
        member = self.members.get(peer)
        if member is not None:
            member.unsettled = self.said(member)
            member.repeated.add(family)
            self._wake()

    def said(self, member: Member) -> Said:
        """What the peer was sent."""
        if member.unsettled is not None:
            return member.unsettled
        return {
            family: {
                nlri: attributes
                for nlri, offer in offers.items()
                if (attributes := self._for(member, family, offer)) is not None
            }
            for family, offers in self._offers.items()
        }

    def mark(self, family: str, nlri: Nlri) -> None:
        """Something changed about this prefix."""
        if self.members:
            self._dirty[family, nlri] = None
            self._wake()

    def mark_everything(self) -> None:
        """The rules changed."""
        if self.members:
            self._dirty.update((key, None) for key in self.exporter.everything())
            self._dirty.update(
                ((family, nlri), None) for family, offers in self._offers.items() for nlri in offers
            )
            self._wake()

    def _wake(self) -> None:
        if not self._alarm.running:
            self._alarm.set(self._delay)

    def advertise(self) -> None:
        """Offer what is dirty, and everything to who is new."""
        dirty, self._dirty = self._dirty, {}
        settled = [member for member in self.members.values() if member.unsettled is None]
        changes = [change for key in dirty if (change := self._offer_again(*key)) is not None]
        for member in settled:
            update = _Updates()
            for family, nlri, before, after in changes:
                old = None if before is None else self._for(member, family, before)
                new = None if after is None else self._for(member, family, after)
                update.add(family, nlri, old, new)
            update.send(member.peer)
        for member in self.members.values():
            if member.unsettled is not None:
                self._settle(member, member.unsettled)

    def _offer_again(self, family: str, nlri: Nlri) -> _Change | None:
        offers = self._offers.setdefault(family, {})
        before, after = offers.get(nlri), self.exporter.offer(family, nlri)
        if before == after:
            return None
        if after is None:
            del offers[nlri]
        else:
            offers[nlri] = after
        return _Change(family, nlri, before, after)

    def _settle(self, member: Member, known: Said) -> None:
        """Send a member the difference between the offers and what it has."""
        member.unsettled = None
        repeated, member.repeated = member.repeated, set()
        now = self.said(member)
        update = _Updates()
        for family in {**known, **now}:
            old, new = known.get(family, {}), now.get(family, {})
            for nlri in {**old, **new}:
                known_so = nlri in old and not (family in repeated and nlri in new)
                update.add(family, nlri, old[nlri] if known_so else None, new.get(nlri))
        update.send(member.peer)

    def _for(self, member: Member, family: str, offer: Offer) -> BgpAttributes | None:
        """The group's offer as this one peer gets it, if it does."""
        peer = member.peer
        if family not in peer.families or offer.learned_from == peer.address:
            return None
        attributes = offer.attributes
        if attributes.next_hop not in _PLACEHOLDERS:
            return attributes
        next_hop = peer.address
        if attributes.next_hop == SELF:
            next_hop = peer.local_address or SELF
            party = offer.third_party
            if party is not None and party != peer.address and _holds(member.subnet, party):
                next_hop = party
        key = (attributes, next_hop)
        if key not in self._localised:
            self._localised[key] = replace(attributes, next_hop=next_hop)
        return self._localised[key]


class _Change(NamedTuple):
    family: str
    nlri: Nlri
    before: Offer | None
    after: Offer | None


class _Updates:
    """The UPDATEs to one peer, one for each family."""

    def __init__(self) -> None:
        self._announced: Said = {}
        self._withdrawn: dict[str, list[Nlri]] = {}

    def add(
        self, family: str, nlri: Nlri, old: BgpAttributes | None, new: BgpAttributes | None
    ) -> None:
        """What the peer knows of a prefix, and what it is to know."""
        if new is None:
            if old is not None:
                self._withdrawn.setdefault(family, []).append(nlri)
        elif old is not new and old != new:
            self._announced.setdefault(family, {})[nlri] = new

    def send(self, peer: Peer) -> None:
        """Send what there is to say."""
        for family in {**self._announced, **self._withdrawn}:
            announced = self._announced.get(family, {})
            peer.send(Update(family, announced, tuple(self._withdrawn.get(family, ()))))


def _holds(subnet: Prefix | None, address: Address) -> bool:
    return subnet is not None and subnet.contains(address)


def subnet_of(host: Host, peer: Peer) -> Prefix | None:
    """The subnet a single-hop external peer shares with us."""
    if not peer.single_hop:
        return None
    for unit in host.config.units.values():
        for local in unit.addresses:
            if local.address == peer.local_address and host.instance_of(unit.name) == peer.instance:
                return Prefix.of(local.address, local.length)
    return None
