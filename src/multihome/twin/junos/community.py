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

from multihome.values.bgp import WELL_KNOWN
from multihome.values.bgp import community as known_community

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 0xFFFF
"""In either half of a standard community."""
_SUBTYPES = ("target", "origin")
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
        return tuple(_named(member) for member in self.members if not is_expression(member))


def is_expression(member: str) -> bool:
    """Whether a member matches more than itself."""
    return not _SPECIAL.isdisjoint(_without_address(member))


def member_matches(member: str, community: str) -> bool:
    """Whether one member of a definition covers one community of a route."""
    if not is_expression(member):
        return member in _forms(community)
    try:
        expression = _compiled(member)
        return any(expression.fullmatch(form) for form in _forms(community))
    except re.error:
        return False  # The commit check has said so; nothing matches it.


def _forms(community: str) -> tuple[str, ...]:
    """How an expression may see it: a well-known one by its name and by its numbers (RFC 1997)."""
    value = WELL_KNOWN.get(community)
    if value is None:
        return (community,)
    return community, f"{value >> 16}:{value & _MOST}"


def _named(member: str) -> str:
    """A well-known community given by its numbers has the same encoding as its name."""
    return next((name for name in WELL_KNOWN if member in _forms(name)), member)


@lru_cache(maxsize=4096)
def _compiled(member: str) -> re.Pattern[str]:
    """Raises re.error for an expression that is none."""
    body = member.strip('"').removeprefix("^").removesuffix("$").replace(" ", "")
    parts = (".*" if part == "*" else part for part in re.split(r":(?![^\[]*\])", body))
    return re.compile(":".join(parts))


def problem(member: str) -> str | None:
    """What is wrong with a member, or None."""
    if not is_expression(member):
        return None if _is_literal(member) else f"{member} is no community"
    try:
        _compiled(member)
    except re.error as error:
        return str(error)
    return None


def is_target(text: str) -> bool:
    """Whether this is a route target, as `vrf-target` wants one."""
    return text.startswith("target:") and _is_literal(text)


def _is_literal(text: str) -> bool:
    kind, *parts = text.split(":")
    if not parts:
        return text in WELL_KNOWN
    if kind in _SUBTYPES:
        try:
            return known_community(text) == text
        except ValueError:
            return False
    if kind.isdigit():
        return len(parts) == 1 and all(n.isdigit() and int(n) <= _MOST for n in (kind, *parts))
    return True  # of some other type, which has its own form


def in_order(communities: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of their encoding, as routers send and print them."""
    return tuple(sorted(set(communities), key=_encoding))


@lru_cache(maxsize=65536)
def _encoding(community: str) -> tuple[int, ...] | tuple[int, str]:
    """Standard ones (RFC 1997), then extended by type (RFC 4360, 5668), then large (RFC 8092)."""
    if (value := WELL_KNOWN.get(community)) is not None:
        return 0, value >> 16, value & _MOST
    kind, *parts = community.split(":")
    if not parts:
        return 3, community
    if kind == "large":
        return 2, *map(_number, parts)
    if kind.isdigit():
        return 0, *map(_number, (kind, *parts))
    administrator = parts[0]
    form = 1 if "." in administrator else 2 if administrator.endswith("L") else 0
    subtype = _SUBTYPES.index(kind) if kind in _SUBTYPES else len(_SUBTYPES)
    return 1, form, subtype, *map(_number, parts)


def _number(text: str) -> int:
    if "." in text:
        return int.from_bytes(bytes(int(byte) & 255 for byte in text.split(".") if byte.isdigit()))
    digits = text.removesuffix("L")
    return int(digits) if digits.isdigit() else 0


def _without_address(member: str) -> str:
    """The dots of an IPv4 address in `target:10.0.0.1:5` are no expression."""
    return re.sub(r"\b\d{1,3}(\.\d{1,3}){3}\b", "", member)
