"""`confirm RUN` and `rollback RUN`: finish a run that did not finish itself, in either direction."""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING

from multihome.change.aftermath.ledger import account
from multihome.change.aftermath.recover import joined_since
from multihome.change.aftermath.status import DRILL, recall, status
from multihome.change.before.holder import told
from multihome.change.moves import past_lookers, redo, take_lock, undo
from multihome.change.standing import Standing
from multihome.change.verdict import Verdict
from multihome.errors import ExitCode, LockDenied
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from multihome.change.aftermath.status import Recalled, Whereabouts
    from multihome.change.folder import RunFolder
    from multihome.device.session import Session
    from multihome.errors import MultihomeError
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome


class Direction(Enum):
    """Where all routers of a run are to go."""

    CONFIRM = "confirm"
    ROLLBACK = "rollback"


_POSSIBLE = {
    Direction.CONFIRM: {Standing.PENDING, Standing.CONFIRMED, Standing.ROLLED_BACK},
    Direction.ROLLBACK: {
        Standing.PENDING,
        Standing.CONFIRMED,
        Standing.ROLLED_BACK,
        Standing.UNTOUCHED,
        Standing.CANDIDATE_LEFT,
    },
}
_AIM = {
    Direction.CONFIRM: {Standing.CONFIRMED},
    Direction.ROLLBACK: {Standing.ROLLED_BACK, Standing.UNTOUCHED},
}


def mend(fleet: Fleet, folder: RunFolder, direction: Direction) -> Verdict:
    """Bring every router of a run to the same side.

    Looks at all and takes every lock before it moves any: where somebody else has committed
    since, or is at work, perhaps this very run, nothing is done anywhere and the verdict says
    why. It is 8 then as well: what was to be finished is not. To confirm, all must be reached;
    to roll back, those that can be reached are, since the others are on their way there by
    themselves.
    """
    start = time.monotonic()
    try:
        code, text = _mend(fleet, folder, direction)
    except KeyboardInterrupt:
        fleet.cut()
        code = ExitCode.NEEDS_HUMAN
        text = f"interrupted, perhaps halfway: multihome {direction.value} {folder.run} goes on"
    return _verdict(folder, direction, code, text, start)


def _mend(fleet: Fleet, folder: RunFolder, direction: Direction) -> tuple[ExitCode, str]:
    recalled = recall(folder)
    if (refusal := _refusal(folder, recalled, direction)) is not None:
        return ExitCode.NEEDS_HUMAN, f"nothing was done: {refusal}"
    seen = status(fleet, folder)
    if not (why := _objections(seen, direction, recalled)):
        stands = {router: found.standing for router, found in values(seen).items()}
        todo = [router for router in sorted(stands) if stands[router] not in _AIM[direction]]
        ours = {router: list(recalled.routers[router].sessions) for router in todo}
        committed = [router for router in todo if stands[router] is not Standing.CANDIDATE_LEFT]
        try:
            why = (
                _lock_all(fleet, folder, ours, committed)
                or _objections(status(fleet, folder), direction, recalled)
                or joined_since(fleet, folder, recalled)
            )
            if not why:
                return _move_all(fleet, folder, direction, recalled, ours)
        finally:
            fleet.drop(recalled.routers)
    return ExitCode.NEEDS_HUMAN, f"nothing was done: {'; '.join(why)}"


def _lock_all(
    fleet: Fleet, folder: RunFolder, ours: dict[str, list[str]], committed: Collection[str]
) -> list[str]:
    """One after the other, in the order of names, as whoever begins a change; why not, if not.

    A session is written down before it has the lock: should we die, whoever comes next may
    end it. Where nothing was committed, nobody's lock is in the way of the others.
    """

    def lock(session: Session) -> None:
        ours[session.router].append(session.identity)
        folder.journal.write("session", "note", [session.router], session=session.identity)
        past_lookers(lambda: take_lock(session, ours[session.router]))

    for router in ours:
        error = fleet.run(lock, [router], step="lock")[router].error
        if isinstance(error, LockDenied) and router in committed:
            return [f"{told(error)}; somebody is at work there, perhaps the run itself"]
    return []


