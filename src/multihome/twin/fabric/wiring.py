"""Light, and who hears whom: what the links, the routers and the damage say together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.fabric.faults import Damage
from multihome.twin.fabric.links import Links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.clock import Clock
    from multihome.twin.routing.host import End
    from multihome.twin.routing.node import VirtualRouter

_NOBODY: Final[tuple[End, ...]] = ()


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
        self._heard: dict[End, tuple[End, ...]] = {}

    # --- asking ------------------------------------------------------------------

    def hears(self, end: End) -> tuple[End, ...]:
        """The far ends whose packets arrive here."""
        return self._heard.get(end, _NOBODY)

    def carries(self, sender: End, receiver: End) -> bool:
        """Whether a packet sent now arrives."""
        return sender in self._heard.get(receiver, _NOBODY)

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
        """Light, then who hears whom, of these ends and all that share a wire with them."""
        wire = dict.fromkeys(ends)
        for end in tuple(wire):
            wire.update(dict.fromkeys(self.links.others(end)))
        for end in wire:
            node = self._nodes.get(end.node)
            if node is not None:
                node.carrier(end.interface, self._is_lit(end))
        changed = [end for end in wire if self._rehear(end)]
        # Whoever is heard by others than before says hello, as it would periodically.
        speakers = {far for end in changed for far in self.hears(end)}
        for end in dict.fromkeys((*changed, *sorted(speakers))):
            self._nodes[end.node].reach_changed(end.interface)
        names = dict.fromkeys(end.node for end in wire if end.node in self._nodes)
        for name in names:
            self._nodes[name].settle()
        self.touched(names)

    def _is_lit(self, end: End) -> bool:
        """On a cable, the far end must shine; a LAN has a switch that does."""
        if end in self.damage.cut:
            return False
        others = self.links.others(end)
        if len(others) != 1:
            return True
        [far] = others
        node = self._nodes[far.node]
        shines = node.powered and node.interfaces.transmits(far.interface)
        return shines and far not in self.damage.cut

    def _rehear(self, end: End) -> bool:
        now = self._listen(end) if end.node in self._nodes else _NOBODY
        if now == self.hears(end):
            return False
        if now:
            self._heard[end] = now
        else:
            self._heard.pop(end)
        return end.node in self._nodes

    def _listen(self, end: End) -> tuple[End, ...]:
        me = self._nodes[end.node]
        if me.frozen or not me.up(end.interface):
            return _NOBODY
        return tuple(far for far in self.links.others(end) if self._arrives(far, end))

    def _arrives(self, sender: End, receiver: End) -> bool:
        node = self._nodes[sender.node]
        speaks = not node.frozen and node.up(sender.interface)
        return speaks and (sender, receiver) not in self.damage.lost

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
