"""What a transaction does on one router: each move is safe to repeat, and looks before it acts."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.change.commit_comment import signed
from multihome.change.fingerprint import fingerprint
from multihome.change.preflight.health import CLOCK
from multihome.change.router_status import Fingerprints, Position, RouterStatus, position
from multihome.errors import (
    BadReply,
    CommitUnknown,
    DeviceError,
    LockDenied,
    NeedsHuman,
    RpcFailed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from multihome.change.commit_comment import CommitComment
    from multihome.device.session import CandidateSession, CommitRecord, Session


class Stuck(NeedsHuman):
    """A router that cannot be moved to where it is to go; `stood` is where it is, and stays."""

    def __init__(self, stood: Position, text: str) -> None:
        self.stood = stood
        super().__init__(text)


ALREADY_OURS = "database is already open"
"""Junos to a session that locks twice."""
LOOKERS = 2
LOOKERS_PAUSE = 0.2
"""Seconds; longer than a look takes, shorter than anybody edits."""
EVICTION_TRIES = 20
EVICTION_PAUSE = 0.1
"""Seconds; a router needs a moment to end a session after the request."""


def take_lock(session: Session, ours: Collection[str]) -> None:
    """Take the exclusive lock, from an earlier session of our own if that is who holds it.

    A session that was cut lives on at the router until it notices, with the lock. A session
    that holds the lock already keeps it.

    Raises:
        LockDenied: another session holds it.
        DeviceError: the router could not be asked.
    """
    try:
        session.lock()
    except RpcFailed as refused:
        holder = refused.holder if isinstance(refused, LockDenied) else ""
        if ALREADY_OURS in refused.reason or (holder and holder == session.identity):
            return
        if not holder or holder not in ours:
            raise
        with suppress(RpcFailed):  # it may be gone by now
            session.evict(holder)
        _lock_soon(session, holder)


def past_lookers(take: Callable[[], None], rest: Callable[[float], None] | None = None) -> None:
    """Take the lock; retry briefly, since a preflight of another user may hold it for a moment.

    Raises:
        LockDenied: the holder keeps it.
    """
    for _ in range(LOOKERS):
        with suppress(LockDenied):
            take()
            return
        (rest or time.sleep)(LOOKERS_PAUSE)
    take()


def _lock_soon(session: Session, holder: str) -> None:
    for attempt in range(EVICTION_TRIES):
        try:
            session.lock()
        except LockDenied as denied:
            if denied.holder != holder or attempt == EVICTION_TRIES - 1:
                raise
            time.sleep(EVICTION_PAUSE)
        else:
            return


def look(session: CandidateSession, run: str, known: Fingerprints) -> Position:
    """The status of the router in the run; reads the configuration only if that decides."""
    history = session.history()
    pending = bool(history) and history[0].pending
    current = "" if pending else fingerprint(session)
    if current and not (known.before and known.after):
        known = _from_history(session, run, history, current, known)
    return position(run, history, current, known)


def _from_history(
    session: CandidateSession,
    run: str,
    history: Sequence[CommitRecord],
    current: str,
    known: Fingerprints,
) -> Fingerprints:
    """Whether the configuration is the one from before or after, where only the router knows it."""
    ours = [number for number, record in enumerate(history) if signed(record, run)]
    if not ours:
        return known
    before = ours[-1] + 1
    undone = not known.before and before < len(history) and not session.diff(rollback=before)
    known = replace(known, before=current) if undone else known
    changed = next((n for n in ours if signed(history[n], run) != "rollback"), None)
    if undone or known.after or not changed or session.diff(rollback=changed):
        return known
    return replace(known, after=current)


def clock(session: CandidateSession) -> datetime | None:
    """The router's own time, which its deadlines use; None if it does not report one.

    Raises:
        DeviceError: the session is lost.
    """
    try:
        seconds = CLOCK.read(session.router, session.call(CLOCK.request))
    except (BadReply, RpcFailed):
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def undo(
    session: Session, mark: CommitComment, known: Fingerprints, ours: Collection[str]
) -> Position:
    """Restore the configuration from before the run, and prove it. Returns the earlier status.

    Under the lock, since then no commit of ours can still be under way at the router.

    Raises:
        Stuck: another user committed since, or the configuration before is not to be had.
        DeviceError: the router could not be asked, or the outcome of the rollback is open.
    """
    take_lock(session, ours)
    try:
        stood = look(session, mark.run, known)
        if stood.standing not in (RouterStatus.ROLLED_BACK, RouterStatus.UNTOUCHED):
            number = _undoable(session, mark.run, stood)
            _load_and_commit(session, stood, number, known.before, mark.comment("rollback"))
    finally:
        release(session)
    return stood


def redo(
    session: Session, mark: CommitComment, known: Fingerprints, ours: Collection[str]
) -> Position:
    """Make the run's configuration permanent: confirm it, or bring it back and commit it.

    Raises:
        Stuck: the router does not have the run's configuration any more.
        DeviceError: the router could not be asked, or the outcome of the commit is open.
    """
    take_lock(session, ours)
    try:
        stood = look(session, mark.run, known)
        if stood.standing is RouterStatus.PENDING:
            session.commit(comment=mark.comment("confirm"))
        elif (
            stood.standing is RouterStatus.ROLLED_BACK and stood.forward is not None and known.after
        ):
            _load_and_commit(session, stood, stood.forward, known.after, mark.comment("confirm"))
        elif stood.standing is not RouterStatus.CONFIRMED:
            raise Stuck(stood, f"{session.router}: {_why(stood)}; apply the change again instead")
    finally:
        release(session)
    return stood


def release(session: Session) -> None:
    """Give the lock back; what is left of it goes with the session, so a failure masks nothing."""
    with suppress(DeviceError):
        if session.alive:
            session.unlock()


def _undoable(session: Session, run: str, stood: Position) -> int:
    if stood.back is None:
        raise Stuck(stood, f"{session.router}: run {run} is not undone, {_why(stood)}")
    return stood.back


def _load_and_commit(
    session: Session, stood: Position, number: int, wanted: str, comment: str
) -> None:
    session.rollback(number)
    loaded = fingerprint(session, candidate=True)
    if wanted and loaded != wanted:
        session.discard()
        raise Stuck(
            stood,
            f"{session.router}: rollback {number} is not the configuration that is wanted "
            f"({loaded[:12]} instead of {wanted[:12]}); nothing was committed",
        )
    session.commit(comment=comment)
    current = fingerprint(session)
    if wanted and current != wanted:
        raise CommitUnknown(
            session.router, f"the configuration is {current[:12]} instead of {wanted[:12]}"
        )


def _why(stood: Position) -> str:
    who = f": {', '.join(stood.foreign)}" if stood.foreign else ""
    return f"it is {stood.standing}{who}"
