"""What a router says of its own state, as far as it matters before a change.

Platforms differ in what they can be asked: a question that a router does not know leaves a
remark, never a clean bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import BadReply
from multihome.state.query import Query
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

FULL = 98
"""Per cent of a file system from which on a commit may fail for want of space."""
_KEPT = ("/", "/var", "/config", "/.mount/var", "/.mount")
"""Where Junos keeps configurations and what it needs to commit one."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One routing engine."""

    slot: str
    mastership: str
    status: str

    @property
    def well(self) -> bool:
        """No complaint; a release that prints no status makes none."""
        return self.status.upper() in ("", "OK")


@dataclass(frozen=True, slots=True)
class Filesystem:
    """How full one file system is, in per cent."""

    mounted_on: str
    used: int


def read_clock(router: str, payload: _Element) -> int:
    """Seconds since 1970 by the router's clock; of the first routing engine if it has two."""
    moment = payload.find(".//current-time/date-time")
    seconds = moment.get("seconds", "") if moment is not None else ""
    if not seconds.isdigit():
        raise BadReply(router, "get-system-uptime-information: current-time without its seconds")
    return int(seconds)


def read_engines(router: str, payload: _Element) -> tuple[Engine, ...]:
    """The routing engines that answer for themselves."""
    engines = tuple(
        Engine(_text(e, "slot"), _text(e, "mastership-state"), _text(e, "status"))
        for e in payload.iter("route-engine")
    )
    if not engines:
        raise BadReply(router, "get-route-engine-information: no routing engine")
    return engines


def read_storage(router: str, payload: _Element) -> tuple[Filesystem, ...]:
    """The file systems that a commit writes to."""
    found = []
    for entry in payload.iter("filesystem"):
        place, used = _text(entry, "mounted-on"), _text(entry, "used-percent")
        if place in _KEPT:
            if not used.isdigit():
                raise BadReply(router, f"get-system-storage: used-percent of {place} is {used!r}")
            found.append(Filesystem(place, int(used)))
    if not found:
        raise BadReply(router, "get-system-storage: no file system that a commit is written to")
    return tuple(found)


CLOCK = Query(Request.of("get-system-uptime-information"), read_clock)
ENGINES = Query(Request.of("get-route-engine-information"), read_engines)
STORAGE = Query(Request.of("get-system-storage"), read_storage)


def _text(element: _Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
