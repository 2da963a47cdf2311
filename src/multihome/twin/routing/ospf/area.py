"""Area 0 of one OSPF instance: what its LSAs say, and the routes that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.junos.model.igp import Ospf
from multihome.twin.routing.adjacency import Hello
from multihome.twin.routing.linkstate.announcing import Announcing
from multihome.twin.routing.linkstate.interfaces import is_loopback, prefixes_of
from multihome.twin.routing.linkstate.speaker import Flood, LocalLsa, Total
from multihome.twin.routing.linkstate.spf import Key, Reach
from multihome.twin.routing.ospf.circuits import Circuits
from multihome.twin.routing.ospf.config import MAX_COST, setups
from multihome.twin.routing.ospf.messages import OspfHello
from multihome.twin.routing.route import Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.routing.host import End, Host
    from multihome.twin.routing.linkstate.database import Lsa
    from multihome.twin.routing.linkstate.redistribution import Redistribution

_TYPE_2: Final = 2
"""External metrics outweigh the way there (Junos's default)."""
_LIFETIME: Final = 3600.0
_BACKBONE: Final = "0.0.0.0"  # noqa: S104 - an area, not an address


class Backbone(Announcing[Ospf, Circuits]):
    """The `Speaker` of area 0.0.0.0."""

    area: int | str = _BACKBONE
    area_name = _BACKBONE
    lifetime = _LIFETIME

    def __init__(
        self, host: Host, instance: str, table: str, circuits: Circuits, exports: Redistribution
    ) -> None:
        super().__init__(host, circuits, exports)
        self.instance, self.table = instance, table
        self.config = Ospf()

    @property
    def serves_ces(self) -> bool:
        """In a VRF."""
        instance = self._host.config.instances.get(self.instance)
        return instance is not None and instance.type == "vrf"

    @property
    def host_name(self) -> str:
        """The router ID: OSPF has no other name."""
        return str(self.circuits.router_id)

    # --- configuration and events --------------------------------------------------

    def _set_up(self, units: Mapping[str, Unit]) -> None:
        self.circuits.configure(setups(self.config, units))

    def _preferences(self) -> object:
        return self.config.preference, self.config.external_preference

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A hello or a batch of LSAs."""
        match pdu:
            case Flood() if self.circuits.knows(interface, sender):
                self.engine.receive(pdu, interface)
            case Hello(body=OspfHello()):
                self.circuits.receive(interface, pdu, sender)
            case _:
                pass

    # --- what the LSAs say -----------------------------------------------------------

    def statements(self) -> Iterator[LocalLsa]:
        """The router LSA with its externals, then a network LSA per LAN it speaks for."""
        circuits, me = self.circuits, Key(str(self.circuits.router_id))
        links: list[tuple[Key, int]] = []
        lans: list[LocalLsa] = []
        for name in circuits.open:
            cost = MAX_COST if self.overload else circuits.cost(name)
            if name not in circuits.roles:
                links.extend((Key(str(b.router_id)), cost) for b in circuits.neighbors(name))
            elif (lan := circuits.lan(name)) is not None:
                links.append((lan, cost))
                if lan.system == me.system:
                    lans.append(self._network(name, lan))
        yield LocalLsa(me, tuple(sorted(links)), tuple(self._reaches()))
        yield from lans

    def _network(self, name: str, lan: Key) -> LocalLsa:
        circuits = self.circuits
        routers = {circuits.router_id, *(body.router_id for body in circuits.neighbors(name))}
        links = tuple((Key(str(router)), 0) for router in sorted(routers))
        return LocalLsa(lan, links, (Reach(circuits.subnet(name), 0),))

    def _reaches(self) -> Iterator[Reach]:
        stubs: dict[Prefix, int] = {}
        for name, setup in self.circuits.setups.items():
            unit = self._host.unit(name)
            if unit is None or not self._host.up(name) or self.circuits.lan(name) is not None:
                continue
            for prefix in prefixes_of(unit, hosts=is_loopback(name)):
                stubs[prefix] = min(setup.cost, stubs.get(prefix, setup.cost))
        yield from (Reach(prefix, cost) for prefix, cost in sorted(stubs.items()))
        for prefix, exported in sorted(self._exports.routes.items()):
            if prefix not in stubs:
                kind = exported.external_type or _TYPE_2
                down = self.serves_ces and exported.from_backbone
                yield Reach(prefix, exported.metric or 0, kind, exported.tag or 0, down)

    def teaches(self, interface: str) -> bool:
        """On a LAN, the designated router does."""
        lan = self.circuits.lan(interface)
        return lan is None or lan.system == str(self.circuits.router_id)

    def secret(self) -> tuple[str, str] | None:
        """OSPF authenticates packets, which the hello has settled."""
        return None

    def reconcile(self, held: Lsa, received: Lsa) -> Lsa:
        """The one with the larger checksum (RFC 2328 section 13.1)."""
        return max(held, received, key=lambda lsa: lsa.checksum)

    # --- routes ------------------------------------------------------------------

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
        """No other listener."""
