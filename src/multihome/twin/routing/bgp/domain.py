"""The AS numbers a router takes for its own when it looks for loops in a path.

By default all routing instances are one domain: the numbers of every instance, and every
`local-as`, make a loop wherever they are seen; `independent-domain` takes an instance out.

Source: Junos OS BGP User Guide, "Disabling Attribute Set Messages on Independent AS Domains
for BGP Loop Detection", and the statements `loops` of an autonomous system, which counts the
times that hide a route, and of an address family, which counts the times that do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.aspath import numbers_in
from multihome.twin.junos.model.instances import MASTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multihome.twin.junos.aspath import AsPath
    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.junos.model.router import Router


class Domains:
    """The numbers of each domain of one configuration, and how often each makes a loop."""

    def __init__(self, router: Router) -> None:
        self._shared = _limits(router, (i for i in router.instances.values() if not _apart(i)))
        self._apart = {
            name: _limits(router, (instance,))
            for name, instance in router.instances.items()
            if _apart(instance)
        }

    def __eq__(self, other: object) -> bool:
        """Whether both find the same loops."""
        if not isinstance(other, Domains):
            return NotImplemented
        return (self._shared, self._apart) == (other._shared, other._apart)

    __hash__ = None  # type: ignore[assignment]  # compared, never a key

    def loops(
        self, instance: str, config: BgpNeighbor, family: str, local_as: int, path: AsPath
    ) -> bool:
        """Whether a path that a peer of the instance sent has been here before."""
        limits, numbers = self._apart.get(instance, self._shared), numbers_in(path)
        most = dict(config.family_loops).get(family)
        if most is not None:
            return any(numbers.count(number) > most for number in {*limits, local_as})
        own = config.local_as_loops if config.local_as is not None else limits.get(local_as, 1)
        return any(
            numbers.count(number) >= limit for number, limit in {**limits, local_as: own}.items()
        )


def _apart(instance: RoutingInstance) -> bool:
    return instance.independent_domain and instance.name != MASTER


def _limits(router: Router, instances: Iterable[RoutingInstance]) -> Mapping[int, int]:
    """A number that is configured twice holds as often as the more generous place says."""
    limits: dict[int, int] = {}
    for instance in instances:
        for number, loops in _numbers(router, instance):
            limits[number] = max(loops, limits.get(number, 0))
    return limits


def _numbers(router: Router, instance: RoutingInstance) -> Iterator[tuple[int, int]]:
    holder = instance if instance.autonomous_system is not None else router.instances[MASTER]
    if holder.autonomous_system is not None:
        yield holder.autonomous_system, holder.as_loops
    for neighbor in instance.bgp.neighbors:
        if neighbor.local_as is not None:
            yield neighbor.local_as, neighbor.local_as_loops
