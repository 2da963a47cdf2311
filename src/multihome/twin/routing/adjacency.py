"""Neighbours that greet each other: the three-way hello of IS-IS and OSPF, as a table.

Periodic hellos are no events.  A hello is sent when something changes; a neighbour's hold
time starts at the moment its packets stop arriving, which the network knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from multihome.twin.routing.host import End

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.clock import Timer
    from multihome.twin.routing.host import Host


_GREETING_DELAY: Final = 0.005
"""Seconds; on a LAN of many a hello at every change would be a storm."""


class State(StrEnum):
    """Of one adjacency, in the words of IS-IS."""

    DOWN = "Down"
    INITIALIZING = "Initializing"
    UP = "Up"
    REJECTED = "Rejected"


class Event(Enum):
    """What can happen to an adjacency."""

    ONE_WAY = auto()
    """A hello that does not list us."""
    TWO_WAY = auto()
    """A hello that lists us."""
    REFUSED = auto()
    """A hello from a router that may not be our neighbour: another area."""
    SILENT = auto()
    """The hold time ran out, or another process reports that the neighbour is gone."""


# RFC 5303 section 3.2; RFC 2328 section 10.3 up to 2-Way.
TRANSITIONS: Final[dict[tuple[State, Event], State]] = {
    (State.DOWN, Event.ONE_WAY): State.INITIALIZING,
    (State.DOWN, Event.TWO_WAY): State.UP,
    (State.DOWN, Event.REFUSED): State.REJECTED,
    (State.DOWN, Event.SILENT): State.DOWN,
    (State.INITIALIZING, Event.ONE_WAY): State.INITIALIZING,
    (State.INITIALIZING, Event.TWO_WAY): State.UP,
    (State.INITIALIZING, Event.REFUSED): State.REJECTED,
    (State.INITIALIZING, Event.SILENT): State.DOWN,
    (State.UP, Event.ONE_WAY): State.INITIALIZING,
    (State.UP, Event.TWO_WAY): State.UP,
    (State.UP, Event.REFUSED): State.UP,  # ignored as if it had not come: the hold time runs
    (State.UP, Event.SILENT): State.DOWN,
    (State.REJECTED, Event.ONE_WAY): State.INITIALIZING,
    (State.REJECTED, Event.TWO_WAY): State.UP,
    (State.REJECTED, Event.REFUSED): State.REJECTED,
    (State.REJECTED, Event.SILENT): State.DOWN,
}


class Judgement(Enum):
    """What to make of a hello."""

    ACCEPT = auto()
    REFUSE = auto()
    """It is genuine, and the neighbour is none of ours."""
    IGNORE = auto()
    """It is not genuine (wrong key), or of another kind of link: as if it had not come."""


class Hello(NamedTuple):
    """A greeting; `body` is the protocol's own, `heard` the neighbours that the sender hears."""

    body: object
    heard: tuple[End, ...]
    hold_time: float
    last: bool = False
    """Not a hello: it represents the periodic ones that will not come any more."""
    first: bool = False
    """Of a circuit that has just opened: who hears it, whether or not it is acceptable, says
    hello, as it would periodically."""


@dataclass(slots=True)
class Adjacency:
    """One neighbour on one circuit."""

    end: End
    state: State = State.DOWN
    hello: Hello | None = None
    since: float = 0.0
    transitions: int = 0
    refused: Hello | None = None
    """The last one, if it came from a router that may not be our neighbour."""
    doubted: bool = False
    """Its last hello was not acceptable: the hold time runs."""
    silent: bool = False
    """No hello can have come since the last one: it runs until one does."""
    last: Hello | None = None
    """The last hello, acceptable or not."""
    hold: Timer | None = field(default=None, repr=False)

    def hold_left(self, now: float) -> float:
        """Seconds the neighbour has left to say something."""
        if self.hold is not None and self.hold.pending:
            return self.hold.deadline - now
        return self.hello.hold_time if self.hello else 0.0


class Listener:
    """What a protocol gives a circuit: what to accept, what to send, what to notify."""

    def __init__(
        self,
        protocol: str,
        hello: Callable[[], tuple[object, float]],
        judge: Callable[[object], Judgement],
        changed: Callable[[Adjacency, State], None],
        updated: Callable[[Adjacency, object], None],
    ) -> None:
        self.protocol = protocol
        self.hello = hello
        """The body of the next hello, and the hold time to ask for."""
        self.judge = judge
        self.changed = changed
        """Called after an adjacency has changed, with the state before."""
        self.updated = updated
        """Called when a neighbour that is up says other things, with what it said before."""


