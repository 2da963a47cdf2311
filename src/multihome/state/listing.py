"""Tables for people: which queries make one, and what its columns show.

A module of this package that reads a table declares its `Listing` beside the query. The verb
`show`, its help and its completion are made from what is declared: nothing else lists them.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from multihome.state.query import Query

R = TypeVar("R")
Narrow: TypeAlias = "Callable[[str | None, str | None], Query[Any]]"
"""The query for one table and one destination, either of which may be None for all."""
PACKAGE = "multihome.state"


@dataclass(frozen=True, slots=True, eq=False)
class Listing(Generic[R]):
    """One verb of `show`: a line for each row of type R."""

    verb: str
    help: str
    """One sentence: the first line of the verb's help."""
    columns: Mapping[str, Callable[[R], object]]
    """By heading what a row shows: text, a number, an address, a time, several of them, or None."""
    queries: tuple[Query[Any], ...]
    """All are asked, and each answers with rows of its own."""
    rows: Callable[[Any], Iterable[R]] = iter
    """The rows of what a query's parser returns."""
    narrow: Narrow | None = None
    """What replaces `queries` where a table or a destination is chosen."""


@cache
def listings() -> Mapping[str, Listing[Any]]:
    """Every listing that a module of this package declares, by its verb.

    Raises:
        ValueError: two have the same verb.
    """
    found: dict[str, Listing[Any]] = {}
    package = import_module(PACKAGE)
    for module in pkgutil.iter_modules(package.__path__, f"{PACKAGE}."):
        if module.ispkg:
            continue
        for each in vars(import_module(module.name)).values():
            if not isinstance(each, Listing):
                continue
            if found.setdefault(each.verb, each) is not each:
                raise ValueError(f"two listings have the verb {each.verb!r}")
    return dict(sorted(found.items()))
