"""Which interfaces share a wire: by subnet and VLAN, or as an operator lists them.

A segment of two is a cable: light at one end depends on the other.  A segment of more is
a LAN with a switch in it: no end sees another's light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Prefix
from multihome.twin.routing.host import End

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from multihome.twin.junos.model.interfaces import Unit

DEFAULT_DELAY = 50e-6
"""One way over a link, in seconds: a few kilometres of fibre and two interfaces."""
_CABLE = 2
"""Ends of a wire without a switch in it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A cable or a LAN given by hand; interfaces are physical or logical.

    Units of physical ends meet if they have the same VLAN.  The delay is one way, in seconds.
    """

    ends: tuple[End, ...]
    delay: float = DEFAULT_DELAY


class Key(NamedTuple):
    """Units with an equal key share a wire."""

    wire: Prefix | int
    vlan: int | None


class Links:
    """The segments of a network, kept up as routers are configured."""

    def __init__(self) -> None:
        self._members: dict[Key, dict[End, None]] = {}
        self._keys: dict[End, tuple[Key, ...]] = {}
        self._units: dict[str, dict[str, Unit]] = {}
        """By router and interface."""
        self._links: tuple[Link, ...] | None = None
        self._by_end: dict[End, list[int]] = {}

    def set_links(self, links: Iterable[Link] | None) -> set[End]:
        """Only these links exist; None: as subnets and VLANs say.  The ends it concerns."""
        self._links = None if links is None else tuple(links)
        self._by_end = {}
        for index, link in enumerate(self._links or ()):
            for end in link.ends:
                self._by_end.setdefault(end, []).append(index)
        concerned: set[End] = set()
        for node, units in self._units.items():
            for interface, unit in units.items():
                concerned |= self.place(End(node, interface), unit)
        return concerned

    def place(self, end: End, unit: Unit | None) -> set[End]:
        """A logical interface is configured like this, or no longer; the ends it concerns."""
        old = self._keys.get(end, ())
        new = () if unit is None else self._keys_of(end, unit)
        units = self._units.setdefault(end.node, {})
        if unit is None:
            units.pop(end.interface, None)
        else:
            units[end.interface] = unit
        if old == new:
            return set()
        concerned = {end, *self.sharing(old), *self.sharing(new)}
        for key in old:
            self._members[key].pop(end)
        for key in new:
            self._members.setdefault(key, {})[end] = None
        self._keys[end] = new
        return concerned

    def keys(self, end: End) -> tuple[Key, ...]:
        """What the end shares wires by."""
        return self._keys.get(end, ())

    def others(self, end: End) -> Sequence[End]:
        """The other ends of the segment, in the order they came."""
        keys = self._keys.get(end, ())
        if len(keys) == 1:
            return [other for other in self._members[keys[0]] if other != end]
        return [other for other in dict.fromkeys(self.sharing(keys)) if other != end]

    def only_other(self, end: End) -> End | None:
        """The far end of a cable; None on a LAN of more than two, or on no wire at all."""
        keys = self._keys.get(end, ())
        if any(len(self._members[key]) > _CABLE for key in keys):
            return None
        others = self.others(end)
        return others[0] if len(others) == 1 else None

    def delay(self, end: End) -> float:
        """One way over the segment, in seconds."""
        if self._links:
            for key in self._keys.get(end, ()):
                if isinstance(key.wire, int):
                    return self._links[key.wire].delay
        return DEFAULT_DELAY

    def between(self, one: str, other: str) -> list[tuple[End, End]]:
        """Every pair of ends by which two routers share a segment."""
        return [
            (end, far) for end in self.ends_of(one) for far in self.others(end) if far.node == other
        ]

    def ends_of(self, node: str) -> list[End]:
        """Every end of one router."""
        return [End(node, interface) for interface in self._units.get(node, ())]

    def sharing(self, keys: Iterable[Key]) -> Iterator[End]:
        """Every end with one of these keys."""
        for key in keys:
            yield from self._members.get(key, ())

    def _keys_of(self, end: End, unit: Unit) -> tuple[Key, ...]:
        if unit.physical.startswith("lo"):
            return ()
        if self._links is None:
            subnets = [Prefix.of(a.address, a.length) for a in unit.addresses if a.length < 32]
            return tuple(Key(subnet, unit.vlan) for subnet in dict.fromkeys(subnets))
        physical = End(end.node, unit.physical)
        return (
            *(Key(index, None) for index in self._by_end.get(end, ())),
            *(Key(index, unit.vlan) for index in self._by_end.get(physical, ())),
        )
