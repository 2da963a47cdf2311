"""IS-IS of one router: an instance per routing instance that runs it, a level or two in each.

Sources: ISO 10589; RFC 1195, 5303, 5305; Junos OS IS-IS User Guide for defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.host import Process
from multihome.twin.routing.isis import views
from multihome.twin.routing.isis.circuits import Circuits, Identity
from multihome.twin.routing.isis.level import Level
from multihome.twin.routing.isis.messages import split_net
from multihome.twin.routing.linkstate.redistribution import Redistribution
from multihome.twin.routing.policy.subject import Destination
from multihome.twin.routing.route import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.twin.junos.model.igp import Isis
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.host import End, Host
    from multihome.twin.views import IsisAdjacencyView, IsisInterfaceView, IsisLspView

_LEVELS = (1, 2)


class _Instance:
    """IS-IS in one routing instance."""

    def __init__(
        self, host: Host, identity: Identity, bfd: BfdProcess, synchronized: Callable[[str], bool]
    ) -> None:
        self.identity = identity
        self._host, self._bfd, self._synchronized = host, bfd, synchronized
        self.exports = {
            level: Redistribution(
                host, Destination("isis", identity.table, identity.instance, level), Protocol.ISIS
            )
            for level in _LEVELS
        }
        self.levels: dict[int, Level] = {}

    def configure(self, new: Router, isis: Isis) -> None:
        for number in _LEVELS:
            if number in isis.levels_disabled:
                level = self.levels.pop(number, None)
                if level is not None:
                    level.close()
            else:
                self.exports[number].configure(new.policies, isis.export)
                self._level(number).configure(new, isis)
        self._connect_levels()

    def _level(self, number: int) -> Level:
        level = self.levels.get(number)
        if level is None:
            circuits = Circuits(self._host, number, self.identity, self._bfd, self._synchronized)
            level = Level(self._host, circuits, self.exports[number])
            self.levels[number] = level
        return level

    def _connect_levels(self) -> None:
        """Routes of level 1 are announced at level 2 (Junos's default), and win here."""
        one, two = self.levels.get(1), self.levels.get(2)
        if one is not None:
            one.above = two
        if two is not None:
            two.below = one

    def close(self) -> None:
        for level in self.levels.values():
            level.close()


class IsisProcess(Process):
    """`protocols isis`, in the main instance and in others."""

    def __init__(self, host: Host, bfd: BfdProcess, synchronized: Callable[[str], bool]) -> None:
        self._host, self._bfd, self._synchronized = host, bfd, synchronized
        self._instances: dict[str, _Instance] = {}

    # --- a process of the router ---------------------------------------------------

    def configure(self, old: Router, new: Router) -> None:
        """Apply the difference."""
        del old
        for name in {**self._instances, **new.instances}:
            instance = new.instances.get(name)
            identity = self._identity(instance, new) if instance is not None else None
            running = self._instances.get(name)
            if running is not None and running.identity != identity:
                running.close()
                del self._instances[name]
            if identity is not None and instance is not None and instance.isis is not None:
                self._run(name, identity).configure(new, instance.isis)

    def _run(self, name: str, identity: Identity) -> _Instance:
        running = self._instances.get(name)
        if running is None:
            synchronized = self._synchronized if name == MASTER else _always
            running = _Instance(self._host, identity, self._bfd, synchronized)
            self._instances[name] = running
        return running

    def _identity(self, instance: RoutingInstance, new: Router) -> Identity | None:
        """Without a NET on an interface of the instance IS-IS does not run."""
        if instance.isis is None:
            return None
        nets = [
            net
            for name, unit in sorted(new.units.items(), key=lambda item: item[0][:2] != "lo")
            if self._host.instance_of(name) == instance.name
            for net in unit.iso
        ]
        return Identity(*split_net(nets[0]), instance.name, instance.table) if nets else None

    def interface_changed(self, interface: str) -> None:
        """An interface came up or went down."""
        for level in self._levels():
            level.interface_changed(interface)

    def reach_changed(self, interface: str) -> None:
        """Others are heard on a link than before."""
        for level in self._levels():
            level.reach_changed(interface)

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A hello or a batch of LSPs."""
        instance = self._instances.get(self._host.instance_of(interface))
        for level in instance.levels.values() if instance else ():
            level.receive(interface, pdu, sender)

    def flush(self) -> bool:
        """Announce what the export policies accept now."""
        busy = False
        for instance in self._instances.values():
            for number, level in instance.levels.items():
                if instance.exports[number].flush():
                    busy = True
                    level.engine.originate_soon()
        return busy

    def synchronization_changed(self, interface: str) -> None:
        """LDP became ready on a link, or no longer is."""
        for level in self._levels():
            level.synchronization_changed(interface)

    def _levels(self) -> Iterator[Level]:
        for instance in tuple(self._instances.values()):
            yield from tuple(instance.levels.values())

    # --- views -------------------------------------------------------------------

    def adjacencies(self) -> tuple[IsisAdjacencyView, ...]:
        """Adjacencies of every level."""
        return views.adjacencies(self._host.clock.now, self._levels())

    def interfaces(self) -> tuple[IsisInterfaceView, ...]:
        """One view per interface and level."""
        return views.interfaces(self._levels())

    def database(self) -> tuple[IsisLspView, ...]:
        """The LSPs of every level."""
        return views.database(self._host.clock.now, self._levels())

    def running(self) -> bool:
        """Whether IS-IS runs at all."""
        return bool(self._instances)


def _always(_: str) -> bool:
    """No LDP to wait for."""
    return True
