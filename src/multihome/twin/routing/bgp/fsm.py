"""The BGP state machine (RFC 4271 section 8) as a table; a pair it does not list is a bug.

The events are what happens to one connection, the effects are returned and performed by
the peer.  DelayOpen, damping of oscillations and AutoStart options are not modelled.
"""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum, auto


class State(IntEnum):
    """The states, in the order of progress: a peer is as far as its furthest connection."""

    IDLE = 0
    ACTIVE = 1
    CONNECT = 2
    OPEN_SENT = 3
    OPEN_CONFIRM = 4
    ESTABLISHED = 5

    @property
    def word(self) -> str:
        """As `show bgp neighbor` prints it."""
        return self.name.title().replace("_", "")


class Event(StrEnum):
    """What can happen to a connection, in the words of `show bgp neighbor`'s last event."""

    START = "Start"
    CONNECTED = "TransportOpen"
    REFUSED = "ConnectFail"
    OPEN = "RecvOpen"
    BAD_OPEN = "RecvBadOpen"
    KEEPALIVE = "RecvKeepAlive"
    UPDATE = "RecvUpdate"
    REFRESH = "RecvRouteRefresh"
    NOTIFICATION = "RecvNotify"
    HOLD_TIME = "HoldTime"
    CLOSED = "Closed"
    STOP = "Stop"


class Effect(Enum):
    """What the peer does about it."""

    SEND_OPEN = auto()
    SEND_KEEPALIVE = auto()
    ESTABLISH = auto()
    LEARN = auto()
    REPEAT = auto()
    NOTIFY = auto()
    """Send the NOTIFICATION that comes with the event."""
    CLOSE = auto()


_FAREWELL = (State.IDLE, (Effect.NOTIFY, Effect.CLOSE))
_LOST = (State.IDLE, (Effect.CLOSE,))

TABLE: dict[tuple[State, Event], tuple[State, tuple[Effect, ...]]] = {
    # a connection on its way up
    (State.IDLE, Event.START): (State.CONNECT, ()),
    (State.CONNECT, Event.CONNECTED): (State.OPEN_SENT, (Effect.SEND_OPEN,)),
    (State.IDLE, Event.CONNECTED): (State.OPEN_SENT, (Effect.SEND_OPEN,)),
    (State.OPEN_SENT, Event.OPEN): (State.OPEN_CONFIRM, (Effect.SEND_KEEPALIVE,)),
    (State.OPEN_CONFIRM, Event.KEEPALIVE): (State.ESTABLISHED, (Effect.ESTABLISH,)),
    (State.ESTABLISHED, Event.KEEPALIVE): (State.ESTABLISHED, ()),
    (State.ESTABLISHED, Event.UPDATE): (State.ESTABLISHED, (Effect.LEARN,)),
    (State.ESTABLISHED, Event.REFRESH): (State.ESTABLISHED, (Effect.REPEAT,)),
    # refused, or never answered
    (State.CONNECT, Event.REFUSED): (State.ACTIVE, (Effect.CLOSE,)),
    (State.CONNECT, Event.CLOSED): (State.ACTIVE, (Effect.CLOSE,)),
    (State.CONNECT, Event.STOP): _LOST,
    (State.CONNECT, Event.HOLD_TIME): _LOST,
    # what does not belong here (RFC 4271 section 6.6)
    (State.OPEN_SENT, Event.KEEPALIVE): _FAREWELL,
    (State.OPEN_SENT, Event.UPDATE): _FAREWELL,
    (State.OPEN_SENT, Event.REFRESH): _FAREWELL,
    (State.OPEN_CONFIRM, Event.REFRESH): _FAREWELL,
    (State.OPEN_CONFIRM, Event.OPEN): _FAREWELL,
    (State.OPEN_CONFIRM, Event.UPDATE): _FAREWELL,
    (State.ESTABLISHED, Event.OPEN): _FAREWELL,
    (State.OPEN_SENT, Event.BAD_OPEN): _FAREWELL,
    # the end, for one of four reasons, wherever it was
    **{(state, Event.STOP): _FAREWELL for state in State if state >= State.OPEN_SENT},
    **{(state, Event.HOLD_TIME): _FAREWELL for state in State if state >= State.OPEN_SENT},
    **{(state, Event.NOTIFICATION): _LOST for state in State if state >= State.OPEN_SENT},
    **{(state, Event.CLOSED): _LOST for state in State if state >= State.OPEN_SENT},
}


def transition(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """The next state and what to do; raises KeyError for a pair that cannot be."""
    return TABLE[state, event]
