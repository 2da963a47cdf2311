"""Junos's `$9$` form of a secret: obfuscation that routers print, not encryption.

The form hides a key from a glance over the shoulder and from nothing else, so a `$9$`
string is treated as secret everywhere in this project.
"""

from __future__ import annotations

from hashlib import sha256

_MAGIC = "$9$"
_FAMILIES = ("QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T")
_ALPHABET = "".join(_FAMILIES)
_POSITION = {char: index for index, char in enumerate(_ALPHABET)}
_PADDING = {char: 3 - number for number, family in enumerate(_FAMILIES) for char in family}
_WEIGHTS = (
    (1, 4, 32),
    (1, 16, 32),
    (1, 8, 32),
    (1, 64),
    (1, 32),
    (1, 4, 16, 128),
    (1, 32, 64),
)


def is_obfuscated(text: str) -> bool:
    """Whether the text is in `$9$` form already."""
    return text.startswith(_MAGIC)


def obfuscate(secret: str, *, salt: str = "") -> str:
    """The `$9$` form; equal secrets and salts give equal text, so a second render has no diff.

    Raises ValueError for a character outside Latin-1, which the form cannot carry.
    """
    if not secret.isascii() and any(ord(char) > 255 for char in secret):
        raise ValueError("a secret in $9$ form may hold Latin-1 characters only")
    digest = sha256(f"{salt}\0{secret}".encode()).digest()
    first = _ALPHABET[digest[0] % len(_ALPHABET)]
    padding = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[1 : 1 + _PADDING[first]])
    out, previous = [_MAGIC, first, padding], first
    for index, char in enumerate(secret):
        for gap in _gaps(ord(char), _WEIGHTS[index % len(_WEIGHTS)]):
            previous = _ALPHABET[(gap + _POSITION[previous] + 1) % len(_ALPHABET)]
            out.append(previous)
    return "".join(out)


def reveal(text: str) -> str:
    """The clear text of a `$9$` string; raises ValueError if it is not one."""
    body = text.removeprefix(_MAGIC)
    if body == text or not body or any(char not in _POSITION for char in body):
        raise ValueError("not a secret in $9$ form")
    previous, rest = body[0], body[1 + _PADDING[body[0]] :]
    clear: list[str] = []
    while rest:
        weights = _WEIGHTS[len(clear) % len(_WEIGHTS)]
        group, rest = rest[: len(weights)], rest[len(weights) :]
        if len(group) < len(weights):
            raise ValueError("the secret in $9$ form is cut short")
        total = 0
        for char, weight in zip(group, weights, strict=True):
            total += ((_POSITION[char] - _POSITION[previous]) % len(_ALPHABET) - 1) * weight
            previous = char
        clear.append(chr(total % 256))
    return "".join(clear)


def _gaps(code: int, weights: tuple[int, ...]) -> list[int]:
    gaps: list[int] = []
    for weight in reversed(weights):
        gaps.insert(0, code // weight)
        code %= weight
    return gaps
