"""Commit confirmed, batch by batch, and prove: nothing is for good here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
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
    from collections.abc import Mapping
    from datetime import datetime

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
    begun: _Moment | None = None
    since: _Moment | None = None
    rounds = doubts = 0
    while True:
        _stay(board)
        rounds += 1
        now = board.stop.now()
        held = 0.0 if since is None else since.passed(board)
        over = now - start >= patience.limit
        stage = Stage(
            board.those(Phase.PENDING, Phase.CONFIRMED),
            final,
            rounds,
            holding=since is not None,
            last=held >= patience.hold if since is not None or not patience.hold else over,
            meanwhile=partial(_stay, board),
        )
        verified = _verify(verify, stage)
        proven = verified.proof is Proof.PROVEN
        since = (since or _Moment.of(board, now)) if proven else None
        held = held if proven else 0.0
        board.note("verify", _told(verified, held, patience), proof=verified.proof.value)
        if proven and held >= patience.hold:
            return verified
        doubts = doubts + 1 if verified.harm else 0
        if not proven and (verified.lasting or (over and doubts != 1)):
            raise _unproven(verified, patience)
        begun = begun or _Moment.of(board, now)
        board.stop.wait(_pause(patience, held, begun.pace(board)) if proven else patience.interval)


def _pause(patience: Patience, held: float, pace: float) -> float:
    """Until the next look, in our seconds; the hold may be over sooner by the network's time."""
    return max(patience.interval, min(patience.pause, (patience.hold - held) / pace))


@dataclass(frozen=True, slots=True)
class _Moment:
    """A moment, by our clock and by those of the routers that wait to be confirmed."""

    at: float
    clocks: Mapping[str, datetime]

    @classmethod
    def of(cls, board: Board, at: float) -> _Moment:
        parts = (board[router] for router in board.those(Phase.PENDING))
        return cls(at, {part.router: part.clock for part in parts if part.clock is not None})

    def passed(self, board: Board) -> float:
        """Seconds since then, as the network counts them.

        The timers that must run out are the routers', whose time need not pass as ours does:
        that of virtual ones is often quicker. The slowest of them counts, and never less than
        has passed here, since a clock may be set meanwhile.
        """
        real = board.stop.now() - self.at
        there = [
            (clock - self.clocks[router]).total_seconds()
            for router in self.clocks
            if (clock := board[router].clock) is not None
        ]
        return max(real, min(there, default=real))

    def pace(self, board: Board) -> float:
        """Seconds of the network in one of ours, as far as they can be told apart."""
        real = board.stop.now() - self.at
        return self.passed(board) / real if real > 0 else 1.0


def _stay(board: Board) -> None:
    """See to it that our commits go on waiting while we look."""
    board.stop.check()
    lease.watch(board)
    lease.tend(board)


def _unproven(verified: Verified, patience: Patience) -> Halt:
    """What harm was done is named first."""
    text = verified.text or verified.proof.value
    if verified.harm:
        return Halt(Why.UNPROVEN, text)
    return Halt(Why.UNPROVEN, f"not proven within {patience.limit:g} s: {text}")


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
