"""One level of IS-IS on one router: what its LSPs say, and the routes that follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from multihome.twin.junos.model.igp import Isis
from multihome.twin.routing.adjacency import Hello
from multihome.twin.routing.isis.circuits import Circuits
from multihome.twin.routing.isis.config import setups
from multihome.twin.routing.isis.messages import IsisHello
from multihome.twin.routing.linkstate.announcing import Announcing
from multihome.twin.routing.linkstate.database import DEFAULT_ROUTE
from multihome.twin.routing.linkstate.interfaces import prefixes_of
from multihome.twin.routing.linkstate.speaker import Flood, LocalLsa, Total
from multihome.twin.routing.linkstate.spf import Key, Reach
from multihome.twin.routing.route import Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.routing.host import End, Host
    from multihome.twin.routing.linkstate.database import Lsa
    from multihome.twin.routing.linkstate.redistribution import Redistribution

_PREFERENCE: Final = {1: 15, 2: 18}
_EXTERNAL_PREFERENCE: Final = {1: 160, 2: 165}


class Level(Announcing[Isis, Circuits]):
    """The `Speaker` of an area that is one level."""

    serves_ces = False

    def __init__(self, host: Host, circuits: Circuits, exports: Redistribution) -> None:
        super().__init__(host, circuits, exports)
        self.level, self.identity = circuits.level, circuits.identity
        self.area: int | str = circuits.level
        self.area_name = self.identity.area
        self.instance, self.table = self.identity.instance, self.identity.table
        self.config = Isis()
        self.below: Level | None = None
        """Level 1 of the same router, whose routes are announced here and win over ours."""
        self.above: Level | None = None
        """Level 2 of the same router."""

    # --- configuration and events --------------------------------------------------

    @property
    def host_name(self) -> str:
        """As other routers show it (RFC 5301)."""
        return self._host.config.host_name or self._host.name

    @property
    def lifetime(self) -> float:
        """Of an LSP, in seconds."""
        return self.config.lsp_lifetime

    def _set_up(self, units: Mapping[str, Unit]) -> None:
        self.circuits.configure(setups(self.config, self.level, units))

    def _preferences(self) -> object:
        config, level = self.config, self.level
        return config.preference.get(level), config.external_preference.get(level)

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A hello or a batch of LSPs, perhaps of the other level."""
        circuit = self.circuits.open.get(interface)
        if circuit is None:
            return
        match pdu:
            case Flood(area=self.area) if self.circuits.knows(interface, sender):
                self.engine.receive(pdu, interface)
            case Hello(body=IsisHello(level=self.level)):
                circuit.receive(pdu, sender)
            case _:
                pass

    # --- what the LSPs say ---------------------------------------------------------

    def statements(self) -> Iterator[LocalLsa]:
        """The LSP of the router, then of each LAN it speaks for."""
        me = Key(self.identity.system)
        links: list[tuple[Key, int]] = []
        lans: list[LocalLsa] = []
        for name in self.circuits.open:
            metric, neighbors = self.circuits.metric(name), self.circuits.neighbors(name)
            if self.circuits.setups[name].point_to_point:
                links.extend((Key(body.system), metric) for body in neighbors)
            elif (lan := self.circuits.lan(name)) is not None:
                links.append((lan, metric))
                if lan.system == me.system:
                    lans.append(_pseudonode(lan, me, neighbors))
        yield LocalLsa(
            me, tuple(sorted(links)), tuple(self._reaches()), self.overload, self._is_attached()
        )
        yield from lans

    def _is_attached(self) -> bool:
        """At level 1: whether level 2 of this router gets to another area (ISO 10589 7.2.9.2)."""
        if self.above is None:
            return False
        lsas, gets_to = self.above.engine.database.live(), self.above.engine.gets_to
        return any(one.area != self.area_name and gets_to(one.key) for one in lsas)

    def _reaches(self) -> Iterator[Reach]:
        metrics: dict[Prefix, int] = {}
        for name, setup in self.circuits.setups.items():
            unit = self._host.unit(name)
            if unit is not None and self._host.up(name):
                for prefix in prefixes_of(unit):
                    metrics[prefix] = min(setup.metric, metrics.get(prefix, setup.metric))
        for prefix, metric in self.below.announced().items() if self.below else ():
            metrics.setdefault(prefix, metric)
        yield from (Reach(prefix, metric) for prefix, metric in sorted(metrics.items()))
        # Wide metrics (RFC 5305 section 4) do not distinguish external prefixes from internal ones.
        kind = 0 if self.level in self.config.wide_metrics_only else 1
        for prefix, exported in sorted(self._exports.routes.items()):
            if prefix not in metrics:
                yield Reach(prefix, exported.metric or 0, kind, exported.tag)

    def teaches(self, interface: str) -> bool:
        """On a LAN, the designated router does."""
        lan = self.circuits.lan(interface)
        spoken_for = lan is not None and lan.system != self.identity.system
        return self.circuits.setups[interface].point_to_point or not spoken_for

    def secret(self) -> tuple[str, str] | None:
        """What authenticates LSPs at this level."""
        return self.config.authentication.get(self.level)

    def reconcile(self, held: Lsa, received: Lsa) -> Lsa:
        """A purge, upon which its originator says it anew (ISO 10589 section 7.3.16.2)."""
        del received
        return replace(held, lifetime=0.0)

    # --- routes ------------------------------------------------------------------

    def route(self, total: Total) -> Route | None:
        """A route of this level; what the router announces itself is none."""
        if not total.next_hops or self._is_known_better(total.prefix):
            return None
        config, level = self.config, self.level
        preference = config.preference.get(level, _PREFERENCE[level])
        if total.kind:
            preference = config.external_preference.get(level, _EXTERNAL_PREFERENCE[level])
        return Route(
            prefix=total.prefix,
            protocol=Protocol.ISIS,
            preference=preference,
            next_hops=total.next_hops,
            source=f"L{self.level}",
            metric=total.metric,
            tag=total.tag,
            instance=self.instance,
            level=self.level,
            installed=self._host.clock.now,
        )

    def announced(self) -> dict[Prefix, int]:
        """The prefixes this level has routes for, with their metrics; not its way out of the area."""
        return {
            prefix: total.metric
            for prefix, (total, _) in self.engine.installed.items()
            if prefix != DEFAULT_ROUTE
        }

    def _is_known_better(self, prefix: Prefix) -> bool:
        """Level 1 wins over level 2."""
        return self.below is not None and prefix in self.below.engine.installed

    def computed(self) -> None:
        """Pass on to the other level what follows for it."""
        if self.above is not None:
            self.above.engine.withdraw(self.engine.installed)
            self.above.engine.originate_soon()
            self.above.engine.compute_soon()
        if self.below is not None:
            self.below.engine.originate_soon()


def _pseudonode(lan: Key, me: Key, neighbors: list[IsisHello]) -> LocalLsa:
    systems = sorted({me.system, *(body.system for body in neighbors)})
    return LocalLsa(lan, tuple((Key(system), 0) for system in systems))
