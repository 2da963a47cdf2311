"""Authentication keys: one, or a chain of them that follow each other by the time of day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChainKey:
    """One key of a chain: packets name it by its number, so both ends number it alike."""

    number: int
    start: datetime = field(compare=False)
    secret: str = field(repr=False)
    algorithm: str = "md5"
    chain: str = field(default="", compare=False)
    """The name of its chain, which is the router's own affair."""


@dataclass(frozen=True, slots=True)
class InChain:
    """A chain that is named where a key may stand, before the time of day chooses a key of it."""

    name: str
    algorithm: str = "md5"
    """Of the session: TCP's are the statement's, not the key's."""


@dataclass(frozen=True, slots=True)
class KeyChain:
    """`security authentication-key-chains key-chain NAME`, its keys in the order of their start."""

    name: str
    keys: tuple[ChainKey, ...] = ()
    tolerance: int = 0

    def active(self, now: datetime) -> ChainKey | None:
        """The key that started last."""
        started = [key for key in self.keys if key.start <= now]
        return started[-1] if started else None

    def following(self, now: datetime) -> ChainKey | None:
        """The key that takes over next."""
        return next((key for key in self.keys if key.start > now), None)


AnyKey: TypeAlias = str | ChainKey | InChain
"""A key in clear text, or what a chain has in its place."""
