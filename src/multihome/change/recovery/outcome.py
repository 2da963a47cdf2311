"""How the finishing of a run ended: from what is there now, and what was answered on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.change.preflight.holder import told
from multihome.change.recovery.actions import TABLE, Action, Direction
from multihome.change.router_status import RouterStatus
from multihome.errors import ExitCode
from multihome.fleet.outcome import errors, values
from multihome.values.grouping import Message, lines, message, on_routers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.change.recovery.actions import Decision
    from multihome.change.recovery.recalled import Whereabouts
    from multihome.fleet.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Ended:
    """An end, or why it was not reached."""

    code: ExitCode
    text: str
    next: tuple[str, ...] = ()
    run: str = ""
    """The run of its own in which former configurations were loaded."""
    moved: bool = True
    """False: no router was touched."""


def conclude(
    seen: Mapping[str, Outcome[Whereabouts]], decision: Decision, ended: Ended, run: str
) -> Ended:
    """The verdict. Routers that were left out on purpose keep the run from being finished."""
    astray = tuple(_astray(seen, decision.direction))
    if not astray:
        return Ended(*_reached(seen, decision.direction), ended.next, ended.run)
    left = "; ".join(lines(astray))
    missed = [each.router for each in astray if each.router in decision.actions]
    if not missed:
        done = "rolled back" if decision.direction is Direction.ROLLBACK else "confirmed"
        text = f"{done} on {on_routers(tuple(decision.actions))}; left out: {left}"
        return Ended(ExitCode.NEEDS_HUMAN, text, (f"multihome status {run}",), ended.run)
    if ended.code is ExitCode.REFUSED or not ended.moved:
        code = ExitCode.INTERRUPTED if ended.code is ExitCode.INTERRUPTED else ExitCode.REFUSED
        return Ended(code, f"nothing was done: {ended.text}", ended.next, ended.run)
    code = ExitCode.NEEDS_HUMAN
    why = f"{ended.text}; " if ended.text else ""
    advice = (*ended.next, f"multihome status {run}")
    return Ended(code, f"not all is done: {why}{left}", advice, ended.run)


def _astray(seen: Mapping[str, Outcome[Whereabouts]], direction: Direction) -> Iterator[Message]:
    """The routers that are not on that side, and what they are instead."""
    for router, error in errors(seen).items():
        yield message(router, told(error))
    for router, where in values(seen).items():
        if TABLE[where.standing][direction] is not Action.NOTHING:
            yield Message(router, str(where.standing))


def _reached(
    seen: Mapping[str, Outcome[Whereabouts]], direction: Direction
) -> tuple[ExitCode, str]:
    if direction is Direction.CONFIRM:
        return ExitCode.PROVEN, f"confirmed on {on_routers(tuple(seen))}"
    found = values(seen)
    back = [router for router in found if found[router].standing is RouterStatus.ROLLED_BACK]
    theirs = [router for router in found if found[router].position.foreign]
    what = f"rolled back on {on_routers(back)}" if back else "nothing of it was committed"
    untouched = [r for r in theirs if found[r].standing is RouterStatus.UNTOUCHED]
    but = f"; but for what another user committed on {on_routers(untouched)}" if untouched else ""
    return ExitCode.ROLLED_BACK, f"{what}, the configurations are as before{but}"
