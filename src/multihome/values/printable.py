"""The gate for text from outside: nothing that steers a terminal, reorders or hides text passes.

Outside is everything that this program did not write itself: routers and what answers in their
place, files, names of an inventory, messages of libraries.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]"
)
"""Unicode's default ignorable code points (UAX #44), and the blank Braille pattern."""
_BLANKS = re.compile(r"[\n\t]")


def printable(text: str) -> str:
    """Lines of text; a character that is not read as itself shows as Python's escape for it.

    Line feeds and tabs are kept.
    """
    if text.isascii() and _BLANKS.sub("", text).isprintable():
        return text
    return "".join(char if char in "\n\t" or is_readable(char) else escaped(char) for char in text)


def printable_json(text: str) -> str:
    """The same for JSON text, in JSON's own escapes, so that no value changes."""
    if text.isascii():
        return text
    return "".join(
        char if char == "\n" or is_readable(char) else _json_escaped(char) for char in text
    )


def is_readable(char: str) -> bool:
    """Whether a character is seen, as itself, in its place; blanks of any width count.

    Code points that are not assigned, and those that XML excludes, do not.
    """
    if _INVISIBLE.match(char):
        return False
    return char.isprintable() or unicodedata.category(char) == "Zs"


def escaped(char: str) -> str:
    """A character as Python writes it in a string."""
    return char.encode("unicode_escape").decode("ascii")


def _json_escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2))
