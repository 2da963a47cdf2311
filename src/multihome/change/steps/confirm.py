"""Confirm on all: over sessions opened for it, all at once, and looked at afterwards."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.abort import Abort, AbortReason, abort_from
from multihome.change.phase import Phase
from multihome.change.preflight.holder import told
from multihome.change.router_operations import look, release, take_lock
from multihome.change.router_status import RouterStatus
from multihome.change.steps import lease
from multihome.errors import LockDenied
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from multihome.change.router_status import Position
    from multihome.change.transaction_state import TransactionState
    from multihome.device.session import Session

TRIES = 3
"""To see what was confirmed, of a router that has answered that it was."""


def reach(transaction: TransactionState) -> None:
    """Open a fresh session to every router and take the lock over to it.

    That a router can still be reached is a part of the proof. Nothing is confirmed yet.

    Raises:
        Abort: one cannot be reached in time, or does not hold our commit any more.
    """
    missing = list(transaction.those(Phase.PENDING))
    olds: dict[str, Session | None] = {}
    while missing:
        transaction.stop.check()
        outcomes = transaction.fleet.renew(missing)
        olds.update(values(outcomes))
        missing = list(errors(outcomes))
        if missing and min(lease.time_left(transaction, router) for router in missing) <= 0:
            raise abort_from(errors(outcomes))
        if missing:
            lease.seek(transaction, missing)
            transaction.stop.wait(lease.RETRY)
    taken = transaction.perform(
        phase.TAKE_OVER,
        lambda session: _take_over(session, olds.get(session.router), transaction),
        olds,
    )
    if failed := errors(taken):
        transaction.stop.check()
        raise abort_from(failed)
    for router, found in values(taken).items():
        if found.standing is not RouterStatus.PENDING:
            lease.place(transaction, router, found)


def confirm(transaction: TransactionState) -> float:
    """Confirm every router that waits; from here on the operator's wish to stop comes too late.

    Returns the seconds between the first and the last confirmation, in which alone a crash
    could leave routers of one change apart.

    Raises:
        Abort: one could not be confirmed before its lease ends; others may be CONFIRMED.
    """
    start = transaction.stop.now()
    outcomes = transaction.perform(
        phase.CONFIRM,
        lambda session: session.commit(comment=transaction.mark.comment("confirm")),
        transaction.those(Phase.PENDING),
    )
    for router, warnings in values(outcomes).items():
        transaction.warn(router, warnings)
    window = transaction.stop.now() - start
    _settle(transaction)
    _see(transaction)
    return window


def _settle(transaction: TransactionState) -> None:
    """Those whose answer was lost: ask, and confirm again, until the lease is nearly over."""
    while unsettled := transaction.those(Phase.CONFIRMING, Phase.PENDING):
        outcomes = transaction.perform(
            phase.SETTLE, lambda session: _finish(session, transaction), unsettled, reopen=True
        )
        for router, found in values(outcomes).items():
            if found.standing in (RouterStatus.FOREIGN, RouterStatus.OTHER_PENDING):
                lease.confirmed_by_another(transaction, router, found)
            elif found.standing in (RouterStatus.CONFIRMED, RouterStatus.PENDING):
                transaction.set(router, phase=Phase.CONFIRMED, error=None)
            else:
                raise Abort(
                    AbortReason.FAILED, f"{router}: {found.standing} before it was confirmed"
                )
        failed = errors(outcomes)
        if failed and min(lease.time_left(transaction, router) for router in failed) <= 0:
            raise abort_from(failed)
        if failed:
            transaction.fleet.drop(failed)
            transaction.stop.rest(lease.RETRY)


def _see(transaction: TransactionState) -> None:
    """A router that stood still may have seen its timer end before our confirmation came.

    What it confirmed then was nothing, however well it answered.
    """
    unseen = [
        router for router in transaction.those(Phase.CONFIRMED) if not transaction[router].foreign
    ]
    for _ in range(TRIES):
        outcomes = transaction.perform(
            phase.LOOK_BACK,
            lambda session: look(session, transaction.mark.run, transaction[session.router].known),
            unseen,
            reopen=True,
        )
        if gone := [
            r for r, p in values(outcomes).items() if p.standing is RouterStatus.ROLLED_BACK
        ]:
            text = "rolled back by itself before its confirmation came"
            raise Abort(AbortReason.FAILED, f"{', '.join(gone)}: {text}")
        unseen = list(errors(outcomes))
        transaction.fleet.drop(unseen)
    for router in unseen:
        transaction.warn(router, ["it answered that it is confirmed, and could not be asked again"])


def _finish(session: Session, transaction: TransactionState) -> Position:
    """Look under the lock, so that no confirmation of ours can still be under way."""
    part = transaction[session.router]
    take_lock(session, transaction.evictable(session.router))
    transaction.joined(session)
    found = look(session, transaction.mark.run, part.known)
    if found.standing is RouterStatus.PENDING:
        session.commit(comment=transaction.mark.comment("confirm"))
    return found


def _take_over(session: Session, old: Session | None, transaction: TransactionState) -> Position:
    """Hand the lock over; the gap is as short as two requests."""
    part = transaction[session.router]
    transaction.joined(session)
    if old is not None:
        release(old)
    _lock_in_time(session, transaction)
    if old is not None:
        with suppress(Exception):  # its work is done; closing may fail as it likes
            old.close()
    return look(session, transaction.mark.run, part.known)


def _lock_in_time(session: Session, transaction: TransactionState) -> None:
    """Wait for the session that took the lock in the gap: most only read, and release it soon.

    Waits until the lease is nearly over. A commit of that session is noticed once we hold the lock.
    """
    said = False
    while True:
        try:
            take_lock(session, transaction.evictable(session.router))
        except LockDenied as denied:
            if transaction.stop.asked or lease.time_left(transaction, session.router) <= 0:
                raise
            if not said:
                transaction.note("take over", f"waits for the lock: {told(denied)}")
            said = True
            transaction.stop.rest(lease.RETRY)
        else:
            return
