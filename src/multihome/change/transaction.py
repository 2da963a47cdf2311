"""One change over many routers: all of it, or none of it.

    prepare on all -> commit confirmed, batch by batch, each proven -> reach all again
    -> confirm on all; whatever goes wrong before: undo on all, and prove that.

If this process dies at any instant, every router is as before when its lease ends, except
between the first and the last confirmation; `status` names that, `confirm` or `rollback`
of the run mends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.board import Board
from multihome.change.halt import Halt, Why
from multihome.change.phase import Phase
from multihome.change.steps import confirm as confirmation
from multihome.change.steps import lease
from multihome.change.steps.commit import commit, prove
from multihome.change.steps.prepare import prepare
from multihome.change.steps.restore import free, restore
from multihome.change.stop import Interrupted, Stop, on_signals
from multihome.change.verdict import Verdict, advice, judge
from multihome.change.verification import Proof, Stage
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from multihome.change.folder import RunFolder
    from multihome.change.order import Order
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
    """Carry out an order. Does not raise for what routers do or say; the verdict tells it.

    `verify` says whether the network is as it must be, `restored` whether it is as it was
    before. Ctrl-C undoes and ends; a second one ends at once and says what is left.
    """
    with on_signals(stop or Stop()) as stopping:
        board = Board(fleet, folder, order, stopping)
        return _Transaction(board, verify, restored).run()


class _Transaction:
    def __init__(self, board: Board, verify: Verify, restored: Verify | None) -> None:
        self._board, self._verify, self._restored = board, verify, restored
        self._window = 0.0
        self._start = board.stop.now()

    def run(self) -> Verdict:
        """Forward; back if need be; in any case a verdict that is true."""
        try:
            self._board.begin(f"{self._board.order.verb} on {', '.join(self._board.parts)}")
            return self._end(self._forward())
        except Halt as reason:
            return self._end(reason)
        except KeyboardInterrupt:
            self._board.fleet.cut()
            return self._end(Halt(Why.INTERRUPTED, "interrupted twice, before all was undone"))

    def _forward(self) -> Halt | None:
        try:
            prepare(self._board)
            if self._board.those(Phase.CHECKED):
                commit(self._board, self._verify)
                self._reach()
                self._window = confirmation.confirm(self._board)
        except (Halt, Interrupted) as reason:
            return self._back(_as_halt(reason))
        except (Exception, SystemExit) as bug:
            self._back(Halt(Why.FAILED, f"internal error: {type(bug).__name__}"))
            raise
        free(self._board, self._board.those(Phase.CONFIRMED))
        self._board.fleet.drop(self._board.parts)
        return None

    def _reach(self) -> None:
        """Somebody's commit in the meantime may have changed more than ours: look once more.

        The last look at the network may have used up the lease, which must last to the end.
        """
        lease.watch(self._board)
        lease.tend(self._board)
        confirmation.reach(self._board)
        if any(part.foreign for part in self._board.parts.values()):
            prove(self._board, self._verify, final=True)

    def _back(self, reason: Halt) -> Halt:
        board = self._board
        board.undoing = True
        board.note("undo", reason.text, why=reason.why.value)
        restore(board)
        if board.those(Phase.RESTORED) and not board.live() and self._restored is not None:
            return self._as_before(reason, self._restored)
        return reason

    def _as_before(self, reason: Halt, restored: Verify) -> Halt:
        """The configurations are as before; the network may need a moment more."""
        patience = self._board.order.patience
        until = self._board.stop.now() + patience.limit
        rounds = 0
        while True:
            rounds += 1
            verified = restored(Stage((), final=True, round=rounds))
            self._board.note("verify", verified.text, proof=verified.proof.value)
            if verified.proof is Proof.PROVEN:
                return reason
            if self._board.stop.now() >= until:
                text = f"{reason.text}; the configurations are as before, the network is not"
                return Halt(Why.BROKEN, f"{text}: {verified.text}")
            self._board.stop.rest(patience.interval)

    def _end(self, reason: Halt | None) -> Verdict:
        board = self._board
        parts = tuple(board.parts.values())
        code, text = judge(parts, reason)
        text = redact(text, board.order.secrets)
        board.note("end", text, code=int(code))
        return Verdict(
            run=board.mark.run,
            verb=board.order.verb,
            code=code,
            text=text,
            reason=redact(reason.text, board.order.secrets) if reason is not None else "",
            parts=parts,
            next=advice(parts, board.mark.run) if reason is not None else (),
            folder=board.folder.path,
            seconds=board.stop.now() - self._start,
            confirm_window=self._window,
        )


def _as_halt(reason: Halt | Interrupted) -> Halt:
    return reason if isinstance(reason, Halt) else Halt(Why.INTERRUPTED, "interrupted")
