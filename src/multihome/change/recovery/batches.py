"""In which order the routers of an earlier run are changed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def in_batches(
    known: Sequence[Sequence[str]],
    routers: Sequence[str],
    arrange: Callable[[Iterable[str]], tuple[tuple[str, ...], ...]] | None,
) -> tuple[tuple[str, ...], ...]:
    """As the run did it; those of which that is not known as `arrange` says, or one by one."""
    found = [tuple(r for r in batch if r in routers) for batch in known]
    placed = {router for batch in found for router in batch}
    rest = [router for router in routers if router not in placed]
    later = arrange(rest) if arrange is not None else tuple((router,) for router in rest)
    return tuple(batch for batch in (*found, *later) if batch)
