"""The commit checks of the routing and interface daemons, in their own words.

Each complaint names the edit path, the statement and the daemon, as `commit check` does;
the configuration database adds its own last line to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.check.bgp import bgp_problems
from multihome.twin.junos.check.instances import instance_problems
from multihome.twin.junos.check.interfaces import interface_problems
from multihome.twin.junos.check.policy import policy_problems
from multihome.twin.junos.check.prefix import prefix_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.problem import Problem
    from multihome.twin.config.tree import Node


def problems(root: Node) -> tuple[Problem, ...]:
    """What the daemons refuse in an effective tree; nothing if it may be committed."""
    found = [*_router(root, root, ())]
    for system in root.entries("logical-systems"):
        found.extend(_router(system, root, ("logical-systems", system.name)))
    return tuple(found)


def _router(here: Node, chassis: Node, path: tuple[str, ...]) -> Iterator[Problem]:
    yield from interface_problems(here, chassis, path)
    yield from prefix_problems(here, path)
    yield from policy_problems(here, path)
    yield from instance_problems(here, path)
    yield from bgp_problems(here, path)
