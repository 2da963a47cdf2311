"""What IS-IS says on a link."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from multihome.twin.addressing import Address

DEFAULT_PRIORITY: Final = 64


class IsisHello(NamedTuple):
    """The body of an IIH (ISO 10589 section 9.5-9.7, RFC 5303, RFC 5305)."""

    level: int
    system: str
    area: str
    host_name: str
    address: Address | None
    point_to_point: bool
    priority: int
    snpa: str
    circuit: int
    secret: tuple[str, str] | None
    mtu: int
    """What it is padded to, while there is no adjacency yet."""


def split_net(net: str) -> tuple[str, str]:
    """Area and system ID of a NET: `49.1984`, `0000.0000.0007`."""
    digits = net.replace(".", "")
    system = digits[-14:-2]
    area = digits[:-14]
    grouped = [area[:2], *(area[i : i + 4] for i in range(2, len(area), 4))]
    return ".".join(part for part in grouped if part), ".".join(
        system[i : i + 4] for i in (0, 4, 8)
    )


def snpa_of(node: str, interface: str) -> str:
    """A MAC address for an interface, the same in every run; locally administered."""
    digest = hashlib.sha256(f"{node}/{interface.partition('.')[0]}".encode()).hexdigest()
    return "02" + digest[:10]
