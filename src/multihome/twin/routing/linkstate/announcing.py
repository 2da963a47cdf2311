"""The speaker of a link-state area: what happens on its circuits, and when it refuses transit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from multihome.twin.routing.linkstate.area import Area
from multihome.twin.routing.linkstate.circuits import Circuits
from multihome.twin.routing.linkstate.speaker import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.twin.clock import Timer
    from multihome.twin.junos.model.igp import Isis, Ospf
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.linkstate.redistribution import Redistribution
    from multihome.twin.routing.linkstate.spf import Key
    from multihome.twin.routing.route import NextHop

ConfigT = TypeVar("ConfigT", bound="Isis | Ospf")
CircuitsT = TypeVar("CircuitsT", bound=Circuits[Any, Any])


class Announcing(Speaker, ABC, Generic[ConfigT, CircuitsT]):
    """A `Speaker`, but for what its lsas say and what its routes look like."""

    config: ConfigT
    instance: str

    def __init__(self, host: Host, circuits: CircuitsT, exports: Redistribution) -> None:
        self._host, self.circuits, self._exports = host, circuits, exports
        self.protocol = circuits.protocol
        self._overloaded: Timer | None = None
        self.engine = Area(host, self)
        circuits.neighbor_up = self.engine.synchronize
        circuits.changed = self._links_changed

    # --- what the protocol knows -------------------------------------------------

    @abstractmethod
    def _set_up(self, units: Mapping[str, Unit]) -> None:
        """Run on what is configured of these interfaces."""

    @abstractmethod
    def _preferences(self) -> object:
        """What routes are installed with."""

    # --- configuration and events --------------------------------------------------

    def configure(self, new: Router, config: ConfigT) -> None:
        """Run like this from now on."""
        units = {
            name: unit
            for name, unit in new.units.items()
            if self._host.instance_of(name) == self.instance
        }
        before = self._preferences()
        self.config = config
        self._set_up(units)
        self._arm_overload()
        if self._preferences() != before:
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

    def synchronization_changed(self, interface: str) -> None:
        """LDP became ready on a link, or no longer is."""
        setup = self.circuits.setups.get(interface)
        if setup is not None and setup.synchronized:
            self.circuits.synchronization_changed(interface)
            self._links_changed()

    def _links_changed(self) -> None:
        self.engine.originate_soon()
        self.engine.compute_soon()

    def close(self) -> None:
        """The protocol ends here."""
        self.circuits.close()
        if self._overloaded is not None:
            self._overloaded.cancel()
        self.engine.close()

    # --- what the area asks ----------------------------------------------------------

    @property
    def spf_delay(self) -> float:
        """From the first change to the computation, in seconds."""
        return self.config.spf_delay

    def flooding(self) -> Iterator[str]:
        """Circuits with a neighbour."""
        return self.circuits.with_neighbors()

    def gateways(self, neighbor: Key, lan: Key | None) -> tuple[NextHop, ...]:
        """How to send to a neighbour."""
        return self.circuits.gateways(neighbor, lan)

    # --- overload ----------------------------------------------------------------

    @property
    def overload(self) -> bool:
        """Whether transit is refused now; with a timeout, for so long after the start.

        Of the routing process, not of the instance (Juniper KB14108; Junos OS OSPF User Guide,
        `overload`): what is new on a router long in service is not overloaded.
        """
        if not self.config.overload:
            return False
        timeout = self.config.overload_timeout
        return not timeout or self._host.clock.now < self._host.started + timeout

    def _arm_overload(self) -> None:
        if self._overloaded is not None:
            self._overloaded.cancel()
        timeout = self.config.overload_timeout
        if self.overload and timeout:
            left = self._host.started + timeout - self._host.clock.now
            self._overloaded = self._host.after(left, self.engine.originate_soon)
