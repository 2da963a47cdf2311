"""What IS-IS and OSPF share about the interfaces they run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.addressing import Prefix
from multihome.twin.routing.martian import is_martian

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.junos.model.igp import IgpInterface
    from multihome.twin.junos.model.interfaces import Unit

_MANAGEMENT: Final = ("fxp", "em", "me", "vme")
_BANDWIDTH: Final = {
    "fe": 100_000_000,
    "ge": 1_000_000_000,
    "xe": 10_000_000_000,
    "ae": 10_000_000_000,
    "et": 100_000_000_000,
}
_DEFAULT_BANDWIDTH: Final = 1_000_000_000


def is_loopback(interface: str) -> bool:
    """Whether it is a unit of lo0."""
    return interface.startswith("lo")


def bandwidth(interface: str) -> int:
    """Bits per second, as the kind of interface has it by default."""
    return _BANDWIDTH.get(interface[:2], _DEFAULT_BANDWIDTH)


def prefixes_of(unit: Unit, *, hosts: bool = False) -> tuple[Prefix, ...]:
    """The subnets of an interface, host bits cleared, but for 127.0.0.1 and its like.

    With `hosts`, each address by itself: so OSPF announces a loopback (RFC 2328 section
    9.1, "Loopback": a host route).
    """
    subnets = (Prefix.of(each.address, 32 if hosts else each.length) for each in unit.addresses)
    return tuple(dict.fromkeys(subnet for subnet in subnets if not is_martian(subnet)))


def chosen(configured: Iterable[IgpInterface], units: Iterable[str]) -> dict[str, IgpInterface]:
    """Which of these logical interfaces a protocol runs on, and how.

    A name without a unit means unit 0; `all` means every one that is not named itself,
    except management interfaces.  A disabled entry takes its interface out of `all`.
    """
    named: dict[str, IgpInterface] = {}
    every: IgpInterface | None = None
    for entry in configured:
        if entry.name == "all":
            every = entry
        else:
            named[entry.name if "." in entry.name else f"{entry.name}.0"] = entry
    found = {}
    for unit in units:
        wanted = named.get(unit, None if unit.startswith(_MANAGEMENT) else every)
        if wanted is not None and not wanted.disabled:
            found[unit] = wanted
    return found
