"""One LDP session: from the first hello adjacency to the last.

The LSR with the higher transport address opens (RFC 5036 section 2.5.2); it tries again
whenever something that may have stood in the way changes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.junos.model.keys import ChainKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.clock import Timer
    from multihome.twin.junos.model.keys import AnyKey
    from multihome.twin.routing.host import Host, Reachability, Watch

HOLD_TIME: Final = 30.0
"""Junos's LDP session keepalive timeout, in seconds."""
_ROLL_OVER: Final = 1.0
"""Seconds after the next key's start, so that the peer has come to it too."""
_SET_UP: Final = 0.05
"""TCP, Initialization and KeepAlive beside the way itself, in seconds."""


class State(StrEnum):
    """As in `show ldp session`."""

    NONEXISTENT = "Nonexistent"
    OPERATIONAL = "Operational"


class Party(Protocol):
    """The LDP process of either end."""

    lsr: Address

    def key_for(self, neighbor: Address) -> AnyKey | None:
        """The configured session key."""
        ...

    def session_with(self, lsr: Address) -> Session | None:
        """The session with an LSR, if there is a hello adjacency."""
        ...

    def party_at(self, node: str) -> Party | None:
        """The LDP process of another router, if it runs."""
        ...

    def session_changed(self, session: Session) -> None:
        """It became operational, or no longer is."""
        ...

    def labels_received(
        self, session: Session, labels: tuple[tuple[Prefix, int | None], ...]
    ) -> None:
        """Mappings and withdrawals came in."""
        ...


