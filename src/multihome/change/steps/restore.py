"""Undo on all at once, without waiting for the timers, and prove it by fingerprint."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.phase import Phase
from multihome.change.router_operations import Stuck, look, take_lock, undo
from multihome.change.router_status import Standing
from multihome.change.steps.lease import RETRY
from multihome.errors import LockDenied, NeedsHuman, RpcFailed
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.change.board import Board
    from multihome.change.router_status import Position
    from multihome.device.session import Session
    from multihome.errors import MultihomeError

FREE_TRIES = 3
GRACE = 30.0
"""Seconds after the last lease has ended in which a router may still come back and be looked at."""


def restore(board: Board) -> None:
    """Bring back every router that may run the new configuration; let go of the others.

    A router that was committed at once stays: its timer would have led there as well. One that
    cannot be reached is tried again until its own timer must have brought it
    back. What is not RESTORED when this returns has its reason in `error`, and needs a human.
    """
    let_go(board)
    at_once = board.order.at_once
    free(board, [router for router in board.live() if router in at_once])
    todo = tuple(router for router in board.live() if router not in at_once)
    until = max((board[router].lease_ends for router in todo), default=0.0) + GRACE
    while todo:
        outcomes = board.perform(
            phase.RESTORE, lambda session: _restore(session, board), todo, reopen=True
        )
        for router, stood in values(outcomes).items():
            board.write("restore", "note", [router], stood=stood.standing.value)
        if done := values(outcomes):
            board.note("restore", f"as before: {', '.join(done)}")
        failed = errors(outcomes)
        _place_stuck(board, failed)
        free(board, values(outcomes))
        todo = tuple(r for r, error in failed.items() if not isinstance(error, NeedsHuman))
        if todo and board.stop.now() > until:
            return
        if todo:
            board.note("restore", f"trying {', '.join(todo)} again until the lease is over")
            board.fleet.drop(todo)
            board.stop.rest(RETRY)


def _place_stuck(board: Board, failed: Mapping[str, MultihomeError]) -> None:
    """A router that is not to be undone is where it was found, not on its way."""
    for router, error in failed.items():
        if isinstance(error, Stuck):
            stood = error.stood
            phases = {Standing.PENDING: Phase.PENDING, Standing.ASTRAY: Phase.RESTORING}
            board.set(
                router,
                phase=phases.get(stood.standing, Phase.CONFIRMED),
                lasting=board[router].lasting or stood.standing is Standing.ASTRAY,
                deadline=stood.deadline,
                foreign=board[router].foreign or stood.foreign,
            )


def let_go(board: Board) -> None:
    """Give back what was only locked and loaded: the candidate goes with the lock."""
    held = board.those(Phase.UNTOUCHED, Phase.LOCKED, Phase.LOADED, Phase.CHECKED)
    free(board, [router for router in held if board[router].sessions])


def free(board: Board, routers: Iterable[str]) -> None:
    """Leave no lock behind, also where the session that held it is lost.

    A router that cannot be told now frees it itself, when it notices that the session is gone.
    """
    chosen = tuple(routers)
    lost = list(errors(board.perform(phase.RELEASE, _unlock, chosen)))
    for _ in range(FREE_TRIES):
        if not lost:
            break
        board.fleet.drop(lost)
        outcomes = board.perform(
            phase.RELEASE, lambda session: _free(session, board), lost, reopen=True
        )
        lost = list(errors(outcomes))
        if lost:
            board.stop.rest(RETRY)
    board.fleet.drop(chosen)


def _free(session: Session, board: Board) -> None:
    board.joined(session)
    with suppress(LockDenied):  # somebody else's by now
        take_lock(session, board.evictable(session.router))
        _unlock(session)


def _unlock(session: Session) -> None:
    """A router that refuses has answered: then the lock is not ours any more."""
    with suppress(RpcFailed):
        session.unlock()


def _restore(session: Session, board: Board) -> Position:
    part = board[session.router]
    board.joined(session)
    try:
        return undo(session, board.mark, part.known, board.evictable(session.router))
    except LockDenied:
        # Somebody is in between; but the router may have undone it by itself already.
        stood = look(session, board.mark.run, part.known)
        if stood.standing is Standing.ROLLED_BACK:
            return stood
        raise
