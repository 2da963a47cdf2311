"""Which of all expectations a run is about; a name that nobody knows is an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import NothingTested, UnknownName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from multihome.intent.statement import Expectation


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for; an empty set asks for all."""

    state: str = "steady"
    """The network state that is asserted."""
    routers: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    """Kinds of check, or names of single ones."""


def select(
    expectations: Iterable[Expectation],
    selection: Selection,
    *,
    states: Collection[str],
    routers: Collection[str],
) -> tuple[Expectation, ...]:
    """The expectations asked for, each named so that none is mistaken for another.

    Raises:
        UnknownName: a state, router, tag or check that there is not.
        NothingTested: all names are known and yet nothing is left to test.
    """
    everything = tuple(expectations)
    _known("state", {selection.state}, states)
    _known("router", selection.routers, routers)
    _known("router", (each.router for each in everything), routers)
    _known("tag", selection.tags, {tag for each in everything for tag in each.tags})
    kinds = {name for each in everything for name in (each.check_name, each.name) if name}
    _known("check", selection.checks, kinds)
    chosen = tuple(each for each in everything if _is_chosen(each, selection))
    if not chosen:
        raise NothingTested(f"no check is for state {selection.state!r} and what was asked for")
    return distinct(chosen)


def distinct(expectations: Sequence[Expectation]) -> tuple[Expectation, ...]:
    """Give each a name, numbered where a router has several of one name."""
    seen: dict[tuple[str, str], int] = {}
    named: list[Expectation] = []
    for each in expectations:
        key = (each.router, each.identity)
        seen[key] = seen.get(key, 0) + 1
        name = each.identity if seen[key] == 1 else f"{each.identity} ({seen[key]})"
        named.append(each if each.name == name else each.model_copy(update={"name": name}))
    return tuple(named)


def _is_chosen(each: Expectation, selection: Selection) -> bool:
    return (
        (not each.when or selection.state in each.when)
        and (not selection.routers or each.router in selection.routers)
        and (not selection.tags or bool(selection.tags & each.tags))
        and (not selection.checks or bool(selection.checks & {each.check_name, each.name}))
    )


def _known(kind: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in sorted(set(names)):
        if name not in known:
            raise UnknownName(kind, name, known)
