"""BFD sessions, as `show bfd session` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from multihome.twin.show.registry import Query
    from multihome.twin.views import BfdView

_ARGUMENTS = """
    brief detail extensive summary address:address client:client logical-system:logical-system
"""
_ABOVE = "                                                  Detect   Transmit"
_HEADING = "Address                  State     Interface      Time     Interval  Multiplier"
_SLOW = 3.0
"""Seconds between packets of a session that is not up (RFC 5880 section 6.8.3, Junos)."""


@shows("get-bfd-session-information", "show bfd session", _ARGUMENTS)
def session_information(query: Query) -> Element:
    """Every session, then the totals; without BFD all of them are zero."""
    level = query.level("detail", "extensive", "summary", "brief", default="brief")
    information = Element(
        "bfd-session-information", attributes=junos(style=level), module="junos-bfd"
    )
    views = [view for view in query.router.bfd.sessions() if _is_wanted(view, query)]
    for view in views if level != "summary" else ():
        session = information.add("bfd-session")
        _add_brief(session, view)
        if level != "brief":
            _add_detail(session, view, query.now)
        if level == "extensive":
            _add_extensive(session, view)
    information.add("sessions", len(views))
    information.add("clients", sum(len(view.clients) for view in views))
    information.add("cumulative-transmission-rate", f"{_rate(views):.1f}")
    up = [view for view in views if view.up]
    information.add("cumulative-reception-rate", f"{_rate(up):.1f}")
    return information


def _is_wanted(view: BfdView, query: Query) -> bool:
    address, client = query.get("address"), query.get("client")
    return address in (None, str(view.address)) and (
        client is None or client.lower() in (name.lower() for name in view.clients)
    )


def _rate(views: Sequence[BfdView]) -> float:
    """Packets a second."""
    return sum(1 / _interval(view) for view in views)


def _interval(view: BfdView) -> float:
    return view.interval if view.up and view.interval else _SLOW


def _add_brief(session: Element, view: BfdView) -> None:
    session.add("session-neighbor", view.address)
    session.add("session-state", "Up" if view.up else "Down")
    session.add("session-interface", view.interface)
    session.add("session-detection-time", f"{view.detection_time if view.up else 0:.3f}")
    session.add("session-transmission-interval", f"{_interval(view):.3f}")
    session.add("session-adaptive-multiplier", view.multiplier)


def _add_detail(session: Element, view: BfdView, now: float) -> None:
    for name in view.clients:
        client = session.add("bfd-client")
        client.add("client-name", name)
        client.add("client-transmission-interval", f"{view.interval:.3f}")
        client.add("client-reception-interval", f"{view.interval:.3f}")
    if view.up:
        session.add("session-up-time", clock_age(now - view.since))
    session.add("local-diagnostic", "None" if view.up else "CtlExpire")
    session.add("remote-diagnostic", "None")
    session.add("session-version", 1)
    session.add("remote-state", "Up" if view.up else "Down")
    session.add("session-type", "Single hop BFD" if view.interface else "Multi hop BFD")


def _add_extensive(session: Element, view: BfdView) -> None:
    interval, slow = f"{view.interval:.3f}", f"{_interval(view):.3f}"
    for tag, value in (
        ("minimum-asynchronous-interval", interval),
        ("minimum-slow-interval", f"{_SLOW:.3f}"),
        ("adaptive-asynchronous-transmission-interval", slow),
        ("adaptive-reception-interval", slow),
        ("minimum-transmission-interval", slow),
        ("minimum-reception-interval", interval),
        ("detection-multiplier", view.multiplier),
        ("neighbor-minimum-transmission-interval", interval if view.up else "0.000"),
        ("neighbor-minimum-reception-interval", interval if view.up else "0.000"),
        ("neighbor-session-multiplier", view.multiplier if view.up else 0),
        ("local-discriminator", _discriminator(view, "local")),
        ("remote-discriminator", _discriminator(view, "remote") if view.up else 0),
        ("echo-mode-desired", "disabled"),
        ("echo-mode-state", "inactive"),
    ):
        session.add(tag, value)
    if not view.interface:
        session.add("multihop", "Multi-hop")


def _discriminator(view: BfdView, end: str) -> int:
    return 16 + crc32(f"{end} {view.address} {view.interface}".encode()) % 1000


@prints("bfd-session-information")
def session_text(information: Element) -> Iterator[str]:
    """A table, paragraphs below its lines in detail, the totals."""
    if information.attributes.get("junos:style") != "summary":
        yield from (_ABOVE, _HEADING)
    for session in information.all("bfd-session"):
        value = session.value
        yield (
            f"{value('session-neighbor'):<24} {value('session-state'):<9}"
            f" {value('session-interface'):<14} {value('session-detection-time'):<8}"
            f" {value('session-transmission-interval'):>6}"
            f"{value('session-adaptive-multiplier'):>9}   "
        )
        yield from (f" {line}" for line in _detail_lines(session))
    yield ""
    yield f"{information.value('sessions')} sessions, {information.value('clients')} clients"
    yield (
        f"Cumulative transmit rate {information.value('cumulative-transmission-rate')} pps,"
        f" cumulative receive rate {information.value('cumulative-reception-rate')} pps"
    )


def _detail_lines(session: Element) -> Iterator[str]:
    if not session.has("session-type"):
        return
    value = session.value
    for client in session.all("bfd-client"):
        yield (
            f"Client {client.value('client-name')},"
            f" TX interval {client.value('client-transmission-interval')},"
            f" RX interval {client.value('client-reception-interval')}"
        )
    if session.has("session-up-time"):
        yield f"Session up time {value('session-up-time')}"
    yield (
        f"Local diagnostic {value('local-diagnostic')},"
        f" remote diagnostic {value('remote-diagnostic')}"
    )
    yield f"Remote state {value('remote-state')}, version {value('session-version')}"
    yield f"Session type: {value('session-type')}"
    if session.has("local-discriminator"):
        yield from _extensive_lines(value)


def _extensive_lines(value: Callable[[str], str]) -> Iterator[str]:
    yield (
        f"Min async interval {value('minimum-asynchronous-interval')},"
        f" min slow interval {value('minimum-slow-interval')}"
    )
    yield (
        f"Local min TX interval {value('minimum-transmission-interval')},"
        f" minimum RX interval {value('minimum-reception-interval')},"
        f" multiplier {value('detection-multiplier')}"
    )
    yield (
        f"Remote min TX interval {value('neighbor-minimum-transmission-interval')},"
        f" min RX interval {value('neighbor-minimum-reception-interval')},"
        f" multiplier {value('neighbor-session-multiplier')}"
    )
    yield (
        f"Local discriminator {value('local-discriminator')},"
        f" remote discriminator {value('remote-discriminator')}"
    )
    yield f"Echo mode {value('echo-mode-desired')}/{value('echo-mode-state')}"
