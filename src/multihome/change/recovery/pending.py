"""Routers on which a run's commits wait: lock them, keep them waiting, prove, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.change.change_request import MINUTE
from multihome.change.preflight.holder import told
from multihome.change.recovery.outcome import Ended
from multihome.change.router_operations import look, past_lookers, redo, take_lock
from multihome.change.router_status import RouterStatus
from multihome.change.verification import Proof, Stage, Verified
from multihome.errors import ExitCode, LockDenied, MultihomeError
from multihome.fleet.outcome import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.folder import RunFolder
    from multihome.change.recovery.recalled import Recalled, Whereabouts
    from multihome.change.stop import Stop
    from multihome.change.verification import Patience, Verify
    from multihome.device.session import Session
    from multihome.fleet.fleet import Fleet

MARGIN = 2 * MINUTE
"""Seconds of a lease that proving must leave, to confirm in."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The routers that wait, and the sessions of ours that may hold their locks."""

    fleet: Fleet
    folder: RunFolder
    recalled: Recalled
    sessions: dict[str, list[str]]
    stop: Stop

    def lock(self) -> list[str]:
        """One after the other, in the order of names, as `apply` does; why not, if not.

        A session is written down before it has the lock: should this process die, the next
        attempt may end it.
        """

        def take(session: Session) -> None:
            self.sessions[session.router].append(session.identity)
            self.folder.journal.write("session", "note", [session.router], session=session.identity)
            past_lookers(lambda: take_lock(session, self.sessions[session.router]))

        for router in self.sessions:
            error = self.fleet.run(take, [router], step="lock")[router].error
            if isinstance(error, LockDenied):
                return [f"{told(error)}; another user is at work there, or the run itself"]
            if error is not None:
                return [told(error)]
        return []

    def renew(self, patience: Patience, lease: int, seen: Mapping[str, Whereabouts]) -> None:
        """Put off the timers that could run out while the checks are waited for."""
        needed = patience.limit + patience.hold + MARGIN
        due = [
            router
            for router in self.sessions
            if (left := seen[router].left) is None or left.total_seconds() < needed
        ]
        window = -(-int(max(lease, needed)) // MINUTE) * MINUTE
        comment = self.recalled.mark.comment("renew")

        def work(session: Session) -> None:
            known = self.recalled.routers[session.router].known
            if look(session, self.recalled.mark.run, known).standing is RouterStatus.PENDING:
                session.commit_confirmed(seconds=window, comment=comment)

        self.folder.journal.write("renew", "begin", due)
        self.fleet.run(work, due, step="renew", reopen=False)

    def prove(self, verify: Verify, patience: Patience, routers: tuple[str, ...]) -> Ended:
        """Look until the checks hold, and go on holding; nothing is confirmed before."""
        start, rounds = self.stop.now(), 0
        proven_at: float | None = None
        while True:
            rounds += 1
            now = self.stop.now()
            stage = Stage(routers, final=True, round=rounds, holding=proven_at is not None)
            seen = _verified(verify, stage)
            proven = seen.proof is Proof.PROVEN
            proven_at = (now if proven_at is None else proven_at) if proven else None
            if proven_at is not None and now - proven_at >= patience.hold:
                return Ended(ExitCode.PROVEN, seen.text)
            if proven_at is None and self.stop.now() - start >= patience.limit:
                text = f"not proven within {patience.limit:g} s, so not confirmed: {seen.text}"
                return Ended(ExitCode.FAILED, text)
            self.stop.wait(patience.pause if proven else patience.interval)

    def confirm(self) -> Ended:
        """All at once; what a router answered is looked at afterwards."""

        def work(session: Session) -> None:
            router = session.router
            known = self.recalled.routers[router].known
            redo(session, self.recalled.mark, known, self.sessions[router])

        failed = errors(self.fleet.run(work, self.sessions, step="confirm"))
        for router, error in failed.items():
            self.folder.journal.write("confirm", "failed", [router], error=str(error))
        return Ended(ExitCode.PROVEN, "; ".join(told(error) for error in failed.values()))


def _verified(verify: Verify, stage: Stage) -> Verified:
    try:
        return verify(stage)
    except MultihomeError as error:
        return Verified(Proof.UNKNOWN, str(error))
