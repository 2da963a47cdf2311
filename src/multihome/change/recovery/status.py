"""The state in which a run left each router: from its journal, and from the routers themselves."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from multihome.change.commit_comment import DRILL
from multihome.change.recovery.actions import Direction, commands, decide, grouped
from multihome.change.recovery.foreign import kept
from multihome.change.recovery.recalled import Recalled, Whereabouts, recall
from multihome.change.router_operations import clock, look
from multihome.change.router_status import Position, RouterStatus
from multihome.errors import DeviceError, ExitCode
from multihome.fleet.outcome import values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.folder import RunFolder
    from multihome.change.recovery.run_list import Account
    from multihome.device.session import CandidateSession
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome


def status(fleet: Fleet, folder: RunFolder) -> dict[str, Outcome[Whereabouts]]:
    """Ask every router of the run for its status. Changes nothing, takes no lock.

    Raises:
        UsageError, InvalidFile: as `recall` does.
        UnknownName: a router of the run is not in the fleet.
    """
    recalled = recall(folder)

    def work(session: CandidateSession) -> Whereabouts:
        return _whereabouts(session, recalled)

    return fleet.run(work, recalled.routers, step="status")


def _whereabouts(session: CandidateSession, recalled: Recalled) -> Whereabouts:
    remembered = recalled.routers[session.router]
    found = look(session, recalled.mark.run, remembered.known)
    if found.standing is RouterStatus.UNTOUCHED and session.diff():
        found = Position(RouterStatus.CANDIDATE_LEFT)
    left = None
    if found.deadline is not None:
        left = max(found.deadline - _now(session), timedelta())
    theirs = found.standing is RouterStatus.FOREIGN
    return Whereabouts(
        session.router,
        found,
        remembered.step,
        left,
        remembered.known,
        kept(session, found) if theirs else None,
    )


def _now(session: CandidateSession) -> datetime:
    """By the router's clock, as its deadline is; by ours if the router does not report its time."""
    with suppress(DeviceError):
        if (now := clock(session)) is not None:
            return now
    return datetime.now(UTC)


def judge(seen: Mapping[str, Outcome[Whereabouts]], told: Account) -> tuple[ExitCode, str]:
    """Whether a run is finished, from the states of its routers, and what to do if it is not."""
    silent = [router for router, outcome in seen.items() if not outcome.ok]
    if told.running:
        return ExitCode.NEEDS_HUMAN, f"it is still running; to stop it: kill -INT {told.pid}"
    if (why := _open(seen, told)) is not None:
        return ExitCode.NEEDS_HUMAN, why
    if silent:
        return ExitCode.UNKNOWN, f"no answer from {', '.join(silent)}; run status again"
    return ExitCode.PROVEN, _finished(seen, told)


def _open(seen: Mapping[str, Outcome[Whereabouts]], told: Account) -> str | None:
    """What is to be done; None if nothing is."""
    standings = {found.standing for found in values(seen).values()}
    apart = RouterStatus.CONFIRMED in standings and bool(standings & _BEFORE)
    stuck = bool(standings & _STUCK) and told.unfinished
    if not (standings & _HALFWAY or apart or stuck):
        return None
    offered = commands(seen, told.run, confirmable=told.verb != DRILL)
    head = "APART, some confirmed and some as before" if apart else "not finished"
    parts = [f"{head}: {', or '.join(offered)}"] if offered else [head]
    parts += grouped(decide(seen, Direction.ROLLBACK).refused)
    parts += [text for standing, text in _BY_HAND.items() if standing in standings]
    return "; ".join(parts)


def _finished(seen: Mapping[str, Outcome[Whereabouts]], told: Account) -> str:
    standings = {found.standing for found in values(seen).values()}
    if RouterStatus.FOREIGN in standings:
        return "finished; other changes came after it"
    if RouterStatus.CONFIRMED in standings:
        offered = [c for c in commands(seen, told.run) if "rollback" in c]
        return f"finished: confirmed{''.join(f'; {command} undoes it' for command in offered)}"
    return "finished: nothing is left of it"


_BEFORE = {RouterStatus.ROLLED_BACK, RouterStatus.UNTOUCHED}
_HALFWAY = {RouterStatus.PENDING, RouterStatus.CANDIDATE_LEFT}
_STUCK = {RouterStatus.ASTRAY, RouterStatus.FOREIGN, RouterStatus.OTHER_PENDING}
_BY_HAND = {
    RouterStatus.ASTRAY: (
        "What was committed to undo it is not what was there before. Compare with "
        "`show configuration | compare rollback N`, N as undo.txt says"
    ),
    RouterStatus.FOREIGN: (
        "Another user has committed since. Inspect with `show system rollback compare 1 0`, "
        "fix it, then run apply to close this run"
    ),
}
"""What to do where no command of this tool helps."""
