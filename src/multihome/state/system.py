"""The router itself: software, hardware, commit history, alarms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Reply, merged, payloads
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
class Identity:
    """What a router says of who it is; the routing engines of a cluster have names of their own."""

    host_names: tuple[str, ...]
    """Each once; none if no host name is set."""
    serials: tuple[str, ...]
    """Of the chassis; none if the reply does not say."""


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
    engine: str | None = None
    """The routing engine or cluster node that reports it; None where only one answers."""


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


def read_identity(router: str, element: _Element) -> Identity:
    """Parse get-system-information or get-software-information for who answers."""
    answers = payloads(router, _SYSTEM, element, "system-information", "software-information")
    if isinstance(answers, str):
        raise Reply(router, _SYSTEM, element).bad(answers)
    names = [name for each in answers if (name := each.find("host-name"))]
    serials = [number for each in answers if (number := each.find("serial-number"))]
    return Identity(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(serials)))


def read_commits(router: str, element: _Element) -> tuple[Commit, ...]:
    """Parse get-commit-information; a router without any commit has an empty history.

    Routing engines that keep the same history are one; if they differ in their newest commit,
    that is BadReply: which of them the next commit builds on is not known.
    """
    answers = _answers(router, _COMMITS, element, "commit-information")
    histories = [
        tuple(_commit(each) for each in answer.each("commit-history")) for answer in answers
    ]
    for answer, history in zip(answers, histories, strict=True):
        if _newest(history) != _newest(histories[0]):
            raise answer.bad("the routing engines differ in their newest commit")
    return histories[0]


def read_alarms(router: str, element: _Element, *, rpc: str = _ALARMS) -> tuple[Alarm, ...]:
    """Parse an alarm-information; each routing engine must say its alarms, or that it has none."""
    answers = _answers(router, rpc, element, "alarm-information")
    return merged(tuple(_alarms(answer)) for answer in answers)


SOFTWARE = Query(Request.of(_SOFTWARE), read_software)
IDENTITY = Query(Request.of(_SYSTEM), read_identity)
IDENTITY_BY_SOFTWARE = Query(Request.of(_SOFTWARE), read_identity)
"""For releases and logins that do not answer the other one; it shows no serial number."""
SYSTEM = Query(Request.of(_SYSTEM), read_system)
COMMITS = Query(Request.of(_COMMITS), read_commits)
ALARMS = Query(Request.of(_ALARMS), read_alarms)
CHASSIS_ALARMS = Query(Request.of(_CHASSIS_ALARMS), partial(read_alarms, rpc=_CHASSIS_ALARMS))
SYSTEM_LISTING: Listing[System] = Listing(
    "system",
    "The router itself: host name, model, Junos, serial number.",
    {
        "host name": lambda each: each.host_name,
        "model": lambda each: each.model,
        "Junos": lambda each: each.os_version,
        "serial number": lambda each: each.serial,
    },
    (SYSTEM,),
    rows=lambda system: (system,),
)
COMMIT_LISTING: Listing[Commit] = Listing(
    "commits",
    "The commit history, newest first; times in UTC.",
    {
        "": lambda each: each.number,
        "at": lambda each: each.at,
        "user": lambda each: each.user,
        "client": lambda each: each.client,
        "comment": lambda each: "; ".join(filter(None, (each.log, each.comment))),
        "confirm": lambda each: "pending" if each.pending else None,
    },
    (COMMITS,),
)
ALARM_LISTING: Listing[Alarm] = Listing(
    "alarms",
    "Active alarms of system and chassis.",
    {
        "severity": lambda each: each.severity,
        "type": lambda each: each.type,
        "engine": lambda each: each.engine,
        "alarm": lambda each: each.description,
    },
    (ALARMS, CHASSIS_ALARMS),
)


def _answer(router: str, rpc: str, element: _Element, tag: str) -> Reply:
    """Of several routing engines the first that has something to say."""
    answers = _answers(router, rpc, element, tag)
    return next((each for each in answers if len(each.element)), answers[0])


def _answers(router: str, rpc: str, element: _Element, tag: str) -> tuple[Reply, ...]:
    answers = payloads(router, rpc, element, tag)
    if isinstance(answers, str):
        raise Reply(router, rpc, element).bad(answers)
    return answers


def _alarms(reply: Reply) -> tuple[Alarm, ...]:
    found = tuple(
        Alarm(
            severity=each.text("alarm-class"),
            description=each.text("alarm-description"),
            type=each.find("alarm-type"),
            engine=reply.engine,
        )
        for each in reply.each("alarm-detail")
    )
    summary = reply.first("alarm-summary")
    if not found and not (summary and summary.has("no-active-alarms")):
        raise reply.bad("neither alarms nor their absence")
    return found


def _newest(history: tuple[Commit, ...]) -> tuple[str | None, bool] | None:
    """What two routing engines must agree on; user and second are those of each engine's own."""
    return (history[0].log, history[0].pending) if history else None


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
