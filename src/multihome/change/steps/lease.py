"""Confirmed commits while they wait: how long they last, renewing them, finding them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.abort import Abort, AbortReason, abort_from
from multihome.change.pending_commit import read
from multihome.change.phase import Phase
from multihome.change.router_operations import look, take_lock
from multihome.change.router_status import Position, RouterStatus
from multihome.errors import RpcFailed
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.change.pending_commit import PendingCommit
    from multihome.change.transaction_state import TransactionState
    from multihome.device.session import Session

RENEW_AT = 0.5
"""Renew when this part of the lease is left: late enough to be rare, early enough to fail twice."""
CONFIRM_BEFORE = 0.2
"""Do not start to confirm with less than this part left: the timer might win the race."""
MOST_RENEWALS = 40
"""Each is a commit, and Junos keeps 50 configurations: the one before must be among them."""
RETRY = 1.0
"""Seconds between two attempts to reach a router again."""


def start_timer(transaction: TransactionState, router: str, committed_at: float) -> None:
    """Count the lease from before the commit was sent, so that it ends here before it does there."""
    transaction.set(router, lease_ends=committed_at + transaction.order.window)


def read_back(transaction: TransactionState, routers: Iterable[str]) -> None:
    """See on each router that our commit is there and waits, and until when.

    Raises:
        Abort: it is not, or the router cannot be asked.
    """
    asked = transaction.stop.now()
    outcomes = transaction.perform(phase.READ_BACK, read, routers)
    _take_note(transaction, values(outcomes), asked)
    _tell(transaction, values(outcomes))
    if lost := errors(outcomes):
        reconnect(transaction, lost)


def renew_due(transaction: TransactionState) -> None:
    """Renew the leases that are half over.

    Raises:
        Abort: a renewal failed, or there were too many; what is not renewed heals itself.
    """
    now = transaction.stop.now()
    due = [
        router
        for router in transaction.those(Phase.PENDING)
        if transaction[router].lease_ends - now < transaction.order.window * RENEW_AT
    ]
    if not due:
        return
    if max(transaction[router].renewals for router in due) >= MOST_RENEWALS:
        text = f"renewed {MOST_RENEWALS} times, and Junos keeps 50 configurations"
        raise Abort(AbortReason.UNPROVEN, f"{text}: give it a longer lease")
    outcomes = transaction.perform(
        phase.RENEW,
        lambda session: session.commit_confirmed(
            seconds=transaction.order.window, comment=transaction.mark.comment("renew")
        ),
        due,
    )
    for router in values(outcomes):
        start_timer(transaction, router, now)
        transaction.set(router, renewals=transaction[router].renewals + 1)
    failed = errors(outcomes)
    if refused := {r: error for r, error in failed.items() if isinstance(error, RpcFailed)}:
        raise abort_from(refused)
    if failed:
        reconnect(transaction, failed)
    read_back(transaction, [router for router in due if transaction[router].phase is Phase.PENDING])


def watch(transaction: TransactionState) -> None:
    """Check that our commits are still pending: a commit of any other user confirms them.

    A commit that another user confirmed is CONFIRMED from now on, with a warning.

    Raises:
        Abort: a router rolled back by itself, or is lost and does not come back in time.
    """
    asked = transaction.stop.now()
    outcomes = transaction.perform(phase.WATCH, read, transaction.those(Phase.PENDING))
    _take_note(transaction, values(outcomes), asked)
    if lost := errors(outcomes):
        reconnect(transaction, lost)


def reconnect(transaction: TransactionState, routers: Iterable[str]) -> None:
    """Find routers again whose session was lost, or whose answer to a commit was.

    Tried until the lease is nearly over. A router that has our commit is PENDING again, in a
    session that holds the lock.

    Raises:
        Abort: one does not have it, or was not reached in time.
    """
    missing = list(routers)
    while True:
        transaction.stop.check()
        outcomes = transaction.perform(
            phase.REGAIN, lambda session: _regain(session, transaction), missing, reopen=True
        )
        for router, found in values(outcomes).items():
            place(transaction, router, found)
        missing = list(errors(outcomes))
        if not missing:
            return
        if min(time_left(transaction, router) for router in missing) <= 0:
            raise abort_from(errors(outcomes))
        seek(transaction, missing)
        transaction.fleet.drop(missing)
        transaction.stop.wait(RETRY)


def time_left(transaction: TransactionState, router: str) -> float:
    """Seconds in which it is still safe to start a commit that beats the router's timer."""
    margin = transaction.order.window * CONFIRM_BEFORE
    return transaction[router].lease_ends - margin - transaction.stop.now()


