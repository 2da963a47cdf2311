"""Sizes of files as people type and read them; K, M, G and T are powers of 1024."""

from __future__ import annotations

import re

from multihome.errors import UsageError

_UNITS = ("", "K", "M", "G", "T")
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_STEP = 1024.0


def size_in_bytes(option: str, text: str) -> int:
    """`500M`, `1.5 GiB` or `1048576` in bytes; raises UsageError, which names the option."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{option} {text}: expected a size such as 500M or 1G")
    return int(float(found[1]) * _STEP ** _UNITS.index(found[2].upper()))


def size_in_words(size: float) -> str:
    """Three digits at most: `640 B`, `12 MB`, `1.4 GB`."""
    for unit in _UNITS[:-1]:
        if size < 1000:
            return _words(size, unit)
        size /= _STEP
    return _words(size, _UNITS[-1])


def _words(size: float, unit: str) -> str:
    digits = 1 if unit and size < 10 else 0
    return f"{size:.{digits}f} {unit}B"