def _move_all(
    fleet: Fleet,
    folder: RunFolder,
    direction: Direction,
    recalled: Recalled,
    ours: Mapping[str, Sequence[str]],
) -> tuple[ExitCode, str]:
    work = undo if direction is Direction.ROLLBACK else redo

    def move(session: Session) -> None:
        known = recalled.routers[session.router].known
        work(session, recalled.mark, known, ours[session.router])

    folder.journal.write(direction.value, "begin", ours)
    failed = errors(fleet.run(move, ours, step=direction.value))
    for router, error in failed.items():
        folder.journal.write(direction.value, "failed", [router], error=str(error))
    code, text = _judge(status(fleet, folder), direction, failed)
    folder.journal.write(direction.value, "note", text=text, code=int(code))
    return code, text


def _refusal(folder: RunFolder, recalled: Recalled, direction: Direction) -> str | None:
    """What is wrong with the wish itself."""
    known = account(folder)
    if known is not None and known.running:
        return f"the run is still at it; to stop it: kill -INT {known.pid}"
    if recalled.verb == DRILL and direction is Direction.CONFIRM:
        return "a drill is undone, never confirmed"
    return None


def _objections(
    seen: Mapping[str, Outcome[Whereabouts]], direction: Direction, recalled: Recalled
) -> list[str]:
    silent = [told(error) for error in errors(seen).values()]
    needed = direction is Direction.CONFIRM or len(silent) == len(seen)
    objections = silent if needed else []
    forward = False
    for router, found in values(seen).items():
        if not _possible(found, direction, recalled):
            who = f" ({', '.join(found.position.foreign)})" if found.position.foreign else ""
            objections.append(f"{router} is {found.standing}{who}")
            forward |= direction is Direction.CONFIRM
    if forward:
        objections.append("what is not on all of them can only be rolled back, or applied again")
    return objections


def _possible(found: Whereabouts, direction: Direction, recalled: Recalled) -> bool:
    """A router that went back goes forward again only to what is known to be the run's."""
    if direction is Direction.CONFIRM and found.standing is Standing.ROLLED_BACK:
        known = recalled.routers[found.router].known.after
        return bool(known) and found.position.forward is not None
    return found.standing in _POSSIBLE[direction]


def _judge(
    seen: Mapping[str, Outcome[Whereabouts]],
    direction: Direction,
    failed: Mapping[str, MultihomeError],
) -> tuple[ExitCode, str]:
    astray = [told(error) for error in errors(seen).values()]
    astray += [
        f"{router} is {found.standing}{_because(failed.get(router))}"
        for router, found in values(seen).items()
        if found.standing not in _AIM[direction]
    ]
    if astray:
        return ExitCode.NEEDS_HUMAN, f"not all is done: {'; '.join(astray)}"
    if direction is Direction.CONFIRM:
        return ExitCode.PROVEN, f"confirmed on {', '.join(seen)}"
    stands = values(seen)
    back = [router for router in stands if stands[router].standing is Standing.ROLLED_BACK]
    theirs = [router for router in stands if stands[router].position.foreign]
    what = f"rolled back on {', '.join(back)}" if back else "nothing of it was committed"
    but = f"; but for what somebody else committed on {', '.join(theirs)}" if theirs else ""
    return ExitCode.ROLLED_BACK, f"{what}, the configurations are as before{but}"


def _verdict(
    folder: RunFolder, direction: Direction, code: ExitCode, text: str, start: float
) -> Verdict:
    return Verdict(
        run=folder.run,
        verb=direction.value,
        code=code,
        text=text,
        folder=folder.path,
        seconds=time.monotonic() - start,
    )


def _because(error: MultihomeError | None) -> str:
    return f" ({told(error)})" if error is not None else ""
