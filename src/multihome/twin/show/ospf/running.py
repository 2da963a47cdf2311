"""Whether OSPF runs here at all, and what all of its answers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.igp import Ospf
    from multihome.twin.show.registry import Query

NOT_RUNNING = "OSPF instance is not running"
LEVELS = "brief detail extensive"
ARGUMENTS = "instance:instance logical-system:logical-system"
AREA, NO_ROUTER = "0.0.0.0", "0.0.0.0"  # noqa: S104 - the backbone area, and the ID of no router


def configured(query: Query) -> Ospf | None:
    """The configuration of the instance asked for, `master` if none was named."""
    instance = query.router.config.instances.get(query.get("instance") or "master")
    return instance.ospf if instance is not None else None


def instance_of(query: Query, interface: str) -> str:
    """The routing instance that an interface is in."""
    instances = query.router.config.instances.values()
    return next((each.name for each in instances if interface in each.interfaces), "master")


def is_wanted(query: Query, interface: str) -> bool:
    """Whether an interface is in the instance asked for."""
    return instance_of(query, interface) == (query.get("instance") or "master")


def identity(router: Address | None) -> str:
    """An ID; that of no router for None."""
    return NO_ROUTER if router is None else str(router)
