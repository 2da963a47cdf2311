"""The state of a router with regard to a run, judged from the router alone.

The configuration decides; the commit history says why. A router is recognized again after a
crash, a lost reply, a timer that ran out, another user's commit, and after commits that left
no net change, such as a drill that was undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from multihome.change.commit_comment import owner, signed, waits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from multihome.device.session import CommitRecord


KEPT = 50
"""Commits that Junos remembers."""


class RouterStatus(StrEnum):
    """The words of `multihome status`."""

    UNTOUCHED = "untouched"
    CANDIDATE_LEFT = "candidate left"
    PENDING = "pending confirm"
    CONFIRMED = "confirmed"
    ROLLED_BACK = "rolled back"
    ASTRAY = "rolled back; differs from before"
    """A commit script there may change what is committed."""
    FOREIGN = "changed by another user since"
    OTHER_PENDING = "another commit pending"
    """A confirmed commit of another run or user waits: what is there now need not stay."""


@dataclass(frozen=True, slots=True)
class Position:
    """The state of one router, and what is needed to move it."""

    standing: RouterStatus
    deadline: datetime | None = None
    """When a pending commit is rolled back, by the router's clock."""
    back: int | None = None
    """`rollback N` that undoes the run and nothing else; None if no rollback does."""
    forward: int | None = None
    """`rollback N` that brings the run's configuration back."""
    foreign: tuple[str, ...] = ()
    """Who committed since the run's first commit, whatever is left of it."""
    newest: str = ""
    """Who made the newest commit, if that is how the run's own was undone."""
    origin: int | None = None
    """`rollback N` of the configuration just before the run, whatever was committed since."""
    waits: str = ""
    """Of OTHER_PENDING: whose commit it is and until when."""


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
    if history[0].pending and not signed(history[0], run):
        theirs = (owner(history[0]),)
        return Position(RouterStatus.OTHER_PENDING, foreign=theirs, waits=waits(history[0]))
    newest, oldest = ours[0], ours[-1]
    forward = next((n for n in ours if signed(history[n], run) != "rollback"), oldest)
    foreign = tuple(
        dict.fromkeys(owner(record) for record in history[:oldest] if not signed(record, run))
    )
    back = oldest + 1 if not foreign else None
    top = history[0]
    if newest == 0 and top.pending:
        return Position(RouterStatus.PENDING, top.deadline, back, 0, foreign=foreign)
    if (undone := _undone(top, run, current, known)) is not None:
        newest_by = owner(top) if current == known.before else ""
        return Position(undone, forward=forward, newest=newest_by)
    if current == known.after:
        return Position(RouterStatus.CONFIRMED, None, oldest + 1, forward, foreign)
    standing = RouterStatus.CONFIRMED if newest == 0 else RouterStatus.FOREIGN
    return Position(standing, None, back, forward, foreign, origin=oldest + 1)


def _undone(top: CommitRecord, run: str, current: str, known: Fingerprints) -> RouterStatus | None:
    """Whether the run was undone, by its configuration or else by its own last commit."""
    if current == known.before:
        return RouterStatus.ROLLED_BACK
    if signed(top, run) != "rollback":
        return None
    return RouterStatus.ASTRAY if known.before else RouterStatus.ROLLED_BACK


def _without_ours(history: Sequence[CommitRecord], current: str, known: Fingerprints) -> Position:
    """Not ours, whatever it is; unless our commit may have left the history, or its mark."""
    if current == known.before or not known.before:
        return Position(RouterStatus.UNTOUCHED)
    theirs = tuple(owner(record) for record in history[:1])
    if current == known.after or len(history) >= KEPT:
        return Position(RouterStatus.FOREIGN, foreign=theirs)
    return Position(RouterStatus.UNTOUCHED, foreign=theirs)
