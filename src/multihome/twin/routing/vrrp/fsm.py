"""The VRRP state machine (RFC 3768 and 5798, section 6.4): a table, and nothing else."""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import Final, NamedTuple


class State(StrEnum):
    """In the words of `show vrrp`."""

    INIT = "init"
    BACKUP = "backup"
    MASTER = "master"


class Event(Enum):
    """What happens to a group."""

    STARTED = auto()
    """The interface came up."""
    STARTED_AS_OWNER = auto()
    """The interface came up, and the virtual address is its own (priority 255)."""
    STOPPED = auto()
    """The interface went down, or the group is configured no longer."""
    MASTER_DOWN = auto()
    """No better router was heard for long enough."""
    BETTER_HEARD = auto()
    """An advertisement of a router that may be master."""
    WORSE_HEARD = auto()
    """An advertisement of a router that should not be master."""
    RESIGNED = auto()
    """The master says it stops (priority 0)."""


class Effect(Enum):
    """What the group must do; the table itself touches nothing."""

    ADVERTISE = auto()
    RESIGN = auto()
    CLAIM = auto()
    RELEASE = auto()
    WAIT_FOR_MASTER = auto()
    """Start the master-down timer, unless it runs."""
    WAIT_SKEW = auto()
    """Set the master-down timer to the skew time."""
    FOLLOW = auto()
    """Stop the master-down timer: while advertisements come, it never runs out."""
    STOP = auto()


class Transition(NamedTuple):
    """Where to, and what to do."""

    to: State
    effects: tuple[Effect, ...] = ()


TRANSITIONS: Final[dict[tuple[State, Event], Transition]] = {
    (State.INIT, Event.STARTED): Transition(State.BACKUP, (Effect.WAIT_FOR_MASTER,)),
    (State.INIT, Event.STARTED_AS_OWNER): Transition(
        State.MASTER, (Effect.CLAIM, Effect.ADVERTISE)
    ),
    (State.INIT, Event.STOPPED): Transition(State.INIT),
    (State.BACKUP, Event.STOPPED): Transition(State.INIT, (Effect.STOP,)),
    (State.BACKUP, Event.MASTER_DOWN): Transition(
        State.MASTER, (Effect.STOP, Effect.CLAIM, Effect.ADVERTISE)
    ),
    (State.BACKUP, Event.BETTER_HEARD): Transition(State.BACKUP, (Effect.FOLLOW,)),
    (State.BACKUP, Event.WORSE_HEARD): Transition(State.BACKUP, (Effect.WAIT_FOR_MASTER,)),
    (State.BACKUP, Event.RESIGNED): Transition(State.BACKUP, (Effect.WAIT_SKEW,)),
    (State.MASTER, Event.STOPPED): Transition(
        State.INIT, (Effect.STOP, Effect.RESIGN, Effect.RELEASE)
    ),
    (State.MASTER, Event.BETTER_HEARD): Transition(State.BACKUP, (Effect.RELEASE, Effect.FOLLOW)),
    (State.MASTER, Event.WORSE_HEARD): Transition(State.MASTER, (Effect.ADVERTISE,)),
    (State.MASTER, Event.RESIGNED): Transition(State.MASTER, (Effect.ADVERTISE,)),
}


class Impossible(Exception):
    """An event that cannot happen in a state: a bug of the caller."""


def step(state: State, event: Event) -> Transition:
    """The transition of a state on an event; raises Impossible if there is none."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Impossible(f"{event.name} in {state.name}") from None
