"""Where a run left each router: from its journal, and from the routers themselves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from multihome.change.mark import Mark
from multihome.change.moves import clock, look
from multihome.change.standing import Fingerprints, Position, Standing
from multihome.errors import DeviceError, ExitCode, UsageError
from multihome.fleet.outcome import values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.aftermath.ledger import Account
    from multihome.change.folder import RunFolder
    from multihome.change.journal import Entry
    from multihome.device.session import Trying
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the journal knows of one router."""

    router: str
    known: Fingerprints = field(default_factory=Fingerprints)
    sessions: tuple[str, ...] = ()
    step: str = ""
    """The last step that was begun on it."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A run as its journal tells it."""

    mark: Mark
    verb: str
    routers: dict[str, Remembered] = field(default_factory=dict)
    found: bool = False
    """In the routers' histories, without its journal: there may be more of them."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """One line of `multihome status`."""

    router: str
    position: Position
    step: str
    left: timedelta | None = None
    """Until a pending commit is rolled back; None if nothing is pending."""

    @property
    def standing(self) -> Standing:
        """The word for it."""
        return self.position.standing


def recall(folder: RunFolder) -> Recalled:
    """Read a run's journal.

    Raises:
        UsageError: the run ended before it had anything to do with a router.
        InvalidFile: the journal is damaged.
    """
    entries = folder.entries()
    start = next((entry for entry in reversed(entries) if entry.step == "run"), None)
    if start is None:
        raise UsageError(f"run {folder.run} touched no router: its journal is empty")
    mark = Mark(
        folder.run, str(start.detail.get("ticket", "")), str(start.detail.get("intent", ""))
    )
    named = start.detail.get("routers")
    names = [str(name) for name in named] if isinstance(named, list) else []
    routers = {name: _remember(name, [e for e in entries if e.router == name]) for name in names}
    return Recalled(mark, folder.verb, routers, found=bool(start.detail.get("found")))


def status(fleet: Fleet, folder: RunFolder) -> dict[str, Outcome[Whereabouts]]:
    """Ask every router of the run where it stands. Changes nothing, takes no lock.

    Raises:
        UsageError, InvalidFile: as `recall` does.
        UnknownName: a router of the run is not in the fleet.
    """
    recalled = recall(folder)

    def work(session: Trying) -> Whereabouts:
        return _whereabouts(session, recalled)

    return fleet.run(work, recalled.routers, step="status")


def _whereabouts(session: Trying, recalled: Recalled) -> Whereabouts:
    remembered = recalled.routers[session.router]
    found = look(session, recalled.mark.run, remembered.known)
    if found.standing is Standing.UNTOUCHED and session.diff():
        found = Position(Standing.CANDIDATE_LEFT)
    left = None
    if found.deadline is not None:
        left = max(found.deadline - _now(session), timedelta())
    return Whereabouts(session.router, found, remembered.step, left)


def _now(session: Trying) -> datetime:
    """By the router's clock, as its deadline is; by ours if it does not tell."""
    with suppress(DeviceError):
        if (now := clock(session)) is not None:
            return now
    return datetime.now(UTC)


def _remember(router: str, entries: list[Entry]) -> Remembered:
    details = [entry.detail for entry in entries]
    sessions = [str(detail["session"]) for detail in details if "session" in detail]
    begun = [entry.step for entry in entries if entry.moment == "begin"]
    return Remembered(
        router,
        Fingerprints(
            before=next((str(d["before"]) for d in details if "before" in d), ""),
            after=next((str(d["after"]) for d in details if d.get("after")), ""),
        ),
        tuple(dict.fromkeys(sessions)),
        begun[-1] if begun else "",
    )


def judge(seen: Mapping[str, Outcome[Whereabouts]], told: Account) -> tuple[ExitCode, str]:
    """Whether a run is finished, from where its routers are, and what to do if it is not."""
    silent = [router for router, outcome in seen.items() if not outcome.ok]
    standings = {found.standing for found in values(seen).values()}
    if told.running:
        return ExitCode.NEEDS_HUMAN, f"it is still at it; to stop it: kill -INT {told.pid}"
    if (why := _open(standings, told)) is not None:
        return ExitCode.NEEDS_HUMAN, why
    if silent:
        return ExitCode.UNKNOWN, f"not known of {', '.join(silent)}; ask again"
    return ExitCode.PROVEN, _finished(standings, told)


def _open(standings: set[Standing], told: Account) -> str | None:
    """Why somebody must decide; None if nobody must."""
    mend = f"multihome rollback {told.run}"
    if told.verb != DRILL and not standings & {Standing.UNTOUCHED, Standing.CANDIDATE_LEFT}:
        mend = f"multihome confirm {told.run}, or {mend}"
    if standings & {Standing.PENDING, Standing.CANDIDATE_LEFT}:
        return f"not finished: {mend}"
    if Standing.ASTRAY in standings and told.unfinished:
        return (
            "not finished: what was committed to undo it is not what was there before; "
            "compare with `show configuration | compare rollback N`, N as undo.txt says"
        )
    if Standing.FOREIGN in standings and told.unfinished:
        return (
            "not finished, and somebody else has committed since: see there what with "
            "`show system rollback compare 1 0`, mend it by hand, and an apply closes this run"
        )
    if Standing.CONFIRMED in standings and standings & _BEFORE:
        return f"APART, some confirmed and some as before: {mend}"
    return None


def _finished(standings: set[Standing], told: Account) -> str:
    if Standing.FOREIGN in standings:
        return "finished; other changes came after it"
    if Standing.CONFIRMED in standings:
        return f"finished: confirmed; multihome rollback {told.run} undoes it"
    return "finished: nothing is left of it"


DRILL = "drill"
"""The verb of what is undone, never confirmed."""
_BEFORE = {Standing.ROLLED_BACK, Standing.UNTOUCHED}
