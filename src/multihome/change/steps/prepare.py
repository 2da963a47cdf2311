"""Prepare on all: lock, look, load, compare, check. Nothing is committed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import manual_recovery, phase
from multihome.change.commit_comment import signed, waits
from multihome.change.fingerprint import fingerprint
from multihome.change.halt import Halt, Why, halt
from multihome.change.phase import Phase
from multihome.change.router_operations import past_lookers, release, take_lock
from multihome.change.router_status import Fingerprints
from multihome.errors import ConfigurationRefused, LockDenied
from multihome.fleet.outcome import errors, values
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.board import Board
    from multihome.device.session import CommitRecord, RouterWarning, Session
    from multihome.fleet.outcome import Outcome


def prepare(board: Board) -> None:
    """Bring every router to CHECKED, or to UNCHANGED where nothing differs.

    Raises:
        Halt: a router refused, is busy or could not be asked; some are locked and loaded now.
    """
    _lock_all(board)
    _look_at_all(board)
    board.stop.check()
    _load_all(board)
    _compare_all(board)
    board.stop.check()
    _check_all(board)
    _keep(board)


def _lock_all(board: Board) -> None:
    """One after the other, in the order of names: of two operators at the same time, one wins.

    All at once, each could get a part of the locks and both would have to give up.
    """
    for router in board.those(Phase.UNTOUCHED):
        board.stop.check()
        _all_well(board.perform(phase.LOCK, lambda s: _lock(s, board), [router], reopen=True))


def _look_at_all(board: Board) -> None:
    """Under the lock nobody commits: what is seen now is what a rollback must bring back."""
    outcomes = board.perform(
        phase.LOOK, lambda session: _look(session, board), board.those(Phase.LOCKED)
    )
    _all_well(outcomes)
    for router, before in values(outcomes).items():
        board.set(router, known=Fingerprints(before=before))
        board.record("look", "note", [router], before=before)
    former = board.order.former
    if former is not None and former.guard is not None and (why := "; ".join(former.guard())):
        raise Halt(Why.FAILED, why)


def _load_all(board: Board) -> None:
    outcomes = board.perform(
        phase.LOAD, lambda session: _load(session, board), board.those(Phase.LOCKED)
    )
    _all_well(outcomes)
    _heed(board, outcomes)


def _compare_all(board: Board) -> None:
    outcomes = board.perform(phase.COMPARE, _compare, board.those(Phase.LOADED))
    _all_well(outcomes)
    for router, (diff, after) in values(outcomes).items():
        known = Fingerprints(board[router].known.before, after)
        board.set(router, diff=redact(diff, board.order.secrets), known=known)
        board.record("compare", "note", [router], after=after, changed=bool(diff))
    unchanged = [router for router in board.those(Phase.LOADED) if not board[router].diff]
    board.perform(phase.RELEASE, release, unchanged)
    for router in unchanged:
        board.set(router, phase=Phase.UNCHANGED)


def _check_all(board: Board) -> None:
    outcomes = board.perform(
        phase.CHECK, lambda session: _check(session, board), board.those(Phase.LOADED)
    )
    _all_well(outcomes)
    _heed(board, outcomes)


def _keep(board: Board) -> None:
    """Before anything is committed: what will be, and how to undo it without this tool."""
    ready = board.those(Phase.CHECKED)
    if not ready:
        return
    sessions = {router: board[router].sessions for router in ready}
    try:
        for router in ready:
            board.folder.write(f"diff/{router}.diff", board[router].diff)
            board.folder.write(f"load/{router}.set", board.order.scripts[router])
        board.folder.write(manual_recovery.FILE, manual_recovery.by_hand(board.mark, sessions))
    except OSError as error:
        text = f"the run's folder cannot be written: {error.strerror or error}"
        raise Halt(Why.FAILED, text) from None
    board.note("by hand", manual_recovery.in_short(board.mark, ready, board.folder.path))


def _lock(session: Session, board: Board) -> None:
    board.joined(session)
    if board.order.former is None:
        past_lookers(session.lock, board.stop.rest)
        return
    ours = board.evictable(session.router)
    past_lookers(lambda: take_lock(session, ours), board.stop.rest)


def _look(session: Session, board: Board) -> str:
    """Refuse a router with a pending confirmed commit: ours would confirm it."""
    history = session.history()
    if history and history[0].pending and not _resumed(history[0], board):
        raise LockDenied(session.router, f"{waits(history[0])}; any commit now would confirm it")
    return fingerprint(session)


def _resumed(newest: CommitRecord, board: Board) -> bool:
    """Whether a pending commit is of the run that is undone or brought back."""
    former = board.order.former
    return former is not None and signed(newest, former.run) is not None


def _load(session: Session, board: Board) -> tuple[RouterWarning, ...]:
    former = board.order.former
    if former is not None:
        return former.load(session)
    return session.load(board.order.scripts[session.router])


def _check(session: Session, board: Board) -> tuple[RouterWarning, ...]:
    """A commit check confirms a pending commit, so it is left to the commit itself there."""
    return () if session.router in board.order.at_once else session.commit_check()


def _compare(session: Session) -> tuple[str, str]:
    diff = session.diff()
    return diff, fingerprint(session, candidate=True) if diff else ""


def _heed(board: Board, outcomes: Mapping[str, Outcome[tuple[object, ...]]]) -> None:
    for router, warnings in values(outcomes).items():
        board.warn(router, warnings)
        if warnings and board.order.strict_warnings:
            text = "; ".join(map(str, warnings))
            board.set(router, error=ConfigurationRefused(router, f"warning: {text}"))
            raise Halt(Why.REFUSED, f"{router}: {text} (a warning, and warnings are not accepted)")


def _all_well(outcomes: Mapping[str, Outcome[object]]) -> None:
    if failed := errors(outcomes):
        raise halt(failed)
