"""Former configurations: what loading one would change, and loading it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.change.fingerprint import fingerprint
from multihome.change.preflight.plan import Planned
from multihome.change.recovery.actions import Action, Direction
from multihome.change.router_operations import Stuck, look, past_lookers
from multihome.change.router_status import RouterStatus
from multihome.errors import DeviceError, LockDenied
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.change.folder import RunFolder
    from multihome.change.recovery.actions import Decision
    from multihome.change.recovery.recalled import Recalled, Whereabouts
    from multihome.change.router_status import Position
    from multihome.device.session import CandidateSession, RouterWarning, Session
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome


class Loader:
    """Loads the configuration from before a run, or the run's own, into a locked candidate."""

    def __init__(self, recalled: Recalled, direction: Direction) -> None:
        self._recalled, self._direction = recalled, direction

    def __call__(self, session: Session) -> tuple[RouterWarning, ...]:
        """Load it, unless the router has it already.

        Raises:
            Stuck: the router is not in a state in which it can be loaded, or what it keeps is
                not what is wanted; the candidate is unchanged.
            DeviceError: the router could not be asked.
        """
        known = self._recalled.routers[session.router].known
        stood = look(session, self._recalled.mark.run, known)
        if stood.standing in _THERE[self._direction]:
            return ()
        load(session, stood, self._direction, self.wanted(session.router))
        return ()

    def wanted(self, router: str) -> str:
        """The expected fingerprint; empty if unknown."""
        known = self._recalled.routers[router].known
        return known.before if self._direction is Direction.ROLLBACK else known.after


_THERE = {
    Direction.ROLLBACK: {RouterStatus.ROLLED_BACK, RouterStatus.UNTOUCHED},
    Direction.CONFIRM: {RouterStatus.CONFIRMED, RouterStatus.PENDING},
}


def load(session: CandidateSession, stood: Position, direction: Direction, wanted: str) -> None:
    """`rollback N` into the candidate, and prove that it is the configuration that is wanted.

    Raises:
        Stuck: it is not; the candidate is unchanged.
        DeviceError: the router could not be asked.
    """
    number = stood.back if direction is Direction.ROLLBACK else stood.forward
    if number is None:
        raise Stuck(stood, f"{session.router}: {stood.standing}")
    session.rollback(number)
    loaded = fingerprint(session, candidate=True)
    if wanted and loaded != wanted:
        session.rollback(0)
        text = (
            f"rollback {number} is not the configuration that is wanted "
            f"({loaded[:12]} instead of {wanted[:12]})"
        )
        raise Stuck(stood, f"{session.router}: {text}")


def preview(
    fleet: Fleet,
    folder: RunFolder,
    recalled: Recalled,
    decision: Decision,
    seen: Mapping[str, Whereabouts],
) -> dict[str, Outcome[Planned]]:
    """What each router would change, tried on a private copy; nothing is left behind.

    An outcome's error is why it cannot be done there.
    """
    loader = Loader(recalled, decision.direction)

    def work(session: CandidateSession) -> Planned:
        router = session.router
        ours = recalled.routers[router].sessions
        try:
            diff = _diff(session, seen[router].position, decision, loader)
        except LockDenied as denied:
            if not denied.holder or denied.holder not in ours:
                raise
            return Planned(
                router, "", remark="not compared: a lost session of the run has the lock"
            )
        return Planned(router, redact(diff, folder.secrets))

    shown = decision.those(Action.LOAD, Action.LOAD_AT_ONCE, Action.KEEP)
    return fleet.run(work, shown, step="compare")


def _diff(session: CandidateSession, stood: Position, decision: Decision, loader: Loader) -> str:
    past_lookers(session.open_private)
    try:
        if decision.actions[session.router] is Action.KEEP:
            return session.diff(rollback=stood.back if stood.back is not None else 1)
        load(session, stood, decision.direction, loader.wanted(session.router))
        return session.diff()
    finally:
        _leave(session)


def _leave(session: CandidateSession) -> None:
    """The private copy goes in any case: with the session, if not before it."""
    with suppress(DeviceError):
        session.close_private()
        return
    session.close()


def scripts(routers: Iterable[str], run: str, direction: Direction) -> dict[str, str]:
    """What a run's folder keeps instead of load scripts."""
    which = "before" if direction is Direction.ROLLBACK else "of"
    return dict.fromkeys(routers, f"# the configuration {which} run {run}, by `rollback N`\n")
