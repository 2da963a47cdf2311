"""Which sites a step leaves without service, and for how long at most."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from multihome.change.agreement.schedule import joined
from multihome.change.agreement.shared import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from multihome.change.agreement.agreements import Agreement
    from multihome.change.agreement.shared import Shared
    from multihome.change.agreement.sites import Leg, Site

_CORE = {Kind.ISIS, Kind.OSPF, Kind.LDP}


@dataclass(frozen=True, slots=True)
class Outage:
    """One site without service."""

    site: str
    vpn: str
    seconds: float
    """At most, after the last commit of the step; infinite: until another end changes too."""
    causes: tuple[str, ...]
    """Such as "keys of BGP"."""


class Losses:
    """What one step interrupts, asked site by site."""

    def __init__(
        self, held: Sequence[Shared], touched: Iterable[Agreement], seen: Collection[str]
    ) -> None:
        """`held` is what is agreed on before; `touched` what the step changes of it.

        `seen` are the routers that were looked at: of a leg with none of them nothing changes.
        """
        self._seen = frozenset(seen)
        self._held = held
        self._lost = {a.thing.key: a for a in touched if a.interruption is not None or _down(a)}
        self._stranded: dict[str, list[Agreement]] = {}
        for router, causes in self._cut_off():
            self._stranded.setdefault(router, []).extend(causes)

    def outage(self, site: Site) -> Outage | None:
        """Whether no leg of the site works for a while; of what never worked nothing is lost."""
        working = [leg for leg in site.legs if self._in_force(leg)]
        if not working or not self._lost:
            return None
        lost = [self._of_leg(site, leg) for leg in working]
        gateway = list(self._among(site.lan, {Kind.VRRP, Kind.LINK}))
        if gateway or all(lost):
            causes = gateway + [each for of_leg in lost for each in of_leg if all(lost)]
            return _outage(site, causes)
        return None

    def _of_leg(self, site: Site, leg: Leg) -> list[Agreement]:
        between = self._among({leg.pe, leg.cpe}, {Kind.BGP, Kind.LINK})
        vpn = (a for a in self._lost.values() if a.thing.name == f"the VPN {site.vpn}")
        return [*between, *vpn, *self._stranded.get(leg.pe, ())]

    def _among(self, routers: Collection[str], kinds: Collection[Kind]) -> Iterator[Agreement]:
        """What is lost that all its members within `routers` share."""
        for agreement in self._lost.values():
            members = agreement.thing.members
            if agreement.thing.kind in kinds and len(members) > 1 and set(members) <= set(routers):
                yield agreement

    def _in_force(self, leg: Leg) -> bool:
        pair = {leg.pe, leg.cpe}
        if not pair & self._seen:
            return True
        return any(pair == set(thing.members) for thing in self._held)

    def _cut_off(self) -> Iterator[tuple[str, list[Agreement]]]:
        """The routers that the core loses, with why: no internal BGP, or no way through it."""
        speakers = self._core_routers()
        for router in speakers:
            own = [t for t in self._held if t.kind is Kind.BGP and router in t.members]
            inside = [t for t in own if set(t.members) <= speakers and len(t.members) > 1]
            if inside and all(thing.key in self._lost for thing in inside):
                yield router, [self._lost[thing.key] for thing in inside]
        if speakers:
            yield from self._unreached(speakers)

    def _core_routers(self) -> frozenset[str]:
        """Those with adjacencies."""
        return frozenset(m for t in self._held if t.kind in _CORE for m in t.members)

    def _unreached(self, speakers: frozenset[str]) -> Iterator[tuple[str, list[Agreement]]]:
        """Routers outside the largest part of what is left of the core."""
        kinds = {*_CORE, Kind.LINK}
        edges = [t for t in self._held if t.kind in kinds and set(t.members) <= speakers]
        hurt = [t for t in edges if t.key in self._lost]
        pairs = {frozenset(t.members) for t in hurt}
        left = [t.members for t in edges if frozenset(t.members) not in pairs]
        parts = sorted(joined(sorted(speakers), left), key=len)
        before = joined(sorted(speakers), [t.members for t in edges])
        if len(parts) <= len(before):
            return
        largest = parts[-1] if len(parts[-1]) > 1 else ()
        for router in speakers - set(largest):
            if causes := [self._lost[t.key] for t in hurt if router in t.members]:
                yield router, causes


def _outage(site: Site, causes: Sequence[Agreement]) -> Outage:
    seconds = max(
        inf if _down(a) else a.interruption.seconds if a.interruption else 0.0 for a in causes
    )
    return Outage(site.name, site.vpn, seconds, tuple(sorted({a.words for a in causes})))


def _down(agreement: Agreement) -> bool:
    """It does not come back by itself."""
    return any(breach.since is None for breach in agreement.broken)
