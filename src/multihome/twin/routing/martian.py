"""Destinations that no routing table uses: this host, multicast itself, what is reserved.

Source: Junos OS, "Martian Addresses": the default list of inet.0; 0.0.0.0/0 is allowed, and
multicast groups are, for the range itself is listed exactly.
"""

from __future__ import annotations

from typing import Final

from multihome.twin.addressing import Prefix

MARTIAN: Final = "martian"
_OR_LONGER: Final = tuple(
    map(Prefix.parse, ("0.0.0.0/8", "127.0.0.0/8", "192.0.0.0/24", "240.0.0.0/4"))
)
_EXACT: Final = frozenset(map(Prefix.parse, ("224.0.0.0/4", "224.0.0.0/24")))
_SUSPECT: Final = frozenset((0, 127, 192, 224, *range(240, 256)))


def is_martian(prefix: Prefix) -> bool:
    """Whether a route to this prefix is hidden."""
    if prefix.network >> 24 not in _SUSPECT:
        return False
    return prefix in _EXACT or any(listed.covers(prefix) for listed in _OR_LONGER)
