"""IPv4 addresses and prefixes as the twin counts them: small, hashable in C, printable."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import NamedTuple, Self


class Address(int):
    """An IPv4 address: an `int` that prints as a dotted quad and sorts numerically."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a dotted quad; raises ValueError for anything else."""
        return cls(int(IPv4Address(text)))

    def __str__(self) -> str:
        return f"{self >> 24 & 255}.{self >> 16 & 255}.{self >> 8 & 255}.{self & 255}"

    def __repr__(self) -> str:
        return f"Address({self!s})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Prefix(NamedTuple):
    """A network and its mask length; host bits are always zero."""

    network: Address
    length: int

    @classmethod
    def parse(cls, text: str) -> Prefix:
        """Read `10.0.0.0/8`; a missing length means /32; host bits are cleared, as Junos does."""
        address, _, length = text.partition("/")
        return cls.of(Address.parse(address), int(length) if length else 32)

    @classmethod
    def of(cls, address: Address, length: int) -> Prefix:
        """The prefix of this length that holds the address; raises ValueError beyond /0-/32."""
        if not 0 <= length <= 32:
            raise ValueError(f"prefix length {length} is not between 0 and 32")
        return cls(Address(address & mask(length)), length)

    def contains(self, address: Address) -> bool:
        """Whether the address lies in this prefix."""
        return address & mask(self.length) == self.network

    def covers(self, other: Prefix) -> bool:
        """Whether `other` is this prefix or a more specific one of it."""
        return other.length >= self.length and self.contains(other.network)

    def __str__(self) -> str:
        return f"{self.network}/{self.length}"


def mask(length: int) -> int:
    """The netmask of a prefix length, as an integer."""
    return (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF
