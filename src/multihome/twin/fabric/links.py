"""Which interfaces share a wire: by subnet and VLAN, or as an operator lists them.

A segment of two is a cable: light at one end depends on the other.  A segment of more is
a LAN with a switch in it: nobody sees another's light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Prefix
from multihome.twin.routing.host import End

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from multihome.twin.junos.model import Unit

DEFAULT_DELAY = 50e-6
"""One way over a link, in seconds: a few kilometres of fibre and two interfaces."""


@dataclass(frozen=True, slots=True)
class Link:
    """A cable or a LAN given by hand; interfaces are physical or logical.

    Units of physical ends meet if they have the same VLAN.  The delay is one way, in seconds.
    """

    ends: tuple[End, ...]
    delay: float = DEFAULT_DELAY


class _Key(NamedTuple):
    """Units with an equal key share a wire."""

    wire: Prefix | int
    vlan: int | None


class Links:
    """The segments of a network, kept up as routers are configured."""

    def __init__(self) -> None:
        self._members: dict[_Key, dict[End, None]] = {}
        self._keys: dict[End, tuple[_Key, ...]] = {}
        self._units: dict[End, Unit] = {}
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
        for end, unit in self._units.items():
            concerned |= self.place(end, unit)
        return concerned

    def place(self, end: End, unit: Unit | None) -> set[End]:
        """A logical interface is configured like this, or no longer; the ends it concerns."""
        old = self._keys.get(end, ())
        new = () if unit is None else self._keys_of(end, unit)
        if unit is None:
            self._units.pop(end, None)
        else:
            self._units[end] = unit
        if old == new:
            return set()
        concerned = {end, *self._sharing(old), *self._sharing(new)}
        for key in old:
            self._members[key].pop(end)
        for key in new:
            self._members.setdefault(key, {})[end] = None
        self._keys[end] = new
        return concerned

    def others(self, end: End) -> Sequence[End]:
        """The other ends of the segment, in the order they came."""
        keys = self._keys.get(end, ())
        if len(keys) == 1:
            return [other for other in self._members[keys[0]] if other != end]
        return [other for other in dict.fromkeys(self._sharing(keys)) if other != end]

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
            (end, far)
            for end in self._keys
            if end.node == one
            for far in self.others(end)
            if far.node == other
        ]

    def ends_of(self, node: str) -> list[End]:
        """Every end of one router."""
        return [end for end in self._units if end.node == node]

    def _sharing(self, keys: Iterable[_Key]) -> Iterator[End]:
        for key in keys:
            yield from self._members.get(key, ())

    def _keys_of(self, end: End, unit: Unit) -> tuple[_Key, ...]:
        if unit.physical.startswith("lo"):
            return ()
        if self._links is None:
            subnets = [Prefix.of(a.address, a.length) for a in unit.addresses if a.length < 32]
            return tuple(_Key(subnet, unit.vlan) for subnet in dict.fromkeys(subnets))
        physical = End(end.node, unit.physical)
        return (
            *(_Key(index, None) for index in self._by_end.get(end, ())),
            *(_Key(index, unit.vlan) for index in self._by_end.get(physical, ())),
        )
