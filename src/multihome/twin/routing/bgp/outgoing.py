"""Routes out of the tables and to the peers: worked out once per group, sent where they differ.

Peers with the same export rules form a group.  The group remembers what it offers of each
prefix and each peer what it was sent; a changed route is offered again, and an UPDATE
holds what came out differently and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.bgp.alarm import Alarm
from multihome.twin.routing.bgp.messages import Update
from multihome.twin.routing.vrf import PEER, SELF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.routing.bgp.export import Exporter, Offer
    from multihome.twin.routing.bgp.messages import Nlri
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.route import BgpAttributes

_ADVERTISEMENT_DELAY = 0.04
"""Seconds from a change to the UPDATE that tells of it, and of whatever else changed meanwhile.

As real routers measure it: a withdrawal and the answer to it cross two CPEs in 0.10-0.16 s.
"""


@dataclass(slots=True)
class Member:
    """An established peer of a group, and what it knows of us."""

    peer: Peer
    subnet: Prefix | None
    sent: dict[str, dict[Nlri, BgpAttributes]] = field(default_factory=dict)
    synchronised: bool = False
    """Whether it was offered everything since it joined the group."""


class Group:
    """Peers that are offered the same."""

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
        member.synchronised = False
        self.members[member.peer] = member
        self._wake()

    def leave(self, peer: Peer) -> Member | None:
        """A peer goes; without any the group forgets everything."""
        member = self.members.pop(peer, None)
        if not self.members:
            self._offers, self._dirty, self._localised = {}, {}, {}
        return member

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
        changed = [key for key in dirty if self._offer_again(*key)]
        for member in self.members.values():
            if member.synchronised:
                self._send(member, changed)
            else:
                member.synchronised = True
                self._send(member, self._all_keys(member))

    def _offer_again(self, family: str, nlri: Nlri) -> bool:
        offers = self._offers.setdefault(family, {})
        offer = self.exporter.offer(family, nlri)
        if offer == offers.get(nlri):
            return False
        if offer is None:
            del offers[nlri]
        else:
            offers[nlri] = offer
        return True

    def _all_keys(self, member: Member) -> Iterable[tuple[str, Nlri]]:
        known = {(family, nlri): None for family, sent in member.sent.items() for nlri in sent}
        known.update(
            ((family, nlri), None) for family, offers in self._offers.items() for nlri in offers
        )
        return known

    def _send(self, member: Member, keys: Iterable[tuple[str, Nlri]]) -> None:
        announced: dict[str, dict[Nlri, BgpAttributes]] = {}
        withdrawn: dict[str, list[Nlri]] = {}
        for family, nlri in keys:
            sent = member.sent.setdefault(family, {})
            attributes = self._for(member, family, nlri)
            if attributes is not None and sent.get(nlri) != attributes:
                sent[nlri] = announced.setdefault(family, {})[nlri] = attributes
            elif attributes is None and sent.pop(nlri, None) is not None:
                withdrawn.setdefault(family, []).append(nlri)
        for family in {**announced, **withdrawn}:
            member.peer.say(
                Update(family, announced.get(family, {}), tuple(withdrawn.get(family, ())))
            )

    def _for(self, member: Member, family: str, nlri: Nlri) -> BgpAttributes | None:
        """The group's offer as this one peer gets it, if it does."""
        offer = self._offers.get(family, {}).get(nlri)
        peer = member.peer
        if offer is None or family not in peer.families or offer.learned_from == peer.address:
            return None
        attributes = offer.attributes
        if attributes.next_hop not in (SELF, PEER):
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
