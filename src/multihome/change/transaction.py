"""One change over many routers: all of it, or none of it.

    prepare on all -> commit confirmed, batch by batch, each proven -> reach all again
    -> confirm on all; whatever goes wrong before: undo on all, and prove that.

If this process dies at any instant, every router is as before when its lease ends, except
between the first and the last confirmation; `status` names that, `confirm` or `rollback`
of the run resolves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.abort import Abort, AbortReason
from multihome.change.phase import Phase
from multihome.change.steps import confirm as confirmation
from multihome.change.steps import lease
from multihome.change.steps.commit import commit, prove
from multihome.change.steps.prepare import prepare
from multihome.change.steps.restore import free, restore
from multihome.change.stop import Interrupted, Stop, on_signals
from multihome.change.transaction_state import TransactionState
from multihome.change.verdict import Verdict, advice, judge
from multihome.change.verification import Proof, Stage
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from multihome.change.change_request import Order
    from multihome.change.folder import RunFolder
    from multihome.change.verification import Verify
    from multihome.fleet.fleet import Fleet


def transact(
    fleet: Fleet,
    folder: RunFolder,
    order: Order,
    verify: Verify,
    *,
    restored: Verify | None = None,
    stop: Stop | None = None,
) -> Verdict:
    """Carry out an order. Does not raise for what routers do or say; the verdict reports it.

    `verify` says whether the network passes its checks, `restored` whether it is the same as
    before. Ctrl-C undoes and ends; a second one ends at once and says what is left.
    """
    with on_signals(stop or Stop()) as stopping:
        transaction = TransactionState(fleet, folder, order, stopping)
        return _Transaction(transaction, verify, restored).run()


class _Transaction:
    def __init__(
        self, transaction: TransactionState, verify: Verify, restored: Verify | None
    ) -> None:
        self._transaction, self._verify, self._restored = transaction, verify, restored
        self._window = 0.0
        self._start = transaction.stop.now()

    def run(self) -> Verdict:
        """Forward; back if need be; in any case a verdict that is true."""
        try:
            self._transaction.begin(
                f"{self._transaction.order.verb} on {', '.join(self._transaction.parts)}"
            )
            return self._end(self._forward())
        except Abort as reason:
            return self._end(reason)
        except KeyboardInterrupt:
            self._transaction.fleet.cut()
            return self._end(
                Abort(AbortReason.INTERRUPTED, "interrupted twice, before all was undone")
            )

    def _forward(self) -> Abort | None:
        try:
            prepare(self._transaction)
            if self._transaction.those(Phase.CHECKED):
                commit(self._transaction, self._verify)
                self._reach()
                self._window = confirmation.confirm(self._transaction)
        except (Abort, Interrupted) as reason:
            return self._back(_as_halt(reason))
        except (Exception, SystemExit) as bug:
            self._back(Abort(AbortReason.FAILED, f"internal error: {type(bug).__name__}"))
            raise
        free(self._transaction, self._transaction.those(Phase.CONFIRMED))
        self._transaction.fleet.drop(self._transaction.parts)
        return None

    def _reach(self) -> None:
        """Verify again: another user's commit in the meantime may have changed more than ours.

        The last look at the network may have used up the lease, which must last to the end.
        """
        lease.watch(self._transaction)
        lease.renew_due(self._transaction)
        confirmation.reach(self._transaction)
        if any(part.foreign for part in self._transaction.parts.values()):
            prove(self._transaction, self._verify, final=True)

    def _back(self, reason: Abort) -> Abort:
        transaction = self._transaction
        transaction.undoing = True
        transaction.note("undo", reason.text, why=reason.why.value)
        restore(transaction)
        if (
            transaction.those(Phase.RESTORED)
            and not transaction.live()
            and self._restored is not None
        ):
            return self._as_before(reason, self._restored)
        return reason

    def _as_before(self, reason: Abort, restored: Verify) -> Abort:
        """The configurations are as before; the network may need a moment more."""
        patience = self._transaction.order.patience
        until = self._transaction.stop.now() + patience.limit
        rounds = 0
        while True:
            rounds += 1
            verified = restored(Stage((), final=True, round=rounds))
            self._transaction.note("verify", verified.text, proof=verified.proof.value)
            if verified.proof is Proof.PROVEN:
                return reason
            if self._transaction.stop.now() >= until:
                text = f"{reason.text}; the configurations are as before, the network is not"
                return Abort(AbortReason.BROKEN, f"{text}: {verified.text}")
            self._transaction.stop.rest(patience.interval)

    def _end(self, reason: Abort | None) -> Verdict:
        transaction = self._transaction
        parts = tuple(transaction.parts.values())
        code, text = judge(parts, reason)
        text = redact(text, transaction.order.secrets)
        transaction.note("end", text, code=int(code))
        return Verdict(
            run=transaction.mark.run,
            verb=transaction.order.verb,
            code=code,
            text=text,
            reason=redact(reason.text, transaction.order.secrets) if reason is not None else "",
            parts=parts,
            next=advice(parts, transaction.mark.run) if reason is not None else (),
            folder=transaction.folder.path,
            seconds=transaction.stop.now() - self._start,
            confirm_window=self._window,
        )


def _as_halt(reason: Abort | Interrupted) -> Abort:
    return reason if isinstance(reason, Abort) else Abort(AbortReason.INTERRUPTED, "interrupted")
