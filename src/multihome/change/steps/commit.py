"""Commit confirmed, batch by batch, and prove: nothing is for good here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.halt import Halt, Why, halt
from multihome.change.phase import Phase
from multihome.change.steps import lease
from multihome.change.steps.at_once import commit_at_once
from multihome.change.verification import Proof, Stage, Verified
from multihome.errors import MultihomeError, RpcFailed
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from multihome.change.board import Board
    from multihome.change.verification import Patience, Verify


def commit(board: Board, verify: Verify) -> Verified:
    """Commit each batch and prove it good before the next. Returns the last proof.

    Raises:
        Halt: a router refused or is lost, or the checks do not hold; some are PENDING now.
    """
    ready = set(board.those(Phase.CHECKED))
    batches = [chosen for batch in board.order.batches if (chosen := _only(batch, ready))]
    verified = Verified(Proof.UNKNOWN)
    at_once = board.order.at_once
    for number, batch in enumerate(batches, start=1):
        commit_at_once(board, tuple(router for router in batch if router in at_once))
        _commit(board, tuple(router for router in batch if router not in at_once))
        verified = prove(board, verify, final=number == len(batches))
    return verified


def prove(board: Board, verify: Verify, *, final: bool) -> Verified:
    """Look until the checks hold, and go on looking for as long as they must go on holding.

    Meanwhile the leases are renewed, and what others do to our routers is watched.

    Raises:
        Halt: they do not hold in time.
    """
    patience = board.order.patience
    start = board.stop.now()
    proven_at: float | None = None
    rounds = 0
    while True:
        board.stop.check()
        lease.watch(board)
        lease.tend(board)
        rounds += 1
        now = board.stop.now()
        committed = board.those(Phase.PENDING, Phase.CONFIRMED)
        stage = Stage(committed, final, rounds, holding=proven_at is not None)
        verified = _verify(verify, stage)
        proven = verified.proof is Proof.PROVEN
        proven_at = (now if proven_at is None else proven_at) if proven else None
        held = 0.0 if proven_at is None else now - proven_at
        board.note("verify", _told(verified, held, patience), proof=verified.proof.value)
        if proven and held >= patience.hold:
            return verified
        if not proven and board.stop.now() - start >= patience.limit:
            text = verified.text or verified.proof.value
            raise Halt(Why.UNPROVEN, f"not proven within {patience.limit:g} s: {text}")
        board.stop.wait(patience.pause if proven else patience.interval)


def _told(verified: Verified, held: float, patience: Patience) -> str:
    """What is said of one look."""
    if verified.proof is not Proof.PROVEN or not patience.hold:
        return verified.text
    return f"{verified.text}, for {min(held, patience.hold):.0f} of {patience.hold:g} s"


def _commit(board: Board, batch: tuple[str, ...]) -> None:
    if not batch:
        return
    board.stop.check()
    sent = board.stop.now()
    for router in batch:
        lease.grant(board, router, sent)
    outcomes = board.perform(
        phase.COMMIT,
        lambda session: session.commit_confirmed(
            seconds=board.order.window, comment=board.mark.comment(board.order.verb)
        ),
        batch,
    )
    for router, warnings in values(outcomes).items():
        board.warn(router, warnings)
    failed = errors(outcomes)
    if refused := {r: e for r, e in failed.items() if isinstance(e, RpcFailed)}:
        raise halt(refused)
    if board.order.strict_warnings and any(values(outcomes).values()):
        raise Halt(Why.REFUSED, "a router warned at the commit, and warnings are not accepted")
    if failed:
        lease.regain(board, failed)
    lease.read_back(board, [r for r in batch if board[r].phase is Phase.PENDING])


def _verify(verify: Verify, stage: Stage) -> Verified:
    try:
        return verify(stage)
    except MultihomeError as error:
        return Verified(Proof.UNKNOWN, str(error))


def _only(batch: tuple[str, ...], ready: set[str]) -> tuple[str, ...]:
    return tuple(router for router in batch if router in ready)
