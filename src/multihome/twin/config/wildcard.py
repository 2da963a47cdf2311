"""Wildcards in angle brackets: `<*>`, `<ge-*>`, `<xe-[01]/0/*>`."""

from __future__ import annotations

from fnmatch import fnmatchcase


def is_pattern(word: str) -> bool:
    """Whether the word is a wildcard."""
    return word[:1] == "<" and word[-1:] == ">"


def matches(pattern: str, word: str) -> bool:
    """Whether a word, wildcard or not, means the other word."""
    if is_pattern(pattern):
        return fnmatchcase(word, pattern[1:-1])
    return pattern == word
