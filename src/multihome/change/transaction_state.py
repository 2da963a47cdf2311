"""Where each router of a transaction is, on disk before it moves."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from multihome.change.abort import Abort, AbortReason
from multihome.change.commit_comment import CommitComment
from multihome.change.journal import BEGIN
from multihome.change.phase import Phase, Step
from multihome.change.router_status import Fingerprints
from multihome.errors import CommitUnknown, RpcFailed
from multihome.fleet.event import Event, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from multihome.change.change_request import Order
    from multihome.change.folder import RunFolder
    from multihome.change.journal import Detail
    from multihome.change.stop import Stop
    from multihome.device.session import Session
    from multihome.errors import MultihomeError
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome

T = TypeVar("T")

COMMIT_MAY_TAKE = 20.0
"""Seconds that a commit whose answer is lost is given to come to its end."""


@dataclass(frozen=True, slots=True)
class RouterState:
    """One router's part in a transaction."""

    router: str
    phase: Phase = Phase.UNTOUCHED
    diff: str = field(default="", repr=False)
    """For people: without secrets."""
    known: Fingerprints = field(default_factory=Fingerprints)
    sessions: tuple[str, ...] = ()
    """The router's numbers of our sessions to it: a lock that one of them holds is ours."""
    unsure_since: float | None = None
    """When a commit of ours was left without an answer: it may still be under way there."""
    lease_ends: float = 0.0
    """By our own clock, and on the safe side."""
    deadline: datetime | None = None
    """The same by the router's clock, as it was read back."""
    clock: datetime | None = None
    """The router's time at the last look; None if it does not report one."""
    renewals: int = 0
    """Of its lease, each a commit."""
    lasting: bool = False
    """A confirmation was sent: no timer is sure to bring the router back any more."""
    warnings: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    """Who committed on top of us."""
    error: MultihomeError | None = None
    """The last one."""


class TransactionState:
    """The parts, and the only way to move them: a step of the table, journaled."""

    def __init__(self, fleet: Fleet, folder: RunFolder, order: Order, stop: Stop) -> None:
        self.fleet, self.folder, self.order, self.stop = fleet, folder, order, stop
        self.mark = CommitComment(folder.run, order.ticket, order.intent)
        self.undoing = False
        """From here on nothing may keep us from going back, not even a full disk."""
        self._journal = folder.journal
        earlier = order.former.sessions if order.former is not None else {}
        self.parts = {
            router: RouterState(router, sessions=tuple(earlier.get(router, ())))
            for router in sorted(order.scripts)
        }

    def __getitem__(self, router: str) -> RouterState:
        return self.parts[router]

    def those(self, *phases: Phase) -> tuple[str, ...]:
        """The routers in one of these phases, by name."""
        return tuple(router for router, part in self.parts.items() if part.phase in phases)

    def live(self) -> tuple[str, ...]:
        """The routers that may run the new configuration because of us."""
        return tuple(router for router, part in self.parts.items() if part.phase.live)

    def set(self, router: str, **changes: Any) -> None:  # noqa: ANN401  # of dataclasses.replace
        """Replace what is known of one router."""
        self.parts[router] = replace(self.parts[router], **changes)

    def warn(self, router: str, warnings: Iterable[object]) -> None:
        """Record the warnings of a router that did what was requested."""
        self.set(router, warnings=(*self[router].warnings, *map(str, warnings)))

    def evictable(self, router: str) -> tuple[str, ...]:
        """Our own sessions that may be ended to get their lock.

        None for a while after a commit without an answer: ending the session that is at it
        could leave it half done, and the lock is given back by itself when it is over.
        """
        part = self[router]
        busy = part.unsure_since is not None and (
            self.stop.now() - part.unsure_since < COMMIT_MAY_TAKE
        )
        return () if busy else part.sessions

    def joined(self, session: Session) -> None:
        """A session of ours from now on, by which a lock is known to be our own."""
        part = self[session.router]
        if session.identity not in part.sessions:
            self.set(session.router, sessions=(*part.sessions, session.identity))
            self.write("session", "note", [session.router], session=session.identity)

    def begin(self, text: str) -> None:
        """Write and say that this run exists, whose process it is and what it is about.

        Raises:
            Abort: it cannot be written.
        """
        order, text = self.order, f"{self.mark.run}: {text}"
        self.record(
            "run",
            "note",
            text=text,
            verb=order.verb,
            routers=list(self.parts),
            batches=[list(batch) for batch in order.batches],
            ticket=order.ticket,
            intent=order.intent,
            lease=order.window,
            of=order.former.run if order.former is not None else "",
            pid=os.getpid(),
            host=platform.node(),
        )
        self.fleet.tell(Event("run", "", Moment.NOTE, text=text))

    def perform(
        self,
        step: Step,
        work: Callable[[Session], T],
        routers: Iterable[str],
        *,
        reopen: bool = False,
    ) -> dict[str, Outcome[T]]:
        """Do a step on some routers at once; each is in its new phase when this returns.

        A refusal leaves a router where it was, since nothing was done; any other error leaves
        it in the middle of the step. Sessions are the same as before unless `reopen`.

        Raises:
            Abort: the journal cannot be written, so the step was not begun.
            ValueError: the table has no such step for the phase a router is in.
        """
        chosen = tuple(routers)
        if not chosen:
            return {}
        before = {router: self[router].phase for router in chosen}
        for router, phase in before.items():
            if phase not in step.start:
                raise ValueError(f"{router}: no {step.name} while {phase}")
        self.record(step.name, BEGIN, chosen)
        if step.during is not None:
            for router in chosen:
                lasting = self[router].lasting or step.during is Phase.CONFIRMING
                self.set(router, phase=step.during, lasting=lasting)
        outcomes = self.fleet.run(work, chosen, step=step.name, reopen=reopen)
        self._settle(step, outcomes, before)
        return outcomes

    def _settle(
        self, step: Step, outcomes: dict[str, Outcome[T]], before: dict[str, Phase]
    ) -> None:
        done = [router for router, outcome in outcomes.items() if outcome.ok]
        for router in done:
            self.set(router, phase=step.done or self[router].phase, error=None)
        self.write(step.name, "done", done)
        for router, outcome in outcomes.items():
            if outcome.error is not None:
                refused = isinstance(outcome.error, RpcFailed)
                phase = before[router] if refused else self[router].phase
                self.set(router, phase=phase, error=outcome.error)
                if isinstance(outcome.error, CommitUnknown):
                    self.set(router, unsure_since=self.stop.now())
                self.write(step.name, "failed", [router], phase=phase, error=str(outcome.error))

    def record(self, step: str, moment: str, on: Iterable[str] = ("",), **detail: Detail) -> None:
        """Write what must be on disk before we go on.

        Raises:
            Abort: it cannot be written, and we are not on the way back.
        """
        try:
            self._journal.write(step, moment, on, **detail)
        except OSError as error:
            if not self.undoing:
                text = f"the journal cannot be written: {error.strerror or error}"
                raise Abort(AbortReason.FAILED, text) from None

    def write(self, step: str, moment: str, on: Iterable[str] = ("",), **detail: Detail) -> None:
        """Write what is good to know later, if it can be written: the routers know it as well."""
        with suppress(OSError):
            self._journal.write(step, moment, on, **detail)

    def note(self, step: str, text: str, on: Iterable[str] = ("",), **detail: Detail) -> None:
        """Report and record an event that is no step of one router; `on` names its routers."""
        chosen = tuple(on)
        self.write(step, "note", chosen, text=text, **detail)
        for router in chosen:
            self.fleet.tell(Event(step, router, Moment.NOTE, text=text))
