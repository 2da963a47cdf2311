"""Light, and which ends hear each other: what the links, the routers and the damage say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.fabric.faults import Damage
from multihome.twin.fabric.links import Links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.clock import Clock
    from multihome.twin.fabric.links import Key
    from multihome.twin.routing.host import End
    from multihome.twin.routing.node import VirtualRouter


class Wiring:
    """The wires of a network and what arrives over them.

    `touched` is called with the names of routers whose neighbourhood may have changed.
    """

    def __init__(
        self,
        clock: Clock,
        nodes: Mapping[str, VirtualRouter],
        touched: Callable[[Iterable[str]], None],
    ) -> None:
        self._clock, self._nodes = clock, nodes
        self.touched = touched
        self.links = Links()
        self.damage = Damage()
        self._known: dict[End, tuple[bool, tuple[Key, ...]]] = {}
        """Whether each end spoke, and on which wires, when it was last considered."""

    # --- asking ------------------------------------------------------------------

    def speaks(self, end: End) -> bool:
        """Whether anything sent by the interface leaves it, and it listens."""
        node = self._nodes.get(end.node)
        return node is not None and not node.frozen and node.up(end.interface)

    def hears(self, end: End) -> tuple[End, ...]:
        """The far ends whose packets arrive here."""
        return tuple(far for far in self.links.others(end) if self.carries(far, end))

    def carries(self, sender: End, receiver: End) -> bool:
        """Whether a packet sent now arrives."""
        if not (self.speaks(sender) and self.speaks(receiver)):
            return False
        keys = self.links.keys(receiver)
        shared = any(key in keys for key in self.links.keys(sender))
        return shared and (sender, receiver) not in self.damage.lost

    def both_ways(self, end: End) -> tuple[End, ...]:
        """The far ends that are heard and hear us."""
        return tuple(far for far in self.hears(end) if self.carries(end, far))

    def owner(self, sender: End, address: Address) -> End | None:
        """Whose address it is on the sender's link, reachable or not.

        A virtual address is its last claimant's that the sender hears: a master that is
        frozen or cut off has not released it, but another one's ARP has moved it.
        """
        owner, claims = None, []
        for far in self.links.others(sender):
            node = self._nodes[far.node]
            claim = node.interfaces.claims.get((address, far.interface))
            if claim is not None:
                claims.append((self.carries(far, sender), claim.since, far))
            unit = node.intended.units.get(far.interface)
            if unit is not None and any(a.address == address for a in unit.addresses):
                owner = far
        return max(claims)[2] if claims else owner

    def segments(self) -> tuple[tuple[End, ...], ...]:
        """Every segment with two ends or more."""
        found = {
            frozenset({end, *self.links.others(end)}): None
            for name in self._nodes
            for end in self.links.ends_of(name)
        }
        return tuple(sorted(tuple(sorted(ends)) for ends in found if len(ends) > 1))

    # --- changing ----------------------------------------------------------------

    def reconsider(self, ends: Iterable[End]) -> None:
        """Light, then who is heard, of these ends and those that share a wire with them."""
        concerned = sorted(ends)
        wires = {key: None for end in concerned for key in self.links.keys(end)}
        wire = dict.fromkeys((*concerned, *sorted(set(self.links.sharing(wires)))))
        changed = [end for end in wire if self._light(end)]
        audience = self._audience(wire)
        self._tell(audience)
        for name in dict.fromkeys(end.node for end in (*changed, *audience)):
            if name in self._nodes:
                self._nodes[name].settle()
        self.touched(dict.fromkeys(end.node for end in wire))

    def rewire(self, damage: Damage) -> None:
        """Other cables are pulled, or lose packets, than before."""
        old, self.damage = self.damage, damage
        pairs = old.lost ^ damage.lost
        self.reconsider(old.cut ^ damage.cut | {end for pair in pairs for end in pair})
        self._tell(dict.fromkeys(sorted({end for pair in pairs for end in pair})))

    def _light(self, end: End) -> bool:
        """Whether the light at an end is other than before."""
        node = self._nodes.get(end.node)
        return node is not None and node.carrier(end.interface, present=self._is_lit(end))

    def _is_lit(self, end: End) -> bool:
        """On a cable, the far end must shine; a LAN has a switch that does."""
        if end in self.damage.cut:
            return False
        far = self.links.only_other(end)
        if far is None:
            return True
        node = self._nodes[far.node]
        shines = node.powered and node.interfaces.transmits(far.interface)
        return shines and far not in self.damage.cut

    def _audience(self, ends: Iterable[End]) -> dict[End, None]:
        """The ends that began or stopped to speak or changed wires, and those that notice."""
        audience: dict[End, None] = {}
        for end in ends:
            speaks, keys = self.speaks(end), self.links.keys(end)
            spoke, wires = self._known.get(end, (False, ()))
            if (speaks, keys) == (spoke, wires):
                continue
            self._known[end] = (speaks, keys)
            audience[end] = None
            if speaks or spoke:
                audience.update(dict.fromkeys(self.links.sharing((*keys, *wires))))
        return audience

    def _tell(self, audience: Iterable[End]) -> None:
        """An end that hears others than before sends a hello, as it would periodically."""
        for end in audience:
            if self.speaks(end):
                self._nodes[end.node].reach_changed(end.interface)

    # --- multicast -----------------------------------------------------------------

    def send(self, sender: End, protocol: str, pdu: object) -> None:
        """Say something to everybody on the link who hears it."""
        delay = self.links.delay(sender)
        for far in self.links.others(sender):
            if self.carries(sender, far):
                self._clock.after(delay, self._arrival(sender, far, protocol, pdu))

    def _arrival(
        self, sender: End, receiver: End, protocol: str, pdu: object
    ) -> Callable[[], None]:
        incarnation = self._nodes[receiver.node].incarnation

        def arrive() -> None:
            node = self._nodes.get(receiver.node)
            if node is None or node.incarnation != incarnation:
                return
            if self.carries(sender, receiver):
                node.receive(receiver.interface, protocol, pdu, sender)

        return arrive
