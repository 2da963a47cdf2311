"""Words of BGP that people write: communities, route distinguishers, AS numbers."""

from __future__ import annotations

import re
from ipaddress import IPv4Address

WELL_KNOWN = {
    "no-export": 0xFFFFFF01,
    "no-advertise": 0xFFFFFF02,
    "no-export-subconfed": 0xFFFFFF03,
    "llgr-stale": 0xFFFF0006,
    "no-llgr": 0xFFFF0007,
}
"""Standard communities that Junos prints by name (RFC 1997, RFC 9494)."""
_EXTENDED = re.compile(r"(target|origin|domain-id|bandwidth|traffic-rate|color):(.+)\Z")
_NUMBER = re.compile(r"\d+L?\Z")
MAX_AS = 0xFFFFFFFF


def as_number(text: str) -> int:
    """Read `65500` or `1.10` (RFC 5396 asdot); raises ValueError outside 1-4294967295."""
    high, dot, low = text.partition(".")
    if not (high.isdigit() and (not dot or low.isdigit())):
        raise ValueError(f"{text!r} is not an AS number")
    number = (int(high) << 16) + int(low) if dot else int(high)
    if not 1 <= number <= MAX_AS:
        raise ValueError(f"AS number {number} is not between 1 and {MAX_AS}")
    return number


def route_distinguisher(text: str) -> str:
    """Check `1:1`, `10.0.0.1:1` or `70000L:1` (RFC 4364 section 4.2); returns it unchanged."""
    administrator, colon, assigned = text.rpartition(":")
    if not colon or not assigned.isdigit() or not _is_administrator(administrator):
        raise ValueError(f"{text!r} is not a route distinguisher such as 1:1 or 10.0.0.1:1")
    return text


def community(text: str) -> str:
    """Check a standard, large or extended community as Junos writes it; returns it unchanged."""
    if text in WELL_KNOWN:
        return text
    if extended := _EXTENDED.match(text):
        administrator, colon, assigned = extended[2].rpartition(":")
        if colon and assigned.isdigit() and _is_administrator(administrator):
            return text
    elif re.fullmatch(r"(large:\d+:\d+:\d+|\d+:\d+)", text):
        return text
    raise ValueError(f"{text!r} is not a community such as 65000:1, target:1:1 or origin:1:1")


def _is_administrator(text: str) -> bool:
    if _NUMBER.match(text):
        return True
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
