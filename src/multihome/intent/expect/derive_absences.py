"""What a failure must have taken away: sessions that are down, routes that nobody has any more.

A route that outlives its origin draws packets into a hole, and a session that still stands
means that the network is not in the state that it is taken for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.intent.expectation import BgpSession, RouteExpectation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from multihome.intent.expect.derived_network import World
    from multihome.intent.expectation import AnyExpectation


def gone(
    world: World, steady: Iterable[AnyExpectation], said: Collection[AnyExpectation]
) -> Iterator[AnyExpectation]:
    """What holds in the steady state and of which the present one says nothing."""
    still = {_about(item) for item in said}
    labelled = {item.router for item in said if _is_labelled(item)}
    when = frozenset({world.scene.state.value})
    for item in steady:
        if _about(item) in still or not world.alive(item.router):
            continue
        frame: dict[str, Any] = {
            "when": when,
            **{name: getattr(item, name) for name in ("router", "tags", "origin")},
        }
        if isinstance(item, BgpSession):
            yield BgpSession(**frame, peer=item.peer, instance=item.instance, down=True)
        elif _is_labelled(item) and item.router not in labelled:
            continue  # the last one takes the table with it, and no table proves nothing
        elif isinstance(item, RouteExpectation) and not _hangs_on_doubt(world, item):
            yield RouteExpectation(**frame, table=item.table, prefix=item.prefix, absent=True)


def _about(item: AnyExpectation) -> tuple[str, str, str]:
    return item.router, item.check_name, item.subject


def _is_labelled(item: AnyExpectation) -> bool:
    """Whether it is about the table that labelled paths alone are in."""
    return isinstance(item, RouteExpectation) and item.table == "inet.3"


def _hangs_on_doubt(world: World, item: RouteExpectation) -> bool:
    """Whether the route is there or not as a link is up or not, of which nothing is known."""
    if item.prefix in world.doubtful:
        return True
    path = item.active
    if path is None or path.protocol not in ("Direct", "Static"):
        return False
    return (item.router, path.interface) in world.scene.failures.doubtful
