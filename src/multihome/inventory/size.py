"""Sizes as people type them, and how long a reply may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "MULTIHOME_MAX_REPLY"
MAX_REPLY = 64 << 20
"""Bytes of one reply: about 40,000 routes with all attributes; read, it fills ten times as much."""
_LEAST = 64 << 10
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_FORM = re.compile(r"(\d+)\s*([KMG]?)(?:i?B)?", re.IGNORECASE)


def size(text: str | int) -> int:
    """`65536`, `512K`, `64M` or `1G` in bytes. Raises ValueError."""
    found = _FORM.fullmatch(str(text).strip())
    if found is None:
        raise ValueError(f"{text!r} is no size such as 64M or 1G")
    value = int(found[1]) * _UNITS[found[2].upper()]
    if value < _LEAST:
        raise ValueError(f"{text!r} is less than {shown(_LEAST)}, which no router can do with")
    return value


def shown(value: int) -> str:
    """Bytes as people read them: `64M`."""
    for unit in ("G", "M", "K"):
        if value >= _UNITS[unit] and value % _UNITS[unit] == 0:
            return f"{value // _UNITS[unit]}{unit}"
    return str(value)


def max_reply(environ: Mapping[str, str], option: str | None = None) -> int | None:
    """How long a reply may be, from `--max-reply` or the environment; None leaves it as it is.

    Raises:
        UsageError: it is no size.
    """
    text = option or environ.get(VARIABLE)
    if not text:
        return None
    try:
        return size(text)
    except ValueError as error:
        name = "--max-reply" if option else VARIABLE
        raise UsageError(f"{name}: {error}") from None
