"""One path to a prefix as the intent implies it, and which of several is used.

The order is that of Junos ("Understanding BGP Path Selection"), by elimination: a MED is
compared only among paths from one neighbour AS.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from ipaddress import IPv4Address

DEFAULT_LOCAL_PREFERENCE = 100


class Source(IntEnum):
    """Who brought the path; the value is Junos's default route preference."""

    DIRECT = 0
    STATIC = 5
    BGP = 170


@dataclass(frozen=True, slots=True)
class Path:
    """One path at one router."""

    source: Source
    interface: str | None = None
    """Where packets leave; None if the core's shortest path decides."""
    next_hop: IPv4Address | None = None
    external: bool = False
    local_preference: int = DEFAULT_LOCAL_PREFERENCE
    as_path: tuple[int, ...] = ()
    med: int | None = None
    communities: frozenset[str] = frozenset()
    learned_from: IPv4Address | None = None
    teller: str = ""
    """The router that told it."""
    unlabelled: bool = False
    """Without a label for packets to it, so that other PEs are not told of it."""
    edge: str = ""
    """The PE where packets leave the core, of a path through it."""
    originator: IPv4Address | None = None
    cluster_list: tuple[IPv4Address, ...] = ()
    router_id: IPv4Address | None = None
    """Of the originator, or else of the router that told it."""
    igp_cost: int = 0


def ranked(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The path in use first, then the others as they came; empty if there is none."""
    everyone = list(paths)
    if not everyone:
        return ()
    best = _best(everyone)
    return (best, *(path for path in everyone if path is not best))


_BEFORE_MED: tuple[Callable[[Path], object], ...] = (
    lambda path: path.source,
    lambda path: -path.local_preference,
    lambda path: len(path.as_path),
)
_AFTER_MED: tuple[Callable[[Path], object], ...] = (
    lambda path: not path.external,
    lambda path: path.igp_cost,
    lambda path: int(path.router_id or 0),
    lambda path: len(path.cluster_list),
    lambda path: int(path.learned_from or 0),
)


def _best(paths: Sequence[Path]) -> Path:
    by_as = sorted(paths, key=_neighbor_as)
    med: Callable[[Path], object] = lambda path: path.med or 0  # noqa: E731 - a step like the others
    winners = [
        _eliminate(list(group), (*_BEFORE_MED, med, *_AFTER_MED))
        for _, group in groupby(by_as, key=_neighbor_as)
    ]
    return _eliminate(winners, (*_BEFORE_MED, *_AFTER_MED))


def _neighbor_as(path: Path) -> int:
    return path.as_path[0] if path.as_path else 0


def _eliminate(paths: Sequence[Path], steps: Iterable[Callable[[Path], object]]) -> Path:
    survivors = list(paths)
    for step in steps:
        ranks = [step(path) for path in survivors]
        lowest = min(ranks)  # type: ignore[type-var]  # each step compares with itself only
        survivors = [path for path, rank in zip(survivors, ranks, strict=True) if rank == lowest]
    return survivors[0]
