"""Names by which no check of a run is mistaken for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.intent.statement import Expectation


def distinct(expectations: Sequence[Expectation]) -> tuple[Expectation, ...]:
    """Give each expectation a name, numbered where a router has several of one name."""
    seen: dict[tuple[str, str], int] = {}
    named: list[Expectation] = []
    for each in expectations:
        key = (each.router, each.identity)
        seen[key] = seen.get(key, 0) + 1
        name = each.identity if seen[key] == 1 else f"{each.identity} ({seen[key]})"
        named.append(each if each.name == name else each.model_copy(update={"name": name}))
    return tuple(named)
