"""Text that came from a router or a file, made safe to print."""

from __future__ import annotations

from multihome.values.printable import escaped, is_readable, printable


def safe(text: str) -> str:
    """One line without anything that steers a terminal; what is taken out shows as an escape."""
    if text.isascii() and text.isprintable():
        return text
    words = " ".join(text.split("\n"))
    return "".join(char if is_readable(char) else escaped(char) for char in words)


def safe_lines(text: str) -> str:
    """The same for text of several lines, as diffs are."""
    return "\n".join(printable(line.expandtabs(4)) for line in text.split("\n"))
