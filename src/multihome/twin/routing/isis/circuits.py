"""The circuits of one IS-IS level: who is greeted, who speaks for a LAN, what a link costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from multihome.twin.routing.adjacency import Adjacency, Circuit, Judgement, Listener, State
from multihome.twin.routing.bfd.use import BfdUse
from multihome.twin.routing.isis.pdu import IsisHello, snpa_of
from multihome.twin.routing.route import NextHop
from multihome.twin.routing.spf import Key
from multihome.twin.routing.synchronization import Synchronization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import End, Host
    from multihome.twin.routing.isis.setup import Setup

_FIRST_LAN: Final = 2
"""Circuit 1 is every point-to-point circuit of Junos."""


class Identity(NamedTuple):
    """Who the router is in IS-IS, from the NET of its loopback."""

    area: str
    system: str
    instance: str
    table: str


class Circuits:
    """The interfaces of one level, and the neighbours on them."""

    protocol = "isis"

    def __init__(
        self,
        host: Host,
        level: int,
        identity: Identity,
        bfd: BfdProcess,
        synchronized: Callable[[str], bool],
    ) -> None:
        self._host = host
        self.level, self.identity = level, identity
        self.setups: dict[str, Setup] = {}
        self.open: dict[str, Circuit] = {}
        self.ids: dict[str, int] = {}
        self.neighbor_up: Callable[[str], None] = _nobody
        """Told of the interface when a neighbour has come up on it."""
        self.changed: Callable[[], None] = _nothing
        """Told when what the LSPs say of links may have changed."""
        self._next_id = _FIRST_LAN
        self._bfd = BfdUse(bfd, f"ISIS L{level}", self._lose)
        self._synchronization = Synchronization(host, synchronized, self._say)

    # --- configuration and interfaces ----------------------------------------------

    def configure(self, wanted: Mapping[str, Setup]) -> None:
        """Run on these interfaces, like this."""
        for name in [name for name in self.setups if name not in wanted]:
            self._close(name)
            del self.setups[name]
        for name, setup in wanted.items():
            self._set_up(name, setup)

    def _set_up(self, name: str, setup: Setup) -> None:
        old, circuit = self.setups.get(name), self.open.get(name)
        self.setups[name] = setup
        if old is None or circuit is None or old.point_to_point != setup.point_to_point:
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

    def _open(self, name: str, setup: Setup) -> None:
        if setup.point_to_point:
            self.ids[name] = 1
        elif self.ids.get(name, 1) == 1:
            self.ids[name] = self._next_id
            self._next_id += 1
        listener = Listener(
            self.protocol,
            hello=lambda: self._hello(name),
            judge=lambda body: self._judge(name, body),
            changed=lambda adjacency, before: self._adjacency_changed(name, adjacency, before),
            updated=lambda adjacency, _: self._updated(name, adjacency),
        )
        circuit = self.open[name] = Circuit(self._host, name, listener)
        circuit.greet()

    def _close(self, name: str) -> None:
        circuit = self.open.pop(name, None)
        if circuit is not None:
            circuit.close()

    def close(self) -> None:
        """The level ends here."""
        for name in tuple(self.open):
            self._close(name)
        self._synchronization.close()

    # --- neighbours --------------------------------------------------------------

    def _me(self, name: str) -> IsisHello:
        setup = self.setups[name]
        return IsisHello(
            level=self.level,
            system=self.identity.system,
            area=self.identity.area,
            host_name=self._host.config.host_name or self._host.name,
            address=self._host.address_on(name),
            point_to_point=setup.point_to_point,
            priority=setup.priority,
            snpa=snpa_of(self._host.name, name),
            circuit=self.ids[name],
            secret=setup.secret,
        )

    def _hello(self, name: str) -> tuple[IsisHello, float]:
        me, setup = self._me(name), self.setups[name]
        return me, setup.hold(designated=not setup.point_to_point and self.spokesman(name) == me)

    def _judge(self, name: str, body: object) -> Judgement:
        setup = self.setups[name]
        if not isinstance(body, IsisHello) or body.system == self.identity.system:
            return Judgement.IGNORE
        if body.point_to_point != setup.point_to_point:
            return Judgement.IGNORE
        if setup.secret is not None and body.secret != setup.secret:
            return Judgement.IGNORE
        if self.level == 1 and body.area != self.identity.area:
            return Judgement.REFUSE
        return Judgement.ACCEPT

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
            self.changed()

    def spokesman(self, name: str) -> IsisHello | None:
        """The designated router of a LAN: highest priority, then SNPA (ISO 10589 section 8.4.5)."""
        circuit = self.open.get(name)
        bodies = [greeting(adjacency) for adjacency in circuit.up()] if circuit else []
        if not bodies:
            return None
        return max((self._me(name), *bodies), key=lambda body: (body.priority, body.snpa))

    def neighbors(self, name: str) -> list[IsisHello]:
        """What the neighbours that are up said last."""
        circuit = self.open.get(name)
        return [greeting(adjacency) for adjacency in circuit.up()] if circuit else []

    def with_neighbors(self) -> Iterator[str]:
        """Circuits with a neighbour that is up."""
        return (name for name, circuit in self.open.items() if circuit.up())

    def knows(self, name: str, sender: End) -> bool:
        """Whether the sender is a neighbour that is up."""
        circuit = self.open.get(name)
        adjacency = circuit.adjacencies.get(sender) if circuit else None
        return adjacency is not None and adjacency.state is State.UP

    def _updated(self, name: str, adjacency: Adjacency) -> None:
        """A neighbour has another address, or another claim on the LAN."""
        self._follow_with_bfd(name, adjacency)
        self.neighbor_up(name)
        self.changed()

    def _say(self) -> None:
        self.changed()

    def _follow_with_bfd(self, name: str, adjacency: Adjacency) -> None:
        address = greeting(adjacency).address
        self._bfd.follow(adjacency.end, name, address, self.setups[name].bfd)

    def _lose(self, end: End) -> None:
        """BFD says a neighbour is gone."""
        for circuit in tuple(self.open.values()):
            circuit.lose(end)

    # --- what a link costs, and how to send over it ----------------------------------

    def metric(self, name: str) -> int:
        """What the LSP says of a link: the highest metric while LDP is not ready there."""
        setup = self.setups[name]
        waits = setup.synchronized and self._synchronization.waits(name)
        return setup.max_metric if waits else setup.metric

    def gateways(self, neighbor: Key, lan: Key | None) -> tuple[NextHop, ...]:
        """The circuits of least metric to a neighbour, or the one onto the LAN."""
        found = [
            (self.metric(name), NextHop(to=body.address, via=name))
            for name in self.open
            if self.setups[name].point_to_point == (lan is None)
            for body in self.neighbors(name)
            if body.system == neighbor.system and lan in {None, self.lan(name)}
        ]
        least = min((metric for metric, _ in found), default=0)
        return tuple(hop for metric, hop in found if metric == least)

    def lan(self, name: str) -> Key | None:
        """The pseudonode of a LAN."""
        spokesman = self.spokesman(name)
        return None if spokesman is None else Key(spokesman.system, spokesman.circuit)


def greeting(adjacency: Adjacency) -> IsisHello:
    """What an accepted neighbour said last."""
    if adjacency.hello is None or not isinstance(adjacency.hello.body, IsisHello):
        raise AssertionError("an accepted neighbour has greeted")
    return adjacency.hello.body


def _nothing() -> None:
    """Nobody wants to know."""


def _nobody(_: str) -> None:
    """Nobody wants to know."""
