"""One configured neighbour: its way there, its connections, and how sessions come and go.

Keepalives do not travel: while packets get there and back a session is alive, and when
they stop doing so its hold timer starts.  Nor does anybody poll: a speaker that was
refused tries again when the path, its own configuration or the peer's changes.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from multihome.twin.routing.bgp import messages
from multihome.twin.routing.bgp.alarm import Alarm
from multihome.twin.routing.bgp.connection import Connection
from multihome.twin.routing.bgp.fsm import Effect, Event, State, transition
from multihome.twin.routing.bgp.handshake import fault_in, is_single_hop, loser_of
from multihome.twin.routing.bgp.messages import Keepalive, Notification, Open, Refresh, Update
from multihome.twin.routing.bgp.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.bgp import BgpNeighbor, PrefixLimit
    from multihome.twin.routing.bfd.process import BfdClient
    from multihome.twin.routing.bgp.messages import Message, Nlri
    from multihome.twin.routing.bgp.speaker import Speaker
    from multihome.twin.routing.host import Reachability
    from multihome.twin.routing.route import BgpAttributes

_FIRST_TRY, _NEXT_TRY = 0.1, 1.0
"""Seconds until the first connection attempt, and after a session was lost."""
_AFTER_TEARDOWN = 30.0  # the same after too many prefixes, unless `idle-timeout` is given
_ROLL_OVER = 1.0  # seconds after the next key's start, so that the peer has come to it too
_SPREAD = 0.1  # the two ends try at different moments, so that they rarely collide
_ERRORS = (Event.NOTIFICATION, Event.HOLD_TIME, Event.BAD_OPEN)
_DISAGREED = (Event.REFUSED, Event.BAD_OPEN, Event.NOTIFICATION)


class Peer:
    """One neighbour of one instance."""

    def __init__(
        self, speaker: Speaker[Peer], instance: str, config: BgpNeighbor, local_as: int
    ) -> None:
        self.speaker = speaker
        self.instance = instance
        self.config = config
        self.local_as = local_as
        self.source = str(config.address)
        """What distinguishes this peer's routes from others' in a table."""
        self.session: Connection | None = None
        self.families: tuple[str, ...] = ()
        self.hold_time = config.hold_time
        self.received: dict[str, dict[Nlri, BgpAttributes]] = {}
        """By family, what the peer sent, before any policy."""
        self.since = speaker.host.clock.now
        self.flaps = 0
        self.last_state = State.IDLE
        self.last_event = Event.START
        self.last_error: Notification | None = None
        self.sent_updates = 0
        self.received_updates = 0
        self._heard = self.since
        self.bfd: BfdClient | None = None
        self.passed: set[tuple[PrefixLimit, int]] = set()  # those the log knows of, by bound
        self._connections: list[Connection] = []
        self._rest = State.IDLE
        self._idle_until = 0.0  # on the clock: no session is wanted before
        self._fresh = True  # no peer has seen this configuration yet
        self._reach = Reach(speaker.host, instance, config)
        self._retry = Alarm(speaker.host, self._attempt)
        self._hold = Alarm(speaker.host, self._hold_expired)
        self._distrusted = False  # the peer signs with another key of the chain

    # --- reading -------------------------------------------------------------------

    @property
    def address(self) -> Address:
        """The peer's address."""
        return self.config.address

    @property
    def state(self) -> State:
        """As far as its furthest connection, or at rest."""
        return max((end.state for end in self._connections), default=self._rest)

    @property
    def life(self) -> int:
        """Of the router: another one after each boot."""
        return self.speaker.host.incarnation

    @property
    def path(self) -> Reachability | None:
        """How packets get there and back, if they do."""
        return self._reach.path

    @property
    def identifier(self) -> Address | None:
        """The peer's BGP identifier, of an established session."""
        opened = None if self.session is None else self.session.opened
        return None if opened is None else opened.identifier

    @property
    def local_address(self) -> Address | None:
        """The address of this end."""
        if self.session is not None:
            return self.session.local_address
        if self.config.local_address is not None or self.path is None:
            return self.config.local_address
        return self.path.source

    @property
    def keepalive(self) -> int:
        """Seconds between keepalives; 0 for none."""
        return self.hold_time // 3

    @property
    def refuses(self) -> bool:
        """Whether no session is wanted now: shut down, or torn down for its prefixes."""
        return self.config.shutdown or self.speaker.host.clock.now < self._idle_until

    @property
    def single_hop(self) -> bool:
        """Whether the peer must be on a subnet of this router's own."""
        return is_single_hop(self.config)

    # --- starting, stopping ----------------------------------------------------------

    def start(self) -> None:
        """Begin to try; a peer that is shut down stays idle."""
        if self.config.shutdown:
            return
        self._reach.start(self._path_changed)
        self._rest = self._resting()
        self._begin(_FIRST_TRY)

    def _resting(self) -> State:
        """Without a subnet to look for the peer on there is nothing to try."""
        if self.refuses:
            return State.IDLE
        return State.ACTIVE if self.path is not None or not self.single_hop else State.IDLE

    def stop(self, farewell: Notification) -> None:
        """End it for good: the session, the attempts, the watch."""
        self.drop(Event.STOP, farewell)
        self._reach.stop()
        self._retry.cancel()

    def kill(self) -> None:
        """The process is killed: the system closes its connections."""
        for end in self._connections:
            end.hang_up()
        self.drop(Event.CLOSED)
        self._reach.stop()
        self._retry.cancel()

    def drop(self, event: Event, note: Notification | None = None) -> None:
        """End the session and every attempt; a new one is tried later."""
        for end in [*self._connections]:
            self._handle(end, event, note)

    def tear_down(self, idle: float | None) -> None:
        """It sent too much: no session for so long, or forever, or until it is cleared by command."""
        self._idle_until = self.speaker.host.clock.now + (_AFTER_TEARDOWN if idle is None else idle)
        self.last_error = messages.MAXIMUM_PREFIXES
        self.drop(Event.STOP, messages.MAXIMUM_PREFIXES)

    def clear_idle_hold(self) -> None:
        """A session torn down may come back now."""
        if self._idle_until:
            self._idle_until = 0.0
            self._begin(_FIRST_TRY)

    def request_connect(self) -> None:
        """The peer would take a connection now."""
        if self.config.passive or self.refuses:
            return
        for end in [end for end in self._connections if end.state is State.CONNECT]:
            self._handle(end, Event.CLOSED)
        if not self._connections:
            self._begin(_FIRST_TRY)

    def reconsider(self, node: str) -> None:
        """The router at the far end has another configuration: what was refused may do now."""
        if not self._connections and self.path is not None and self.path.node == node:
            self.request_connect()

    def interface_changed(self, interface: str) -> None:
        """The link to a neighbour on it is down: the session ends at once, as Junos ends it."""
        if self.session is not None and self._reach.link_down(self.session, interface):
            self.drop(Event.CLOSED)

    def bfd_failed(self) -> None:
        """BFD has lost the peer."""
        self.drop(Event.STOP, messages.BFD_DOWN)

    def rolled_over(self) -> None:
        """Another key of a chain is in use; the peer's clock may be a moment behind."""
        self.speaker.host.after(_ROLL_OVER, self._compare_keys)

    def _compare_keys(self) -> None:
        """What the peer signs with another key is dropped, until the hold time ends."""
        if self.session is not None and not self._agree():
            self._distrusted = True
            self._silence(self.session)

    def _agree(self) -> bool:
        """Whether both ends of the session sign with the same key."""
        far = None if self.session is None else self.session.far
        return far is None or far.peer.config.authentication_key == self.config.authentication_key

    # --- the path --------------------------------------------------------------------

    def _path_changed(self) -> None:
        path = self.path
        for end in [*self._connections]:
            if path is None:
                self._silence(end)
            elif self._reach.lost(end, path):
                self._handle(end, Event.CLOSED)
            else:
                self._hold.cancel()
                end.resume()
        if self._connections:
            return
        self._rest = self._resting()
        if path is not None:
            self._begin(_FIRST_TRY)

    def _silence(self, end: Connection) -> None:
        """Nothing is heard of the peer from now on."""
        if end.state is not State.ESTABLISHED:
            self._handle(end, Event.CLOSED)
        elif self.hold_time and not self._hold.running:
            self._hold.set(self.hold_time - self._quiet_for())

    def _quiet_for(self) -> float:
        """Seconds since the peer's last message: at the latest, since its last keepalive.

        The hold timer runs from there (RFC 4271 section 4.4), not from where the path broke.
        """
        now = self.speaker.host.clock.now
        return min(now - self._heard, (now - self.since) % max(self.keepalive, 1))

    def _hold_expired(self) -> None:
        if self._distrusted and self.path is not None and self._agree():
            self._distrusted = False  # its clock or its configuration caught up
            return
        self.drop(Event.HOLD_TIME, messages.HOLD_TIME_EXPIRED)

    # --- connecting --------------------------------------------------------------------

    def _begin(self, delay: float) -> None:
        delay += _SPREAD * (int(self.config.address) % 97) / 97
        left = self._idle_until - self.speaker.host.clock.now
        if left != inf:  # A network is at rest while a session waits to be torn down again.
            self._retry.set(delay + max(left, 0.0), background=left > 0)

    def _attempt(self) -> None:
        path = self.path
        if self._connections:
            return
        self._rest = self._resting()
        if path is None or self.refuses:
            return
        instance, source = path.instance, path.source
        if self.config.passive:
            self._call(path, lambda there: there.request_connect(instance, source))
            return
        end = Connection(self, path, initiated=True)
        end.fresh, self._fresh = self._fresh, False
        self._connections.append(end)
        self._handle(end, Event.START)
        caller = self.speaker.host.name
        self._call(path, lambda there: there.accept(instance, source, caller, end))

    def _call(self, path: Reachability, action: Callable[[Speaker[Peer]], None]) -> None:
        """Do something at the far router's speaker, when the message is there."""
        speaker = self.speaker

        def arrived() -> None:
            there = speaker.remote(path.node)
            if there is not None:
                action(there)

        self.deliver(path.delay, path.node, arrived)

    def accept(self, far: Connection) -> None:
        """The peer opened a connection; keys that differ (RFC 2385) make its packets vanish."""
        path = self.path
        if path is None or far.peer.config.authentication_key != self.config.authentication_key:
            return
        if self.session is not None:
            if self.session.far is None or not self.session.far.closed:
                return
            self._handle(self.session, Event.CLOSED)
        end = Connection(self, path, initiated=False)
        end.local_address = far.peer.config.address  # what the peer called, not our way to it
        end.far = far
        self._connections.append(end)
        self.deliver(path.delay, path.node, lambda: far.peer.connected(far, end))
        self._handle(end, Event.CONNECTED)

    def connected(self, end: Connection, far: Connection) -> None:
        """The peer took our connection."""
        if not end.closed:
            end.far = far
            self._handle(end, Event.CONNECTED)

    def lose(self, end: Connection, event: Event) -> None:
        """No process listens there, or the router is gone."""
        if not end.closed:
            self._handle(end, event)

    def deliver(self, delay: float, node: str, action: Callable[[], None]) -> None:
        """Hand a message to the network."""
        self.speaker.host.fabric.deliver(delay, node, action)

    # --- messages ------------------------------------------------------------------------

    def receive(self, end: Connection, message: Message) -> None:
        """A message came in on a connection."""
        self._heard = self.speaker.host.clock.now
        match message:
            case Open():
                self._opened(end, message)
            case Keepalive():
                self._handle(end, Event.KEEPALIVE)
            case Update():
                self.received_updates += 1
                self._handle(end, Event.UPDATE, message)
            case Refresh():
                self._handle(end, Event.REFRESH, message)
            case Notification():
                self._handle(end, Event.NOTIFICATION, message)

    def _opened(self, end: Connection, opened: Open) -> None:
        end.opened = opened
        fault = fault_in(opened, self.config, self.speaker.identifier(self.instance))
        if fault is not None:
            self._handle(end, Event.BAD_OPEN, fault)
        elif not self._resolve_collision(end, opened):
            self._handle(end, Event.OPEN)

    def _resolve_collision(self, end: Connection, opened: Open) -> bool:
        """Leave the connection that loses to another one; whether it was this one."""
        ours_wins = self.speaker.identifier(self.instance) > opened.identifier
        for other in [one for one in self._connections if one is not end]:
            if other.state >= State.OPEN_CONFIRM:
                loser = loser_of(end, other, ours_wins=ours_wins)
                self._handle(loser, Event.STOP, messages.COLLISION)
                if loser is end:
                    return True
        return False

    # --- the state machine -----------------------------------------------------------------

    def _handle(self, end: Connection, event: Event, message: Message | None = None) -> None:
        before = self.state
        end.state, effects = transition(end.state, event)
        self.last_event = event
        if event in _ERRORS and isinstance(message, Notification):
            self.last_error = message
        for effect in effects:
            self._perform(effect, end, message)
        if self.state is not before:
            self.last_state = before

    def _perform(self, effect: Effect, end: Connection, message: Message | None) -> None:
        match effect:
            case Effect.SEND_OPEN:
                end.send(self._own_open())
            case Effect.SEND_KEEPALIVE:
                end.send(Keepalive())
            case Effect.ESTABLISH:
                self._establish(end)
            case Effect.LEARN if isinstance(message, Update):
                self.speaker.update(self, message)
            case Effect.REPEAT if isinstance(message, Refresh):
                self.speaker.repeat(self, message.family)
            case Effect.NOTIFY:
                end.send(message if isinstance(message, Notification) else messages.STATE_MACHINE)
            case Effect.CLOSE:
                self._close(end)

    def _own_open(self) -> Open:
        identifier = self.speaker.identifier(self.instance)
        return Open(self.local_as, self.config.hold_time, identifier, self.config.families)

    def _establish(self, end: Connection) -> None:
        opened = end.opened
        self.session, self.since = end, self.speaker.host.clock.now
        if opened is not None:
            self.families = tuple(f for f in self.config.families if f in opened.families)
            self.hold_time = min(self.config.hold_time, opened.hold_time)
        self._retry.cancel()
        for other in [one for one in self._connections if one is not end]:
            self._handle(other, Event.STOP, messages.COLLISION)
        self.speaker.established(self)

    def _close(self, end: Connection) -> None:
        end.close()
        self._connections.remove(end)
        was_session = end is self.session
        if was_session:
            self._hold.cancel()
            self.session, self.since = None, self.speaker.host.clock.now
            self.flaps += 1
            self.passed.clear()
            self.speaker.lost(self)
        if self._connections:
            return
        self._rest = end.state
        # Where the two do not agree only another configuration helps: that requests a connection or connects.
        if was_session or self.last_event not in _DISAGREED:
            self._begin(_NEXT_TRY)

    def send(self, message: Update | Refresh) -> None:
        """Send a message on the session, if there is one."""
        if self.session is not None:
            self.sent_updates += 1
            self.session.send(message)
