"""The order of a change: what must change together does; beyond that, leg by leg.

A leg of a site is changed after the backup legs of that site, and never in one step with
another of its legs, unless an agreement joins the two.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from multihome.change.agreement.sites import Site


@dataclass(frozen=True, slots=True)
class Block:
    """Routers that change in one step."""

    routers: tuple[str, ...]
    legs: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Per site, the legs that they are in."""

    @property
    def torn(self) -> tuple[str, ...]:
        """The sites of which it holds several legs."""
        return tuple(site for site, numbers in self.legs.items() if len(numbers) > 1)


def joined(routers: Iterable[str], groups: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The routers in sets that no group crosses, each in the given order."""
    order = tuple(routers)
    root = {router: router for router in order}

    def top(router: str) -> str:
        while root[router] != router:
            root[router] = root[root[router]]
            router = root[router]
        return router

    for group in groups:
        members = [router for router in group if router in root]
        for member in members[1:]:
            root[top(member)] = top(members[0])
    found: dict[str, list[str]] = {}
    for router in order:
        found.setdefault(top(router), []).append(router)
    return tuple(map(tuple, found.values()))


def blocks(parts: Iterable[tuple[str, ...]], sites: Iterable[Site]) -> tuple[Block, ...]:
    """Each part with the legs that it is in."""
    places: dict[str, list[tuple[str, int]]] = {}
    for site in sites:
        for router, number in site.place_of.items():
            places.setdefault(router, []).append((f"{site.vpn} {site.name}", number))
    found = []
    for part in parts:
        legs: dict[str, set[int]] = {}
        for router in part:
            for site_name, number in places.get(router, ()):
                legs.setdefault(site_name, set()).add(number)
        found.append(Block(part, {site: frozenset(numbers) for site, numbers in legs.items()}))
    return tuple(found)


def schedule(waiting: Sequence[Block]) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each step. What holds several legs of a site goes before the rest of them."""
    steps = []
    left = list(waiting)
    while left:
        chosen = _next(left)
        steps.append(chosen)
        left = [block for block in left if block not in chosen]
    return tuple(steps)


def _next(left: Sequence[Block]) -> tuple[Block, ...]:
    pending: dict[str, Counter[float]] = {}
    for block in left:
        for site in block.legs:
            pending.setdefault(site, Counter())[_turn(block, site)] += 1
    ready = [
        block
        for block in left
        if all(_turn(block, site) <= min(pending[site]) for site in block.legs)
    ]
    # Two sites with each other's PEs as primary and backup wait for one another: begin anywhere.
    taken: dict[str, float] = {}
    chosen = []
    for block in ready or left[:1]:
        if all(site not in taken or _goes_with(block, site, taken) for site in block.legs):
            chosen.append(block)
            taken |= {site: _turn(block, site) for site in block.legs}
    return tuple(chosen)


def _turn(block: Block, site: str) -> float:
    numbers = block.legs[site]
    return -1.0 if len(numbers) > 1 else float(next(iter(numbers)))


def _goes_with(block: Block, site: str, taken: Mapping[str, float]) -> bool:
    return taken[site] == _turn(block, site) >= 0
