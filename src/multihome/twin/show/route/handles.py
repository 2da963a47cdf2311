"""Numbers a real router makes up, such as the address of a next hop in memory.

They mean nothing, but they must hold still: the same thing has the same number in every
reply, so that two snapshots of an unchanged table are equal.
"""

from __future__ import annotations

from zlib import crc32


def pointer(*parts: object) -> str:
    """An address in the routing daemon's memory: `0x9f3a410`."""
    return f"0x{0x9000000 + (_number(parts) & 0x7FFFFF) * 4:x}"


def next_hop_index(*parts: object) -> int:
    """The kernel's index of a unicast next hop."""
    return 550 + _number(parts) % 400


def indirect_index(*parts: object) -> int:
    """The kernel's index of an indirect next hop."""
    return 1048574 + _number(parts) % 4096


def session(*parts: object) -> str:
    """The session of a next hop, hexadecimal as the XML has it."""
    return f"{0x140 + _number(parts) % 0x400:x}"


def _number(parts: tuple[object, ...]) -> int:
    return crc32("|".join(str(part) for part in parts).encode())
