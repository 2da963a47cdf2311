"""What every form of `show interfaces` says in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.views import InterfaceView

_SPEEDS = {"ge": "1000mbps", "xe": "10Gbps", "et": "100Gbps", "fe": "100mbps"}
FAMILIES = ("inet", "iso", "inet6", "mpls", "multiservice")
"""In the order Junos lists them."""


def status(*, up: bool) -> str:
    """`up` or `down`."""
    return "up" if up else "down"


def is_loopback(name: str) -> bool:
    """Whether it is lo0 or one of its units."""
    return name.partition(".")[0] == "lo0"


def families(view: InterfaceView) -> list[str]:
    """The protocol families of a logical interface; every Ethernet unit has multiservice."""
    held = {*view.families, *(["inet"] if view.addresses else []), *(["iso"] if view.iso else [])}
    if not is_loopback(view.name):
        held.add("multiservice")
    return [family for family in FAMILIES if family in held]


def speed(name: str) -> str:
    """The nominal speed by the kind of port."""
    return _SPEEDS.get(name[:2], "Unspecified")


def mac_address(router: str, name: str) -> str:
    """A burnt-in address, the same each time for the same port of the same router."""
    number = crc32(f"{router} {name}".encode()) & 0xFFFFFF
    return f"54:4b:8c:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def subnet(address: Address, length: int) -> str:
    """The subnet without its zero octets, as Junos abbreviates it: `192.168.1/24`, `10/8`."""
    octets = str(Prefix.of(address, length).network).split(".")[: max(-(-length // 8), 1)]
    return f"{'.'.join(octets)}/{length}"


def broadcast(address: Address, length: int) -> str:
    """The last address of the subnet."""
    prefix = Prefix.of(address, length)
    return str(type(address)(prefix.network | ((1 << (32 - length)) - 1)))


def local_index(view: InterfaceView) -> int:
    """The kernel's index: physical interfaces from 128 on, logical ones from 320 on."""
    return view.index - 500 + (320 if "." in view.name else 128)
