"""Which of the things that routers share a change touches, and whether both ends change.

While one end has changed and the other has not, what they share is broken, if the two do not
fit. Such ends must change together. If the other end does not change at all, it stays broken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from multihome.change.agreement.facts import Own
from multihome.change.agreement.interruption import Interruption, interruption, kept
from multihome.change.agreement.keys import Keys
from multihome.change.agreement.shared import shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from multihome.change.agreement.facts import Side
    from multihome.change.agreement.shared import Known, Shared
    from multihome.intent.model import Intent


@dataclass(frozen=True, slots=True)
class Moment:
    """From when on, and for how long, the ends of a change may differ."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    lasts: timedelta = timedelta(hours=1)
    """A key that starts later than this is at both ends by then."""

    @property
    def end(self) -> datetime:
        """When the change is over at the latest."""
        return self.now + self.lasts


@dataclass(frozen=True, slots=True)
class Breach:
    """One end changes, and what the other end has does not fit."""

    what: str
    """Such as "keys of IS-IS"."""
    router: str
    other: str
    unseen: bool = False
    """The other end was not looked at."""
    since: datetime | None = None
    """Later than the change, where a key of a chain starts later."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One shared thing that the change touches."""

    thing: Shared
    changed: tuple[str, ...]
    """The members that change."""
    terms: tuple[str, ...]
    """What differs, in the words of the sides."""
    together: bool = False
    """The members that change must change in one step."""
    broken: tuple[Breach, ...] = ()
    """Why it does not hold afterwards; empty: it does."""
    interruption: Interruption | None = None
    """What it costs even if the members change at the same moment; None: nothing."""
    kept: float = 0.0
    """If nothing is interrupted: the seconds within which the members must change."""

    @property
    def words(self) -> str:
        """Such as "keys of IS-IS"."""
        names = sorted({word(term) for term in self.terms})
        return f"{' and '.join(names)} of {self.thing.title}"


def word(term: str) -> str:
    """A term as a class of statements."""
    if term.startswith("key"):
        return "keys"
    if term.startswith("AS number"):
        return "AS numbers"
    return "addresses" if term.startswith("address of") else term


def agreements(
    intent: Intent, before: Known, after: Known, moment: Moment
) -> tuple[Agreement, ...]:
    """What the change touches of what holds now; what is new or goes breaks nothing."""
    found = (_agreement(each, before, after, moment) for each in shared(intent, before))
    return tuple(each for each in found if each is not None)


def in_force(intent: Intent, before: Known, moment: Moment) -> tuple[Shared, ...]:
    """The things that are agreed on before the change, as far as the statements show."""
    return tuple(
        each
        for each in shared(intent, before)
        if _holds(each, _sides(each, before), _unseen(each, before), moment)
    )


def _agreement(thing: Shared, before: Known, after: Known, moment: Moment) -> Agreement | None:
    old, new = _sides(thing, before), _sides(thing, after)
    changed = tuple(m for m in old if m in new and old[m] != new[m])
    if not changed or not _holds(thing, old, _unseen(thing, before), moment):
        return None
    terms = {term for m in changed for term in old[m] if old[m][term] != new[m].get(term)}
    mixed = [
        clash
        for m in changed
        for n in changed
        if n != m
        if (clash := _clash(new[m], old[n], moment.now)) is not None and clash[0] <= moment.end
    ]
    return Agreement(
        thing,
        changed,
        tuple(sorted(terms)),
        together=bool(mixed) and len(changed) > 1,
        broken=tuple(_broken(thing, changed, (old, new), _unseen(thing, before), moment)),
        interruption=interruption(thing, tuple(sorted(terms)), old, new, before),
        kept=kept(thing, before),
    )


def _sides(thing: Shared, known: Known) -> dict[str, Side]:
    found = {m: ask(known[m]) for m, ask in thing.asks.items() if m in known}
    return {member: side for member, side in found.items() if side is not None}


def _unseen(thing: Shared, known: Known) -> tuple[str, ...]:
    """The other ends that were not looked at."""
    unseen = tuple(member for member in thing.members if member not in known)
    return (*unseen, thing.stranger) if thing.stranger else unseen


def _holds(thing: Shared, sides: Mapping[str, Side], unseen: Sequence[str], moment: Moment) -> bool:
    """Whether it is agreed on now; of an end that was not looked at this is taken for granted."""
    if not sides or len(sides) + len(unseen) < 2:
        return False
    return all(
        (clash := _clash(one, other, moment.now)) is None or clash[0] > moment.now
        for one, other in _pairs([sides[m] for m in thing.members if m in sides])
    )


def _broken(
    thing: Shared,
    changed: Sequence[str],
    sides: tuple[Mapping[str, Side], Mapping[str, Side]],
    unseen: Sequence[str],
    moment: Moment,
) -> Iterator[Breach]:
    """What does not fit after the change.

    An end that was not looked at has, for all that is known, what fits the old statements.
    """
    old, new = sides
    for member in changed:
        against = dict.fromkeys(unseen, old[member])
        against |= {other: new[other] for other in new if other != member}
        for other, side in against.items():
            if (clash := _clash(new[member], side, moment.now)) is not None:
                start, term = clash
                since = start if start > moment.now else None
                what = f"{word(term)} of {thing.title}"
                yield Breach(what, member, other, other in unseen, since)


def _clash(one: Side, other: Side, now: datetime) -> tuple[datetime, str] | None:
    """The first moment at which two sides do not fit, and the term; a term unknown to one fits."""
    found: list[tuple[datetime, str]] = []
    for term in one.keys() & other.keys():
        mine, yours = one[term], other[term]
        if isinstance(mine, Keys) and isinstance(yours, Keys):
            if (moment := mine.apart(yours, now)) is not None:
                found.append((moment, term))
        elif isinstance(mine, Own):
            continue
        elif mine is not None and yours is not None and mine != yours:
            found.append((now, term))
    return min(found, default=None)


def _pairs(sides: Sequence[Side]) -> Iterator[tuple[Side, Side]]:
    for number, one in enumerate(sides):
        yield from ((one, other) for other in sides[number + 1 :])