class Session:
    """This end of a session with one LSR."""

    def __init__(
        self, host: Host, party: Party, lsr: Address, local: Address, far: Address
    ) -> None:
        self._host, self._party = host, party
        self.lsr, self.local, self.far = lsr, local, far
        self.state = State.NONEXISTENT
        self.since = host.clock.now
        self.key = party.key_for(far)
        self.interfaces: dict[str, None] = {}
        """With a hello adjacency to the LSR."""
        self.received: dict[Prefix, int] = {}
        self.sent: dict[Prefix, int] = {}
        self._opening: Timer | None = None
        self._hold: Timer | None = None
        self._peer: Reachability | None = None
        self._watch: Watch = host.fabric.watch(host.name, MASTER, local, far, self._reach_changed)

    @property
    def operational(self) -> bool:
        """Whether labels are exchanged."""
        return self.state is State.OPERATIONAL

    def hold_left(self) -> float:
        """Seconds until it is given up, if nothing comes."""
        if self._hold is not None and self._hold.pending:
            return self._hold.deadline - self._host.clock.now
        return HOLD_TIME

    # --- coming up ---------------------------------------------------------------

    def try_open(self) -> None:
        """Open, or remind the end whose part that is."""
        peer = self._watch.peer
        if self.operational or peer is None or not peer.listening:
            return
        if self.local < self.far:
            self._ask_to_open(peer)
        elif self._opening is None or not self._opening.pending:
            self._opening = self._host.after(_SET_UP + 2 * peer.delay, self._open)

    def _ask_to_open(self, peer: Reachability) -> None:
        far = self._party.party_at(peer.node)
        mine = self._party.lsr

        def remind() -> None:
            session = far.session_with(mine) if far is not None else None
            if session is not None and session.local > session.far:
                session.fail()  # the asker has none: this end is left of one that was lost
                session.try_open()

        self._host.fabric.deliver(peer.delay, peer.node, remind)

    def _open(self) -> None:
        peer = self._watch.peer
        if self.operational or peer is None:
            return
        far = self._party.party_at(peer.node)
        mine, key = self._party.lsr, self.key

        def accept() -> None:
            # Meant for another LSR, it is rejected (RFC 5036 section 2.5.3).
            meant = far is not None and far.lsr == self.lsr
            session = far.session_with(mine) if far is not None and meant else None
            if session is not None:
                session.accept(key)

        self._host.fabric.deliver(peer.delay, peer.node, accept)

    def accept(self, key: AnyKey | None) -> None:
        """The far end opens; a segment with another MD5 key never gets to us (RFC 2385)."""
        peer = self._watch.peer
        if key != self.key or peer is None:
            return
        if self.operational:
            self.fail()
        far, mine = self._party.party_at(peer.node), self._party.lsr

        def accepted() -> None:
            session = far.session_with(mine) if far is not None else None
            if session is not None:
                session.accepted()

        self._host.fabric.deliver(peer.delay, peer.node, accepted)
        self._rise(peer)

    def accepted(self) -> None:
        """The far end took our opening."""
        if not self.operational and self._watch.peer is not None:
            self._rise(self._watch.peer)

    def _rise(self, peer: Reachability) -> None:
        self._peer = peer
        self._set(State.OPERATIONAL)

    # --- going down --------------------------------------------------------------

    def fail(self) -> None:
        """It is over, now."""
        for timer in (self._opening, self._hold):
            if timer is not None:
                timer.cancel()
        if self.operational:
            self.received.clear()
            self.sent.clear()
            self._set(State.NONEXISTENT)

    def end(self) -> None:
        """Over; the far end is notified (Notification: shutdown)."""
        peer, mine = self._watch.peer, self._party.lsr
        if self.operational and peer is not None:
            far = self._party.party_at(peer.node)

            def notified() -> None:
                session = far.session_with(mine) if far is not None else None
                if session is not None:
                    session.fail()
                    session.try_open()

            self._host.fabric.deliver(peer.delay, peer.node, notified)
        self.fail()

    def close(self) -> None:
        """No hello adjacency is left."""
        self.end()
        self._watch.cancel()

    def rekey(self) -> None:
        """The configured key may be another one: then the session starts anew."""
        key = self._party.key_for(self.far)
        if key != self.key:
            rolled = isinstance(key, ChainKey) and isinstance(self.key, ChainKey)
            self.key = key
            if rolled:
                self._host.after(_ROLL_OVER, self._compare_keys)
            else:
                self.end()
        self.try_open()

    def _compare_keys(self) -> None:
        """What the peer signs with another key is dropped, until the hold time ends."""
        if self.operational and not self._agree():
            self._hold = self._host.after(HOLD_TIME, self._distrust)

    def _distrust(self) -> None:
        if self._watch.peer is None or not self._agree():
            self.fail()

    def _agree(self) -> bool:
        """Whether both ends of the session sign with the same key."""
        peer = self._watch.peer
        far = self._party.party_at(peer.node) if peer is not None else None
        other = far.session_with(self._party.lsr) if far is not None else None
        return other is None or other.key == self.key

    def _reach_changed(self, peer: Reachability | None) -> None:
        if peer is None:
            if self.operational and (self._hold is None or not self._hold.pending):
                self._hold = self._host.after(HOLD_TIME, self.fail)
            return
        if self._hold is not None:
            self._hold.cancel()
        known = self._peer
        if self.operational and known is not None and _system(known) != _system(peer):
            self.fail()  # what is there now knows nothing of the connection, and resets it
        if self.operational:
            self._repeat()
        self.try_open()

    def _set(self, state: State) -> None:
        self.state = state
        self.since = self._host.clock.now
        self._party.session_changed(self)

    # --- labels ------------------------------------------------------------------

    def send(self, labels: dict[Prefix, int | None]) -> None:
        """Send the far end what changed since the last message."""
        news = {fec: label for fec, label in labels.items() if self.sent.get(fec) != label}
        peer = self._watch.peer or self._peer
        if not news or peer is None:
            return
        for fec, label in news.items():
            if label is None:
                del self.sent[fec]
            else:
                self.sent[fec] = label
        if self._watch.peer is not None:
            self._transmit(peer, news)

    def _repeat(self) -> None:
        """The way is back: TCP sends again what was lost, so the far end knows all we said."""
        peer = self._watch.peer
        if peer is not None:
            self._transmit(peer, dict(self.sent), complete=True)

    def _transmit(
        self, peer: Reachability, labels: Mapping[Prefix, int | None], *, complete: bool = False
    ) -> None:
        far, mine = self._party.party_at(peer.node), self._party.lsr

        def arrive() -> None:
            session = far.session_with(mine) if far is not None else None
            if session is not None and session.operational:
                gone = session.received.keys() - labels.keys() if complete else ()
                session.take((*labels.items(), *((fec, None) for fec in sorted(gone))))

        self._host.fabric.deliver(peer.delay, peer.node, arrive)

    def take(self, labels: tuple[tuple[Prefix, int | None], ...]) -> None:
        """Mappings and withdrawals from the far end."""
        for fec, label in labels:
            if label is None:
                self.received.pop(fec, None)
            else:
                self.received[fec] = label
        self._party.labels_received(self, labels)


def _system(peer: Reachability) -> tuple[str, str, int]:
    """What holds a TCP connection: another router with the same address does not."""
    return peer.node, peer.instance, peer.incarnation
