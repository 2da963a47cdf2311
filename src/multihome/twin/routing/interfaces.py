"""The interfaces of one router: which are up, and the Direct and Local routes they give.

Admin state comes from the configuration, carrier from the network, failures from a fault.
Junos keeps the Local route of a configured interface that is down, as Reject.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.linkstate.interfaces import is_loopback
from multihome.twin.routing.route import NextHop, NextHopKind, Protocol, Route
from multihome.twin.views import InterfaceView
from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.junos.model.interfaces import InterfaceAddress, Physical, Unit
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import Host

_FIRST_INDEX = 501
"""SNMP indexes below are the management and internal interfaces of a chassis."""


@dataclass(slots=True)
class _State:
    up: bool = False
    since: float = 0.0
    addresses: tuple[InterfaceAddress, ...] = field(default=())
    instance: str = ""


class Claim(NamedTuple):
    """A virtual address that is answered for; the last to claim it owns every ARP cache."""

    since: float
    accept: bool


@dataclass(slots=True)
class Hardware:
    """What a power cycle does not change."""

    failed: set[str] = field(default_factory=set)
    indexes: dict[str, int] = field(default_factory=dict)


class Interfaces:
    """State of every configured logical interface; the router asks and applies."""

    def __init__(self, host: Host, hardware: Hardware) -> None:
        self._host = host
        self._states: dict[str, _State] = {}
        self._no_carrier: set[str] = set()
        self._failed, self._indexes = hardware.failed, hardware.indexes
        self.claims: dict[tuple[Address, str], Claim] = {}
        """Virtual addresses this router is VRRP master of, by interface."""

    # --- what the network and the configuration say ------------------------------

    def refresh(self, names: Iterable[str]) -> list[str]:
        """Compute the state of these logical interfaces again; those that changed."""
        return [name for name in names if self._refresh(name)]

    def configure(self, old: Router, new: Router) -> list[str]:
        """Logical interfaces that the new configuration changes, refreshed."""
        names = {**dict.fromkeys(new.units), **dict.fromkeys(old.units)}
        return self.refresh(names)

    def set_carrier(self, name: str, *, present: bool) -> list[str]:
        """The link of a logical interface has or lost its light."""
        if present:
            self._no_carrier.discard(name)
        else:
            self._no_carrier.add(name)
        return self.refresh([name])

    def set_failed(self, name: str, *, failed: bool) -> list[str]:
        """A physical or logical interface breaks, or is restored."""
        if failed:
            self._failed.add(name)
        else:
            self._failed.discard(name)
        return self.refresh([unit for unit in self._states if name in self._stands_on(unit)])

    def _stands_on(self, unit: str) -> set[str]:
        """What a logical interface goes down with."""
        physical = self._host.config.physicals.get(_physical(unit))
        return {unit, _physical(unit), *(physical.members if physical else ())}

    # --- virtual addresses -------------------------------------------------------

    def claim(self, name: str, address: Address, *, accept: bool) -> None:
        """This router answers ARP for a virtual address from now on."""
        self.claims[address, name] = Claim(self._host.clock.now, accept)

    def release(self, name: str, address: Address) -> None:
        """No longer; harmless if it did not."""
        self.claims.pop((address, name), None)

    def claim_on(self, address: Address, instance: str) -> bool | None:
        """Whether data to a claimed address is accepted; None if it is not claimed there."""
        for (claimed, name), claim in self.claims.items():
            if claimed == address and self._host.instance_of(name) == instance and self.up(name):
                return claim.accept
        return None

    # --- reading -----------------------------------------------------------------

    def up(self, name: str) -> bool:
        """Whether a logical interface is operational."""
        state = self._states.get(name)
        return state is not None and state.up

    def transmits(self, name: str) -> bool:
        """Whether the far end of its cable sees light."""
        unit = self._host.unit(name)
        return unit is not None and self._physical_enabled(unit) and name not in self._failed

    def views(self) -> tuple[InterfaceView, ...]:
        """Physical and logical interfaces, in Junos's order."""
        names = {*self._states, *(_physical(name) for name in self._states)}
        names |= self._host.config.physicals.keys()
        ordered = sorted(names, key=lambda name: InterfaceName.parse(name).sort_key)
        for name in ordered:
            self._indexes.setdefault(name, _FIRST_INDEX + len(self._indexes))
        return tuple(
            self._unit_view(name) if "." in name else self._physical_view(name) for name in ordered
        )

    def _unit_view(self, name: str) -> InterfaceView:
        unit, state = self._host.config.units[name], self._states[name]
        return InterfaceView(
            name=name,
            admin_up=not unit.disabled,
            oper_up=state.up,
            description=unit.description,
            addresses=tuple((address.address, address.length) for address in unit.addresses),
            families=tuple(sorted(unit.families)),
            iso=unit.iso,
            vlan=unit.vlan,
            mtu=unit.mtu,
            index=self._indexes[name],
            last_change=state.since,
        )

    def _physical_view(self, name: str) -> InterfaceView:
        physical = self._host.config.physicals.get(name)
        units = [unit for unit in self._states if _physical(unit) == name]
        enabled = physical is None or not physical.disabled
        lit = not units or any(unit not in self._no_carrier for unit in units)
        return InterfaceView(
            name=name,
            admin_up=enabled,
            oper_up=enabled and lit and name not in self._failed and self._has_ports(physical),
            description=physical.description if physical else "",
            mtu=physical.mtu if physical else None,
            index=self._indexes[name],
            last_change=max((self._states[unit].since for unit in units), default=0.0),
        )

    # --- one logical interface ---------------------------------------------------

    def _physical_enabled(self, unit: Unit) -> bool:
        physical = self._host.config.physicals.get(unit.physical)
        disabled = physical is not None and physical.disabled
        return not disabled and unit.physical not in self._failed and self._has_ports(physical)

    def _has_ports(self, physical: Physical | None) -> bool:
        """Whether as many ports of a bundle work as it needs."""
        if physical is None or not physical.least:
            return True
        return sum(port not in self._failed for port in physical.members) >= physical.least

    def _is_up(self, name: str, unit: Unit) -> bool:
        return (
            not unit.disabled
            and self._physical_enabled(unit)
            and name not in self._failed
            and name not in self._no_carrier
        )

    def _refresh(self, name: str) -> bool:
        unit = self._host.unit(name)
        if unit is None:
            return self._forget(name)
        state = self._states.setdefault(name, _State())
        now = (self._is_up(name, unit), unit.addresses, self._host.instance_of(name))
        if now == (state.up, state.addresses, state.instance):
            return False
        self._withdraw(name, state)
        if state.up != now[0]:
            state.since = self._host.clock.now
        state.up, state.addresses, state.instance = now
        self._announce(name, state)
        return True

    def _forget(self, name: str) -> bool:
        state = self._states.pop(name, None)
        if state is None:
            return False
        self._withdraw(name, state)
        return True

    def _table(self, state: _State) -> str:
        instance = self._host.config.instances.get(state.instance)
        return instance.table if instance else f"{state.instance}.inet.0"

    def _withdraw(self, name: str, state: _State) -> None:
        if state.instance:
            rib = self._host.rib(self._table(state))
            for protocol in (Protocol.DIRECT, Protocol.LOCAL):
                rib.replace(protocol, name, ())

    def _announce(self, name: str, state: _State) -> None:
        rib = self._host.rib(self._table(state))
        now = self._host.clock.now
        if state.up:
            rib.replace(Protocol.DIRECT, name, [_direct(name, a, now) for a in state.addresses])
        # A loopback's /32 is the router's own by its Direct route; a subnet on it is not.
        hosts = 32 if is_loopback(name) else 33
        local = [address for address in state.addresses if address.length < hosts]
        rib.replace(Protocol.LOCAL, name, [_local(name, a, now, up=state.up) for a in local])


def _physical(unit: str) -> str:
    return unit.partition(".")[0]


def _direct(name: str, address: InterfaceAddress, now: float) -> Route:
    return Route(
        prefix=Prefix.of(address.address, address.length),
        protocol=Protocol.DIRECT,
        preference=0,
        next_hops=(NextHop(via=name),),
        kind=NextHopKind.INTERFACE,
        source=name,
        installed=now,
    )


def _local(name: str, address: InterfaceAddress, now: float, *, up: bool) -> Route:
    return Route(
        prefix=Prefix(address.address, 32),
        protocol=Protocol.LOCAL,
        preference=0,
        next_hops=(NextHop(via=name),) if up else (),
        kind=NextHopKind.LOCAL if up else NextHopKind.REJECT,
        source=name,
        readvertise=False,
        installed=now,
    )
