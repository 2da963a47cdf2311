"""`confirm RUN` and `rollback RUN`: bring all routers of a run to one side, as carefully as apply.

    look at all -> decide by the table -> try on private copies -> show, ask
    -> in the order of the run's batches: confirmed commits, each batch proven before the next
    -> look at all again: the verdict is what is there

All or nothing: if one router cannot be brought along, nothing is done on any of them. Loading
former configurations is a change of its own, with a run of its own: if this process dies, the
routers undo it, and `status` of either run says what is left.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.change.change_request import Former, Order
from multihome.change.commit_comment import DRILL
from multihome.change.folder import RunFolder
from multihome.change.manual_recovery import FILE
from multihome.change.preflight.holder import told
from multihome.change.recovery import former, pending
from multihome.change.recovery.actions import BACK, Action, Direction, decide, grouped
from multihome.change.recovery.batches import in_batches
from multihome.change.recovery.outcome import Ended, conclude
from multihome.change.recovery.recalled import recall
from multihome.change.recovery.recover import joined_since
from multihome.change.recovery.run_list import account, sessions_of
from multihome.change.recovery.status import status
from multihome.change.rollout import so_far
from multihome.change.router_operations import undo
from multihome.change.stop import Stop
from multihome.change.transaction import transact
from multihome.change.verdict import Verdict
from multihome.change.verification import Patience, trusting
from multihome.errors import ExitCode, UnknownName
from multihome.fleet.outcome import errors, values
from multihome.values.grouping import on_routers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from multihome.change.preflight.plan import Planned
    from multihome.change.recovery.actions import Decision
    from multihome.change.recovery.recalled import Recalled, Whereabouts
    from multihome.change.verification import Verify
    from multihome.device.session import Session
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome

MINUTES = 5 * 60
VERBS = {Direction.ROLLBACK: "revert", Direction.CONFIRM: "reapply"}
"""What the run that loads former configurations is called: `rollback` is how that is undone."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run is to be finished."""

    verify: Verify = trusting
    """Whether the network is good enough to go on, and in the end to stay."""
    before: Callable[[], None] | None = None
    """Called before anything is moved, to see what holds."""
    agree: Callable[[Mapping[str, Planned]], bool] | None = None
    """Called with what would change; may decline. None: do not ask."""
    arrange: Callable[[Iterable[str]], tuple[tuple[str, ...], ...]] | None = None
    """The order of change, for a run that does not know its own."""
    patience: Patience = field(default_factory=Patience)
    lease: int = MINUTES
    """Seconds until a router undoes by itself what is not confirmed."""
    only: tuple[str, ...] = ()
    """Leave out the other routers on purpose; none: all of them, or nothing is done."""
    stop: Stop | None = None


def finish(
    fleet: Fleet, folder: RunFolder, direction: Direction, terms: Terms | None = None
) -> Verdict:
    """Bring every router of a run to the same side, or do nothing and say what is in the way.

    Does not raise for what routers do or say; the verdict is what was found there afterwards.
    REFUSED means that nothing was done anywhere; NEEDS_HUMAN that the run is not finished.

    Raises:
        UnknownName: `only` names a router that is not in the run.
        UsageError, InvalidFile: as `recall` does.
    """
    start = time.monotonic()
    try:
        ended = _Finish(fleet, folder, direction, terms or Terms()).run()
    except KeyboardInterrupt:
        fleet.cut()
        text = f"interrupted, perhaps halfway; see multihome status {folder.run}"
        ended = Ended(ExitCode.NEEDS_HUMAN, text)
    return Verdict(
        run=folder.run,
        verb=direction.value,
        code=ended.code,
        text=ended.text,
        next=ended.next,
        folder=folder.path,
        seconds=time.monotonic() - start,
    )


