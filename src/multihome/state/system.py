"""The router itself: software, hardware, commit history, alarms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.state.query import Query
from multihome.state.reply import Reply, payload
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

_SOFTWARE = "get-software-information"
_SYSTEM = "get-system-information"
_COMMITS = "get-commit-information"
_ALARMS = "get-system-alarm-information"
_CHASSIS_ALARMS = "get-alarm-information"
_BRACKETED = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Software:
    """What runs on the router."""

    host_name: str
    model: str
    version: str


@dataclass(frozen=True, slots=True)
class System:
    """Which hardware it is."""

    host_name: str | None
    model: str
    os_version: str
    serial: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the commit history, newest is number 0."""

    number: int
    user: str
    client: str
    at: datetime | None
    comment: str | None
    """Junos's own text: `commit confirmed, rollback in 5mins`; stays after the confirmation."""
    log: str | None
    """The operator's message."""
    pending: bool
    """Still to be confirmed."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One active alarm."""

    severity: str
    description: str
    type: str | None = None


def read_software(router: str, element: _Element) -> Software:
    """Parse get-software-information; releases before 13.1 name the version in a package."""
    reply = _answer(router, _SOFTWARE, element, "software-information")
    return Software(
        host_name=reply.text("host-name"),
        model=reply.text("product-model"),
        version=reply.find("junos-version") or _package_version(reply),
    )


def read_system(router: str, element: _Element) -> System:
    """Parse get-system-information; raises BadReply."""
    reply = _answer(router, _SYSTEM, element, "system-information")
    return System(
        host_name=reply.find("host-name"),
        model=reply.text("hardware-model"),
        os_version=reply.text("os-version"),
        serial=reply.find("serial-number"),
    )


def read_commits(router: str, element: _Element) -> tuple[Commit, ...]:
    """Parse get-commit-information; a router without any commit has an empty history."""
    reply = _answer(router, _COMMITS, element, "commit-information")
    return tuple(_commit(each) for each in reply.each("commit-history"))


def read_alarms(router: str, element: _Element) -> tuple[Alarm, ...]:
    """Parse an alarm-information; no alarms must be said, not left out."""
    reply = _answer(router, _ALARMS, element, "alarm-information")
    found = tuple(
        Alarm(each.text("alarm-class"), each.text("alarm-description"), each.find("alarm-type"))
        for each in reply.each("alarm-detail")
    )
    summary = reply.first("alarm-summary")
    if not found and not (summary and summary.has("no-active-alarms")):
        raise reply.bad("neither alarms nor their absence")
    return found


SOFTWARE = Query(Request.of(_SOFTWARE), read_software)
SYSTEM = Query(Request.of(_SYSTEM), read_system)
COMMITS = Query(Request.of(_COMMITS), read_commits)
ALARMS = Query(Request.of(_ALARMS), read_alarms)
CHASSIS_ALARMS = Query(Request.of(_CHASSIS_ALARMS), read_alarms)


def _answer(router: str, rpc: str, element: _Element, tag: str) -> Reply:
    answer = payload(router, rpc, element, tag)
    if isinstance(answer, str):
        raise Reply(router, rpc, element).bad(answer)
    return answer


def _package_version(reply: Reply) -> str:
    for package in reply.each("package-information"):
        found = _BRACKETED.search(package.find("comment") or "")
        if package.find("name") == "junos" and found:
            return found[1]
    raise reply.bad("missing", "junos-version")


def _commit(reply: Reply) -> Commit:
    return Commit(
        number=reply.count("sequence-number"),
        user=reply.text("user"),
        client=reply.text("client"),
        at=_time(reply, "date-time"),
        comment=reply.find("comment"),
        log=reply.find("log"),
        pending=reply.has("commit-confirmed"),
    )


def _time(reply: Reply, name: str) -> datetime | None:
    """The moment that an element's seconds since 1970 are."""
    seconds = reply.seconds(name)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as error:  # by platform and size
        raise reply.bad(str(error), name) from error
