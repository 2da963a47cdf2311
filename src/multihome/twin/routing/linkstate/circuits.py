"""The circuits of a link-state protocol: opening, hellos and watching, whatever the protocol."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from multihome.twin.routing.adjacency import Adjacency, Circuit, Judgement, Listener, State
from multihome.twin.routing.bfd.use import BfdUse
from multihome.twin.routing.linkstate.synchronization import Synchronization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.igp import Bfd
    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import End, Host
    from multihome.twin.routing.linkstate.spf import Key
    from multihome.twin.routing.route import NextHop


class Setup(Protocol):
    """The interface's settings, whatever the protocol."""

    @property
    def passive(self) -> bool:
        """Announced, without hellos."""
        ...

    @property
    def point_to_point(self) -> bool:
        """A link of two, whatever it is made of."""
        ...

    @property
    def mtu(self) -> int:
        """What the two ends of a link must agree on, in bytes."""
        ...

    @property
    def bfd(self) -> Bfd | None:
        """How BFD is to watch its neighbours."""
        ...

    @property
    def synchronized(self) -> bool:
        """Whether the metric waits for LDP."""
        ...

    @property
    def synchronization_time(self) -> float | None:
        """Seconds to wait for LDP at most."""
        ...


class Body(Protocol):
    """What a hello says, whichever the protocol."""

    @property
    def address(self) -> Address | None:
        """Of the sender's interface."""
        ...


SetupT = TypeVar("SetupT", bound=Setup)
BodyT = TypeVar("BodyT", bound=Body)


class Greetings(NamedTuple):
    """Whose hellos they are: the process they go to, and what BFD calls its client."""

    protocol: str
    client: str


