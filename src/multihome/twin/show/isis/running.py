"""Whether IS-IS runs here at all, and what its parts are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from multihome.twin.junos.model.igp import Isis
    from multihome.twin.show.device import Router
    from multihome.twin.show.registry import Query

NOT_RUNNING = "IS-IS instance is not running"
ARGUMENTS = "instance:instance logical-system:logical-system"
LEVELS = (1, 2)


class Net(NamedTuple):
    """A network entity title taken apart (ISO 10589 section 7.1)."""

    area: str
    system: str


def configured(query: Query) -> Isis | None:
    """The configuration of the instance asked for, `master` if none was named."""
    instance = query.router.config.instances.get(query.get("instance") or "master")
    return instance.isis if instance is not None else None


def net_of(router: Router) -> Net | None:
    """The first network entity title of any interface; loopbacks carry it by custom."""
    units = sorted(router.config.units.values(), key=lambda unit: not unit.name.startswith("lo0"))
    for unit in units:
        for title in unit.iso:
            parts = title.split(".")
            return Net(".".join(parts[:-4]), ".".join(parts[-4:-1]))
    return None
