"""LDP of one router: hello adjacencies, sessions, and labels for the loopbacks they reach.

Source: RFC 5036; Junos OS MPLS Applications User Guide for defaults: transport address is
the router ID, the egress FEC is the loopback, penultimate hop popping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.adjacency import Adjacency, Circuit, Hello, Judgement, Listener, State
from multihome.twin.routing.host import Process
from multihome.twin.routing.ldp import views
from multihome.twin.routing.ldp.bindings import Bindings
from multihome.twin.routing.ldp.messages import LdpHello
from multihome.twin.routing.ldp.session import Party, Session
from multihome.twin.routing.linkstate.interfaces import is_loopback
from multihome.twin.routing.route import NextHopKind, Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.twin.clock import Timer
    from multihome.twin.junos.model.igp import Ldp
    from multihome.twin.junos.model.keys import AnyKey
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import End, Host
    from multihome.twin.routing.route import NextHop
    from multihome.twin.views import LdpDatabaseView, LdpNeighborView, LdpSessionView

ALL_ROUTERS: Final = Prefix.parse("224.0.0.2/32")
_PREFERENCE: Final = 9
_GATHER: Final = 0.01
"""Seconds in which changed labels are gathered into one message."""
_HELLO_HOLD: Final = 15.0
_IGP_HOLDDOWN: Final = 10.0
"""Junos waits so long before it calls a link synchronized, in seconds."""


class LdpProcess(Process, Party):
    """`protocols ldp`."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.config: Ldp | None = None
        self.lsr = Address(0)
        self.circuits: dict[str, Circuit] = {}
        self.by_lsr: dict[Address, Session] = {}
        self.bindings = Bindings(host, self)
        self._by_gateway: dict[tuple[str | None, Address | None], Session] = {}
        """Whose interface a next hop names."""
        self._joined: dict[tuple[str, End], LdpHello] = {}
        """The LSR that each adjacency was counted for when it came up."""
        self.synchronization_changed: Callable[[str], None] = _nobody
        """Called when a link becomes ready for the IGP, or no longer is."""
        self._news: dict[Prefix, None] = {}
        self._telling: Timer | None = None
        self._ready: set[str] = set()
        self._readying: dict[str, Timer] = {}

    # --- configuration -----------------------------------------------------------

    def configure(self, old: Router, new: Router) -> None:
        """Apply the difference."""
        del old
        self.config = new.ldp
        lsr = self._host.router_id(MASTER)
        if lsr != self.lsr or new.ldp is None:
            self._close_all()
        self.lsr = lsr
        self._listen(running=new.ldp is not None)
        if new.ldp is None:
            self.bindings.clear()
            return
        wanted = {name for name in new.units if self._runs_on(name)}
        for name in [name for name in self.circuits if name not in wanted]:
            self._close(name)
        for name in new.units:
            if name in wanted and name not in self.circuits:
                self._open(name)
        self._configure_bindings()
        for session in self._sessions():
            session.rekey()

    def _listen(self, *, running: bool) -> None:
        """Link hellos go to all routers of a subnet: Junos shows the group in inet.0."""
        rib = self._host.rib("inet.0")
        if not running:
            rib.withdraw(ALL_ROUTERS, Protocol.LDP)
            return
        group = Route(
            prefix=ALL_ROUTERS,
            protocol=Protocol.LDP,
            preference=_PREFERENCE,
            kind=NextHopKind.MULTIRECV,
            metric=1,
            readvertise=False,
            installed=self._host.clock.now,
        )
        rib.put(group)

    def _configure_bindings(self) -> None:
        if self.config is None:
            return
        self.bindings.configure(
            self._own_fecs(),
            explicit_null=self.config.explicit_null,
            track=self.config.track_igp_metric,
        )

    def _own_fecs(self) -> Iterator[Prefix]:
        for name, unit in self._host.config.units.items():
            if is_loopback(name) and self._host.instance_of(name) == MASTER and self._host.up(name):
                for address in unit.addresses:
                    if address.address >> 24 != 127:
                        yield Prefix(address.address, 32)

    def _runs_on(self, name: str) -> bool:
        """Configured, up, in the main instance, and able to carry labels."""
        unit = self._host.unit(name)
        if self.config is None or unit is None or not self._host.up(name) or is_loopback(name):
            return False
        listed = {n if "." in n else f"{n}.0" for n in self.config.interfaces}
        named = name in listed or "all" in self.config.interfaces
        return named and "mpls" in unit.families and self._host.instance_of(name) == MASTER

    def interface_changed(self, interface: str) -> None:
        """An interface came up or went down."""
        if self.config is None:
            return
        if self._host.router_id(MASTER) != self.lsr:
            self.configure(self._host.config, self._host.config)
        runs = self._runs_on(interface)
        if runs and interface not in self.circuits:
            self._open(interface)
        elif not runs:
            self._close(interface)
        else:
            self.circuits[interface].greet()
        if is_loopback(interface):
            self._configure_bindings()

    # --- hello adjacencies -------------------------------------------------------

    def _open(self, name: str) -> None:
        listener = Listener(
            "ldp",
            hello=lambda: (self._hello(name), _HELLO_HOLD),
            judge=self._judge,
            changed=lambda adjacency, before: self._adjacency_changed(name, adjacency, before),
            updated=lambda adjacency, before: self._updated(name, adjacency, before),
        )
        circuit = self.circuits[name] = Circuit(self._host, name, listener)
        circuit.greet()

    def _close(self, name: str) -> None:
        circuit = self.circuits.pop(name, None)
        if circuit is not None:
            circuit.close()

    def _close_all(self) -> None:
        for name in tuple(self.circuits):
            self._close(name)

    def _hello(self, name: str) -> LdpHello:
        address = self._host.address_on(name)
        return LdpHello(self.lsr, self._transport(name), address)

    def _transport(self, name: str) -> Address:
        choice = self.config.transport_address if self.config else "router-id"
        if choice == "router-id":
            return self.lsr
        if choice == "interface":
            return self._host.address_on(name) or self.lsr
        return Address.parse(choice)

    def _judge(self, body: object) -> Judgement:
        genuine = isinstance(body, LdpHello) and body.lsr != self.lsr
        return Judgement.ACCEPT if genuine else Judgement.IGNORE

    def _adjacency_changed(self, name: str, adjacency: Adjacency, before: State) -> None:
        if adjacency.state is State.UP:
            self._join(name, adjacency)
        elif before is State.UP:
            self._part(name, adjacency)

    def _updated(self, name: str, adjacency: Adjacency, _: object) -> None:
        """A neighbour has another address on the link, or is another LSR."""
        known, body = self._joined.get((name, adjacency.end)), greeting(adjacency)
        if known is not None and (known.lsr, known.transport) == (body.lsr, body.transport):
            session = self._by_gateway.pop((name, known.address))
            self._joined[name, adjacency.end] = body
            self._by_gateway[name, body.address] = session
            self.bindings.touch(session.received)
        else:
            self._part(name, adjacency)
            self._join(name, adjacency)

    def _join(self, name: str, adjacency: Adjacency) -> None:
        """One more hello adjacency for the session with the LSR that sent it."""
        body = self._joined[name, adjacency.end] = greeting(adjacency)
        session = self.by_lsr.get(body.lsr)
        if session is None:
            local = self._transport(name)
            session = Session(self._host, self, body.lsr, local, body.transport)
            self.by_lsr[body.lsr] = session
        session.interfaces[name] = None
        self._by_gateway[name, body.address] = session
        self.bindings.touch(session.received)
        self._weigh_readiness(name)
        session.try_open()

    def _part(self, name: str, adjacency: Adjacency) -> None:
        """One less for the LSR that it was counted for: the sender may have another LSR ID by now.

        Another router may greet on the link by the same address and LSR ID, in the place of one
        that has fallen silent: what it has in common with that one stays.
        """
        known = self._joined.pop((name, adjacency.end), None)
        if known is None:
            return
        others = [body for (link, _), body in self._joined.items() if link == name]
        if not any(body.address == known.address for body in others):
            self._by_gateway.pop((name, known.address), None)
        if not any(body.lsr == known.lsr for body in others):
            self._leave(name, known.lsr)

    def _leave(self, name: str, lsr: Address) -> None:
        session = self.by_lsr.get(lsr)
        if session is None:
            return
        session.interfaces.pop(name, None)
        self.bindings.touch(session.received)
        if not session.interfaces:
            session.close()
            self.by_lsr.pop(lsr, None)
        self._weigh_readiness(name)

    def reach_changed(self, interface: str) -> None:
        """Others are heard on a link than before."""
        circuit = self.circuits.get(interface)
        if circuit is not None:
            circuit.reach_changed()

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A link hello."""
        circuit = self.circuits.get(interface)
        if circuit is not None and isinstance(pdu, Hello):
            circuit.receive(pdu, sender)

    # --- sessions ----------------------------------------------------------------

    def key_for(self, neighbor: Address) -> AnyKey | None:
        """See `Party`."""
        return self.config.session_keys.get(neighbor) if self.config else None

    def session_with(self, lsr: Address) -> Session | None:
        """See `Party`."""
        return self.by_lsr.get(lsr)

    def party_at(self, node: str) -> Party | None:
        """See `Party`."""
        process = self._host.fabric.process(node, "ldp")
        return process if isinstance(process, LdpProcess) else None

    def session_changed(self, session: Session) -> None:
        """See `Party`."""
        if session.operational:
            session.send(dict(self.bindings.local))
        else:
            self.bindings.touch(self.bindings.local)
        for name in tuple(session.interfaces):
            self._weigh_readiness(name)

    def labels_received(
        self, session: Session, labels: tuple[tuple[Prefix, int | None], ...]
    ) -> None:
        """See `Party`."""
        del session
        self.bindings.touch(fec for fec, _ in labels)

    def _sessions(self) -> tuple[Session, ...]:
        return tuple(self.by_lsr.values())

    # --- labels ------------------------------------------------------------------

    def label_of(self, fec: Prefix, hop: NextHop) -> int | None:
        """The label for a FEC of the LSR whose interface a next hop names."""
        session = self._by_gateway.get((hop.via, hop.to))
        return session.received.get(fec) if session is not None else None

    def announce(self, fecs: Iterable[Prefix]) -> None:
        """The labels of these FECs changed: announce that to every operational session, soon."""
        self._news.update(dict.fromkeys(fecs))
        if self._telling is None or not self._telling.pending:
            self._telling = self._host.after(_GATHER, self._tell)

    def _tell(self) -> None:
        news, self._news = self._news, {}
        labels = {fec: self.bindings.local.get(fec) for fec in news}
        for session in self._sessions():
            if session.operational:
                session.send(labels)

    def flush(self) -> bool:
        """Bind, and announce what changed."""
        return self.bindings.flush() if self.config is not None else False

    # --- synchronization with the IGP --------------------------------------------

    def synchronized(self, interface: str) -> bool:
        """Whether the IGP may use a link at its own metric (RFC 5443)."""
        return interface in self._ready

    def _weigh_readiness(self, name: str) -> None:
        circuit = self.circuits.get(name)
        neighbors = [greeting(adjacency).lsr for adjacency in circuit.up()] if circuit else []
        operational = bool(neighbors) and all(
            (session := self.by_lsr.get(lsr)) is not None and session.operational
            for lsr in neighbors
        )
        if not operational:
            if (timer := self._readying.pop(name, None)) is not None:
                timer.cancel()
            if name in self._ready:
                self._ready.discard(name)
                self.synchronization_changed(name)
        elif name not in self._ready and name not in self._readying:
            configured = self.config.igp_synchronization_holddown if self.config else None
            wait = _IGP_HOLDDOWN if configured is None else configured
            self._readying[name] = self._host.after(wait, lambda: self._become_ready(name))

    def _become_ready(self, name: str) -> None:
        self._readying.pop(name, None)
        self._ready.add(name)
        self.synchronization_changed(name)

    # --- views -------------------------------------------------------------------

    def neighbors(self) -> tuple[LdpNeighborView, ...]:
        """Hello adjacencies."""
        return views.neighbors(self._host.clock.now, self.circuits)

    def sessions(self) -> tuple[LdpSessionView, ...]:
        """Sessions in any state."""
        return views.sessions(self._sessions())

    def databases(self) -> tuple[LdpDatabaseView, ...]:
        """Label bindings per operational session."""
        return views.databases(self.lsr, self._sessions())

    def running(self) -> bool:
        """Whether LDP runs at all."""
        return self.config is not None


def greeting(adjacency: Adjacency) -> LdpHello:
    """What a neighbour said last."""
    if adjacency.hello is None or not isinstance(adjacency.hello.body, LdpHello):
        raise AssertionError("an adjacency of LDP begins with a link hello")
    return adjacency.hello.body


def _nobody(_: str) -> None:
    """No IGP waits for labels."""
