"""Area 0 of one OSPF instance: what its LSAs say, and the routes that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.junos.model import Ospf, Router
from multihome.twin.routing.adjacency import Hello
from multihome.twin.routing.area import Area, Batch, Statement, Total
from multihome.twin.routing.igp import is_loopback, prefixes_of
from multihome.twin.routing.ospf.pdu import OspfHello
from multihome.twin.routing.ospf.setup import MAX_COST, setups
from multihome.twin.routing.route import NextHop, Protocol, Route
from multihome.twin.routing.spf import Key, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.clock import Timer
    from multihome.twin.routing.host import End, Host
    from multihome.twin.routing.ospf.circuits import Circuits
    from multihome.twin.routing.redistribution import Redistribution

_TYPE_2: Final = 2
"""External metrics outweigh the way there (Junos's default)."""
_LIFETIME: Final = 3600.0


class Backbone:
    """The `Speaker` of area 0.0.0.0."""

    protocol = "ospf"
    area: int | str = "0.0.0.0"  # noqa: S104 - an area, not an address
    area_name = "0.0.0.0"  # noqa: S104
    lifetime = _LIFETIME

    def __init__(
        self, host: Host, instance: str, table: str, circuits: Circuits, exports: Redistribution
    ) -> None:
        self._host, self._exports = host, exports
        self.instance, self.table = instance, table
        self.circuits = circuits
        self.config = Ospf()
        self._overloaded: Timer | None = None
        self.engine = Area(host, self)
        circuits.neighbor_up = self.engine.synchronize
        circuits.changed = self._links_changed

    @property
    def host_name(self) -> str:
        """The router ID: OSPF has no other name."""
        return str(self.circuits.router_id)

    @property
    def spf_delay(self) -> float:
        """From the first change to the computation, in seconds."""
        return self.config.spf_delay

    # --- configuration and events --------------------------------------------------

    def configure(self, new: Router, ospf: Ospf) -> None:
        """Run like this from now on."""
        units = {
            name: unit
            for name, unit in new.units.items()
            if self._host.instance_of(name) == self.instance
        }
        before, self.config = self.config, ospf
        self.circuits.configure(setups(ospf, units))
        self._arm_overload()
        if _preferences(before) != _preferences(ospf):
            self.engine.reinstall()
        self.engine.originate_soon()

    def interface_changed(self, name: str) -> None:
        """An interface came up, went down, or has other addresses."""
        if name in self.circuits.setups:
            self.circuits.interface_changed(name)
            self.engine.originate_soon()

    def reach_changed(self, name: str) -> None:
        """Others are heard than before: what was lost meanwhile is said again."""
        circuit = self.circuits.open.get(name)
        if circuit is not None:
            circuit.reach_changed()
            if circuit.up():
                self.engine.synchronize(name)

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A hello or a batch of LSAs."""
        match pdu:
            case Batch() if self.circuits.knows(interface, sender):
                self.engine.receive(pdu, interface)
            case Hello(body=OspfHello()):
                self.circuits.receive(interface, pdu, sender)
            case _:
                pass

    def synchronization_changed(self, interface: str) -> None:
        """LDP became ready on a link, or no longer is."""
        setup = self.circuits.setups.get(interface)
        if setup is not None and setup.synchronized:
            self._links_changed()

    def _links_changed(self) -> None:
        self.engine.originate_soon()
        self.engine.compute_soon()

    def close(self) -> None:
        """OSPF ends here."""
        self.circuits.close()
        if self._overloaded is not None:
            self._overloaded.cancel()
        self.engine.close()

    # --- overload ----------------------------------------------------------------

    @property
    def overload(self) -> bool:
        """Whether transit is refused now; with a timeout, for so long after the start.

        Of the routing process (Junos OS OSPF User Guide, `overload`).
        """
        timeout = self.config.overload_timeout
        return self.config.overload and (
            not timeout or self._host.clock.now < self._host.started + timeout
        )

    def _arm_overload(self) -> None:
        if self._overloaded is not None:
            self._overloaded.cancel()
        timeout = self.config.overload_timeout
        if self.overload and timeout:
            left = self._host.started + timeout - self._host.clock.now
            self._overloaded = self._host.after(left, self.engine.originate_soon)

    # --- what the LSAs say -----------------------------------------------------------

    def statements(self) -> Iterator[Statement]:
        """The router LSA with its externals, then a network LSA per LAN it speaks for."""
        circuits, me = self.circuits, Key(str(self.circuits.router_id))
        links: list[tuple[Key, int]] = []
        lans: list[Statement] = []
        for name in circuits.open:
            cost = MAX_COST if self.overload else circuits.cost(name)
            if name not in circuits.roles:
                links.extend((Key(str(b.router_id)), cost) for b in circuits.neighbors(name))
            elif (lan := circuits.lan(name)) is not None:
                links.append((lan, cost))
                if lan.system == me.system:
                    lans.append(self._network(name, lan))
        yield Statement(me, tuple(sorted(links)), tuple(self._reaches()))
        yield from lans

    def _network(self, name: str, lan: Key) -> Statement:
        circuits = self.circuits
        routers = {circuits.router_id, *(body.router_id for body in circuits.neighbors(name))}
        links = tuple((Key(str(router)), 0) for router in sorted(routers))
        return Statement(lan, links, (Reach(circuits.subnet(name), 0),))

    def _reaches(self) -> Iterator[Reach]:
        stubs: dict[Prefix, int] = {}
        for name, setup in self.circuits.setups.items():
            unit = self._host.unit(name)
            if unit is None or not self._host.up(name) or self.circuits.lan(name) is not None:
                continue
            cost = 0 if is_loopback(name) else setup.cost
            for prefix in prefixes_of(unit):
                stubs[prefix] = min(cost, stubs.get(prefix, cost))
        yield from (Reach(prefix, cost) for prefix, cost in sorted(stubs.items()))
        for prefix, exported in sorted(self._exports.routes.items()):
            if prefix not in stubs:
                yield Reach(prefix, exported.metric or 0, _TYPE_2, exported.tag or 0)

    def flooding(self) -> Iterator[str]:
        """Interfaces with a neighbour."""
        return self.circuits.with_neighbors()

    def teaches(self, interface: str) -> bool:
        """On a LAN, the designated router does."""
        lan = self.circuits.lan(interface)
        return lan is None or lan.system == str(self.circuits.router_id)

    def secret(self) -> tuple[str, str] | None:
        """OSPF authenticates packets, which the hello has settled."""
        return None

    # --- routes ------------------------------------------------------------------

    def gateways(self, neighbor: Key, lan: Key | None) -> tuple[NextHop, ...]:
        """How to send to a neighbour."""
        return self.circuits.gateways(neighbor, lan)

    def route(self, total: Total) -> Route | None:
        """A route of OSPF; what the router announces itself is none."""
        if not total.next_hops:
            return None
        return Route(
            prefix=total.prefix,
            protocol=Protocol.OSPF,
            preference=self.config.external_preference if total.kind else self.config.preference,
            next_hops=total.next_hops,
            metric=total.metric,
            tag=total.tag,
            instance=self.instance,
            installed=self._host.clock.now,
        )

    def computed(self) -> None:
        """Nobody else is to be told."""


def _preferences(ospf: Ospf) -> tuple[int, int]:
    return ospf.preference, ospf.external_preference
