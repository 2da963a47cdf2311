"""Confirm on all: over sessions opened for it, all at once, and looked at afterwards."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.before.holder import told
from multihome.change.halt import Halt, Why, halt
from multihome.change.phase import Phase
from multihome.change.router_operations import look, release, take_lock
from multihome.change.router_status import Standing
from multihome.change.steps import lease
from multihome.errors import LockDenied
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from multihome.change.board import Board
    from multihome.change.router_status import Position
    from multihome.device.session import Session

TRIES = 3
"""To see what was confirmed, of a router that has answered that it was."""


def reach(board: Board) -> None:
    """Open a fresh session to every router and take the lock over to it.

    That a router can still be reached is a part of the proof. Nothing is confirmed yet.

    Raises:
        Halt: one cannot be reached in time, or does not hold our commit any more.
    """
    missing = list(board.those(Phase.PENDING))
    olds: dict[str, Session | None] = {}
    while missing:
        board.stop.check()
        outcomes = board.fleet.renew(missing)
        olds.update(values(outcomes))
        missing = list(errors(outcomes))
        if missing and min(lease.time_left(board, router) for router in missing) <= 0:
            raise halt(errors(outcomes))
        if missing:
            lease.seek(board, missing)
            board.stop.wait(lease.RETRY)
    taken = board.perform(
        phase.TAKE_OVER,
        lambda session: _take_over(session, olds.get(session.router), board),
        olds,
    )
    if failed := errors(taken):
        board.stop.check()
        raise halt(failed)
    for router, found in values(taken).items():
        if found.standing is not Standing.PENDING:
            lease.place(board, router, found)


def confirm(board: Board) -> float:
    """Confirm every router that waits; from here on the operator's wish to stop comes too late.

    Returns the seconds between the first and the last confirmation, in which alone a crash
    could leave routers of one change apart.

    Raises:
        Halt: one could not be confirmed before its lease ends; others may be CONFIRMED.
    """
    start = board.stop.now()
    outcomes = board.perform(
        phase.CONFIRM,
        lambda session: session.commit(comment=board.mark.comment("confirm")),
        board.those(Phase.PENDING),
    )
    for router, warnings in values(outcomes).items():
        board.warn(router, warnings)
    window = board.stop.now() - start
    _settle(board)
    _see(board)
    return window


def _settle(board: Board) -> None:
    """Those whose answer was lost: ask, and confirm again, until the lease is nearly over."""
    while unsettled := board.those(Phase.CONFIRMING, Phase.PENDING):
        outcomes = board.perform(
            phase.SETTLE, lambda session: _finish(session, board), unsettled, reopen=True
        )
        for router, found in values(outcomes).items():
            if found.standing in (Standing.FOREIGN, Standing.OTHER_PENDING):
                lease.confirmed_by_another(board, router, found)
            elif found.standing in (Standing.CONFIRMED, Standing.PENDING):
                board.set(router, phase=Phase.CONFIRMED, error=None)
            else:
                raise Halt(Why.FAILED, f"{router}: {found.standing} before it was confirmed")
        failed = errors(outcomes)
        if failed and min(lease.time_left(board, router) for router in failed) <= 0:
            raise halt(failed)
        if failed:
            board.fleet.drop(failed)
            board.stop.rest(lease.RETRY)


def _see(board: Board) -> None:
    """A router that stood still may have seen its timer end before our confirmation came.

    What it confirmed then was nothing, however well it answered.
    """
    unseen = [router for router in board.those(Phase.CONFIRMED) if not board[router].foreign]
    for _ in range(TRIES):
        outcomes = board.perform(
            phase.LOOK_BACK,
            lambda session: look(session, board.mark.run, board[session.router].known),
            unseen,
            reopen=True,
        )
        if gone := [r for r, p in values(outcomes).items() if p.standing is Standing.ROLLED_BACK]:
            text = "rolled back by itself before its confirmation came"
            raise Halt(Why.FAILED, f"{', '.join(gone)}: {text}")
        unseen = list(errors(outcomes))
        board.fleet.drop(unseen)
    for router in unseen:
        board.warn(router, ["it answered that it is confirmed, and could not be asked again"])


def _finish(session: Session, board: Board) -> Position:
    """Look under the lock, so that no confirmation of ours can still be under way."""
    part = board[session.router]
    take_lock(session, board.evictable(session.router))
    board.joined(session)
    found = look(session, board.mark.run, part.known)
    if found.standing is Standing.PENDING:
        session.commit(comment=board.mark.comment("confirm"))
    return found


def _take_over(session: Session, old: Session | None, board: Board) -> Position:
    """Hand the lock over; the gap is as short as two requests."""
    part = board[session.router]
    board.joined(session)
    if old is not None:
        release(old)
    _lock_in_time(session, board)
    if old is not None:
        with suppress(Exception):  # its work is done; closing may fail as it likes
            old.close()
    return look(session, board.mark.run, part.known)


def _lock_in_time(session: Session, board: Board) -> None:
    """Wait for whoever came into the gap: most only look, and cost us no proven change.

    Until the lease is nearly over; should they commit, that is seen as soon as the lock is ours.
    """
    said = False
    while True:
        try:
            take_lock(session, board.evictable(session.router))
        except LockDenied as denied:
            if board.stop.asked or lease.time_left(board, session.router) <= 0:
                raise
            if not said:
                board.note("take over", f"waits for the lock: {told(denied)}")
            said = True
            board.stop.rest(lease.RETRY)
        else:
            return
