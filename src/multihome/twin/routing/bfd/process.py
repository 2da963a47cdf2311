"""BFD as state of the clients that use it (RFC 5880, 5881, 5883).

A session is up when both ends run it and packets pass both ways.  When they stop, the
detection time runs from that moment; then the clients are notified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.host import Process
from multihome.twin.views import BfdView

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address
    from multihome.twin.clock import Timer
    from multihome.twin.junos.model.igp import Bfd
    from multihome.twin.routing.host import Host, Reachability, Watch

_SLOW_START: Final = 1.0
"""Until a session is up, packets go once a second (RFC 5880 section 6.8.3)."""


class BfdClient:
    """One protocol's use of a session; `close` it when the neighbour is no neighbour any more."""

    def __init__(
        self,
        session: _Session,
        name: str,
        timing: Bfd,
        failed: Callable[[], None],
        changed: Callable[[], None] | None,
    ) -> None:
        self._session = session
        self.name, self.timing = name, timing
        self.failed, self.changed = failed, changed

    @property
    def up(self) -> bool:
        """Whether the session is up."""
        return self._session.up

    def close(self) -> None:
        """Use the session no longer."""
        self._session.leave(self)


class _Way(NamedTuple):
    """What distinguishes sessions of one router."""

    instance: str
    interface: str
    source: Address | None
    neighbor: Address


class _Session:
    """One session, as long as a client uses it."""

    def __init__(self, process: BfdProcess, host: Host, way: _Way) -> None:
        self._process, self._host, self.way = process, host, way
        self.clients: list[BfdClient] = []
        self.up = False
        self.since = host.clock.now
        self._negotiated: tuple[float, int] | None = None
        """Interval and multiplier of the far end, as it said last."""
        self._timer: Timer | None = None
        self._watch: Watch = host.fabric.watch(
            host.name, way.instance, way.source, way.neighbor, self._reach_changed
        )

    @property
    def local(self) -> Address | None:
        """The address the neighbour knows us by."""
        return self._watch.peer.source if self._watch.peer else self.way.source

    def interval(self) -> float:
        """What we ask for: the least any client wants."""
        return min(client.timing.minimum_interval for client in self.clients)

    def multiplier(self) -> int:
        """Of the client with the least interval."""
        return min(
            self.clients, key=lambda client: client.timing.minimum_interval
        ).timing.multiplier

    def detection_time(self) -> float:
        """The slower of both intervals, times the far end's multiplier (RFC 5880 section 6.8.4)."""
        far = self._far()
        if far is not None and far.clients:
            self._negotiated = (far.interval(), far.multiplier())
        interval, multiplier = self._negotiated or (self.interval(), self.multiplier())
        return max(self.interval(), interval) * multiplier

    def _far(self) -> _Session | None:
        peer = self._watch.peer
        return self._process.session_at(peer, self.way) if peer is not None else None

    def join(self, client: BfdClient) -> None:
        self.clients.append(client)
        self.negotiate()

    def leave(self, client: BfdClient) -> None:
        if client not in self.clients:
            return
        self.clients.remove(client)
        if not self.clients:
            self._watch.cancel()
            self._cancel()
            far = self._far()
            self._process.forget(self)
            if far is not None:
                far.neighbor_left()

    def kill(self) -> None:
        far = self._far()
        self.clients.clear()
        self._watch.cancel()
        self._cancel()
        self._set(up=False)
        if far is not None:
            far.neighbor_died()

    def neighbor_died(self) -> None:
        if self.up and (self._timer is None or not self._timer.pending):
            self._timer = self._host.after(self.detection_time(), self._detected)

    def neighbor_left(self) -> None:
        """The far end is administratively down: no failure, so no client is notified."""
        self._cancel()
        self._set(up=False)

    def negotiate(self) -> None:
        """Both ends come up if both run a session and packets pass."""
        far = self._far()
        if far is None or self.up:
            return
        for session in (self, far):
            session.rise()

    def rise(self) -> None:
        if self._timer is None or not self._timer.pending:
            self._timer = self._host.after(_SLOW_START, self._risen)

    def _risen(self) -> None:
        if not self.up and self._far() is not None:
            self._set(up=True)
            self.detection_time()

    def _reach_changed(self, peer: Reachability | None) -> None:
        if peer is not None and self._far() is not None:
            self._cancel()
            self.negotiate()
        else:
            self.neighbor_died()

    def _detected(self) -> None:
        self._set(up=False)
        for client in tuple(self.clients):
            client.failed()

    def _set(self, *, up: bool) -> None:
        if self.up is not up:
            self.up = up
            self.since = self._host.clock.now
            for client in self.clients:
                if client.changed is not None:
                    # Perhaps it is the far end that says so: this router is to settle after it.
                    self._host.after(0.0, client.changed)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class BfdProcess(Process):
    """The sessions of one router."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._sessions: dict[_Way, _Session] = {}

    def open(  # noqa: PLR0913 - all of them identify a session
        self,
        client: str,
        neighbor: Address,
        timing: Bfd,
        failed: Callable[[], None],
        *,
        changed: Callable[[], None] | None = None,
        interface: str = "",
        source: Address | None = None,
        instance: str | None = None,
    ) -> BfdClient:
        """Use a session: single-hop on an interface, or multihop from a source address.

        `failed` is called when it has failed, `changed` whenever it goes up or down; the word for the client is
        Junos's (`ISIS L2`, `BGP`).
        """
        found = instance or (self._host.instance_of(interface) if interface else MASTER)
        if interface and source is None:
            source = self._host.address_on(interface, neighbor)
        way = _Way(found, interface, source, neighbor)
        session = self._sessions.get(way)
        if session is None:
            session = self._sessions[way] = _Session(self, self._host, way)
        user = BfdClient(session, client, timing, failed, changed)
        session.join(user)
        return user

    def session_at(self, peer: Reachability, way: _Way) -> _Session | None:
        """The far end of a session, if its router runs it."""
        process = self._host.fabric.process(peer.node, "bfd")
        if not isinstance(process, BfdProcess):
            return None
        for session in process.sessions_to(peer.source):
            if session.way.source in {None, way.neighbor}:
                return session
        return None

    def sessions_to(self, neighbor: Address) -> list[_Session]:
        """The sessions with an address."""
        return [s for way, s in self._sessions.items() if way.neighbor == neighbor]

    def kill(self) -> None:
        """Say nothing any more: the far ends find out by themselves."""
        for session in self._sessions.values():
            session.kill()
        self._sessions.clear()

    def forget(self, session: _Session) -> None:
        """A session without clients is none."""
        self._sessions.pop(session.way, None)

    def sessions(self) -> tuple[BfdView, ...]:
        """Sessions in any state, by neighbour."""
        views = [
            BfdView(
                address=way.neighbor,
                interface=way.interface,
                up=session.up,
                detection_time=session.detection_time(),
                interval=session.interval(),
                multiplier=session.multiplier(),
                clients=tuple(sorted({client.name for client in session.clients})),
                since=session.since,
            )
            for way, session in self._sessions.items()
        ]
        return tuple(sorted(views, key=lambda view: (view.address, view.interface)))