class Circuits(ABC, Generic[SetupT, BodyT]):
    """The interfaces that a protocol runs on, and the neighbours on them."""

    def __init__(
        self,
        host: Host,
        greetings: Greetings,
        body: type[BodyT],
        bfd: BfdProcess,
        synchronized: Callable[[str], bool],
    ) -> None:
        self._host, self._body = host, body
        self.protocol = greetings.protocol
        self.setups: dict[str, SetupT] = {}
        self.open: dict[str, Circuit] = {}
        self.neighbor_up: Callable[[str], None] = _nobody
        """Called with the interface when a neighbour has come up on it."""
        self.changed: Callable[[], None] = _nothing
        """Called when what is announced of links may have changed."""
        self._bfd = BfdUse(bfd, greetings.client, self._lose)
        self._synchronization = Synchronization(host, synchronized, self._say)

    # --- what the protocol knows -----------------------------------------------------

    @abstractmethod
    def _hello(self, name: str) -> tuple[BodyT, float]:
        """The next hello, and the hold time to ask for in seconds."""

    @abstractmethod
    def _judge(self, name: str, body: object) -> Judgement:
        """Whether a hello is a neighbour's."""

    @abstractmethod
    def gateways(self, neighbor: Key, lan: Key | None) -> tuple[NextHop, ...]:
        """The circuits of least metric to a neighbour, or the one onto the LAN."""

    def shares(self, name: str, body: BodyT) -> bool:  # noqa: ARG002 - for who asks more
        """Whether a neighbour that is up takes part in the database."""
        return True

    def _opened(self, name: str, setup: SetupT) -> None:
        """A circuit is open, and has not greeted yet."""

    def _closed(self, name: str) -> None:
        """A circuit that was open is closed."""

    def _gathered(self, name: str, circuit: Circuit) -> None:
        """A neighbour came up or went down on a circuit that is open."""

    # --- configuration and interfaces ------------------------------------------------

    def configure(self, wanted: Mapping[str, SetupT]) -> None:
        """Run on these interfaces, like this."""
        for name in [name for name in self.setups if name not in wanted]:
            self._close(name)
            del self.setups[name]
        for name, setup in wanted.items():
            self._set_up(name, setup)

    def _set_up(self, name: str, setup: SetupT) -> None:
        old, circuit = self.setups.get(name), self.open.get(name)
        self.setups[name] = setup
        if old is None or circuit is None or _link(old) != _link(setup):
            self._close(name)
            self.interface_changed(name)
        elif setup.passive:
            self._close(name)
        elif old != setup:
            circuit.rejudge()
            for adjacency in circuit.up():
                self._follow_with_bfd(name, adjacency)

    def interface_changed(self, name: str) -> None:
        """Open or close the circuit as the interface is."""
        setup = self.setups.get(name)
        if setup is None or not self._host.up(name) or setup.passive:
            self._close(name)
        elif name not in self.open:
            self._open(name, setup)
        else:
            self.open[name].greet()

    def _open(self, name: str, setup: SetupT) -> None:
        listener = Listener(
            self.protocol,
            hello=lambda: self._hello(name),
            judge=lambda body: self._judge(name, body),
            changed=lambda adjacency, before: self._adjacency_changed(name, adjacency, before),
            updated=lambda adjacency, _: self._updated(name, adjacency),
        )
        circuit = self.open[name] = Circuit(self._host, name, listener)
        self._opened(name, setup)
        circuit.greet()

    def _close(self, name: str) -> None:
        circuit = self.open.pop(name, None)
        if circuit is not None:
            circuit.close()
            self._closed(name)

    def close(self) -> None:
        """The protocol ends here."""
        for name in tuple(self.open):
            self._close(name)
        self._synchronization.close()

    # --- neighbours ------------------------------------------------------------------

    def greeted(self, name: str) -> list[BodyT]:
        """What those said last whose hellos come and go."""
        circuit = self.open.get(name)
        return [self._said(adjacency) for adjacency in circuit.up()] if circuit else []

    def neighbors(self, name: str) -> list[BodyT]:
        """What the neighbours said last that the database is shared with."""
        return [body for body in self.greeted(name) if self.shares(name, body)]

    def with_neighbors(self) -> Iterator[str]:
        """Circuits with a neighbour that the database is shared with."""
        return (name for name in self.open if self.neighbors(name))

    def knows(self, name: str, sender: End) -> bool:
        """Whether the database is shared with the sender."""
        circuit = self.open.get(name)
        adjacency = circuit.adjacencies.get(sender) if circuit else None
        if adjacency is None or adjacency.state is not State.UP:
            return False
        return self.shares(name, self._said(adjacency))

    def _said(self, adjacency: Adjacency) -> BodyT:
        if adjacency.hello is None or not isinstance(adjacency.hello.body, self._body):
            raise AssertionError("an accepted neighbour has greeted")
        return adjacency.hello.body

    def _adjacency_changed(self, name: str, adjacency: Adjacency, before: State) -> None:
        circuit = self.open.get(name)
        if adjacency.state is State.UP and circuit is not None:
            self._synchronization.begin(name, self.setups[name].synchronization_time)
            circuit.greet()
            self.neighbor_up(name)
            self._follow_with_bfd(name, adjacency)
        elif before is State.UP:
            self._bfd.drop(adjacency.end)
        if State.UP in {before, adjacency.state}:
            if circuit is not None:
                self._gathered(name, circuit)
            self.changed()

    def _updated(self, name: str, adjacency: Adjacency) -> None:
        """A neighbour has another address, or another claim on the LAN."""
        self._follow_with_bfd(name, adjacency)
        self.neighbor_up(name)
        self.changed()

    def synchronization_changed(self, name: str) -> None:
        """LDP became ready on a link, or no longer is: then its hold time starts anew."""
        self._synchronization.weigh(name, self.setups[name].synchronization_time)

    def _say(self) -> None:
        self.changed()

    def _follow_with_bfd(self, name: str, adjacency: Adjacency) -> None:
        address = self._said(adjacency).address
        self._bfd.follow(adjacency.end, name, address, self.setups[name].bfd)

    def _lose(self, end: End) -> None:
        """BFD says a neighbour is gone."""
        for circuit in tuple(self.open.values()):
            circuit.lose(end)


def _link(setup: Setup) -> tuple[bool, int]:
    """What cannot change without taking the link down."""
    return setup.point_to_point, setup.mtu


def _nothing() -> None:
    """No listener."""


def _nobody(_: str) -> None:
    """No listener."""
