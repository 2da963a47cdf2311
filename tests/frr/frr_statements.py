"""Set commands as lists of words, found again by the words they begin with.

A reader of its own, so that a mistake in the twin's is not made here too.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass


class Untranslatable(Exception):
    """A statement that this small translator has no FRR for."""


@dataclass(frozen=True)
class Statements:
    """What stands below some words, each line without them."""

    lines: tuple[tuple[str, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Statements:
        """Read set commands; `[ a b ]` becomes a line for each, `apply-path` the prefixes it finds."""
        words = [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("set ")]
        return cls(tuple(line for one in words for line in _spread(one)))._with_applied_paths()

    def under(self, *words: str) -> Statements:
        """The lines that begin with these words."""
        count = len(words)
        return Statements(tuple(line[count:] for line in self.lines if line[:count] == words))

    def has(self, *words: str) -> bool:
        """Whether any line begins with these words."""
        return any(line[: len(words)] == words for line in self.lines)

    def names(self, *words: str) -> list[str]:
        """The words that come next, each once, in order."""
        return list(dict.fromkeys(line[0] for line in self.under(*words).lines if line))

    def phrases(self, *words: str) -> list[tuple[str, ...]]:
        """Everything that comes next, line by line."""
        return [line for line in self.under(*words).lines if line]

    def value(self, *words: str) -> str | None:
        """The one word that comes next."""
        return next(iter(self.names(*words)), None)

    def _with_applied_paths(self) -> Statements:
        more: list[tuple[str, ...]] = []
        for name in self.names("policy-options", "prefix-list"):
            here = ("policy-options", "prefix-list", name)
            path = self.value(*here, "apply-path")
            more += [(*here, found) for found in self._matches((path or "").split())]
        return Statements((*self.lines, *more))

    def _matches(self, path: list[str]) -> list[str]:
        if not path:
            return []
        patterns = [re.compile(re.escape(word).replace(r"<\*>", ".*")) for word in path]
        return [
            _network(line[len(path) - 1])
            for line in self.lines
            if len(line) >= len(path)
            and all(p.fullmatch(word) for p, word in zip(patterns, line, strict=False))
        ]


def _network(address: str) -> str:
    host, _, length = address.partition("/")
    octets = [int(octet) for octet in host.split(".")]
    number = int.from_bytes(bytes(octets))
    kept = number >> (32 - int(length)) << (32 - int(length)) if int(length) else 0
    return ".".join(str(octet) for octet in kept.to_bytes(4)) + f"/{length}"


def network(address: str) -> str:
    """The prefix an address with a length lies in."""
    return _network(address)


def _spread(words: list[str]) -> list[tuple[str, ...]]:
    if "[" not in words:
        return [tuple(words)]
    start, end = words.index("["), words.index("]")
    return [(*words[:start], word, *words[end + 1 :]) for word in words[start + 1 : end]]
