"""What a transaction requires of the code that verifies the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Proof(Enum):
    """Three answers, of which only one lets a change live."""

    PROVEN = "proven"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verified:
    """One look at the network; `text` is what a person reads of it."""

    proof: Proof
    text: str = ""
    harm: str = ""
    """What is worse than it was found, and was not declared; empty if nothing is."""
    lasting: bool = False
    """The harm cannot go away by waiting: a session went down and came back."""


def _nothing() -> None:
    """Nothing to do in the meantime."""


@dataclass(frozen=True, slots=True)
class Stage:
    """When the question is asked: which routers run the new configuration so far."""

    committed: tuple[str, ...]
    final: bool
    """All of them do. Before that, what is asked is that the rest still carries the traffic."""
    round: int = 1
    """Counts the looks of one stage from 1: a later one may ask only what has not passed."""
    holding: bool = False
    """A look within the hold window: what has passed is to be asked again as well."""
    last: bool = False
    """If the answer equals the earlier ones, it is final: leave nothing out."""
    meanwhile: Callable[[], None] = field(default=_nothing, compare=False, repr=False)
    """Call it between two pieces of work that take long: it renews the leases. It may raise."""


LOOKS = 5
"""How often a hold window is looked into, at least, if it is not very short."""
LONGEST_PAUSE = 5.0
"""Seconds; leases are renewed between two looks, and commits of other users noticed."""

Verify: TypeAlias = Callable[[Stage], Verified]
"""Looks once and returns soon; a MultihomeError that it raises counts as UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a proof may take to come, and how long it must hold. Seconds."""

    limit: float = 120.0
    hold: float = 0.0
    interval: float = 1.0

    @property
    def pause(self) -> float:
        """Between two looks while the proof must hold: often enough to see it fail."""
        return max(self.interval, min(self.hold / LOOKS, LONGEST_PAUSE))


def trusting(stage: Stage) -> Verified:
    """No checks at all: for changes that nothing can be said about."""
    return Verified(Proof.PROVEN, f"not verified: no checks for {', '.join(stage.committed)}")
