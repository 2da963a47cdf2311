"""How wide a text is in the picture, without a browser: an estimate that is never too small."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("ijlIft.,:;|!'()[]{}/ -")
_BROAD = frozenset("mwMW@%&")
_ELLIPSIS = "…"


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels of a text in a sans-serif font of that size."""
    width = sum(_em(char) for char in text) * size
    return width * 1.07 if bold else width


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut where it would be wider than `room` pixels."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(kept + _ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def fitted_name(text: str, room: float, size: float) -> str:
    """A name, cut in its middle: names of one network often differ at their ends only."""
    if width_of(text, size, bold=True) <= room:
        return text
    for kept in range(len(text) - 1, 0, -1):
        tail = -(-kept // 2)
        short = f"{text[: kept - tail]}{_ELLIPSIS}{text[-tail:]}"
        if width_of(short, size, bold=True) <= room:
            return short
    return _ELLIPSIS


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.42
    if char in _BROAD or char == _ELLIPSIS:
        return 1.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char.isupper() or not char.isascii():
        return 0.78
    return 0.64
