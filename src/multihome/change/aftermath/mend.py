"""`confirm RUN` and `rollback RUN`: finish a run that did not finish itself, in either direction."""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING

from multihome.change.aftermath.ledger import account
from multihome.change.aftermath.status import recall, status
from multihome.change.moves import redo, undo
from multihome.change.standing import Standing
from multihome.change.verdict import Verdict
from multihome.errors import ExitCode
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from multihome.change.aftermath.status import Recalled, Whereabouts
    from multihome.change.folder import RunFolder
    from multihome.device.session import Session
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome


class Direction(Enum):
    """Where all routers of a run are to go."""

    CONFIRM = "confirm"
    ROLLBACK = "rollback"


DRILL = "drill"
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

    Looks at all before it moves any: where somebody else has committed since, nothing is done
    anywhere and the verdict says why. To confirm, all must be reached; to roll back, those
    that can be reached are, since the others are on their way there by themselves.
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
    reached = tuple(values(seen))
    if objections := _objections(seen, direction):
        return ExitCode.NEEDS_HUMAN, f"nothing was done: {'; '.join(objections)}"
    folder.journal.write(direction.value, "begin", reached)
    outcomes = fleet.run(_move(recalled, direction), reached, step=direction.value)
    for router, error in errors(outcomes).items():
        folder.journal.write(direction.value, "failed", [router], error=str(error))
    code, text = _judge(status(fleet, folder), direction)
    folder.journal.write(direction.value, "note", text=text, code=int(code))
    fleet.drop(recalled.routers)
    return code, text


def _refusal(folder: RunFolder, recalled: Recalled, direction: Direction) -> str | None:
    """What is wrong with the wish itself."""
    told = account(folder)
    if told is not None and told.running:
        return f"the run is still at it; to stop it: kill -INT {told.pid}"
    if recalled.verb == DRILL and direction is Direction.CONFIRM:
        return "a drill is undone, never confirmed"
    return None


def _move(recalled: Recalled, direction: Direction) -> Callable[[Session], None]:
    work = undo if direction is Direction.ROLLBACK else redo

    def move(session: Session) -> None:
        remembered = recalled.routers[session.router]
        work(session, recalled.mark, remembered.known, remembered.sessions)

    return move


def _objections(seen: Mapping[str, Outcome[Whereabouts]], direction: Direction) -> list[str]:
    silent = [str(error) for error in errors(seen).values()]
    needed = direction is Direction.CONFIRM or len(silent) == len(seen)
    objections = silent if needed else []
    forward = False
    for router, found in values(seen).items():
        if found.standing not in _POSSIBLE[direction]:
            who = f" ({', '.join(found.position.foreign)})" if found.position.foreign else ""
            objections.append(f"{router} is {found.standing}{who}")
            forward |= direction is Direction.CONFIRM
    if forward:
        objections.append("what was not committed everywhere can only be rolled back")
    return objections


def _judge(seen: Mapping[str, Outcome[Whereabouts]], direction: Direction) -> tuple[ExitCode, str]:
    astray = [str(error) for error in errors(seen).values()]
    astray += [
        f"{router} is {found.standing}"
        for router, found in values(seen).items()
        if found.standing not in _AIM[direction]
    ]
    if astray:
        return ExitCode.NEEDS_HUMAN, f"not all is done: {'; '.join(astray)}"
    routers = ", ".join(seen)
    if direction is Direction.CONFIRM:
        return ExitCode.PROVEN, f"confirmed on {routers}"
    theirs = [router for router, found in values(seen).items() if found.position.foreign]
    but = f"; but for what somebody else committed on {', '.join(theirs)}" if theirs else ""
    return ExitCode.ROLLED_BACK, f"rolled back on {routers}, the configurations are as before{but}"


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
