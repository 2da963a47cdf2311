"""Many changes one after the other: a canary first, and no further than the first that fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from multihome.change.order import Order
    from multihome.change.verdict import Verdict


def split(order: Order, groups: Iterable[Iterable[str]]) -> Iterator[Order]:
    """One order per group of routers, in the order of the groups; empty ones are left out.

    A router that is in several groups, such as the PE of many sites, comes with the first.
    """
    seen: set[str] = set()
    for group in groups:
        chosen = [router for router in group if router in order.scripts and router not in seen]
        seen.update(chosen)
        if chosen:
            batches = (tuple(r for r in batch if r in chosen) for batch in order.batches)
            scripts = {router: order.scripts[router] for router in chosen}
            yield replace(order, scripts=scripts, batches=tuple(b for b in batches if b))


def batched(groups: Sequence[Iterable[str]], size: int) -> tuple[tuple[str, ...], ...]:
    """The first group alone, as the canary, then `size` groups at a time."""
    first, rest = groups[:1], groups[1:]
    chunks = [first, *(rest[at : at + size] for at in range(0, len(rest), max(1, size)))]
    return tuple(tuple(router for group in chunk for router in group) for chunk in chunks if chunk)


def rollout(orders: Iterable[Order], carry_out: Callable[[Order], Verdict]) -> tuple[Verdict, ...]:
    """Carry out one order after the other; the first that is not proven is the last."""
    verdicts = []
    for order in orders:
        verdicts.append(carry_out(order))
        if verdicts[-1].code is not ExitCode.PROVEN:
            break
    return tuple(verdicts)
