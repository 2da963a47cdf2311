"""`policy-options community`: what its members match, and what they add.

A member is a literal (`65000:1`, `origin:1:1`, `no-export`), has `*` in the place of a
whole part (`target:*:100`), or is a regular expression over the printed community.

Source: Junos OS Routing Policies User Guide, "Understanding How to Define BGP Communities
and Extended Communities".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPECIAL = frozenset(".^$*+?[]{}|()")


@dataclass(frozen=True, slots=True)
class Community:
    """One named community."""

    name: str
    members: tuple[str, ...]
    invert: bool = False

    def matches(self, communities: Iterable[str]) -> bool:
        """Whether every member is found among them (or, inverted, not every one)."""
        present = tuple(communities)
        found = all(any(member_matches(member, one) for one in present) for member in self.members)
        return found is not self.invert

    def holds(self, community: str) -> bool:
        """Whether `community delete` takes this one away."""
        return any(member_matches(member, community) for member in self.members) is not self.invert

    @property
    def literals(self) -> tuple[str, ...]:
        """What `community add` and `set` add: an expression adds nothing."""
        return tuple(member for member in self.members if not is_expression(member))


def is_expression(member: str) -> bool:
    """Whether a member stands for more than itself."""
    return not _SPECIAL.isdisjoint(_without_address(member))


def member_matches(member: str, community: str) -> bool:
    """Whether one member of a definition covers one community of a route."""
    if not is_expression(member):
        return member == community
    return _compiled(member).fullmatch(community) is not None


@lru_cache(maxsize=4096)
def _compiled(member: str) -> re.Pattern[str]:
    """Raises re.error for an expression that is none; the commit check says so first."""
    body = member.strip('"').removeprefix("^").removesuffix("$").replace(" ", "")
    parts = (".*" if part == "*" else part for part in re.split(r":(?![^\[]*\])", body))
    return re.compile(":".join(parts))


def problem(member: str) -> str | None:
    """What is wrong with an expression, or None."""
    try:
        _compiled(member)
    except re.error as error:
        return str(error)
    return None


def _without_address(member: str) -> str:
    """The dots of an IPv4 address in `target:10.0.0.1:5` are no expression."""
    return re.sub(r"\b\d{1,3}(\.\d{1,3}){3}\b", "", member)
