"""One VRRP group on one interface: timers and messages around the state machine.

Advertisements are sent when something changes; the periodic ones in between are implied:
while the master is heard the master-down timer does not run, and it starts at the moment
the master falls silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from multihome.twin.routing.host import End
from multihome.twin.routing.vrrp.fsm import Effect, Event, State, step
from multihome.twin.routing.vrrp.tracking import Tracking

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.clock import Timer
    from multihome.twin.junos.model.interfaces import VrrpGroup
    from multihome.twin.routing.host import Host

OWNER: Final = 255
_MISSED: Final = 3
"""Advertisements missed before a master counts as down."""


class Advertisement(NamedTuple):
    """What a master says (RFC 3768 section 5)."""

    group: int
    priority: int
    addresses: tuple[Address, ...]
    interval: float
    source: Address
    last: bool = False
    """None: it represents the periodic ones that will not come any more."""


class Group:
    """A group that is configured on an interface address."""

    def __init__(self, host: Host, interface: str, address: Address, config: VrrpGroup) -> None:
        self._host = host
        self.interface, self.address, self.config = interface, address, config
        self.state = State.INIT
        self.since = host.clock.now
        self.tracking = Tracking(host, self._priority_changed)
        self.master: tuple[End, Advertisement] | None = None
        """The master that we follow, and its last advertisement."""
        self.followed_since = 0.0
        self.down: Timer | None = None
        self.to_master = self.to_backup = 0
        self.sent = self.received = 0
        """Advertisements before the present state."""
        self._preempting: Timer | None = None
        self._said: dict[End, Advertisement] = {}
        """The last of each sender, acceptable or not."""
        self._silent = False
        """The master we follow is not heard any more: only a new advertisement counts."""

    # --- times -------------------------------------------------------------------

    @property
    def skew(self) -> float:
        """Seconds by which the better backup is faster."""
        share = (256 - self.tracking.priority) / 256
        return share * min(self.config.advertise_interval, 1.0)

    @property
    def master_down_interval(self) -> float:
        """Seconds of silence after which the master counts as down."""
        return _MISSED * self.config.advertise_interval + self.skew

    def advertised(self, since: float) -> int:
        """Advertisements a master has sent since then: one at once, then periodically."""
        return 1 + int((self._host.clock.now - since) / self.config.advertise_interval)

    # --- events ------------------------------------------------------------------

    def configure(self, config: VrrpGroup) -> None:
        """Other settings of the same group."""
        old, self.config = self.config, config
        if old.virtual_addresses != config.virtual_addresses and self.state is State.MASTER:
            self._release(old)
            self._claim()
        before = self.tracking.priority
        self.tracking.start(config)
        if self.tracking.priority != before or old != config:
            self._priority_changed()
        if _terms(old) != _terms(config):
            self._listen_again()

    def start(self) -> None:
        """The interface is up."""
        if self.state is not State.INIT:
            return
        self.tracking.start(self.config)
        owner = self.tracking.priority == OWNER
        self._happens(Event.STARTED_AS_OWNER if owner else Event.STARTED)

    def stop(self) -> None:
        """The interface is down, or the group goes."""
        self._happens(Event.STOPPED)
        self.tracking.stop()
        self.master = None
        self._said.clear()

    def receive(self, said: Advertisement, sender: End) -> None:
        """An advertisement; with another interval or other addresses it is discarded."""
        if self.state is State.INIT:
            return
        self._said[sender] = said
        if said.last or (said.interval, sorted(said.addresses)) != _terms(self.config):
            self._lose(sender)
            return
        if said.priority == 0:
            self._happens(Event.RESIGNED)
            return
        accepted = self._is_acceptable(said)
        if accepted:
            if self.master is None or self.master[0] != sender:
                self.followed_since = self._host.clock.now
            self.master, self._silent = (sender, said), False
        self._happens(Event.BETTER_HEARD if accepted else Event.WORSE_HEARD)

    def _lose(self, sender: End) -> None:
        if self.state is State.BACKUP and self.master is not None and self.master[0] == sender:
            self._silent = True
            self._happens(Event.WORSE_HEARD)

    def _listen_again(self) -> None:
        """Other advertisements than before are acceptable: judge the last of each sender."""
        me = End(self._host.name, self.interface)
        for sender, said in tuple(self._said.items()):
            if said.priority and self._host.fabric.carries(sender, me):
                self.receive(said, sender)

    def kill(self) -> None:
        """Be gone without resigning."""
        if self.state is State.MASTER:
            self._release(self.config)
            self._advertise(last=True)
        self._stop_waiting()
        self._enter(State.INIT)
        self.tracking.stop()

    def _is_acceptable(self, said: Advertisement) -> bool:
        """Section 6.4.2 for a backup, 6.4.3 for a master, and Junos's hold time for preemption."""
        mine = self.tracking.priority
        if self.state is State.MASTER:
            return (said.priority, said.source) > (mine, self.address)
        if said.priority >= mine or not (self.config.preempt or mine == OWNER):
            return True
        if not self.config.preempt_hold_time or mine == OWNER:
            return False
        if self._preempting is None or not self._preempting.pending:
            self._preempting = self._host.after(self.config.preempt_hold_time, self._preempt)
        return True

    def _preempt(self) -> None:
        worse = self.master is not None and self.master[1].priority < self.tracking.priority
        if self.state is State.BACKUP and worse:
            self._happens(Event.MASTER_DOWN)

    def reach_changed(self) -> None:
        """Others are heard, or hear us, than before."""
        if self.state is State.MASTER:
            self._advertise()
        elif self.state is State.BACKUP and self.master is not None:
            me = End(self._host.name, self.interface)
            if not self._host.fabric.carries(self.master[0], me):
                self._lose(self.master[0])  # if it is heard again, it says so

    def _priority_changed(self) -> None:
        if self.state is State.MASTER:
            self._advertise()
        elif self.state is State.BACKUP and self.master is not None:
            accepted = self._is_acceptable(self.master[1])
            if not accepted or not self._silent:
                self._happens(Event.BETTER_HEARD if accepted else Event.WORSE_HEARD)

    # --- effects -----------------------------------------------------------------

    def _happens(self, event: Event) -> None:
        transition = step(self.state, event)
        if transition.to is not self.state:
            self._enter(transition.to)
        for effect in transition.effects:
            self._perform(effect)

    def _enter(self, state: State) -> None:
        now = self._host.clock.now
        if self.state is State.MASTER:
            self.sent += self.advertised(self.since)
        elif self.state is State.BACKUP and self.master is not None:
            self.received += self.advertised(self.followed_since)
        self.to_master += state is State.MASTER
        self.to_backup += state is State.BACKUP
        self.state, self.since = state, now

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Effect.ADVERTISE:
                self._advertise()
            case Effect.RESIGN:
                self._advertise(priority=0)
            case Effect.CLAIM:
                self._claim()
            case Effect.RELEASE:
                self._release(self.config)
            case Effect.WAIT_FOR_MASTER:
                self._wait(self.master_down_interval)
            case Effect.WAIT_SKEW:
                self._stop_waiting()
                self._wait(self.skew)
            case Effect.FOLLOW | Effect.STOP:
                self._stop_waiting()

    def _advertise(self, priority: int | None = None, *, last: bool = False) -> None:
        said = Advertisement(
            group=self.config.group,
            priority=self.tracking.priority if priority is None else priority,
            addresses=self.config.virtual_addresses,
            interval=self.config.advertise_interval,
            source=self.address,
            last=last,
        )
        self._host.fabric.send(self._host.name, self.interface, "vrrp", said)

    def _wait(self, seconds: float) -> None:
        if self.down is None or not self.down.pending:
            self.down = self._host.after(seconds, self._master_down)

    def _master_down(self) -> None:
        self.master = None
        self._happens(Event.MASTER_DOWN)

    def _stop_waiting(self) -> None:
        if self.down is not None:
            self.down.cancel()

    def _claim(self) -> None:
        owner = self.tracking.priority == OWNER
        for address in self.config.virtual_addresses:
            accept = self.config.accept_data or owner
            self._host.claim(self.interface, address, accept=accept)

    def _release(self, config: VrrpGroup) -> None:
        for address in config.virtual_addresses:
            self._host.release(self.interface, address)


def _terms(config: VrrpGroup) -> tuple[float, list[Address]]:
    """What an advertisement must agree with (RFC 3768 section 7.1)."""
    return config.advertise_interval, sorted(config.virtual_addresses)
