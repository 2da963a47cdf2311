"""How long things have run and who is logged in: `show system uptime` and `users`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.show.ages import timestamp, uptime
from multihome.twin.show.as_xml import from_xml
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.system.information import per_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query


@shows("get-system-uptime-information", "show system uptime", "invoke-on:invoke-on")
def uptime_information(query: Query) -> Element:
    """Present time, boot, start of the protocols, last commit, and who is logged in."""
    device = query.device
    now = device.now()
    information = Element("system-uptime-information", module="junos")
    _add_time(information.add("current-time"), now)
    information.add("time-source", " LOCAL CLOCK ")
    for tag in ("system-booted-time", "protocols-started-time"):
        _add_past(information.add(tag), device.started, now)
    _add_last_commit(information, query, now)
    information.children.append(_users(query))
    return per_engine(information) if query.has("invoke-on") else information


@shows("get-system-users-information", "show system users", "no-resolve")
def users_information(query: Query) -> Element:
    """Who is logged in."""
    information = Element("system-users-information", module="junos")
    information.children.append(_users(query))
    return information


def _add_time(element: Element, when: datetime) -> None:
    element.add("date-time", timestamp(when), junos(seconds=int(when.timestamp())))


def _add_past(element: Element, when: datetime, now: datetime) -> None:
    _add_time(element, when)
    seconds = max(int((now - when).total_seconds()), 0)
    element.add("time-length", uptime(seconds), junos(seconds=seconds))


def _add_last_commit(information: Element, query: Query, now: datetime) -> None:
    commits = from_xml(query.device.database_reply(etree.Element("get-commit-information")))
    last = commits.first("commit-history")
    when = last.first("date-time") if last is not None else None
    if last is None or when is None or "junos:seconds" not in when.attributes:
        return
    element = information.add("last-configured-time")
    _add_past(element, datetime.fromtimestamp(int(when.attributes["junos:seconds"]), UTC), now)
    element.add("user", last.value("user"))


def _users(query: Query) -> Element:
    device = query.device
    now, logins = device.now(), device.logins()
    element = Element("uptime-information")
    element.add("date-time", f"{now:%-I:%M%p}", junos(seconds=int(now.timestamp())))
    seconds = int((now - device.started).total_seconds())
    element.add("up-time", _up(seconds), junos(seconds=seconds))
    count = len(logins)
    element.add(
        "active-user-count", count, junos(format=f"{count} user{'' if count == 1 else 's'}")
    )
    for minutes in (1, 5, 15):
        element.add(f"load-average-{minutes}", "0.00")
    table = element.add("user-table")
    for login in logins:
        entry = table.add("user-entry")
        entry.add("user", login.user)
        entry.add("tty", login.tty or "-")
        entry.add("from", login.origin)
        entry.add(
            "login-time", f"{login.since:%-I:%M%p}", junos(seconds=int(login.since.timestamp()))
        )
        entry.add("idle-time", "-", junos(seconds=0))
        entry.add("command", "-cli (cli)" if login.tty else "netconf")
    return element


def _up(seconds: int) -> str:
    days, rest = divmod(max(seconds, 0), 86400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}"
    return f"{days} day{'' if days == 1 else 's'}, {clock}" if days else clock


@prints("system-uptime-information")
def uptime_text(information: Element) -> Iterator[str]:
    """A line per moment, then the line that every Unix prints."""
    value = information.value
    yield f"Current time: {value('current-time/date-time')}"
    yield f"Time Source: {value('time-source')}"
    for tag, word in (
        ("system-booted-time", "System booted"),
        ("protocols-started-time", "Protocols started"),
        ("last-configured-time", "Last configured"),
    ):
        for element in information.all(tag):
            by = f" by {element.value('user')}" if element.has("user") else ""
            yield f"{word}: {element.value('date-time')} ({element.value('time-length')} ago){by}"
    for users in information.all("uptime-information"):
        yield _load(users)


@prints("system-users-information")
def users_text(information: Element) -> Iterator[str]:
    """The load, then a line per login."""
    for users in information.all("uptime-information"):
        yield _load(users)
        yield "USER     TTY      FROM                              LOGIN@  IDLE WHAT"
        for table in users.all("user-table"):
            for entry in table.all("user-entry"):
                yield (
                    f"{entry.value('user'):<9}{entry.value('tty'):<9}{entry.value('from'):<33}"
                    f"{entry.value('login-time'):>7}{entry.value('idle-time'):>6}"
                    f" {entry.value('command')}"
                )


def _load(users: Element) -> str:
    count = users.first("active-user-count")
    people = count.attributes["junos:format"] if count else ""
    averages = ", ".join(users.value(f"load-average-{minutes}") for minutes in (1, 5, 15))
    return (
        f"{users.value('date-time')}  up {users.value('up-time')}, {people},"
        f" load averages: {averages}"
    )
