"""Commit confirmed, batch by batch, and prove: nothing is for good here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from multihome.change import phase
from multihome.change.abort import Abort, AbortReason, abort_from
from multihome.change.phase import Phase
from multihome.change.steps import lease
from multihome.change.steps.at_once import commit_at_once
from multihome.change.verification import Proof, Stage, Verified
from multihome.errors import MultihomeError, RpcFailed
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from multihome.change.transaction_state import TransactionState
    from multihome.change.verification import Patience, Verify


def commit(transaction: TransactionState, verify: Verify) -> Verified:
    """Commit each batch and prove it good before the next. Returns the last proof.

    Raises:
        Abort: a router refused or is lost, or the checks do not hold; some are PENDING now.
    """
    ready = set(transaction.those(Phase.CHECKED))
    batches = [chosen for batch in transaction.order.batches if (chosen := _only(batch, ready))]
    verified = Verified(Proof.UNKNOWN)
    at_once = transaction.order.at_once
    for number, batch in enumerate(batches, start=1):
        commit_at_once(transaction, tuple(router for router in batch if router in at_once))
        _commit(transaction, tuple(router for router in batch if router not in at_once))
        verified = prove(transaction, verify, final=number == len(batches))
    return verified


def prove(transaction: TransactionState, verify: Verify, *, final: bool) -> Verified:
    """Look until the checks hold, and go on looking for as long as they must go on holding.

    Meanwhile the leases are renewed, and what others do to our routers is watched.

    Raises:
        Abort: they do not hold in time.
    """
    patience = transaction.order.patience
    start = transaction.stop.now()
    begun: _Moment | None = None
    since: _Moment | None = None
    rounds = doubts = 0
    while True:
        _stay(transaction)
        rounds += 1
        now = transaction.stop.now()
        held = 0.0 if since is None else since.passed(transaction)
        over = now - start >= patience.limit
        stage = Stage(
            transaction.those(Phase.PENDING, Phase.CONFIRMED),
            final,
            rounds,
            holding=since is not None,
            last=held >= patience.hold if since is not None or not patience.hold else over,
            meanwhile=partial(_stay, transaction),
        )
        verified = _verify(verify, stage)
        proven = verified.proof is Proof.PROVEN
        since = (since or _Moment.of(transaction, now)) if proven else None
        held = held if proven else 0.0
        left = max(0.0, patience.limit - (now - start))
        text = _told(verified, held, patience, left)
        transaction.note("verify", text, proof=verified.proof.value)
        if proven and held >= patience.hold:
            return verified
        doubts = doubts + 1 if verified.harm else 0
        if not proven and (verified.lasting or (over and doubts != 1)):
            raise _unproven(verified, patience)
        begun = begun or _Moment.of(transaction, now)
        transaction.stop.wait(
            _pause(patience, held, begun.pace(transaction)) if proven else patience.interval
        )


def _pause(patience: Patience, held: float, pace: float) -> float:
    """Until the next look, in our seconds; the hold may be over sooner by the network's time."""
    return max(patience.interval, min(patience.pause, (patience.hold - held) / pace))


@dataclass(frozen=True, slots=True)
class _Moment:
    """A moment, by our clock and by those of the routers that wait to be confirmed."""

    at: float
    clocks: Mapping[str, datetime]

    @classmethod
    def of(cls, transaction: TransactionState, at: float) -> _Moment:
        parts = (transaction[router] for router in transaction.those(Phase.PENDING))
        return cls(at, {part.router: part.clock for part in parts if part.clock is not None})

    def passed(self, transaction: TransactionState) -> float:
        """Seconds since then, as the network counts them.

        The timers that must run out are the routers', whose time need not pass as ours does:
        that of virtual ones is often quicker. The slowest of them counts, and never less than
        has passed here, since a clock may be set meanwhile.
        """
        real = transaction.stop.now() - self.at
        there = [
            (clock - self.clocks[router]).total_seconds()
            for router in self.clocks
            if (clock := transaction[router].clock) is not None
        ]
        return max(real, min(there, default=real))

    def pace(self, transaction: TransactionState) -> float:
        """Seconds of the network in one of ours, as far as both can be distinguished."""
        real = transaction.stop.now() - self.at
        return self.passed(transaction) / real if real > 0 else 1.0


def _stay(transaction: TransactionState) -> None:
    """See to it that our commits go on waiting while we look."""
    transaction.stop.check()
    lease.watch(transaction)
    lease.renew_due(transaction)


def _unproven(verified: Verified, patience: Patience) -> Abort:
    """What harm was done is named first."""
    text = verified.text or verified.proof.value
    if verified.harm:
        return Abort(AbortReason.UNPROVEN, text)
    return Abort(AbortReason.UNPROVEN, f"not proven within {patience.limit:g} s: {text}")


def _told(verified: Verified, held: float, patience: Patience, left: float) -> str:
    """What is said of one look, and how long there is left for what is missing."""
    if verified.proof is not Proof.PROVEN:
        return f"{verified.text}; {left:.0f} s left"
    if not patience.hold:
        return verified.text
    return f"{verified.text}, for {min(held, patience.hold):.0f} of {patience.hold:g} s"


def _commit(transaction: TransactionState, batch: tuple[str, ...]) -> None:
    if not batch:
        return
    transaction.stop.check()
    sent = transaction.stop.now()
    for router in batch:
        lease.start_timer(transaction, router, sent)
    outcomes = transaction.perform(
        phase.COMMIT,
        lambda session: session.commit_confirmed(
            seconds=transaction.order.window,
            comment=transaction.mark.comment(transaction.order.verb),
        ),
        batch,
    )
    for router, warnings in values(outcomes).items():
        transaction.warn(router, warnings)
    failed = errors(outcomes)
    if refused := {r: e for r, e in failed.items() if isinstance(e, RpcFailed)}:
        raise abort_from(refused)
    if transaction.order.strict_warnings and any(values(outcomes).values()):
        raise Abort(
            AbortReason.REFUSED, "a router warned at the commit, and warnings are not accepted"
        )
    if failed:
        lease.reconnect(transaction, failed)
    lease.read_back(transaction, [r for r in batch if transaction[r].phase is Phase.PENDING])


def _verify(verify: Verify, stage: Stage) -> Verified:
    try:
        return verify(stage)
    except MultihomeError as error:
        return Verified(Proof.UNKNOWN, str(error))


def _only(batch: tuple[str, ...], ready: set[str]) -> tuple[str, ...]:
    return tuple(router for router in batch if router in ready)
