"""Durations as people type and read them."""

from __future__ import annotations

import re

from multihome.errors import UsageError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
SHORTEST_LEASE = 60
LONGEST_LEASE = 65535 * 60
"""Seconds: `commit confirmed` counts in minutes, in 16 bits."""
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw]?)")


def seconds(
    option: str, text: str, *, at_least: float = 0.0, at_most: float = float("inf")
) -> float:
    """`90`, `90s`, `5m`, `1h`, `30d` or `2w` in seconds.

    Raises:
        UsageError: it is not a duration, or not between `at_least` and `at_most`; names the option.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{option} {text}: expected a time such as 30s, 5m, 2h or 30d")
    value = float(found[1]) * _UNITS[found[2] or "s"]
    if value < at_least:
        raise UsageError(f"{option} {text}: at least {span(at_least)}")
    if value > at_most:
        raise UsageError(f"{option} {text}: at most {at_most / 3600:.0f}h")
    return value


def lease(text: str) -> int:
    """`--confirm` in seconds, within what Junos takes; raises UsageError."""
    return int(seconds("--confirm", text, at_least=SHORTEST_LEASE, at_most=LONGEST_LEASE))


def span(value: float) -> str:
    """Short, for tables: `45s`, `28m`, `5h`, `3d`."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if value >= 2 * size:
            return f"{value / size:.0f}{unit}"
    return f"{value:.0f}s"
