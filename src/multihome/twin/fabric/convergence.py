"""Letting a network come to rest, and saying what keeps it from doing so."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from multihome.twin.routing.host import Oscillation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from multihome.twin.addressing import Prefix
    from multihome.twin.clock import Clock
    from multihome.twin.routing.node import VirtualRouter
    from multihome.twin.routing.rib import Rib

_EVENTS_AT_LEAST: Final = 200_000
_EVENTS_PER_ROUTER: Final = 20_000
_OBSERVED_EVENTS: Final = 5_000
_NAMED: Final = 5


def rest(clock: Clock, nodes: Mapping[str, VirtualRouter], limit: float) -> float:
    """Run the clock until only background timers are left; the seconds it took.

    Raises:
        Oscillation: out of time or events; names the routes that keep changing.
    """
    start = clock.now
    events = _EVENTS_AT_LEAST + _EVENTS_PER_ROUTER * len(nodes)
    with _uncollected():
        while clock.foreground:
            clock.step()
            events -= 1
            if clock.now - start > limit or not events:
                raise Oscillation(_complaint(clock, nodes, clock.now - start))
    return clock.now - start


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's cyclic collector, which walks every route there is, again and again.

    Half of the time of a large network went there, and tables make no garbage in cycles.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _complaint(clock: Clock, nodes: Mapping[str, VirtualRouter], took: float) -> str:
    """Watch every table for a while and name what changes most."""
    changes: Counter[str] = Counter()
    before = {name: node.activity for name, node in nodes.items()}
    for node in nodes.values():
        for rib in node.ribs.values():
            rib.subscribe(_counter(changes, node, rib))
    for _ in range(_OBSERVED_EVENTS):
        if not clock.foreground:
            break
        clock.step()
    busy = Counter({name: node.activity - before.get(name, 0) for name, node in nodes.items()})
    routes, routers = _most(changes), _most(busy)
    return (
        f"the network is not at rest after {took:g} s"
        + (f"; keeps changing: {routes}" if routes else "")
        + (f"; busy: {routers}" if routers else "")
    )


def _most(counter: Counter[str]) -> str:
    return ", ".join(name for name, count in counter.most_common(_NAMED) if count > 1)


def _counter(changes: Counter[str], node: VirtualRouter, rib: Rib) -> Callable[..., None]:
    def count(prefix: Prefix, *_: object) -> None:
        changes[f"{node.name} {rib.name} {prefix}"] += 1

    return count