def seek(transaction: TransactionState, missing: Iterable[str]) -> None:
    """Report the lost routers and how long the run waits for them."""
    transaction.note("regain", f"looking for {', '.join(missing)} until the lease is nearly over")


def _regain(session: Session, transaction: TransactionState) -> Position:
    part = transaction[session.router]
    take_lock(session, transaction.evictable(session.router))
    transaction.joined(session)
    return look(session, transaction.mark.run, part.known)


def place(transaction: TransactionState, router: str, found: Position) -> None:
    """Put a router where it was found; Abort if it does not have our commit any more."""
    if found.standing is RouterStatus.PENDING:
        transaction.set(router, phase=Phase.PENDING, deadline=found.deadline, error=None)
        transaction.note("regain", "found again, our commit waits for its confirmation", [router])
    elif found.standing in (
        RouterStatus.CONFIRMED,
        RouterStatus.FOREIGN,
        RouterStatus.OTHER_PENDING,
    ):
        confirmed_by_another(transaction, router, found)
    else:
        astray = found.standing is RouterStatus.ASTRAY
        transaction.set(router, phase=Phase.RESTORING if astray else Phase.RESTORED)
        raise Abort(AbortReason.FAILED, f"{router}: {_gone(found)}")


def _gone(found: Position) -> str:
    """Why our commit is not there."""
    if found.standing is not RouterStatus.UNTOUCHED:
        return f"rolled back, the newest commit there is of {found.newest}"
    who = f", but a commit of another user: {', '.join(found.foreign)}" if found.foreign else ""
    return f"it has no commit of this run{who}"


def _no_longer_pending(transaction: TransactionState, router: str) -> None:
    outcome = transaction.perform(
        phase.WATCH,
        lambda session: look(session, transaction.mark.run, transaction[router].known),
        [router],
    )[router]
    if outcome.ok:
        place(transaction, router, outcome.get())
    else:
        reconnect(transaction, [router])


def confirmed_by_another(transaction: TransactionState, router: str, found: Position) -> None:
    """Warn: a commit of another user made ours permanent, and may contain more changes."""
    who = ", ".join(found.foreign) or "a commit check"
    transaction.set(router, phase=Phase.CONFIRMED, foreign=found.foreign or (who,))
    see = "`show system rollback compare 1 0` there shows what else they changed"
    transaction.warn(router, [f"ANOTHER USER CONFIRMED THIS CHANGE: {who}; {see}"])
    transaction.note(
        "watch", f"ANOTHER USER COMMITTED and so confirmed this change: {who}", [router]
    )


def _take_note(
    transaction: TransactionState, readings: Mapping[str, PendingCommit], asked: float
) -> None:
    """What each router says of our commit; its lease ends when the sooner of two clocks says so."""
    for router, reading in readings.items():
        if not reading.waits(transaction.mark.run):
            _no_longer_pending(transaction, router)
            continue
        ends = transaction[router].lease_ends
        if reading.left is not None:
            ends = min(ends, asked + reading.left)
        transaction.set(router, deadline=reading.deadline, lease_ends=ends, clock=reading.now)


def _tell(transaction: TransactionState, readings: Mapping[str, PendingCommit]) -> None:
    """The deadlines as they were read back: each written down, the first of them said."""
    waiting = {
        r: reading for r, reading in readings.items() if transaction[r].phase is Phase.PENDING
    }
    for router, reading in waiting.items():
        transaction.write("read back", "note", [router], deadline=reading.moment)
    known = {reading.deadline: reading for reading in waiting.values() if reading.deadline}
    if known:
        first = known[min(known)]
        who = f"{len(waiting)} routers roll" if len(waiting) > 1 else f"{next(iter(waiting))} rolls"
        transaction.note(
            "deadline", f"{first.moment} by router clock, in {first.left:.0f} s: {who} back alone"
        )
