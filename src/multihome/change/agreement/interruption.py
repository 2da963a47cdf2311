"""How long a change interrupts what is shared, even where all its members change at once.

Derived from the timers in force: the longest that the protocols may take, not what a quiet
network does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.change.agreement.facts import isis_hold
from multihome.change.agreement.keys import Keys
from multihome.change.agreement.shared import Kind
from multihome.change.agreement.statements import below, leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from multihome.change.agreement.facts import Facts, Side
    from multihome.change.agreement.shared import Known, Shared

BGP_CONNECT_RETRY = 120.0
"""Seconds until a connection is tried again that did not come up (RFC 4271 section 10)."""
LDP_RETRY = 15.0
"""Seconds before a session is tried again, at the earliest and at first (RFC 5036 section 2.5.3)."""
OSPF_DEAD = 40.0
"""Seconds; RouterDeadInterval where nothing is configured (RFC 2328 appendix C.3: four hellos)."""
VRRP_DOWN = 4
"""Master_Down_Interval in advertisements: three, and a skew of less than one (RFC 5798 6.1)."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """What is lost, and for how long."""

    seconds: float
    """At most, from the last commit on; 0: only while the commits are apart."""


def interruption(
    thing: Shared,
    terms: Sequence[str],
    old: Mapping[str, Side],
    new: Mapping[str, Side],
    known: Known,
) -> Interruption | None:
    """Of a thing whose members change at once; None: nothing is interrupted.

    A change of `authentication-key` resets a BGP or LDP session, as Juniper documents only key
    chains to update keys without (Route Authentication; Authentication Key Update Mechanism for
    BGP and LDP); some releases keep the session until its hold time ends, which is not relied
    on. IS-IS and OSPF drop single packets that are signed differently and keep the adjacency
    for its hold time (RFC 5304 section 2.1; RFC 2328 appendix D.5).
    """
    facts = [known[member] for member in old if member in known]
    keys_only = all(term.startswith("key") for term in terms)
    if keys_only and _hitless(terms, old, new):
        return None
    if keys_only and thing.kind in (Kind.ISIS, Kind.OSPF):
        return None
    return Interruption(_back_after(thing, facts, old.values()))


def _back_after(thing: Shared, facts: Sequence[Facts], sides: Iterable[Side]) -> float:
    match thing.kind:
        case Kind.OSPF:
            return OSPF_DEAD
        case Kind.LDP:
            return LDP_RETRY + _holddown(facts)
        case Kind.BGP:
            return BGP_CONNECT_RETRY
        case Kind.VRRP:
            return _master_down(sides)
    return _isis(thing, facts)


def kept(thing: Shared, known: Known) -> float:
    """Seconds for which packets may be dropped before an adjacency is."""
    facts = [known[member] for member in thing.members if member in known]
    match thing.kind:
        case Kind.ISIS:
            return min((isis_hold(f, thing.ports[f.router]) for f in facts), default=0.0)
        case Kind.OSPF:
            return OSPF_DEAD
    return 0.0


def _hitless(terms: Iterable[str], old: Mapping[str, Side], new: Mapping[str, Side]) -> bool:
    """Chains before and after, and of the same name or not: only the keys in them change."""
    return all(
        isinstance(keys, Keys) and keys.chain
        for member in old.keys() & new.keys()
        for term in terms
        for keys in (old[member].get(term), new[member].get(term))
    )


def _isis(thing: Shared, facts: Iterable[Facts]) -> float:
    """Until an adjacency that was lost is up again: hellos come that often, at least."""
    holds = [
        isis_hold(each, thing.ports[each.router]) for each in facts if each.router in thing.ports
    ]
    return max(holds, default=0.0)


def _holddown(facts: Iterable[Facts]) -> float:
    """After the session is up, the IGP waits before it uses the link again (RFC 5443)."""
    texts = [
        leaf(below(each.tree.at("protocols", "ldp", "igp-synchronization")), "holddown-interval")
        for each in facts
    ]
    return max((float(text) for text in texts if text and text.isdigit()), default=0.0)


def _master_down(sides: Iterable[Side]) -> float:
    intervals = [1.0]
    for side in sides:
        timers = side.get("timers", ())
        for advertise, _ in timers if isinstance(timers, tuple) else ():
            intervals.append(float(advertise) if advertise.isdigit() else 1.0)
    return VRRP_DOWN * max(intervals)
