"""How Junos writes a length of time; every daemon has its own habit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800


def clock_age(seconds: float) -> str:
    """As `show route` has it: `00:00:22`, `5d 22:29:55`, `1w1d 00:32:28`."""
    days, rest = _days(seconds)
    clock = f"{rest // HOUR:02}:{rest // MINUTE % 60:02}:{rest % 60:02}"
    return f"{days} {clock}" if days else clock


def short_age(seconds: float) -> str:
    """As `show route detail` has it: `22`, `3:33`, `1:08:29`, `1w1d 1:08:29`."""
    days, rest = _days(seconds)
    hours, minutes, left = rest // HOUR, rest // MINUTE % 60, rest % 60
    if days:
        return f"{days} {hours}:{minutes:02}:{left:02}"
    if hours:
        return f"{hours}:{minutes:02}:{left:02}"
    return f"{minutes}:{left:02}" if minutes else f"{left}"


def column_age(seconds: float) -> str:
    """As `show bgp summary` had it before 19.1, in a narrow column: `4d 1:19:26`, `1w1d2h`."""
    if seconds < WEEK:
        return short_age(seconds)
    days, rest = _days(seconds)
    return f"{days}{rest // HOUR}h"


def uptime(seconds: float) -> str:
    """As the management process has it: `00:12:03`, `1d 08:28`, `15w3d 00:19`."""
    days, rest = _days(seconds)
    if days:
        return f"{days} {rest // HOUR:02}:{rest // MINUTE % 60:02}"
    return clock_age(seconds)


def long_uptime(seconds: float) -> str:
    """As the chassis process has it: `2 days, 23 hours, 14 minutes, 9 seconds`."""
    total = max(int(seconds), 0)
    parts = (
        (total // DAY, "day"),
        (total % DAY // HOUR, "hour"),
        (total % HOUR // MINUTE, "minute"),
        (total % MINUTE, "second"),
    )
    words = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return ", ".join(words) or "0 seconds"


def timestamp(when: datetime) -> str:
    """As `show version` and its like have it: `2015-03-01 12:00:00 UTC`."""
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"


def _days(seconds: float) -> tuple[str, int]:
    total = max(int(seconds), 0)
    weeks, days = total // WEEK, total % WEEK // DAY
    if weeks:
        return f"{weeks}w{days}d", total % DAY
    return (f"{days}d" if days else ""), total % DAY
