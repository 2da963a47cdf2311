"""Confirmed commits while they wait: how long they last, renewing them, finding them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.halt import Halt, Why, halt
from multihome.change.pending_commit import read
from multihome.change.phase import Phase
from multihome.change.router_operations import look, take_lock
from multihome.change.router_status import Position, Standing
from multihome.errors import RpcFailed
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.change.board import Board
    from multihome.change.pending_commit import Reading
    from multihome.device.session import Session

RENEW_AT = 0.5
"""Renew when this part of the lease is left: late enough to be rare, early enough to fail twice."""
CONFIRM_BEFORE = 0.2
"""Do not start to confirm with less than this part left: the timer might win the race."""
MOST_RENEWALS = 40
"""Each is a commit, and Junos keeps 50 configurations: the one before must be among them."""
RETRY = 1.0
"""Seconds between two attempts to reach a router again."""


def grant(board: Board, router: str, committed_at: float) -> None:
    """Count the lease from before the commit was sent, so that it ends here before it does there."""
    board.set(router, lease_ends=committed_at + board.order.window)


def read_back(board: Board, routers: Iterable[str]) -> None:
    """See on each router that our commit is there and waits, and until when.

    Raises:
        Halt: it is not, or the router cannot be asked.
    """
    asked = board.stop.now()
    outcomes = board.perform(phase.READ_BACK, read, routers)
    _take_note(board, values(outcomes), asked)
    _tell(board, values(outcomes))
    if lost := errors(outcomes):
        regain(board, lost)


def tend(board: Board) -> None:
    """Renew the leases that are half over.

    Raises:
        Halt: a renewal failed, or there were too many; what is not renewed heals itself.
    """
    now = board.stop.now()
    due = [
        router
        for router in board.those(Phase.PENDING)
        if board[router].lease_ends - now < board.order.window * RENEW_AT
    ]
    if not due:
        return
    if max(board[router].renewals for router in due) >= MOST_RENEWALS:
        text = f"renewed {MOST_RENEWALS} times, and Junos keeps 50 configurations"
        raise Halt(Why.UNPROVEN, f"{text}: give it a longer lease")
    outcomes = board.perform(
        phase.RENEW,
        lambda session: session.commit_confirmed(
            seconds=board.order.window, comment=board.mark.comment("renew")
        ),
        due,
    )
    for router in values(outcomes):
        grant(board, router, now)
        board.set(router, renewals=board[router].renewals + 1)
    failed = errors(outcomes)
    if refused := {r: error for r, error in failed.items() if isinstance(error, RpcFailed)}:
        raise halt(refused)
    if failed:
        regain(board, failed)
    read_back(board, [router for router in due if board[router].phase is Phase.PENDING])


def watch(board: Board) -> None:
    """Look whether our commits still wait: a commit of anybody else confirms them.

    What somebody else confirmed is CONFIRMED from now on, said aloud and remembered.

    Raises:
        Halt: a router rolled back by itself, or is lost and does not come back in time.
    """
    asked = board.stop.now()
    outcomes = board.perform(phase.WATCH, read, board.those(Phase.PENDING))
    _take_note(board, values(outcomes), asked)
    if lost := errors(outcomes):
        regain(board, lost)


def regain(board: Board, routers: Iterable[str]) -> None:
    """Find routers again whose session was lost, or whose answer to a commit was.

    Tried until the lease is nearly over. A router that has our commit is PENDING again, in a
    session that holds the lock.

    Raises:
        Halt: one does not have it, or was not reached in time.
    """
    missing = list(routers)
    while True:
        board.stop.check()
        outcomes = board.perform(
            phase.REGAIN, lambda session: _regain(session, board), missing, reopen=True
        )
        for router, found in values(outcomes).items():
            place(board, router, found)
        missing = list(errors(outcomes))
        if not missing:
            return
        if min(time_left(board, router) for router in missing) <= 0:
            raise halt(errors(outcomes))
        seek(board, missing)
        board.fleet.drop(missing)
        board.stop.wait(RETRY)


def time_left(board: Board, router: str) -> float:
    """Seconds in which it is still safe to start a commit that beats the router's timer."""
    margin = board.order.window * CONFIRM_BEFORE
    return board[router].lease_ends - margin - board.stop.now()


