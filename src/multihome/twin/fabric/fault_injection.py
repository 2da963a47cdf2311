"""Breaking things on purpose, and restoring them: one short unit per kind of fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from multihome.errors import UnknownName, UsageError
from multihome.twin.addressing import Address
from multihome.twin.fabric.faults import KINDS, Damage, Fault, cable, silence
from multihome.twin.routing.daemons import DAEMONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.fabric.tcp_reachability import Paths
    from multihome.twin.fabric.wiring import Wiring
    from multihome.twin.routing.host import End
    from multihome.twin.routing.node import VirtualRouter

_SILENT: Final = "silent"
_FROZEN: Final = "frozen"


class _Act(Protocol):
    """Breaks something, or restores it."""

    def __call__(self, fault: Fault, *, on: bool) -> None: ...


class Breaking:
    """The faults of a network."""

    def __init__(self, nodes: Mapping[str, VirtualRouter], wiring: Wiring, paths: Paths) -> None:
        self._nodes, self._wiring, self._paths = nodes, wiring, paths
        self.faults: dict[Fault, Damage] = {}
        self._kinds: dict[str, _Act] = {kind: getattr(self, f"_{kind}") for kind in KINDS}

    def apply(self, kind: str, args: tuple[str, ...], *, on: bool) -> None:
        """Break something, or restore it; doing so twice has no further effect.

        Raises:
            UnknownName: no such kind of fault, router or interface.
            UsageError: the words do not fit the kind.
        """
        act = self._kinds.get(kind)
        if act is None:
            raise UnknownName("fault", kind, self._kinds)
        fault = Fault(kind, args)
        if on is not (fault in self.faults):
            act(fault, on=on)

    # --- the kinds -----------------------------------------------------------------

    def _link(self, fault: Fault, *, on: bool) -> None:
        if not on:
            self._wires(fault, None)
            return
        name, other, *mode = self._words(fault, 2, (_SILENT,))
        pairs = self._pairs(name, other)
        if mode:
            self._wires(fault, silence(pairs))
        elif all(self._wiring.links.only_other(near) for near, _ in pairs):
            self._wires(fault, cable(end for pair in pairs for end in pair))
        else:  # on a LAN the cable to the switch is pulled, and no other end sees it
            self._wires(fault, cable(near for near, _ in pairs))

    def _pairs(self, name: str, other: str) -> list[tuple[End, End]]:
        """The pairs of ends between two routers, or of one interface and all it reaches."""
        self._node(name)
        links = self._wiring.links
        if other in self._nodes:
            pairs = links.between(name, other)
        else:
            units = [e for e in links.ends_of(name) if other in {e.interface, _port(e.interface)}]
            pairs = [(near, far) for near in units for far in links.others(near)]
        if not pairs:
            raise UnknownName("link", f"{name} {other}", self._link_names())
        return pairs

    def _link_names(self) -> set[str]:
        return {
            f"{near.node} {far.node}"
            for segment in self._wiring.segments()
            for near in segment
            for far in segment
            if near.node != far.node
        }

    def _router(self, fault: Fault, *, on: bool) -> None:
        name, *mode = self._words(fault, 1, (_FROZEN,))
        hosted = self._hosted(name)
        self._note(fault, Damage(), on=on)
        for node in hosted:
            if not mode:
                self._power(node, on=not on)
            elif on:
                node.frozen = True
            else:
                node.thaw()
            self._wiring.reconsider(self._wiring.links.ends_of(node.name))

    def _power(self, node: VirtualRouter, *, on: bool) -> None:
        if on:
            node.power_on()
        else:
            node.power_off()
            self._paths.drop_all_of(node.name)

    def _interface(self, fault: Fault, *, on: bool) -> None:
        name, interface = self._words(fault, 2, ())
        known = {node: _interfaces(node) for node in self._hosted(name)}
        having = [node for node in known if interface in known[node] or not on]
        if not having:
            raise UnknownName("interface", f"{name} {interface}", set().union(*known.values()))
        self._note(fault, Damage(), on=on)
        for node in having:
            node.fail(interface, failed=on)
            node.settle()
            self._wiring.reconsider(self._wiring.links.ends_of(node.name))

    def _session(self, fault: Fault, *, on: bool) -> None:
        name, text = self._words(fault, 2, ())
        self._node(name)
        try:
            address = Address.parse(text)
        except ValueError:
            raise UsageError(f"{text!r} is not the address of a session's far end") from None
        self._note(fault, Damage(sessions=frozenset({(name, address)})), on=on)
        self._wiring.touched(self._nodes)

    def _process(self, fault: Fault, *, on: bool) -> None:
        name, process = self._words(fault, 2, ())
        node = self._node(name)
        if process not in DAEMONS:
            raise UnknownName("process", process, DAEMONS)
        self._note(fault, Damage(), on=on)
        if on:
            node.stop(process)
        else:
            node.start(process)
        self._wiring.touched((name,))

    # --- what they share -----------------------------------------------------------

    def _node(self, name: str) -> VirtualRouter:
        try:
            return self._nodes[name]
        except KeyError:
            raise UnknownName("router", name, self._nodes) from None

    def _hosted(self, name: str) -> list[VirtualRouter]:
        """A router, and the logical systems that stand and fall with it."""
        systems = [node for other, node in self._nodes.items() if other.startswith(f"{name}:")]
        return [self._node(name), *systems]

    def _words(self, fault: Fault, count: int, modes: tuple[str, ...]) -> tuple[str, ...]:
        words, mode = fault.args[:count], fault.args[count:]
        if len(words) < count or len(mode) > 1 or not set(mode) <= set(modes):
            known = " or ".join(modes)
            after = f", then perhaps {known}" if known else ""
            raise UsageError(f"fault {fault}: {fault.kind} takes {count} name(s){after}")
        return (*words, *mode)

    def _note(self, fault: Fault, damage: Damage, *, on: bool) -> None:
        if on:
            self.faults[fault] = damage
        else:
            self.faults.pop(fault)
        total = Damage()
        for each in self.faults.values():
            total |= each
        self._wiring.rewire(total)

    def _wires(self, fault: Fault, damage: Damage | None) -> None:
        self._note(fault, damage or Damage(), on=damage is not None)


def _interfaces(node: VirtualRouter) -> set[str]:
    """Its units, their ports, and the ports of their bundles."""
    units = {u for unit in node.intended.units for u in (unit, _port(unit))}
    return units.union(*(port.members for port in node.intended.physicals.values()))


def _port(interface: str) -> str:
    return interface.partition(".")[0]
