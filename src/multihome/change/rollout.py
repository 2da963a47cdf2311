"""Roll out site by site: a canary first; stop at the first failure.

Each batch is a transaction of its own, proven and confirmed before the next starts: no
run keeps a hundred routers locked for an hour. Without batches all is one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.change.agreement.schedule import joined
from multihome.change.change_request import only
from multihome.errors import ExitCode
from multihome.values.grouping import on_routers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.change.change_request import Order
    from multihome.change.verdict import Verdict
    from multihome.change.verification import Stage, Verified, Verify


@dataclass(frozen=True, slots=True)
class Rollout:
    """How a change is cut; by default not at all."""

    units: tuple[tuple[str, ...], ...] = ()
    """Routers that go together, such as those of one site."""
    size: int | None = None
    """Units at a time after the first, which is the canary; None: all the others at once."""
    ahead: tuple[tuple[str, ...], ...] = ()
    """Units that go before all others, one by one, such as the core that the sites stand on."""
    together: tuple[tuple[str, ...], ...] = ()
    """Routers that must change at once: no cut parts them, units that they join are one."""

    def orders(self, order: Order) -> tuple[Order, ...]:
        """One order per batch, in turn; at least one, and every router in exactly one."""
        parts = [*_apart((*self.ahead, *self.units), order.scripts)]
        seen = {router for part in parts for router in part}
        if parts:
            parts += [(router,) for router in order.scripts if router not in seen]
        first = {router for part in parts[: len(self.ahead)] for router in part}
        everybody = [router for part in parts for router in part]
        merged = joined(everybody, [*parts, *self.together])
        alone = [part for part in merged if first & set(part)]
        units = [part for part in merged if not first & set(part)]
        step = self.size or len(units) or 1
        chunks = [*([part] for part in alone), units[:1]]
        chunks += [units[at : at + step] for at in range(1, len(units), step)]
        chosen = [{router for unit in chunk for router in unit} for chunk in chunks]
        cut = tuple(only(order, routers) for routers in chosen if routers)
        return cut if len(cut) > 1 else (order,)


def roll_out(
    orders: Iterable[Order], carry_out: Callable[[int, Order], Verdict]
) -> tuple[Verdict, ...]:
    """Carry out one order after the other; the first that is not proven is the last."""
    verdicts = []
    for number, order in enumerate(orders):
        verdicts.append(carry_out(number, order))
        if verdicts[-1].code is not ExitCode.PROVEN:
            break
    return tuple(verdicts)


def so_far(verify: Verify, earlier: tuple[str, ...], *, last: bool) -> Verify:
    """The question of one batch: before the last one, the others still have the old configuration."""

    def asked(stage: Stage) -> Verified:
        committed = (*earlier, *stage.committed)
        return verify(replace(stage, committed=committed, final=stage.final and last))

    return asked


def summary(verdicts: tuple[Verdict, ...], orders: tuple[Order, ...]) -> Verdict:
    """All batches in one verdict: the last one's code, and what became of the others."""
    last = verdicts[-1]
    if len(orders) == 1:
        return last
    done = [verdict for verdict in verdicts if verdict.code is ExitCode.PROVEN]
    kept = "; ".join(f"{on_routers(v.changed)} (run {v.run})" for v in done) or "none"
    text, undo = f"{len(orders)} batches confirmed: {kept}", []
    if len(done) < len(orders):
        left = [router for order in orders[len(verdicts) :] for router in sorted(order.scripts)]
        text = (
            f"batch {len(verdicts)} of {len(orders)}: {last.text}; confirmed before and kept: "
            f"{kept}; not begun: {on_routers(left) or 'none'}"
        )
        undo = [f"multihome rollback {v.run}    undoes {on_routers(v.changed)}" for v in done]
    return replace(
        last,
        text=text,
        parts=tuple(part for verdict in verdicts for part in verdict.parts),
        next=(*last.next, *undo),
        seconds=sum(verdict.seconds for verdict in verdicts),
        confirm_window=max(verdict.confirm_window for verdict in verdicts),
    )


def _apart(units: Iterable[Iterable[str]], wanted: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Of each unit the routers that change, each only with the first unit that has it."""
    left = set(wanted)
    for unit in units:
        chosen = tuple(router for router in unit if router in left)
        left -= set(chosen)
        yield chosen
