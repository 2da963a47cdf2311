"""Commit for good where a router's own timer would lead to the same configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.fingerprint import fingerprint
from multihome.change.halt import halt
from multihome.change.router_operations import take_lock
from multihome.change.steps.lease import RETRY
from multihome.errors import LockDenied, NeedsHuman, RpcFailed
from multihome.fleet.outcome import errors

if TYPE_CHECKING:
    from multihome.change.board import Board
    from multihome.device.session import RouterWarning, Session
    from multihome.errors import MultihomeError


def commit_at_once(board: Board, batch: tuple[str, ...]) -> None:
    """Commit these routers, and those whose answer was lost again, for as long as a lease lasts.

    Raises:
        Halt: one refused, or was not reached in time; then its own timer is what brings it back.
    """
    board.stop.check()
    until = board.stop.now() + board.order.window
    comment = board.mark.comment(board.order.verb)
    failed = errors(board.perform(phase.COMMIT_AT_ONCE, lambda s: s.commit(comment=comment), batch))
    while failed:
        if board.stop.now() >= until or any(_final(error) for error in failed.values()):
            raise halt(failed)
        board.fleet.drop(failed)
        board.stop.rest(RETRY)
        failed = errors(
            board.perform(
                phase.COMMIT_AT_ONCE, lambda s: _again(s, board, comment), failed, reopen=True
            )
        )


def _final(error: MultihomeError) -> bool:
    """Whether to ask again is of no use."""
    refused = isinstance(error, RpcFailed) and not isinstance(error, LockDenied)
    return refused or isinstance(error, NeedsHuman)


def _again(session: Session, board: Board, comment: str) -> tuple[RouterWarning, ...]:
    """Look under the lock first: the commit may have come to its end."""
    take_lock(session, board.evictable(session.router))
    board.joined(session)
    former = board.order.former
    if former is None or fingerprint(session) == board[session.router].known.after:
        return ()
    return (*former.load(session), *session.commit(comment=comment))