def seek(board: Board, missing: Iterable[str]) -> None:
    """Say who is lost and for how long somebody waits."""
    board.note("regain", f"looking for {', '.join(missing)} until the lease is nearly over")


def _regain(session: Session, board: Board) -> Position:
    part = board[session.router]
    take_lock(session, board.evictable(session.router))
    board.joined(session)
    return look(session, board.mark.run, part.known)


def place(board: Board, router: str, found: Position) -> None:
    """Put a router where it was found; Halt if it does not have our commit any more."""
    if found.standing is Standing.PENDING:
        board.set(router, phase=Phase.PENDING, deadline=found.deadline, error=None)
        board.note("regain", "found again, our commit waits for its confirmation", [router])
    elif found.standing in (Standing.CONFIRMED, Standing.FOREIGN, Standing.OTHER_PENDING):
        confirmed_by_another(board, router, found)
    else:
        astray = found.standing is Standing.ASTRAY
        board.set(router, phase=Phase.RESTORING if astray else Phase.RESTORED)
        raise Halt(Why.FAILED, f"{router}: {_gone(found)}")


def _gone(found: Position) -> str:
    """Why our commit is not there."""
    if found.standing is not Standing.UNTOUCHED:
        return f"rolled back, the newest commit there is of {found.newest}"
    who = f", but one of somebody else: {', '.join(found.foreign)}" if found.foreign else ""
    return f"it has no commit of this run{who}"


def _no_longer_pending(board: Board, router: str) -> None:
    outcome = board.perform(
        phase.WATCH,
        lambda session: look(session, board.mark.run, board[router].known),
        [router],
    )[router]
    if outcome.ok:
        place(board, router, outcome.get())
    else:
        regain(board, [router])


def confirmed_by_another(board: Board, router: str, found: Position) -> None:
    """Shout it: what somebody else committed made our commit permanent, and may be more."""
    who = ", ".join(found.foreign) or "a commit check"
    board.set(router, phase=Phase.CONFIRMED, foreign=found.foreign or (who,))
    see = "`show system rollback compare 1 0` there tells what else they changed"
    board.warn(router, [f"SOMEBODY ELSE CONFIRMED THIS CHANGE: {who}; {see}"])
    board.note("watch", f"SOMEBODY ELSE COMMITTED and so confirmed this change: {who}", [router])


def _take_note(board: Board, readings: Mapping[str, Reading], asked: float) -> None:
    """What each router says of our commit; its lease ends when the sooner of two clocks says so."""
    for router, reading in readings.items():
        if not reading.waits(board.mark.run):
            _no_longer_pending(board, router)
            continue
        ends = board[router].lease_ends
        if reading.left is not None:
            ends = min(ends, asked + reading.left)
        board.set(router, deadline=reading.deadline, lease_ends=ends, clock=reading.now)


def _tell(board: Board, readings: Mapping[str, Reading]) -> None:
    """The deadlines as they were read back: each written down, the first of them said."""
    waiting = {r: reading for r, reading in readings.items() if board[r].phase is Phase.PENDING}
    for router, reading in waiting.items():
        board.write("read back", "note", [router], deadline=reading.moment)
    known = {reading.deadline: reading for reading in waiting.values() if reading.deadline}
    if known:
        first = known[min(known)]
        who = f"{len(waiting)} routers roll" if len(waiting) > 1 else f"{next(iter(waiting))} rolls"
        board.note(
            "deadline", f"{first.moment} by router clock, in {first.left:.0f} s: {who} back alone"
        )
