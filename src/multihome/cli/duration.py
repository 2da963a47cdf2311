"""Durations as people type them."""

from __future__ import annotations

import re

from multihome.errors import UsageError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([smh]?)")


def seconds(option: str, text: str, *, at_least: float = 0.0) -> float:
    """`90`, `90s`, `5m` or `1h` in seconds.

    Raises:
        UsageError: it is none, or less than `at_least`; names the option.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{option} {text}: expected a time such as 30s or 5m")
    value = float(found[1]) * _UNITS[found[2] or "s"]
    if value < at_least:
        raise UsageError(f"{option} {text}: at least {at_least:g} s")
    return value
