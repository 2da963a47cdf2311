"""Who edits the database, and the error that another session gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from multihome.twin.config.problem import Problem

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from multihome.twin.config.tree import Node

Mode = Literal["shared", "exclusive", "private"]


@dataclass(slots=True)
class Holder:
    """A session that may edit.

    Attributes:
        session: its ID, which Junos calls pid.
        tty: empty for NETCONF.
        since: when it was opened.
        active: when it last did something, for the idle time.
        mode: what it edits: the shared candidate, that alone (`exclusive`), or its own copy.
        root: its private candidate.
        base: the committed tree that the private candidate was made from.
    """

    session: int
    user: str
    tty: str
    client: str
    since: datetime
    active: datetime
    mode: Mode = "shared"
    root: Node | None = None
    base: Node | None = None
    opened: bool = False
    """An `open-configuration` is to be closed again."""


NOT_OPEN = Problem("Configuration database is not open")
ALREADY_OPEN = Problem("Configuration database is already open")
MODIFIED = Problem("configuration database modified")
SHARED_MODIFIED = Problem("shared configuration database modified")
PRIVATE_IN_USE = Problem("private edits in use. Try 'configure private' or 'configure exclusive'")


def locked_by(holder: Holder, now: datetime) -> Problem:
    """The error for a session that wants what another one holds exclusively."""
    idle = now - holder.active
    waiting = f", idle {_clock(idle)}" if idle.total_seconds() >= 1 else ""
    text = (
        "configuration database locked by:\n"
        f"  {holder.user} terminal {holder.tty} (pid {holder.session})"
        f" on since {holder.since:%Y-%m-%d %H:%M:%S} {_zone(holder.since)}{waiting}\n"
        "      exclusive "
    )
    return Problem(text, tag="lock-denied", session=holder.session)


def _zone(moment: datetime) -> str:
    return moment.tzname() or "UTC"


def _clock(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class Sessions:
    """Everybody who may edit, by session ID."""

    def __init__(self) -> None:
        self._holders: dict[int, Holder] = {}

    def add(self, holder: Holder) -> None:
        """Make a session known."""
        self._holders[holder.session] = holder

    def remove(self, session: int) -> None:
        """Forget a session."""
        self._holders.pop(session, None)

    def get(self, session: int | None) -> Holder | None:
        """The session, if it is known."""
        return None if session is None else self._holders.get(session)

    def known(self, session: int, now: datetime) -> Holder:
        """The session, which does something now; made known if it is not."""
        holder = self._holders.get(session)
        if holder is None:
            holder = self._holders[session] = Holder(session, "root", "", "netconf", now, now)
        holder.active = now
        return holder

    def everybody(self) -> tuple[Holder, ...]:
        """All sessions, in the order of their opening."""
        return tuple(self._holders.values())

    def exclusive(self) -> Holder | None:
        """The session that holds the database alone."""
        return next((each for each in self._holders.values() if each.mode == "exclusive"), None)

    def denied(self, session: int, now: datetime) -> Problem | None:
        """Why a session may not edit now: another one holds the database alone."""
        holder = self.exclusive()
        if holder is None or holder.session == session:
            return None
        return locked_by(holder, now)

    def barred(self, session: int, now: datetime) -> Problem | None:
        """Why a session may not change what it edits: see `denied`; or others edit copies.

        While a session has a private copy, no session may change the shared candidate.
        """
        if (refused := self.denied(session, now)) is not None:
            return refused
        own = self._holders.get(session)
        if own is not None and own.mode != "shared":
            return None
        private = any(each.mode == "private" for each in self._holders.values())
        return PRIVATE_IN_USE if private else None
