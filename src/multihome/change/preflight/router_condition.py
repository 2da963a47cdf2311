"""The preflight of a router: read-only, with the reasons not to continue.

Opening the session already proves reach, credentials and host key. To find out whether the
lock is free, preflight takes it and releases it at once. Junos grants it only if no session
holds it and the candidate has no uncommitted changes, so this leaves nothing behind. No other
request names the holder and the time reliably. While a commit waits to be confirmed, the lock
is not taken at all: the user who is about to confirm would be refused.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from multihome.change.commit_comment import waits
from multihome.change.preflight.health import CLOCK, ENGINES, FULL, STORAGE, Engine, Filesystem
from multihome.change.preflight.holder import holder
from multihome.errors import DeviceError, LockDenied, RpcFailed, Unreachable
from multihome.state.system import ALARMS, CHASSIS_ALARMS, SOFTWARE, Alarm, Software

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.device.session import CandidateSession, CommitRecord
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.state.query import Query

T = TypeVar("T")

SKEW = 60.0
"""Seconds between two clocks from which on deadlines are hard to read."""
LOCK_TRIES = 3
LOCK_PAUSE = 0.2
"""Seconds; another preflight holds the lock for a moment, too."""
_SYNCHRONIZED = re.compile(r"^set (?:groups \S+ )?system commit synchronize\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One router before a change.

    "" means that there is nothing of the kind; None that it is not known, and `unknown` says why.
    """

    router: str
    software: Software | None = None
    lock: str = ""
    """Who holds the configuration database and since when."""
    candidate: str = ""
    """The uncommitted changes in the shared candidate."""
    last: CommitRecord | None = None
    """The last commit; pending if it still is to be confirmed. None if there is no commit."""
    engines: tuple[Engine, ...] | None = ()
    synchronized: bool | None = True
    """A commit reaches every routing engine."""
    alarms: tuple[Alarm, ...] | None = ()
    """Those that are known, if some of them are."""
    storage: tuple[Filesystem, ...] | None = ()
    skew: float | None = None
    """Seconds by which the router's clock is ahead of ours."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """What is not known of this router, and why: by subject, such as `alarms`."""

    @property
    def objections(self) -> tuple[str, ...]:
        """The reasons not to change this router now."""
        found = []
        if self.lock:
            found.append(self.lock)
        if self.candidate:
            lines = len(self.candidate.strip().splitlines())
            found.append(
                f"{lines} lines of another user's changes are not committed (`show | compare`)"
            )
        if self.last is not None and self.last.pending:
            found.append(waits(self.last, "; ours would confirm it"))
        full = (f for f in self.storage or () if f.used >= FULL)
        found += [f"{f.mounted_on} is {f.used}% full" for f in full]
        return tuple(found)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know before going on."""
        engines = self.engines or ()
        found = [_alarm(alarm) for alarm in self.alarms or ()]
        found += [f"routing engine {e.slot}: {e.status}" for e in engines if not e.well]
        if self.synchronized is False:
            found.append(
                f"{len(engines)} routing engines, and no `system commit synchronize`: "
                f"a commit stays on one of them"
            )
        if self.skew is not None and abs(self.skew) > SKEW:
            word = "ahead of" if self.skew > 0 else "behind"
            found.append(f"its clock is {abs(self.skew) / 60:.0f} min {word} ours")
        return tuple(found)


def _alarm(alarm: Alarm) -> str:
    where = f"{alarm.engine}: " if alarm.engine else ""
    return f"{where}{alarm.severity} alarm: {alarm.description}"


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


def _look(session: CandidateSession, probing: frozenset[str]) -> Condition:
    """Of the logical systems of one device only one tries the lock: they share it."""
    unknown: dict[str, str] = {}
    history = session.history()
    waiting = bool(history) and history[0].pending
    lock, candidate = _database(session, waiting=waiting) if session.router in probing else ("", "")
    now = _ask(session, "clock", CLOCK, unknown)
    engines = _ask(session, "routing engines", ENGINES, unknown)
    return Condition(
        router=session.router,
        software=_ask(session, "Junos", SOFTWARE, unknown),
        lock=lock,
        candidate=candidate,
        last=history[0] if history else None,
        engines=engines,
        synchronized=_synchronized(session, engines, unknown),
        alarms=_alarms(session, unknown),
        storage=_ask(session, "disk", STORAGE, unknown),
        skew=None if now is None else now - time.time(),
        unknown=unknown,
    )


def _alarms(session: CandidateSession, unknown: dict[str, str]) -> tuple[Alarm, ...] | None:
    """Those of the system and those of the chassis, as far as they are known."""
    answers = [_ask(session, "alarms", query, unknown) for query in (ALARMS, CHASSIS_ALARMS)]
    known = tuple(dict.fromkeys(alarm for found in answers for alarm in found or ()))
    return known or (None if None in answers else ())


def _database(session: CandidateSession, *, waiting: bool) -> tuple[str, str]:
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


def _try_lock(session: CandidateSession) -> None:
    session.lock()
    session.unlock()


def _try_private(session: CandidateSession) -> None:
    """Open a private copy, which blocks no confirmation; a router that refuses one says why."""
    session.open_private()
    session.close_private()


def _synchronized(
    session: CandidateSession, engines: tuple[Engine, ...] | None, unknown: dict[str, str]
) -> bool | None:
    """Whether a commit reaches the other routing engine as well (`commit synchronize`)."""
    if engines is not None and len(engines) < 2:
        return True
    try:
        found = bool(_SYNCHRONIZED.search(session.configuration(style="set")))
    except RpcFailed as error:
        unknown["commit synchronize"] = error.reason
        return None
    return found or (None if engines is None else False)


def _ask(
    session: CandidateSession, subject: str, query: Query[T], unknown: dict[str, str]
) -> T | None:
    """The answer, or why the subject is not known; a lost session is no reason, but raised."""
    try:
        return query.read(session.router, session.call(query.request))
    except DeviceError as error:
        if isinstance(error, Unreachable):
            raise
        reasons = [*([unknown[subject]] if subject in unknown else []), error.reason]
        unknown[subject] = "; ".join(dict.fromkeys(reasons))
        return None
