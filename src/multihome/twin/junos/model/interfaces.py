"""Interfaces, physical and logical, their addresses and VRRP groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from multihome.twin.addressing import Address

ETHERNET_ROOM = 1500
"""Bytes behind the header of an Ethernet frame, where nothing else is configured."""


@dataclass(frozen=True, slots=True)
class TrackInterface:
    """`track interface NAME priority-cost N`; `bandwidth` thresholds are not modelled."""

    name: str
    priority_cost: int


@dataclass(frozen=True, slots=True)
class TrackRoute:
    """`track route P routing-instance R priority-cost N`."""

    prefix: Prefix
    instance: str
    priority_cost: int


@dataclass(frozen=True, slots=True)
class VrrpGroup:
    """One `vrrp-group` under one interface address; times in seconds."""

    group: int
    virtual_addresses: tuple[Address, ...]
    priority: int = 100
    preempt: bool = True
    preempt_hold_time: float = 0.0
    accept_data: bool = False
    advertise_interval: float = 1.0
    track_interfaces: tuple[TrackInterface, ...] = ()
    track_routes: tuple[TrackRoute, ...] = ()
    track_hold_time: float = 0.0


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """`family inet address A/L`."""

    address: Address
    length: int
    primary: bool = False
    preferred: bool = False
    vrrp: tuple[VrrpGroup, ...] = ()

    @property
    def subnet(self) -> Prefix:
        """The prefix that the address is in."""
        return Prefix.of(self.address, self.length)


@dataclass(frozen=True, slots=True)
class Unit:
    """One logical interface; `name` is `xe-2/0/1.150`."""

    name: str
    physical: str
    number: int
    description: str = ""
    vlan: int | None = None
    disabled: bool = False
    addresses: tuple[InterfaceAddress, ...] = ()
    families: frozenset[str] = frozenset()
    """Of `inet`, `iso`, `mpls`, `inet6`."""
    mtu: int | None = None
    """Of IP, if it is configured here or follows from the port's; bytes."""
    room: int = ETHERNET_ROOM
    """What the port takes behind the Ethernet header, tags included; bytes."""
    iso: tuple[str, ...] = ()

    def local_address(self, towards: Address | None = None) -> Address | None:
        """The address that the router's own packets leave with; None without any.

        Towards a destination in one of its subnets, that subnet's preferred address; towards
        any other, or none in particular, the primary one. Where none is configured as such,
        the lowest counts (Junos OS, "Default, Primary, and Preferred Addresses").
        """
        if towards is not None:
            inside = [each for each in self.addresses if each.subnet.contains(towards)]
            if inside:
                longest = max(each.length for each in inside)
                nearest = [each for each in inside if each.length == longest]
                return min(nearest, key=lambda each: (not each.preferred, each.address)).address
        lowest_primary = min(
            self.addresses, key=lambda each: (not each.primary, each.address), default=None
        )
        return None if lowest_primary is None else lowest_primary.address


@dataclass(frozen=True, slots=True)
class Physical:
    """One physical (or aggregated, or loopback) interface."""

    name: str
    description: str = ""
    disabled: bool = False
    mtu: int | None = None
    """Of a frame, if configured; bytes."""
    members: tuple[str, ...] = ()
    """Of a bundle (`802.3ad`): the ports in it that are not disabled."""
    least: int = 0
    """So many of them it needs; 0 for what is no bundle, or has no ports that are configured."""
