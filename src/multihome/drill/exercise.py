"""Carry out a drill: the way back is armed before the fault exists, and taken whatever happens.

The fault is a confirmed commit that is never confirmed. The journal is on disk before it, the
router's own timer undoes it if we die, and `multihome rollback RUN` undoes it before that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.change.abort import Abort, AbortReason
from multihome.change.change_request import Order
from multihome.change.phase import Phase
from multihome.change.steps.commit import commit
from multihome.change.steps.prepare import prepare
from multihome.change.steps.restore import restore
from multihome.change.stop import Interrupted, Stop, on_signals
from multihome.change.transaction_state import TransactionState
from multihome.change.verdict import advice
from multihome.change.verification import Patience, Proof, Stage, Verified
from multihome.errors import ExitCode, MultihomeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.change.folder import RunFolder
    from multihome.change.verification import Verify
    from multihome.drill.definition import Drill
    from multihome.fleet.fleet import Fleet


@dataclass(frozen=True, slots=True)
class Terms:
    """How a drill is to be run. Seconds."""

    lease: int = 300
    """After which the router undoes the fault by itself."""
    patience: Patience = field(default_factory=Patience)
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watchers:
    """The verifications of each moment; `mark` receives what has just happened."""

    before: Verify
    during: Verify
    after: Verify
    mark: Callable[[str, str], None]
    """`(kind, text)`: `fault`, `restore`, `good` or `bad`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a drill ended; what it says of the network is true."""

    run: str
    code: ExitCode
    text: str
    diff: str = ""
    next: tuple[str, ...] = ()


def exercise(
    fleet: Fleet,
    folder: RunFolder,
    drill: Drill,
    watchers: Watchers,
    terms: Terms,
    *,
    stop: Stop | None = None,
) -> Outcome:
    """Verify the network, inject the fault, verify, remove the fault, verify again.

    Does not raise for what routers do or say. Ctrl-C removes the fault at once; a second one ends
    at once and reports what is left.
    """
    with on_signals(stop or Stop()) as stopping:
        order = Order(
            scripts={drill.router: drill.script},
            batches=((drill.router,),),
            verb="drill",
            lease=terms.lease,
            patience=terms.patience,
            secrets=terms.secrets,
        )
        return _Exercise(TransactionState(fleet, folder, order, stopping), drill, watchers).run()


class _Exercise:
    def __init__(self, transaction: TransactionState, drill: Drill, watchers: Watchers) -> None:
        self._transaction, self._drill, self._watchers = transaction, drill, watchers

    def run(self) -> Outcome:
        """The course of it; whatever ends it early, the way back is taken."""
        drill, transaction = self._drill, self._transaction
        try:
            transaction.begin(f"drill {drill.name} on {drill.router}")
            return self._course()
        except Abort as reason:
            return self._not_broken(reason)
        except KeyboardInterrupt:
            transaction.fleet.cut()
            if transaction.live():
                return self._left("interrupted twice; ")
            return self._ended(ExitCode.INTERRUPTED, "interrupted; nothing is left of the drill")

    def _course(self) -> Outcome:
        sound = self._prove(self._watchers.before, "before", Patience(limit=0.0))
        if sound.proof is not Proof.PROVEN:
            return self._unfit(sound)
        broken = self._break()
        self._remove_fault()
        if self._transaction.live():
            return self._left(f"{broken.text}; " if isinstance(broken, Abort) else "")
        if isinstance(broken, Abort) and not self._transaction.those(Phase.RESTORED):
            return self._not_broken(broken)
        healed = self._prove(self._watchers.after, "after", self._transaction.order.patience)
        return self._judge(broken, healed)

    def _break(self) -> Verified | Abort:
        """Inject the fault and wait until its state is proven; return an Abort if that fails."""
        try:
            prepare(self._transaction)
            self._refuse_idle()
            self._watchers.mark("fault", "; ".join(self._drill.statements))
            return commit(self._transaction, self._watchers.during)
        except Abort as reason:
            return reason
        except Interrupted:
            return Abort(AbortReason.INTERRUPTED, "interrupted")
        except (Exception, SystemExit):
            self._remove_fault()  # a bug of ours is no reason to leave the network broken
            raise

    def _refuse_idle(self) -> None:
        if not self._transaction.those(Phase.CHECKED):
            raise Abort(
                AbortReason.REFUSED, f"{self._drill.router}: the fault changes nothing there"
            )

    def _remove_fault(self) -> None:
        """Roll back the fault and prove by fingerprint that the configuration is restored."""
        self._transaction.undoing = True
        if self._transaction.live():
            self._watchers.mark("restore", f"roll back {self._drill.router}")
        restore(self._transaction)

    def _prove(self, verify: Verify, moment: str, patience: Patience) -> Verified:
        """Verify repeatedly until proven or until the convergence timeout."""
        until = self._transaction.stop.now() + patience.limit
        rounds = 0
        while True:
            rounds += 1
            try:
                seen = verify(Stage((self._drill.router,), final=True, round=rounds))
            except MultihomeError as error:
                seen = Verified(Proof.UNKNOWN, str(error))
            self._transaction.note("verify", f"{moment}: {seen.text}", proof=seen.proof.value)
            if seen.proof is Proof.PROVEN or self._transaction.stop.now() >= until:
                return seen
            self._transaction.stop.rest(patience.interval)

    def _judge(self, broken: Verified | Abort, healed: Verified) -> Outcome:
        name = self._drill.name
        if healed.proof is not Proof.PROVEN:
            text = f"fault removed, but the network differs from before: {healed.text}"
            return self._ended(ExitCode.NEEDS_HUMAN, text)
        if isinstance(broken, Verified):
            self._watchers.mark("good", f"as before: {healed.text}")
            return self._ended(
                ExitCode.PROVEN, f"drill {name}: passed; fault removed, network restored"
            )
        if broken.why is AbortReason.INTERRUPTED:
            return self._ended(ExitCode.INTERRUPTED, "interrupted; fault removed, network restored")
        codes = {AbortReason.UNPROVEN: ExitCode.FAILED, AbortReason.PRECONDITION: ExitCode.REFUSED}
        code = codes.get(broken.why, ExitCode.UNKNOWN)
        return self._ended(code, f"drill {name}: {broken.text}; fault removed, network restored")

    def _left(self, why: str) -> Outcome:
        """The outcome of a drill whose fault may still be in place."""
        part = self._transaction[self._drill.router]
        reason = f" ({part.error})" if part.error is not None else ""
        foreign = f"; ANOTHER USER committed: {', '.join(part.foreign)}" if part.foreign else ""
        text = f"{why}FAULT NOT REMOVED: {part.router} is {part.phase}{reason}{foreign}"
        return self._ended(ExitCode.NEEDS_HUMAN, text)

    def _not_broken(self, reason: Abort) -> Outcome:
        """The outcome of a drill that ended before its fault was injected."""
        codes = {
            AbortReason.INTERRUPTED: ExitCode.INTERRUPTED,
            AbortReason.REFUSED: ExitCode.REFUSED,
            AbortReason.PRECONDITION: ExitCode.REFUSED,
        }
        code = codes.get(reason.why, ExitCode.UNKNOWN)
        return self._ended(code, f"{reason.text}; nothing was broken")

    def _unfit(self, seen: Verified) -> Outcome:
        """Refuse to inject a fault into a network that fails its checks."""
        code = ExitCode.UNKNOWN if seen.proof is Proof.UNKNOWN else ExitCode.REFUSED
        return self._ended(code, f"not started: the network does not pass its checks: {seen.text}")

    def _ended(self, code: ExitCode, text: str) -> Outcome:
        transaction = self._transaction
        transaction.note("end", text, code=int(code))
        transaction.fleet.drop(transaction.parts)
        parts = tuple(transaction.parts.values())
        left = advice(parts, transaction.mark.run) if transaction.live() else ()
        return Outcome(transaction.mark.run, code, text, transaction[self._drill.router].diff, left)
