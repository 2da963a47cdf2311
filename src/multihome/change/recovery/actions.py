"""The table of states and actions: what `confirm RUN` and `rollback RUN` do to each router.

`status` reads it to name commands and `finish` to carry them out, so a command that `status`
names is never one that is refused for a reason that `status` knew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from multihome.change.preflight.holder import told
from multihome.change.router_status import RouterStatus
from multihome.values.grouping import Message, lines

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from multihome.change.recovery.recalled import Whereabouts
    from multihome.fleet.outcome import Outcome


class Direction(Enum):
    """To which side all routers of a run are brought."""

    CONFIRM = "confirm"
    ROLLBACK = "rollback"


class Action(StrEnum):
    """What is done to one router."""

    NOTHING = "nothing"
    """It is on that side already."""
    KEEP = "confirm the pending commit"
    LOAD = "load the former configuration as a confirmed commit"
    LOAD_AT_ONCE = "load the former configuration and commit it"
    """Its timer would lead to the same configuration."""
    DISCARD = "discard the candidate"
    REFUSE = "refuse"


TABLE: Mapping[RouterStatus, Mapping[Direction, Action]] = {
    RouterStatus.UNTOUCHED: {
        Direction.CONFIRM: Action.REFUSE,
        Direction.ROLLBACK: Action.NOTHING,
    },
    RouterStatus.CANDIDATE_LEFT: {
        Direction.CONFIRM: Action.REFUSE,
        Direction.ROLLBACK: Action.DISCARD,
    },
    RouterStatus.PENDING: {
        Direction.CONFIRM: Action.KEEP,
        Direction.ROLLBACK: Action.LOAD_AT_ONCE,
    },
    RouterStatus.CONFIRMED: {
        Direction.CONFIRM: Action.NOTHING,
        Direction.ROLLBACK: Action.LOAD,
    },
    RouterStatus.ROLLED_BACK: {
        Direction.CONFIRM: Action.LOAD,
        Direction.ROLLBACK: Action.NOTHING,
    },
    RouterStatus.ASTRAY: {
        Direction.CONFIRM: Action.REFUSE,
        Direction.ROLLBACK: Action.REFUSE,
    },
    RouterStatus.FOREIGN: {
        Direction.CONFIRM: Action.REFUSE,
        Direction.ROLLBACK: Action.REFUSE,
    },
    RouterStatus.OTHER_PENDING: {
        Direction.CONFIRM: Action.REFUSE,
        Direction.ROLLBACK: Action.REFUSE,
    },
}
"""Complete: each state of a router has an action for each direction."""

BACK = "what is not on all routers can only be rolled back, or applied again"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done where, and where it cannot be done."""

    direction: Direction
    actions: Mapping[str, Action]
    """Of the routers that do not refuse, by name."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Router to the reason."""

    def those(self, *actions: Action) -> tuple[str, ...]:
        """The routers with one of these actions."""
        return tuple(router for router, action in self.actions.items() if action in actions)

    @property
    def work(self) -> tuple[str, ...]:
        """The routers on which something is to be done."""
        return tuple(r for r, action in self.actions.items() if action is not Action.NOTHING)


def decide(
    seen: Mapping[str, Outcome[Whereabouts]],
    direction: Direction,
    only: Collection[str] = (),
) -> Decision:
    """Look up each router in the table; `only` leaves out the others."""
    actions: dict[str, Action] = {}
    refused: dict[str, str] = {}
    for router, outcome in sorted(seen.items()):
        if only and router not in only:
            continue
        if outcome.error is not None:
            refused[router] = _words(told(outcome.error), router)
            continue
        found = outcome.get()
        action = _action(found, direction)
        if action is Action.REFUSE:
            refused[router] = reason(found)
        else:
            actions[router] = action
    return Decision(direction, actions, refused)


def _action(found: Whereabouts, direction: Direction) -> Action:
    """As the table says, if the router still has the configuration that is to be loaded."""
    action = TABLE[found.standing][direction]
    if action not in (Action.LOAD, Action.LOAD_AT_ONCE):
        return action
    number = found.position.back if direction is Direction.ROLLBACK else found.position.forward
    return Action.REFUSE if number is None or not _proven(found, direction) else action


def _proven(found: Whereabouts, direction: Direction) -> bool:
    """A router that went back goes forward again only to what is known to be the run's."""
    return direction is Direction.ROLLBACK or bool(found.known.after)


def reason(found: Whereabouts) -> str:
    """Why a router refuses, without its name, so that one reason is said once."""
    who = f" ({', '.join(found.position.foreign)})" if found.position.foreign else ""
    match found.standing:
        case RouterStatus.OTHER_PENDING:
            return found.position.waits
        case RouterStatus.FOREIGN:
            return f"changed by another user since{who}{_extent(found)}"
        case RouterStatus.PENDING | RouterStatus.CONFIRMED if who:
            return f"another user committed in between{who}"
    return str(found.standing)


def _extent(found: Whereabouts) -> str:
    if found.kept is None:
        return ""
    if found.kept:
        return "; they changed other statements, and what this run changed is still there"
    return "; they changed statements of this run as well"


def grouped(reasons: Mapping[str, str]) -> tuple[str, ...]:
    """One line for each reason, with all its routers."""
    return lines(Message(router, why) for router, why in reasons.items())


def commands(
    seen: Mapping[str, Outcome[Whereabouts]], run: str, *, confirmable: bool = True
) -> tuple[str, ...]:
    """The commands that finish a run from here, or as much of it as can be finished."""
    found = []
    for direction in Direction:
        decision = decide(seen, direction)
        command = f"multihome {direction.value} {run}"
        if not decision.work or (direction is Direction.CONFIRM and not confirmable):
            continue
        if not decision.refused:
            found.append(command)
        elif direction is Direction.ROLLBACK:
            found.append(f"{command} --only {','.join(decision.work)}")
    return tuple(found)


def _words(text: str, router: str) -> str:
    return text.removeprefix(f"{router}: ")