class _Finish:
    def __init__(self, fleet: Fleet, folder: RunFolder, direction: Direction, terms: Terms) -> None:
        self._fleet, self._folder, self._direction, self._terms = fleet, folder, direction, terms
        self._recalled: Recalled = recall(folder)

    def run(self) -> Ended:
        """Look, decide, try, ask; then move."""
        if (unfit := self._refusal()) is not None:
            return Ended(ExitCode.REFUSED, f"nothing was done: {unfit}")
        seen = status(self._fleet, self._folder)
        self._known_only(seen)
        decision = decide(seen, self._direction, self._terms.only)
        planned = self._previews(decision, seen)
        refused = {**decision.refused, **{r: told(e) for r, e in errors(planned).items()}}
        if why := (*_plain(refused), *joined_since(self._fleet, self._folder, self._recalled)):
            return self._refused(why, decision, refused)
        if not decision.work:
            return self._conclude(decision, Ended(ExitCode.PROVEN, ""))
        agree = self._terms.agree
        if agree is not None and not agree(values(planned)):
            return Ended(ExitCode.CHANGES_PENDING, "nothing was done: not agreed to")
        if self._terms.before is not None:
            self._terms.before()
        return self._conclude(decision, self._carry_out(decision, seen))

    def _refusal(self) -> str | None:
        """What is wrong with the wish itself."""
        known = account(self._folder)
        if known is not None and known.running:
            return f"the run is still running; to stop it: kill -INT {known.pid}"
        if self._recalled.verb == DRILL and self._direction is Direction.CONFIRM:
            return "a drill is undone, never confirmed"
        return None

    def _known_only(self, seen: Mapping[str, Outcome[Whereabouts]]) -> None:
        for router in self._terms.only:
            if router not in seen:
                raise UnknownName("router of this run", router, seen)

    def _previews(
        self, decision: Decision, seen: Mapping[str, Outcome[Whereabouts]]
    ) -> dict[str, Outcome[Planned]]:
        """Skipped if any router refuses anyway."""
        if decision.refused:
            return {}
        return former.preview(self._fleet, self._folder, self._recalled, decision, values(seen))

    def _refused(self, why: Iterable[str], decision: Decision, refused: Mapping[str, str]) -> Ended:
        """Nothing was done: which router, why, and what would do."""
        text = f"nothing was done: {'; '.join(why)}"
        rest = [router for router in decision.work if router not in refused]
        lines = []
        if self._direction is Direction.CONFIRM:
            text = f"{text}; {BACK}" if decision.refused else text
        elif rest and refused:
            command = f"multihome rollback {self._folder.run} --only {','.join(rest)}"
            lines.append(f"{command}    brings back the others")
        if refused and self._direction is Direction.ROLLBACK:
            lines.append(f"by hand on {on_routers(tuple(refused))}: {self._by_hand()}")
        return Ended(ExitCode.REFUSED, text, tuple(lines))

    def _by_hand(self) -> str:
        """Where it is written what to type; a run that was found again has no such file."""
        path = self._folder.path / FILE
        if path.exists():
            return f"step by step as {path} says"
        return "`show system commit`, then `show system rollback compare N 0` shows what to undo"

    def _conclude(self, decision: Decision, ended: Ended) -> Ended:
        """The verdict is what is there now, whatever was answered on the way."""
        seen = status(self._fleet, self._folder)
        final = conclude(seen, decision, ended, self._folder.run)
        if final.code is not ExitCode.REFUSED:
            self._folder.journal.write(
                self._direction.value, "note", text=final.text, code=int(final.code)
            )
        return final

    def _carry_out(self, decision: Decision, seen: Mapping[str, Outcome[Whereabouts]]) -> Ended:
        self._folder.journal.write(self._direction.value, "begin", decision.work)
        if self._direction is Direction.CONFIRM:
            return self._confirm(decision, seen)
        if failed := self._discard(decision):
            return Ended(ExitCode.UNKNOWN, "; ".join(failed))
        return self._load(decision)

    def _discard(self, decision: Decision) -> list[str]:
        """Candidates that a lost session left behind go with its lock."""

        def work(session: Session) -> None:
            router = self._recalled.routers[session.router]
            undo(session, self._recalled.mark, router.known, self._sessions[session.router])

        outcomes = self._fleet.run(work, decision.those(Action.DISCARD), step="discard")
        return [told(error) for error in errors(outcomes).values()]

    def _load(self, decision: Decision, earlier: tuple[str, ...] = ()) -> Ended:
        """Load former configurations as a change of its own."""
        chosen = decision.those(Action.LOAD, Action.LOAD_AT_ONCE)
        if not chosen:
            return Ended(ExitCode.PROVEN, "")
        run, mark = self._folder.run, self._recalled.mark
        forward = self._direction is Direction.CONFIRM
        order = Order(
            former.scripts(chosen, run, self._direction),
            in_batches(self._recalled.batches, chosen, self._terms.arrange),
            verb=VERBS[self._direction],
            ticket=mark.ticket,
            intent=mark.intent if forward else "",
            lease=self._terms.lease,
            patience=self._terms.patience,
            secrets=self._folder.secrets,
            former=Former(
                run,
                former.Loader(self._recalled, self._direction),
                frozenset(decision.those(Action.LOAD_AT_ONCE)),
                self._sessions,
                lambda: joined_since(self._fleet, self._folder, self._recalled),
            ),
        )
        made = RunFolder.create(
            self._folder.path.parent,
            order.verb,
            self._folder.secrets,
            network=self._folder.network,
        )
        verb = self._direction.value
        text = f"{verb} of run {run} began as run {made.run}"
        self._folder.journal.write(verb, "note", text=text, code=int(ExitCode.NEEDS_HUMAN))
        verify = so_far(self._terms.verify, earlier, last=True)
        verdict = transact(self._fleet, made, order, verify, stop=self._terms.stop)
        moved = any(part.phase.moved for part in verdict.parts)
        return Ended(verdict.code, verdict.reason, verdict.next, made.run, moved=moved)

    def _confirm(self, decision: Decision, seen: Mapping[str, Outcome[Whereabouts]]) -> Ended:
        """Under the locks of all that wait: prove, bring the others forward, and confirm."""
        waiting = pending.Waiting(
            self._fleet,
            self._folder,
            self._recalled,
            {router: list(self._sessions[router]) for router in decision.those(Action.KEEP)},
            self._terms.stop or Stop(),
        )
        there = tuple(
            router for router in decision.actions if router not in decision.those(Action.LOAD)
        )
        loads = bool(decision.those(Action.LOAD))
        try:
            if why := waiting.lock() or self._objections(decision):
                return Ended(ExitCode.REFUSED, "; ".join(why), moved=False)
            waiting.renew(self._terms.patience, self._terms.lease, values(seen))
            proven = (
                self._load(decision, there)
                if loads
                else waiting.prove(self._terms.verify, self._terms.patience, there)
            )
            if proven.code is not ExitCode.PROVEN:
                return proven
            return waiting.confirm()
        finally:
            self._fleet.drop(self._recalled.routers)

    def _objections(self, decision: Decision) -> list[str]:
        """Looked at again under the locks: what was decided must be what is to be done."""
        again = decide(status(self._fleet, self._folder), self._direction, self._terms.only)
        joined = joined_since(self._fleet, self._folder, self._recalled)
        moved = [
            router
            for router, action in decision.actions.items()
            if router not in again.refused
            and again.actions.get(router) not in (action, Action.NOTHING)
        ]
        other = [f"{', '.join(moved)}: changed meanwhile; look again"] if moved else []
        back = [BACK] if again.refused else []
        return [*grouped(again.refused), *other, *joined, *back]

    @cached_property
    def _sessions(self) -> dict[str, tuple[str, ...]]:
        """Of the run itself, and of earlier attempts to finish it."""
        later = sessions_of(self._folder.path.parent, self._folder.run)
        return {
            name: (*router.sessions, *later.get(name, ()))
            for name, router in self._recalled.routers.items()
        }


def _plain(refused: Mapping[str, str]) -> tuple[str, ...]:
    return grouped({r: why.removeprefix(f"{r}: ") for r, why in refused.items()})
