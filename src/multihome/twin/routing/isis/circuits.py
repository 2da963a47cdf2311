"""The circuits of one IS-IS level: who is greeted, who speaks for a LAN, what a link costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from multihome.twin.routing.adjacency import Judgement
from multihome.twin.routing.isis.config import Setup
from multihome.twin.routing.isis.messages import IsisHello, snpa_of
from multihome.twin.routing.linkstate.circuits import Circuits as SharedCircuits
from multihome.twin.routing.linkstate.circuits import Greetings
from multihome.twin.routing.linkstate.spf import Key
from multihome.twin.routing.route import NextHop

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import Host

_FIRST_LAN: Final = 2
"""Circuit 1 is every point-to-point circuit of Junos."""


class Identity(NamedTuple):
    """Who the router is in IS-IS, from the NET of its loopback."""

    area: str
    system: str
    instance: str
    table: str


class Circuits(SharedCircuits[Setup, IsisHello]):
    """The interfaces of one level, and the neighbours on them."""

    def __init__(
        self,
        host: Host,
        level: int,
        identity: Identity,
        bfd: BfdProcess,
        synchronized: Callable[[str], bool],
    ) -> None:
        super().__init__(host, Greetings("isis", f"ISIS L{level}"), IsisHello, bfd, synchronized)
        self.level, self.identity = level, identity
        self.ids: dict[str, int] = {}
        self._next_id = _FIRST_LAN

    def _opened(self, name: str, setup: Setup) -> None:
        if setup.point_to_point:
            self.ids[name] = 1
        elif self.ids.get(name, 1) == 1:
            self.ids[name] = self._next_id
            self._next_id += 1

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
            mtu=setup.mtu,
        )

    def _hello(self, name: str) -> tuple[IsisHello, float]:
        me, setup = self._me(name), self.setups[name]
        return me, setup.hold(designated=not setup.point_to_point and self.spokesman(name) == me)

    def _judge(self, name: str, body: object) -> Judgement:
        setup = self.setups[name]
        if not isinstance(body, IsisHello) or body.system == self.identity.system:
            return Judgement.IGNORE
        if body.point_to_point != setup.point_to_point or body.mtu > setup.mtu:
            return Judgement.IGNORE
        if setup.secret is not None and body.secret != setup.secret:
            return Judgement.IGNORE
        if self.level == 1 and body.area != self.identity.area:
            return Judgement.REFUSE
        return Judgement.ACCEPT

    def spokesman(self, name: str) -> IsisHello | None:
        """The designated router of a LAN: highest priority, then SNPA (ISO 10589 section 8.4.5)."""
        bodies = self.neighbors(name)
        if not bodies:
            return None
        return max((self._me(name), *bodies), key=lambda body: (body.priority, body.snpa))

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
