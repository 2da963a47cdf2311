"""Where a router stands with a run, judged from the router alone: its history, its configuration.

The configuration decides; the history says why. So a router is found again after a crash, a
lost reply, a timer that ran out or somebody else's commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from multihome.change.mark import owner, signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from multihome.device.session import CommitRecord


KEPT = 50
"""Commits that Junos remembers."""


class Standing(StrEnum):
    """The words of `multihome status`."""

    UNTOUCHED = "untouched"
    CANDIDATE_LEFT = "candidate left"
    PENDING = "pending confirm"
    CONFIRMED = "confirmed"
    ROLLED_BACK = "rolled back"
    ASTRAY = "rolled back, and not as before"
    """A commit script there may change what is committed."""
    FOREIGN = "changed by somebody else since"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Position:
    """Where one router stands, and what is needed to move it."""

    standing: Standing
    deadline: datetime | None = None
    """When a pending commit is rolled back, by the router's clock."""
    back: int | None = None
    """`rollback N` that undoes the run, if it is on top of the history."""
    forward: int | None = None
    """`rollback N` that brings the run's configuration back."""
    foreign: tuple[str, ...] = ()
    """Who committed since."""
    newest: str = ""
    """Who made the newest commit, if that is how the run's own was undone."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The configuration before and after the run; empty if it is not known."""

    before: str = ""
    after: str = ""


def position(
    run: str, history: Sequence[CommitRecord], current: str, known: Fingerprints
) -> Position:
    """Judge one router; `current` is the fingerprint of its committed configuration."""
    ours = [number for number, record in enumerate(history) if signed(record, run)]
    if not ours:
        return _without_ours(history, current, known)
    newest, oldest = ours[0], ours[-1]
    back = _first_not_ours(history, run)
    forward = next((n for n in ours if signed(history[n], run) != "rollback"), oldest)
    foreign = tuple(dict.fromkeys(owner(record) for record in history[:newest]))
    top = history[0]
    if newest == 0 and top.pending:
        return Position(Standing.PENDING, top.deadline, back, 0)
    if current == known.before:
        return Position(Standing.ROLLED_BACK, forward=forward, newest=owner(top))
    if newest == 0 and signed(top, run) == "rollback":
        return Position(Standing.ASTRAY if known.before else Standing.ROLLED_BACK, forward=forward)
    if newest == 0 or current == known.after:
        return Position(
            Standing.CONFIRMED, back=None if newest else back, forward=forward, foreign=foreign
        )
    return Position(Standing.FOREIGN, forward=forward, foreign=foreign)


def _without_ours(history: Sequence[CommitRecord], current: str, known: Fingerprints) -> Position:
    """Not ours, whatever it is; unless our commit may have left the history, or its mark."""
    if current == known.before or not known.before:
        return Position(Standing.UNTOUCHED)
    theirs = tuple(owner(record) for record in history[:1])
    if current == known.after or len(history) >= KEPT:
        return Position(Standing.FOREIGN, foreign=theirs)
    return Position(Standing.UNTOUCHED, foreign=theirs)


def _first_not_ours(history: Sequence[CommitRecord], run: str) -> int:
    """The entry just below the run's own, however often it renewed its lease.

    A router that never committed before has no such entry, but has the configuration: whoever
    loads it compares its fingerprint before committing it.
    """
    for number, record in enumerate(history):
        if not signed(record, run):
            return number
    return len(history)
