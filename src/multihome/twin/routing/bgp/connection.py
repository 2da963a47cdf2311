"""One end of a TCP connection between two speakers.

TCP delivers in order and again until acknowledged: what was sent while the path was
broken arrives when it is restored, unless a hold timer has run out before.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from multihome.twin.routing.bgp.fsm import Event, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.routing.bgp.messages import Message, Open
    from multihome.twin.routing.host import Reachability


_PATHS_SETTLE = 1.0
"""Seconds, no more than a lost session takes to be tried again: a path that is broken shows it."""


class Owner(Protocol):
    """The peer a connection belongs to."""

    config: BgpNeighbor

    @property
    def life(self) -> int:
        """Grows each time this end's router boots: TCP does not survive that."""
        ...

    @property
    def path(self) -> Reachability | None:
        """The way to the far end, while there is one."""
        ...

    @property
    def keepalive(self) -> int:
        """Seconds between keepalives; 0 for none."""
        ...

    def deliver(self, delay: float, node: str, action: Callable[[], None]) -> None:
        """Hand a message to the network."""
        ...

    def receive(self, end: Connection, message: Message) -> None:
        """A message came in."""
        ...

    def connected(self, end: Connection, far: Connection) -> None:
        """The far end took the connection."""
        ...

    def lose(self, end: Connection, event: Event) -> None:
        """The far end refused the connection, or is gone."""
        ...


class Connection:
    """Our end; `far` is the other one, once the connection is established."""

    def __init__(self, peer: Owner, path: Reachability, *, initiated: bool) -> None:
        self.peer = peer
        self.initiated = initiated
        self.local_address: Address = path.source
        self.state = State.IDLE
        self.far: Connection | None = None
        self.opened: Open | None = None
        """The OPEN that came in."""
        self.remote = path.node
        self.instance = path.instance
        """The far end's; packets that come in by another one belong to no connection, and are reset."""
        self.incarnation = path.incarnation
        self._life, self._closed = peer.life, False
        self.fresh = False
        """The first call since our side was configured."""
        self.delay = path.delay
        """Kept as it was at first: a message never overtakes another."""
        self._sent = 0
        self._arrived = 0
        self._unacknowledged: deque[tuple[int, Message]] = deque()

    @property
    def closed(self) -> bool:
        """Whether this end neither sends nor listens: closed, or forgotten at a power cycle."""
        return self._closed or self._life != self.peer.life

    def send(self, message: Message) -> None:
        """Queue a message; it leaves at once if the path is there."""
        self._sent += 1
        self._unacknowledged.append((self._sent, message))
        if self.peer.path is not None:
            self._transmit(self._sent, message)

    def resume(self) -> None:
        """The path is back: send again what was not acknowledged."""
        for number, message in self._unacknowledged:
            self._transmit(number, message)

    def close(self) -> None:
        """Neither send nor listen any more; a far end that cannot be reached finds out by itself."""
        self._closed = True
        self._unacknowledged.clear()
        far = self.far
        if far is not None and not far.closed and self.peer.path is None:
            self.peer.deliver(_PATHS_SETTLE, self.remote, far.doubt)

    def doubt(self) -> None:
        """The far end is closed: if its path is whole, our next keepalive there is answered so."""
        if self._is_alone() and self.far is not None and self.peer.keepalive:
            self.peer.deliver(self.peer.keepalive, self.far.remote, self._try)

    def _try(self) -> None:
        if self._is_alone():
            self.reset()

    def _is_alone(self) -> bool:
        far_is_closed = self.far is not None and self.far.closed
        return far_is_closed and not self.closed and self.peer.path is not None

    def hang_up(self) -> None:
        """Notify the far end's system (TCP reset) that this end is gone."""
        far = self.far
        if far is not None:
            self.peer.deliver(self.delay, self.remote, far.reset)

    def reset(self) -> None:
        """The far end's system reports (TCP reset) that the far end is gone."""
        self.peer.lose(self, Event.CLOSED)

    def _transmit(self, number: int, message: Message) -> None:
        far = self.far
        if far is not None:
            self.peer.deliver(self.delay, self.remote, lambda: far.arrive(number, message))

    def arrive(self, number: int, message: Message) -> None:
        """A message from the far end is here; one out of order waits to be sent again."""
        if self.closed:
            self.hang_up()
            return
        if number != self._arrived + 1:
            return
        self._arrived = number
        if self.far is not None:
            self.far.acknowledge(number)
        self.peer.receive(self, message)

    def acknowledge(self, number: int) -> None:
        """The far end has everything up to this message."""
        while self._unacknowledged and self._unacknowledged[0][0] <= number:
            self._unacknowledged.popleft()
