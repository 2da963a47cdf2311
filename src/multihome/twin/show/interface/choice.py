"""Which interfaces were asked for: a name, a pattern, an instance, or all."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.show.registry import Query
    from multihome.twin.views import InterfaceView

_PATTERN = frozenset("*?[")


@dataclass(slots=True)
class Port:
    """A physical interface with the logical ones on it that were asked for."""

    name: str
    physical: InterfaceView | None
    """None if only logical interfaces were asked for."""
    logical: list[InterfaceView] = field(default_factory=list)


def chosen(query: Query) -> list[Port] | None:
    """The ports to show; None if the one that was named does not exist."""
    name = query.get("interface-name")
    views = _views(query)
    if name is None:
        return _ports(views)
    if _PATTERN & set(name):
        return _ports(view for view in views if _matches(view, name))
    found = _ports(view for view in views if name in (view.name, _physical(view.name)))
    return found or None


def _views(query: Query) -> list[InterfaceView]:
    """The router's own; on the main router, the ports that logical systems use as well."""
    views = list(query.router.interfaces.views())
    if not query.has("logical-system"):
        known = {view.name for view in views}
        for router in query.device.routers.values():
            for view in router.interfaces.views():
                if "." not in view.name and view.name not in known:
                    known.add(view.name)
                    views.append(view)
    return views


def _matches(view: InterfaceView, pattern: str) -> bool:
    return fnmatchcase(view.name, pattern) or fnmatchcase(_physical(view.name), pattern)


def _ports(views: Iterable[InterfaceView]) -> list[Port]:
    """Ports of cards by slot and number, then those of the chassis by name."""
    ports: dict[str, Port] = {}
    for view in views:
        physical = _physical(view.name)
        port = ports.setdefault(physical, Port(physical, None))
        if view.name == physical:
            port.physical = view
        else:
            port.logical.append(view)
    return sorted(ports.values(), key=_order)


def _order(port: Port) -> tuple[bool, tuple[int, ...], str]:
    _, numbers, _ = InterfaceName.parse(port.name).sort_key
    return "/" not in port.name, numbers if "/" in port.name else (), port.name


def _physical(name: str) -> str:
    return name.partition(".")[0]
