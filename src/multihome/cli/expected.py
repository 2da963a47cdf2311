"""What the intent implies, laid out for reading: by router, an object a paragraph."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from multihome.check.judge import attribute_words, words
from multihome.check.pathmatch import describe
from multihome.cli.lines import print_line
from multihome.intent.expectation import PrefixCounts, RoutePath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.cli.screen import Screen
    from multihome.intent.statement import Expectation

_INNER = 6


def print_expected(screen: Screen, found: Iterable[Expectation]) -> None:
    """Every expectation, in the order of the routers' names."""
    everything = sorted(found, key=lambda each: each.router)
    for router, group in groupby(everything, key=lambda each: each.router):
        screen.step(router)
        for each in group:
            head = f"  {each.check_name} {each.subject}  ({each.origin})"
            print_line(screen.out, head, indent=_INNER)
            for line in _asserted(each):
                print_line(screen.out, f"    {line}", indent=_INNER)


def _asserted(expected: Expectation) -> Iterator[str]:
    """Every attribute; what is short together on one line, paths and lists by themselves."""
    short: list[str] = []
    long: list[str] = []
    for name, value in expected.asserted.items():
        told = f"{attribute_words(name)} {_told(value)}"
        (long if _is_long(value) else short).append(told)
    if short:
        yield ", ".join(short)
    yield from long


def _is_long(value: object) -> bool:
    return isinstance(value, RoutePath | dict | tuple | frozenset)


def _told(value: object) -> str:
    if isinstance(value, RoutePath):
        return describe(value)
    if isinstance(value, tuple) and value and isinstance(value[0], RoutePath):
        return "; ".join(f"({number}) {describe(each)}" for number, each in enumerate(value, 1))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_told(each)}" for name, each in value.items()) or "none"
    if isinstance(value, PrefixCounts):
        counts = value.model_dump(exclude_none=True)
        return ", ".join(f"{name} {words(getattr(value, name))}" for name in counts)
    return words(value)
