"""Undo on all at once, without waiting for the timers, and prove it by fingerprint."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.phase import Phase
from multihome.change.router_operations import Stuck, look, take_lock, undo
from multihome.change.router_status import RouterStatus
from multihome.change.steps.lease import RETRY
from multihome.errors import LockDenied, NeedsHuman, RpcFailed
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.change.router_status import Position
    from multihome.change.transaction_state import TransactionState
    from multihome.device.session import Session
    from multihome.errors import MultihomeError

FREE_TRIES = 3
GRACE = 30.0
"""Seconds after the last lease has ended in which a router may still come back and be looked at."""


def restore(transaction: TransactionState) -> None:
    """Bring back every router that may run the new configuration; let go of the others.

    A router that was committed at once stays: its timer would have led there as well. One that
    cannot be reached is tried again until its own timer must have brought it
    back. What is not RESTORED when this returns has its reason in `error`, and needs a human.
    """
    let_go(transaction)
    at_once = transaction.order.at_once
    free(transaction, [router for router in transaction.live() if router in at_once])
    todo = tuple(router for router in transaction.live() if router not in at_once)
    until = max((transaction[router].lease_ends for router in todo), default=0.0) + GRACE
    while todo:
        outcomes = transaction.perform(
            phase.RESTORE, lambda session: _restore(session, transaction), todo, reopen=True
        )
        for router, stood in values(outcomes).items():
            transaction.write("restore", "note", [router], stood=stood.standing.value)
        if done := values(outcomes):
            transaction.note("restore", f"as before: {', '.join(done)}")
        failed = errors(outcomes)
        _place_stuck(transaction, failed)
        free(transaction, values(outcomes))
        todo = tuple(r for r, error in failed.items() if not isinstance(error, NeedsHuman))
        if todo and transaction.stop.now() > until:
            return
        if todo:
            transaction.note("restore", f"trying {', '.join(todo)} again until the lease is over")
            transaction.fleet.drop(todo)
            transaction.stop.rest(RETRY)


def _place_stuck(transaction: TransactionState, failed: Mapping[str, MultihomeError]) -> None:
    """A router that is not to be undone is where it was found, not on its way."""
    for router, error in failed.items():
        if isinstance(error, Stuck):
            stood = error.stood
            phases = {RouterStatus.PENDING: Phase.PENDING, RouterStatus.ASTRAY: Phase.RESTORING}
            transaction.set(
                router,
                phase=phases.get(stood.standing, Phase.CONFIRMED),
                lasting=transaction[router].lasting or stood.standing is RouterStatus.ASTRAY,
                deadline=stood.deadline,
                foreign=transaction[router].foreign or stood.foreign,
            )


def let_go(transaction: TransactionState) -> None:
    """Give back what was only locked and loaded: the candidate goes with the lock."""
    held = transaction.those(Phase.UNTOUCHED, Phase.LOCKED, Phase.LOADED, Phase.CHECKED)
    free(transaction, [router for router in held if transaction[router].sessions])


def free(transaction: TransactionState, routers: Iterable[str]) -> None:
    """Leave no lock behind, also where the session that held it is lost.

    A router that cannot be reached releases the lock when it notices that the session ended.
    """
    chosen = tuple(routers)
    lost = list(errors(transaction.perform(phase.RELEASE, _unlock, chosen)))
    for _ in range(FREE_TRIES):
        if not lost:
            break
        transaction.fleet.drop(lost)
        outcomes = transaction.perform(
            phase.RELEASE, lambda session: _free(session, transaction), lost, reopen=True
        )
        lost = list(errors(outcomes))
        if lost:
            transaction.stop.rest(RETRY)
    transaction.fleet.drop(chosen)


def _free(session: Session, transaction: TransactionState) -> None:
    transaction.joined(session)
    with suppress(LockDenied):  # another session has it by now
        take_lock(session, transaction.evictable(session.router))
        _unlock(session)


def _unlock(session: Session) -> None:
    """A router that refuses has answered: then the lock is not ours any more."""
    with suppress(RpcFailed):
        session.unlock()


def _restore(session: Session, transaction: TransactionState) -> Position:
    part = transaction[session.router]
    transaction.joined(session)
    try:
        return undo(session, transaction.mark, part.known, transaction.evictable(session.router))
    except LockDenied:
        # Another user holds the lock; the router may have rolled back by itself already.
        stood = look(session, transaction.mark.run, part.known)
        if stood.standing is RouterStatus.ROLLED_BACK:
            return stood
        raise
