"""Commit for good where a router's own timer would lead to the same configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.abort import abort_from
from multihome.change.fingerprint import fingerprint
from multihome.change.router_operations import take_lock
from multihome.change.steps.lease import RETRY
from multihome.errors import LockDenied, NeedsHuman, RpcFailed
from multihome.fleet.outcome import errors

if TYPE_CHECKING:
    from multihome.change.transaction_state import TransactionState
    from multihome.device.session import RouterWarning, Session
    from multihome.errors import MultihomeError


def commit_at_once(transaction: TransactionState, batch: tuple[str, ...]) -> None:
    """Commit these routers, and those whose answer was lost again, for as long as a lease lasts.

    Raises:
        Abort: one refused, or was not reached in time; then its own timer is what brings it back.
    """
    transaction.stop.check()
    until = transaction.stop.now() + transaction.order.window
    comment = transaction.mark.comment(transaction.order.verb)
    failed = errors(
        transaction.perform(phase.COMMIT_AT_ONCE, lambda s: s.commit(comment=comment), batch)
    )
    while failed:
        if transaction.stop.now() >= until or any(_final(error) for error in failed.values()):
            raise abort_from(failed)
        transaction.fleet.drop(failed)
        transaction.stop.rest(RETRY)
        failed = errors(
            transaction.perform(
                phase.COMMIT_AT_ONCE, lambda s: _again(s, transaction, comment), failed, reopen=True
            )
        )


def _final(error: MultihomeError) -> bool:
    """Whether to ask again is of no use."""
    refused = isinstance(error, RpcFailed) and not isinstance(error, LockDenied)
    return refused or isinstance(error, NeedsHuman)


def _again(
    session: Session, transaction: TransactionState, comment: str
) -> tuple[RouterWarning, ...]:
    """Look under the lock first: the commit may have come to its end."""
    take_lock(session, transaction.evictable(session.router))
    transaction.joined(session)
    former = transaction.order.former
    if former is None or fingerprint(session) == transaction[session.router].known.after:
        return ()
    return (*former.load(session), *session.commit(comment=comment))
