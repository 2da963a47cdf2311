"""The interfaces of area 0: who is greeted, who speaks for a LAN, what a link costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.adjacency import Circuit, Judgement
from multihome.twin.routing.linkstate.circuits import Circuits as SharedCircuits
from multihome.twin.routing.linkstate.circuits import Greetings
from multihome.twin.routing.linkstate.spf import Key
from multihome.twin.routing.ospf.config import MAX_COST, Setup
from multihome.twin.routing.ospf.election import Candidate, candidate, elect
from multihome.twin.routing.ospf.messages import OspfHello, Role
from multihome.twin.routing.route import NextHop

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.clock import Timer
    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import End, Host

_NOBODY: Role = (None, None)


class Circuits(SharedCircuits[Setup, OspfHello]):
    """Interfaces and neighbours of one OSPF instance."""

    def __init__(
        self,
        host: Host,
        router_id: Address,
        bfd: BfdProcess,
        synchronized: Callable[[str], bool],
    ) -> None:
        super().__init__(host, Greetings("ospf", "OSPF"), OspfHello, bfd, synchronized)
        self.router_id = router_id
        self.roles: dict[str, Role] = {}
        self._waiting: dict[str, Timer] = {}
        """LANs that wait for an existing designated router (RFC 2328 section 9.4)."""

    def _opened(self, name: str, setup: Setup) -> None:
        if not setup.point_to_point:
            self.roles[name] = _NOBODY
            self._waiting[name] = self._host.after(
                setup.dead_interval, lambda: self._end_waiting(name)
            )

    def _closed(self, name: str) -> None:
        self.roles.pop(name, None)
        if (timer := self._waiting.pop(name, None)) is not None:
            timer.cancel()

    # --- neighbours --------------------------------------------------------------

    def _hello(self, name: str) -> tuple[OspfHello, float]:
        return self._me(name), self.setups[name].dead_interval

    def _me(self, name: str) -> OspfHello:
        setup, unit = self.setups[name], self._host.unit(name)
        address = self._host.address_on(name) or Address(0)
        lengths = [a.length for a in unit.addresses if a.address == address] if unit else []
        designated, backup = self.roles.get(name, _NOBODY)
        return OspfHello(
            router_id=self.router_id,
            address=address,
            length=lengths[0] if lengths else 32,
            hello_interval=setup.hello_interval,
            dead_interval=setup.dead_interval,
            point_to_point=setup.point_to_point,
            priority=setup.priority,
            designated=designated,
            backup=backup,
            secret=setup.secret,
            mtu=setup.mtu,
        )

    def _judge(self, name: str, body: object) -> Judgement:
        """RFC 2328 section 10.5: intervals, mask and authentication must agree."""
        if not isinstance(body, OspfHello) or body.router_id == self.router_id:
            return Judgement.IGNORE
        return Judgement.ACCEPT if _terms(body) == _terms(self._me(name)) else Judgement.IGNORE

    def shares(self, name: str, body: OspfHello) -> bool:
        """RFC 2328 section 10.6: a description of another MTU is rejected; they stay in ExStart."""
        return body.mtu == self.setups[name].mtu

    def receive(self, name: str, hello: object, sender: End) -> None:
        """A hello came in; it may name an existing designated router."""
        circuit = self.open.get(name)
        if circuit is None:
            return
        circuit.receive(hello, sender)  # type: ignore[arg-type]  # checked by the caller
        if name in self.roles:
            self._consider(name, circuit)

    def _consider(self, name: str, circuit: Circuit) -> None:
        if name in self._waiting and self._is_spoken_for(name):
            self._end_waiting(name)
        elif name not in self._waiting:
            self._elect(name, circuit)

    def _is_spoken_for(self, name: str) -> bool:
        """Whether the designated router itself says so, and its backup is known as well."""
        bodies = self.greeted(name)
        known = {None, self.router_id, *(body.router_id for body in bodies)}
        return any(body.designated == body.router_id and body.backup in known for body in bodies)

    def _end_waiting(self, name: str) -> None:
        if (timer := self._waiting.pop(name, None)) is not None:
            timer.cancel()
        circuit = self.open.get(name)
        if circuit is not None:
            self._elect(name, circuit)

    def _elect(self, name: str, circuit: Circuit) -> None:
        """Until it changes nothing: who becomes or stops being something elects again."""
        before = self.roles[name]
        for _ in range(3):
            me = self.router_id
            designated, backup = self.roles[name]
            own = Candidate(self.setups[name].priority, me, designated == me, backup == me)
            now = elect((own, *(candidate(body) for body in self.greeted(name))))
            if now == self.roles[name]:
                break
            self.roles[name] = now
        if self.roles[name] != before:
            circuit.greet()
            self.neighbor_up(name)
            self.changed()

    def _gathered(self, name: str, circuit: Circuit) -> None:
        if name in self.roles and name not in self._waiting:
            self._elect(name, circuit)

    def full(self, name: str, neighbor: Address) -> bool:
        """Whether databases are exchanged: always on a link of two, else with who speaks."""
        if name not in self.roles:
            return True
        return bool({self.router_id, neighbor} & {*self.roles[name]})

    # --- what a link costs, and how to send over it ----------------------------------

    def cost(self, name: str) -> int:
        """What the LSA says of a link: the highest cost while LDP is not ready there."""
        setup = self.setups[name]
        waits = setup.synchronized and self._synchronization.waits(name)
        return MAX_COST if waits else setup.cost

    def lan(self, name: str) -> Key | None:
        """The network vertex of a LAN with a neighbour: named after who speaks for it."""
        designated = self.roles.get(name, _NOBODY)[0]
        if designated is None:
            return None
        if designated == self.router_id:
            address = self._host.address_on(name)
            return Key(str(designated), int(address or 0)) if self.neighbors(name) else None
        for body in self.neighbors(name):
            if body.router_id == designated:
                return Key(str(designated), int(body.address))
        return None

    def address(self, name: str) -> Address:
        """The address of this router on an interface."""
        return self._me(name).address

    def subnet(self, name: str) -> Prefix:
        """The subnet of an interface."""
        me = self._me(name)
        return Prefix.of(me.address, me.length)

    def gateways(self, neighbor: Key, lan: Key | None) -> tuple[NextHop, ...]:
        """The interfaces of least cost to a neighbour, or the one onto the LAN."""
        found = [
            (self.cost(name), NextHop(to=body.address, via=name))
            for name in self.open
            if (name not in self.roles) == (lan is None)
            for body in self.neighbors(name)
            if str(body.router_id) == neighbor.system and lan in {None, self.lan(name)}
        ]
        least = min((cost for cost, _ in found), default=0)
        return tuple(hop for cost, hop in found if cost == least)


def _terms(hello: OspfHello) -> tuple[object, ...]:
    return (
        hello.hello_interval,
        hello.dead_interval,
        hello.point_to_point,
        hello.secret,
        None if hello.point_to_point else hello.length,
    )
