"""`confirm RUN` and `rollback RUN`: finish a run that did not finish itself, in either direction."""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING

from multihome.change.moves import redo, undo
from multihome.change.standing import Standing
from multihome.change.status import recall, status
from multihome.change.verdict import Verdict
from multihome.errors import ExitCode
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from multihome.change.folder import RunFolder
    from multihome.change.status import Recalled, Whereabouts
    from multihome.device.session import Session
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

    Looks at all before it moves any: if one cannot go there, because it is unreachable or
    somebody else has committed since, nothing is done and the verdict says why.
    """
    start = time.monotonic()
    recalled = recall(folder)
    seen = status(fleet, folder)
    if objections := _objections(seen, direction):
        text = f"nothing was done: {'; '.join(objections)}"
        return _verdict(folder, direction, ExitCode.NEEDS_HUMAN, text, start)
    folder.journal.write(direction.value, "begin", recalled.routers)
    outcomes = fleet.run(_move(recalled, direction), recalled.routers, step=direction.value)
    for router, error in errors(outcomes).items():
        folder.journal.write(direction.value, "failed", [router], error=str(error))
    code, text = _judge(status(fleet, folder), direction)
    folder.journal.write(direction.value, "note", text=text, code=int(code))
    fleet.drop(recalled.routers)
    return _verdict(folder, direction, code, text, start)


def _move(recalled: Recalled, direction: Direction) -> Callable[[Session], None]:
    work = undo if direction is Direction.ROLLBACK else redo

    def move(session: Session) -> None:
        remembered = recalled.routers[session.router]
        work(session, recalled.mark, remembered.known, remembered.sessions)

    return move


def _objections(seen: Mapping[str, Outcome[Whereabouts]], direction: Direction) -> list[str]:
    objections = [str(error) for error in errors(seen).values()]
    for router, found in values(seen).items():
        if found.standing not in _POSSIBLE[direction]:
            who = f" ({', '.join(found.position.foreign)})" if found.position.foreign else ""
            objections.append(f"{router} is {found.standing}{who}")
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
    return ExitCode.ROLLED_BACK, f"rolled back on {routers}, the configurations are as before"


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
