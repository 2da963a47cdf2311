"""Checks of the catalogue that no network can pass together with what the intent implies.

A check is held against the derived expectation of the same object in the same network state. Of
two plain values that differ, or of a plain value that the other's matcher does not accept, only
one can be true, whatever the routers say. Two matchers are left to the routers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.check.judge import attribute_words, words
from multihome.errors import Problem
from multihome.intent.matcher import Matcher, accepts
from multihome.intent.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from multihome.intent.statement import Expectation

_AT_LEAST = frozenset({"options", "families", "clients", "includes", "with_communities"})
"""Sets of which each side may name others."""
_NONE_OF = frozenset({"excludes", "without_communities", "avoids"})
_STEADY = frozenset({"steady"})
_PRESENCE = ("absent", "down")
"""Fields by which a check asserts that the object does not exist, or is not in use."""


@dataclass(frozen=True, slots=True)
class _Clash:
    """One attribute of which two values are expected."""

    attribute: str
    wanted: str
    implied: str


def contradictions(
    catalogue: Iterable[Expectation], implied: Sequence[Expectation], root: Path
) -> tuple[Problem, ...]:
    """Every check that contradicts the intent, with its file and line below `root`."""
    by_router: dict[tuple[str, str], list[Expectation]] = {}
    for each in implied:
        by_router.setdefault((each.router, each.check_name), []).append(each)
    found: dict[Problem, None] = {}
    for check in catalogue:
        if check.level == "warning":
            continue  # it may fail: that is what a warning is for
        for derived in by_router.get((check.router, check.check_name), ()):
            if _same_object(check, derived) and _same_state(check, derived):
                found |= dict.fromkeys(_problems(check, derived, root))
    return tuple(found)


def _same_object(check: Expectation, derived: Expectation) -> bool:
    """What a check leaves open, any object has; what the intent leaves open, the check may name."""
    return all(
        getattr(check, name) is None
        or getattr(derived, name) is None
        or getattr(check, name) == getattr(derived, name)
        for name in check.about
    )


def _same_state(check: Expectation, derived: Expectation) -> bool:
    """A check that names no state is held against the steady one: few mean it of a failure."""
    return not derived.when or bool((check.when or _STEADY) & derived.when)


def _problems(check: Expectation, derived: Expectation, root: Path) -> Iterator[Problem]:
    file, _, line = check.origin.rpartition(":")
    for clash in _clashes(check, derived):
        message = (
            f"{check.router} {check.subject}: {clash.wanted} contradicts the intent, "
            f"which implies {clash.implied} ({derived.origin})"
        )
        number = int(line) if line.isdigit() else None
        yield Problem(root / file, number, clash.attribute, message)


def _clashes(check: Expectation, derived: Expectation) -> Iterator[_Clash]:
    wanted, implied = check.asserted, derived.asserted
    for name in _PRESENCE:
        gone, there = wanted.get(name) is True, implied.get(name) is True
        if gone != there and (gone or there):
            if gone or _asserts_presence(wanted):
                yield _Clash(name, words(gone), words(there))
            return
    yield from _fields("", wanted, implied)
    yield from _counted(wanted, implied)


def _asserts_presence(wanted: Mapping[str, object]) -> bool:
    """Whether a check asserts anything but that nothing is there."""
    return bool(set(wanted) - {*_PRESENCE, "excludes"})


def _fields(
    prefix: str, wanted: Mapping[str, object], implied: Mapping[str, object]
) -> Iterator[_Clash]:
    """The attributes that both assert; nested ones by their path."""
    for name, value in wanted.items():
        if name not in implied:
            continue
        other, path = implied[name], f"{prefix}{attribute_words(name)}"
        below = _nested(value), _nested(other)
        if below[0] is not None and below[1] is not None:
            yield from _fields(f"{path}.", below[0], below[1])
        elif not _compatible(name, value, other):
            yield _Clash(path, words(value), words(other))


def _nested(value: object) -> Mapping[str, object] | None:
    """The attributes of an expected path, or the entries of a table."""
    if isinstance(value, Statement):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        return {name: each for name, each in fields.items() if each is not None}
    return value if isinstance(value, Mapping) else None


def _compatible(name: str, value: object, other: object) -> bool:
    if name in _AT_LEAST or name in _NONE_OF:
        return True
    if _is_list_of_paths(value) or _is_list_of_paths(other):
        return _length(value) == _length(other)
    if isinstance(value, tuple) and isinstance(other, tuple):
        pairs = zip(value, other, strict=False)
        return len(value) == len(other) and all(_compatible("", *pair) for pair in pairs)
    if isinstance(value, Matcher) and isinstance(other, Matcher):
        return True
    return accepts(other, value) if isinstance(other, Matcher) else accepts(value, other)


def _counted(wanted: Mapping[str, object], implied: Mapping[str, object]) -> Iterator[_Clash]:
    """Attributes of different names that speak of one thing: how many, which, and which not."""
    prefixes = implied.get("prefixes")
    if isinstance(prefixes, frozenset):
        count = wanted.get("count")
        if count is not None and not accepts(count, len(prefixes)):
            yield _Clash("count", words(count), str(len(prefixes)))
        missing = _set(wanted.get("includes")) - prefixes
        if missing:
            yield _Clash("includes", words(missing), f"prefixes {words(prefixes)}")
        unwanted = _set(wanted.get("excludes")) & prefixes
        if unwanted:
            yield _Clash("excludes", words(unwanted), f"prefixes {words(prefixes)}")
    others, paths = implied.get("alternatives"), wanted.get("count")
    if "active" in implied and isinstance(others, tuple) and paths is not None:
        total = 1 + len(others)
        if not accepts(paths, total):
            yield _Clash("count", words(paths), str(total))


def _set(value: object) -> frozenset[object]:
    return value if isinstance(value, frozenset) else frozenset()


def _is_list_of_paths(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(each, Statement) for each in value)


def _length(value: object) -> int:
    return len(value) if isinstance(value, tuple) else -1
