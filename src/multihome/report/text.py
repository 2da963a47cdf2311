"""Text that came from a router or a file, made safe to print."""

from __future__ import annotations

import unicodedata

_FORMATTING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that steer a terminal or reorder text instead of being read."""


def safe(text: str) -> str:
    """One line without anything that steers a terminal; what is taken out shows as an escape."""
    words = " ".join(text.split("\n")) if "\n" in text else text
    return "".join(char if _is_readable(char) else _escaped(char) for char in words)


def safe_lines(text: str) -> str:
    """The same for text of several lines, as diffs are."""
    return "\n".join(safe(line.replace("\t", "    ")) for line in text.splitlines())


def _is_readable(char: str) -> bool:
    """XML has no place for the last two code points of a plane, either."""
    return unicodedata.category(char) not in _FORMATTING and ord(char) & 0xFFFE != 0xFFFE


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