class Circuit:
    """One interface a protocol greets on."""

    def __init__(self, host: Host, interface: str, listener: Listener) -> None:
        self._host, self._listener = host, listener
        self.interface = interface
        self.adjacencies: dict[End, Adjacency] = {}
        self._greeting: Timer | None = None
        self._first = True

    def up(self) -> list[Adjacency]:
        """The adjacencies that are up, in the order of their far ends."""
        found = [a for a in self.adjacencies.values() if a.state is State.UP]
        return found if len(found) < 2 else sorted(found, key=lambda adjacency: adjacency.end)

    def _fall_silent(self, sender: End) -> None:
        adjacency = self.adjacencies.get(sender)
        if adjacency is not None:
            adjacency.silent, adjacency.refused = True, None
            self._weigh(adjacency)

    def greet(self) -> None:
        """Say hello soon, once for whatever changes until then."""
        if self._greeting is None or not self._greeting.pending:
            self._greeting = self._host.after(_GREETING_DELAY, self._say_hello)

    def _say_hello(self, *, last: bool = False) -> None:
        body, hold_time = self._listener.hello()
        heard = tuple(
            adjacency.end
            for adjacency in self.adjacencies.values()
            if adjacency.state in {State.UP, State.INITIALIZING}
        )
        hello = Hello(body, heard, hold_time, last, self._first)
        self._first = False
        self._host.fabric.send(self._host.name, self.interface, self._listener.protocol, hello)

    def receive(self, hello: Hello, sender: End) -> None:
        """A hello came in."""
        if hello.last:
            self._fall_silent(sender)
            return
        if hello.first:
            self.greet()
        judgement = self._listener.judge(hello.body)
        adjacency = self.adjacencies.get(sender)
        if adjacency is None:
            if judgement is Judgement.IGNORE:
                return
            adjacency = self.adjacencies[sender] = Adjacency(sender)
        adjacency.doubted, adjacency.silent = judgement is not Judgement.ACCEPT, False
        adjacency.last = hello
        adjacency.refused = hello if judgement is Judgement.REFUSE else None
        self._weigh(adjacency)
        if adjacency.doubted:
            self._refuse(adjacency)
            return
        before, adjacency.hello = adjacency.hello, hello
        listed = any(end == (self._host.name, self.interface) for end in hello.heard)
        changed = self._happens(adjacency, Event.TWO_WAY if listed else Event.ONE_WAY)
        if changed or not listed:
            self.greet()
        elif before is not None and before.body != hello.body:
            self._listener.updated(adjacency, before.body)

    def reach_changed(self) -> None:
        """Other routers are heard, or hear us, than before.

        A neighbour that is heard again sends a hello; without one, the protocol runs there no longer.
        """
        for adjacency in tuple(self.adjacencies.values()):
            if not self._is_heard(adjacency):
                adjacency.silent = True
                self._weigh(adjacency)
        self.greet()

    def rejudge(self) -> None:
        """What is accepted changed: judge the last hellos again, and say who we are now."""
        for adjacency in tuple(self.adjacencies.values()):
            if adjacency.last is not None and not adjacency.silent:
                self.receive(adjacency.last, adjacency.end)
        self.greet()

    def lose(self, end: End) -> None:
        """A neighbour is gone, now: BFD or its own farewell says so."""
        adjacency = self.adjacencies.get(end)
        if adjacency is not None and self._happens(adjacency, Event.SILENT):
            self.greet()

    def close(self) -> None:
        """The interface went down or the protocol left it."""
        if self._greeting is not None:
            self._greeting.cancel()
        self._say_hello(last=True)
        for adjacency in tuple(self.adjacencies.values()):
            self._happens(adjacency, Event.SILENT)
            if adjacency.hold is not None:
                adjacency.hold.cancel()
        self.adjacencies.clear()

    def _weigh(self, adjacency: Adjacency) -> None:
        """The hold time runs while no acceptable hello can come."""
        if not adjacency.silent and not adjacency.doubted:
            if adjacency.hold is not None:
                adjacency.hold.cancel()
        elif adjacency.hold is None or not adjacency.hold.pending:
            hold_time = adjacency.hello.hold_time if adjacency.hello else 0.0
            adjacency.hold = self._host.after(hold_time, lambda: self._expire(adjacency))

    def _is_heard(self, adjacency: Adjacency) -> bool:
        return self._host.fabric.carries(adjacency.end, End(self._host.name, self.interface))

    def _refuse(self, adjacency: Adjacency) -> None:
        if adjacency.refused is not None:
            self._happens(adjacency, Event.REFUSED)
            if adjacency.state is State.REJECTED:
                adjacency.hello = adjacency.refused

    def _expire(self, adjacency: Adjacency) -> None:
        if adjacency.state is State.REJECTED and not adjacency.silent:
            return
        if self._happens(adjacency, Event.SILENT):
            self.greet()
        self._refuse(adjacency)
        if adjacency.state is State.DOWN and self.adjacencies.get(adjacency.end) is adjacency:
            del self.adjacencies[adjacency.end]

    def _happens(self, adjacency: Adjacency, event: Event) -> bool:
        before, adjacency.state = adjacency.state, TRANSITIONS[adjacency.state, event]
        if before is adjacency.state:
            return False
        adjacency.since = self._host.clock.now
        adjacency.transitions += State.UP in {before, adjacency.state}
        self._listener.changed(adjacency, before)
        return True
