"""A routing table: the routes of every protocol, the active one of each prefix, the subscribers.

Writers (`put`, `withdraw`, `replace`) only mark prefixes dirty.  `settle` selects for the
dirty prefixes, each once however often it was written, and then notifies the subscribers; a
router settles its tables after each event until none is dirty.  Readers see the table as
it last settled.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix, mask
from multihome.twin.routing import selection
from multihome.twin.routing.martian import MARTIAN, is_martian
from multihome.twin.routing.route import Entry, Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Key = tuple[Prefix, str | None]
"""A prefix and, in `bgp.l3vpn.0`, its route distinguisher."""

_MASKS = tuple(mask(length) for length in range(33))


class Rib:
    """One table of one router: `inet.0`, `inet.3`, `ipvpn.inet.0`, `bgp.l3vpn.0`, `mpls.0`.

    `on_dirty` is called when a clean table is written to, so that a router knows which of
    its tables to settle.
    """

    def __init__(
        self,
        name: str,
        *,
        options: selection.Options = selection.DEFAULT,
        on_dirty: Callable[[Rib], None] | None = None,
    ) -> None:
        self.name = name
        self._screened = name.endswith("inet.0")
        self.version = 0
        """Grows with each change of an active route."""
        self._options = options
        self._on_dirty = on_dirty
        self._routes: dict[Key, tuple[Route, ...]] = {}
        """As written last."""
        self._selected: dict[Key, selection.Selection] = {}
        """Of prefixes with several usable routes, as settled last."""
        self._active: dict[Key, Route] = {}
        self._lengths: dict[int, int] = {}
        self._longest_first: tuple[int, ...] = ()
        self._dirty: dict[Key, None] = {}
        self._owned: dict[tuple[Protocol, str], dict[tuple[Key, str], Route]] = {}
        self._on_active: list[Callable[[Prefix, Route | None, Route | None, str | None], None]] = []
        self._on_entry: list[Callable[[Prefix, str | None], None]] = []

    # --- writing -----------------------------------------------------------------

    def put(self, route: Route) -> None:
        """Add a route, or replace the one of the same prefix, protocol and source.

        A route equal to the present one changes nothing, not even its age.
        """
        if self._screened and route.hidden is None and is_martian(route.prefix):
            route = route._replace(hidden=MARTIAN)
        key = (route.prefix, route.rd)
        held = self._routes.get(key)
        if held is None:
            self._routes[key] = (route,)
        else:
            for place, other in enumerate(held):
                if other.source == route.source and other.protocol is route.protocol:
                    if other == route:
                        return
                    self._routes[key] = (*held[:place], route, *held[place + 1 :])
                    break
            else:
                self._routes[key] = (*held, route)
        self._mark(key)

    def withdraw(
        self, prefix: Prefix, protocol: Protocol, source: str = "", rd: str | None = None
    ) -> None:
        """Take a route away; harmless if it is not there."""
        key = (prefix, rd)
        held = self._routes.get(key, ())
        left = tuple(one for one in held if one.source != source or one.protocol is not protocol)
        if len(left) == len(held):
            return
        if left:
            self._routes[key] = left
        else:
            del self._routes[key]
        self._mark(key)

    def replace(self, protocol: Protocol, owner: str, routes: Iterable[Route]) -> None:
        """Make these the routes of one owner (`isis`, an interface): added, changed, gone.

        The owner's name is the caller's; two owners never give the same route.
        """
        wanted = {((route.prefix, route.rd), route.source): route for route in routes}
        for (prefix, rd), source in self._owned.get((protocol, owner), {}).keys() - wanted.keys():
            self.withdraw(prefix, protocol, source, rd)
        for route in wanted.values():
            self.put(route)
        self._owned[protocol, owner] = wanted

    def set_options(self, options: selection.Options) -> None:
        """Select by other rules from now on."""
        if options != self._options:
            self._options = options
            for key in self._routes:
                self._mark(key)

    # --- settling ----------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether something was written since the table settled."""
        return bool(self._dirty)

    def subscribe(
        self, callback: Callable[[Prefix, Route | None, Route | None, str | None], None]
    ) -> None:
        """Call `callback(prefix, old, new, rd)` for each change of an active route."""
        self._on_active.append(callback)

    def subscribe_entries(self, callback: Callable[[Prefix, str | None], None]) -> None:
        """Call `callback(prefix, rd)` for each change of any route, active or not."""
        self._on_entry.append(callback)

    def settle(self) -> bool:
        """Select for every dirty prefix, then notify; whether any active route changed."""
        dirty, self._dirty = self._dirty, {}
        changes = []
        for key in dirty:
            old = self._active.get(key)
            new = self._select(key, old)
            if new is not old and new != old:
                changes.append((key, old, new))
        self.version += len(changes)
        for prefix, rd in dirty:
            for on_entry in self._on_entry:
                on_entry(prefix, rd)
        for (prefix, rd), old, new in changes:
            for on_active in self._on_active:
                on_active(prefix, old, new, rd)
        return bool(changes)

    def _mark(self, key: Key) -> None:
        if not self._dirty and self._on_dirty is not None:
            self._on_dirty(self)
        self._dirty[key] = None

    def _select(self, key: Key, old: Route | None) -> Route | None:
        usable = [route for route in self._routes.get(key, ()) if route.hidden is None]
        if len(usable) > 1:
            chosen = selection.select(usable, old, self._options)
            self._selected[key] = chosen
            active = chosen.routes[0]
        else:
            self._selected.pop(key, None)
            if not usable:
                self._deactivate(key)
                return None
            active = usable[0]
        if key not in self._active:
            self._count_length(key[0].length, 1)
        self._active[key] = active
        return active

    def _deactivate(self, key: Key) -> None:
        if self._active.pop(key, None) is not None:
            self._count_length(key[0].length, -1)

    def _count_length(self, length: int, change: int) -> None:
        count = self._lengths.get(length, 0) + change
        if count:
            self._lengths[length] = count
        else:
            del self._lengths[length]
        if count in (0, change):  # the last of its length, or the first
            self._longest_first = tuple(sorted(self._lengths, reverse=True))

    # --- reading -----------------------------------------------------------------

    def active(self, prefix: Prefix, rd: str | None = None) -> Route | None:
        """The active route of exactly this prefix."""
        return self._active.get((prefix, rd))

    def entry(self, prefix: Prefix, rd: str | None = None) -> Entry | None:
        """All routes of exactly this prefix."""
        key = (prefix, rd)
        held = self._routes.get(key)
        if held is None:
            return None
        active = self._active.get(key)
        hidden = tuple(route for route in held if route.hidden is not None)
        chosen = self._selected.get(key)
        if chosen is None:
            usable = () if active is None else (active,)
            return Entry(prefix, active, (*usable, *hidden), {}, rd)
        inactive = dict(zip(chosen.routes[1:], chosen.inactive, strict=True))
        return Entry(prefix, active, (*chosen.routes, *hidden), inactive, rd)

    def routes(self, prefix: Prefix, rd: str | None = None) -> tuple[Route, ...]:
        """The routes of exactly this prefix as written last, settled or not, in no order."""
        return self._routes.get((prefix, rd), ())

    def entries(self) -> Iterator[Entry]:
        """Every prefix with its routes, in the order `show route` prints them."""
        for prefix, rd in sorted(self._routes, key=_shown_order):
            entry = self.entry(prefix, rd)
            if entry is not None:
                yield entry

    def actives(self) -> Iterator[Route]:
        """Every active route, in no promised order."""
        return iter(self._active.values())

    def lookup(self, address: Address) -> Route | None:
        """The active route of the longest prefix that holds the address."""
        return next(self.matches(address), None)

    def matches(self, address: Address) -> Iterator[Route]:
        """The active routes of every prefix that holds the address, the longest first."""
        for length in self._longest_first:
            # A plain tuple equals the named one and hashes alike, and is cheaper to make.
            route = self._active.get(((address & _MASKS[length], length), None))  # type: ignore[arg-type]
            if route is not None:
                yield route

    def counts(self) -> tuple[int, int, int, int, int]:
        """Destinations, routes, active, holddown and hidden, as the table's header says them."""
        total = sum(map(len, self._routes.values()))
        hidden = sum(one.hidden is not None for held in self._routes.values() for one in held)
        return len(self._routes), total, len(self._active), 0, hidden


def _shown_order(key: Key) -> tuple[tuple[int, ...], Prefix]:
    return () if key[1] is None else _distinguisher_order(key[1]), key[0]


@lru_cache(maxsize=4096)
def _distinguisher_order(text: str) -> tuple[int, ...]:
    """By type, administrator and number, as the eight octets sort (RFC 4364 section 4.2)."""
    administrator, _, assigned = text.rpartition(":")
    kind = 1 if "." in administrator else 2 if administrator.endswith("L") else 0
    words = (*administrator.removesuffix("L").split("."), assigned)
    return kind, *(int(word) if word.isdigit() else 0 for word in words)
