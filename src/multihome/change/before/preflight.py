"""The look before a change: read-only, one router a line, and the reasons not to go on.

Opening the session already proves reach, credentials and host key. Whether somebody holds the
lock is asked by taking it and giving it back at once, which Junos grants only when nobody has
it and nothing is left uncommitted: so it leaves nothing behind, and there is no other way to
be told for sure who has it and since when. Where a commit waits to be confirmed, the lock is
not touched, not even for a moment: whoever is about to confirm it would be refused.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from multihome.change.before.health import CLOCK, ENGINES, FULL, STORAGE, Engine, Filesystem
from multihome.change.before.holder import holder
from multihome.change.mark import waits
from multihome.errors import DeviceError, LockDenied, RpcFailed, Unreachable
from multihome.state.system import ALARMS, CHASSIS_ALARMS, SOFTWARE, Alarm, Software

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.device.session import CommitRecord, Trying
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.state.query import Query

T = TypeVar("T")

SKEW = 60.0
"""Seconds between two clocks from which on deadlines are hard to read."""
LOCK_TRIES = 3
LOCK_PAUSE = 0.2
"""Seconds; somebody else's look holds the lock for a moment, too."""
_SYNCHRONIZED = re.compile(r"^set (?:groups \S+ )?system commit synchronize\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One router before a change; None and "" mean that there is nothing of the kind."""

    router: str
    software: Software | None = None
    lock: str = ""
    """Who holds the configuration database and since when."""
    candidate: str = ""
    """What somebody left uncommitted in the shared candidate."""
    last: CommitRecord | None = None
    """The last commit; pending if it still is to be confirmed."""
    engines: tuple[Engine, ...] = ()
    synchronized: bool = True
    """A commit reaches every routing engine."""
    alarms: tuple[Alarm, ...] = ()
    storage: tuple[Filesystem, ...] = ()
    skew: float | None = None
    """Seconds by which the router's clock is ahead of ours."""
    unasked: tuple[str, ...] = ()
    """What this router could not be asked, and why."""

    @property
    def objections(self) -> tuple[str, ...]:
        """The reasons not to change this router now."""
        found = []
        if self.lock:
            found.append(self.lock)
        if self.candidate:
            lines = len(self.candidate.strip().splitlines())
            found.append(
                f"{lines} lines of somebody's changes are not committed (`show | compare`)"
            )
        if self.last is not None and self.last.pending:
            found.append(f"{waits(self.last)}; ours would confirm it")
        found += [f"{f.mounted_on} is {f.used}% full" for f in self.storage if f.used >= FULL]
        return tuple(found)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know before going on."""
        found = [f"{alarm.severity} alarm: {alarm.description}" for alarm in self.alarms]
        found += [f"routing engine {e.slot}: {e.status}" for e in self.engines if not e.well]
        if not self.synchronized:
            found.append(
                f"{len(self.engines)} routing engines, and no `system commit synchronize`: "
                f"a commit stays on one of them"
            )
        if self.skew is not None and abs(self.skew) > SKEW:
            word = "ahead of" if self.skew > 0 else "behind"
            found.append(f"its clock is {abs(self.skew) / 60:.0f} min {word} ours")
        return (*found, *(f"not known: {remark}" for remark in self.unasked))


def preflight(fleet: Fleet, routers: Iterable[str]) -> dict[str, Outcome[Condition]]:
    """Look at each router. An outcome's error is why it could not be looked at.

    Raises:
        UnknownName: a router that the fleet does not have.
    """
    chosen = tuple(routers)
    asked = {
        device: router for router, device in reversed(fleet.devices.items()) if router in chosen
    }
    probing = frozenset(asked.values())
    return fleet.run(lambda session: _look(session, probing), chosen, step="preflight")


def _look(session: Trying, probing: frozenset[str]) -> Condition:
    """Of the logical systems of one device only one tries the lock: they share it."""
    unasked: list[str] = []
    history = session.history()
    waiting = bool(history) and history[0].pending
    lock, candidate = _database(session, waiting=waiting) if session.router in probing else ("", "")
    alarms = (_ask(session, ALARMS, unasked) or ()) + (_ask(session, CHASSIS_ALARMS, unasked) or ())
    now = _ask(session, CLOCK, unasked)
    engines = _ask(session, ENGINES, unasked) or ()
    return Condition(
        router=session.router,
        software=_ask(session, SOFTWARE, unasked),
        lock=lock,
        candidate=candidate,
        last=history[0] if history else None,
        engines=engines,
        synchronized=len(engines) < 2 or _synchronized(session, unasked),
        alarms=tuple(dict.fromkeys(alarms)),
        storage=_ask(session, STORAGE, unasked) or (),
        skew=None if now is None else now - time.time(),
        unasked=tuple(unasked),
    )


def _database(session: Trying, *, waiting: bool) -> tuple[str, str]:
    """Who holds it, and what is in it that is not committed."""
    words = ""
    for attempt in range(LOCK_TRIES):
        if attempt:
            time.sleep(LOCK_PAUSE)
        try:
            _try_private(session) if waiting else _try_lock(session)
        except LockDenied as denied:
            words = denied.reason
        else:
            return "", ""
        if "modified" in words:
            return "", session.diff()
    return str(holder(words) or " ".join(words.split())), session.diff()


def _try_lock(session: Trying) -> None:
    session.lock()
    session.unlock()


def _try_private(session: Trying) -> None:
    """A private copy keeps nobody from confirming; routers that give none now say why."""
    session.open_private()
    session.close_private()


def _synchronized(session: Trying, unasked: list[str]) -> bool:
    """Whether a commit reaches the other routing engine as well (`commit synchronize`)."""
    try:
        return bool(_SYNCHRONIZED.search(session.configuration(style="set")))
    except RpcFailed as error:
        unasked.append(f"commit synchronize ({error.reason})")
        return True


def _ask(session: Trying, query: Query[T], unasked: list[str]) -> T | None:
    """The answer, or a remark; a lost session is no remark."""
    try:
        return query.parse(session.router, session.call(query.request))
    except DeviceError as error:
        if isinstance(error, Unreachable):
            raise
        unasked.append(f"{query} ({error.reason})")
        return None
