"""Prepare on all: lock, look, load, compare, check. Nothing is committed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import manual_recovery, phase
from multihome.change.abort import Abort, AbortReason, abort_from
from multihome.change.commit_comment import signed, waits
from multihome.change.fingerprint import fingerprint
from multihome.change.phase import Phase
from multihome.change.router_operations import past_lookers, release, take_lock
from multihome.change.router_status import Fingerprints
from multihome.errors import ConfigurationRefused, LockDenied
from multihome.fleet.outcome import errors, values
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.transaction_state import TransactionState
    from multihome.device.session import CommitRecord, RouterWarning, Session
    from multihome.fleet.outcome import Outcome


def prepare(transaction: TransactionState) -> None:
    """Bring every router to CHECKED, or to UNCHANGED where nothing differs.

    Raises:
        Abort: a router refused, is busy or could not be asked; some are locked and loaded now.
    """
    _lock_all(transaction)
    _look_at_all(transaction)
    transaction.stop.check()
    _load_all(transaction)
    _compare_all(transaction)
    transaction.stop.check()
    _check_all(transaction)
    _keep(transaction)


def _lock_all(transaction: TransactionState) -> None:
    """One after the other, in the order of names: of two operators at the same time, one wins.

    All at once, each could get a part of the locks and both would have to give up.
    """
    for router in transaction.those(Phase.UNTOUCHED):
        transaction.stop.check()
        _all_well(
            transaction.perform(phase.LOCK, lambda s: _lock(s, transaction), [router], reopen=True)
        )


def _look_at_all(transaction: TransactionState) -> None:
    """Under the lock no one else commits: a rollback must restore what is read now."""
    outcomes = transaction.perform(
        phase.LOOK, lambda session: _look(session, transaction), transaction.those(Phase.LOCKED)
    )
    _all_well(outcomes)
    for router, before in values(outcomes).items():
        transaction.set(router, known=Fingerprints(before=before))
        transaction.record("look", "note", [router], before=before)
    former = transaction.order.former
    if former is not None and former.guard is not None and (why := "; ".join(former.guard())):
        raise Abort(AbortReason.FAILED, why)


def _load_all(transaction: TransactionState) -> None:
    outcomes = transaction.perform(
        phase.LOAD, lambda session: _load(session, transaction), transaction.those(Phase.LOCKED)
    )
    _all_well(outcomes)
    _heed(transaction, outcomes)


def _compare_all(transaction: TransactionState) -> None:
    outcomes = transaction.perform(phase.COMPARE, _compare, transaction.those(Phase.LOADED))
    _all_well(outcomes)
    for router, (diff, after) in values(outcomes).items():
        known = Fingerprints(transaction[router].known.before, after)
        transaction.set(router, diff=redact(diff, transaction.order.secrets), known=known)
        transaction.record("compare", "note", [router], after=after, changed=bool(diff))
    unchanged = [
        router for router in transaction.those(Phase.LOADED) if not transaction[router].diff
    ]
    transaction.perform(phase.RELEASE, release, unchanged)
    for router in unchanged:
        transaction.set(router, phase=Phase.UNCHANGED)


def _check_all(transaction: TransactionState) -> None:
    outcomes = transaction.perform(
        phase.CHECK, lambda session: _check(session, transaction), transaction.those(Phase.LOADED)
    )
    _all_well(outcomes)
    _heed(transaction, outcomes)


def _keep(transaction: TransactionState) -> None:
    """Before anything is committed: what will be, and how to undo it without this tool."""
    ready = transaction.those(Phase.CHECKED)
    if not ready:
        return
    sessions = {router: transaction[router].sessions for router in ready}
    try:
        for router in ready:
            transaction.folder.write(f"diff/{router}.diff", transaction[router].diff)
            transaction.folder.write(f"load/{router}.set", transaction.order.scripts[router])
        transaction.folder.write(
            manual_recovery.FILE, manual_recovery.by_hand(transaction.mark, sessions)
        )
    except OSError as error:
        text = f"the run's folder cannot be written: {error.strerror or error}"
        raise Abort(AbortReason.FAILED, text) from None
    transaction.note(
        "by hand", manual_recovery.in_short(transaction.mark, ready, transaction.folder.path)
    )


def _lock(session: Session, transaction: TransactionState) -> None:
    transaction.joined(session)
    if transaction.order.former is None:
        past_lookers(session.lock, transaction.stop.rest)
        return
    ours = transaction.evictable(session.router)
    past_lookers(lambda: take_lock(session, ours), transaction.stop.rest)


def _look(session: Session, transaction: TransactionState) -> str:
    """Refuse a router with a pending confirmed commit: ours would confirm it."""
    history = session.history()
    if history and history[0].pending and not _resumed(history[0], transaction):
        raise LockDenied(session.router, waits(history[0], "; any commit now would confirm it"))
    return fingerprint(session)


def _resumed(newest: CommitRecord, transaction: TransactionState) -> bool:
    """Whether a pending commit is of the run that is undone or brought back."""
    former = transaction.order.former
    return former is not None and signed(newest, former.run) is not None


def _load(session: Session, transaction: TransactionState) -> tuple[RouterWarning, ...]:
    former = transaction.order.former
    if former is not None:
        return former.load(session)
    return session.load(transaction.order.scripts[session.router])


def _check(session: Session, transaction: TransactionState) -> tuple[RouterWarning, ...]:
    """A commit check confirms a pending commit, so it is left to the commit itself there."""
    return () if session.router in transaction.order.at_once else session.commit_check()


def _compare(session: Session) -> tuple[str, str]:
    diff = session.diff()
    return diff, fingerprint(session, candidate=True) if diff else ""


def _heed(
    transaction: TransactionState, outcomes: Mapping[str, Outcome[tuple[object, ...]]]
) -> None:
    for router, warnings in values(outcomes).items():
        transaction.warn(router, warnings)
        if warnings and transaction.order.strict_warnings:
            text = "; ".join(map(str, warnings))
            transaction.set(router, error=ConfigurationRefused(router, f"warning: {text}"))
            raise Abort(
                AbortReason.REFUSED, f"{router}: {text} (a warning, and warnings are not accepted)"
            )


def _all_well(outcomes: Mapping[str, Outcome[object]]) -> None:
    if failed := errors(outcomes):
        raise abort_from(failed)
