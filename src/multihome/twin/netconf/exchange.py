"""What an operation may touch: the chassis it runs on and the session that asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from multihome.twin.show.device import Device

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from multihome.twin.clock import Clock
    from multihome.twin.config.database import Database
    from multihome.twin.netconf.messages import Style


class Host(Device, Protocol):
    """A chassis as its NETCONF server sees it."""

    database: Database
    clock: Clock

    @property
    def style(self) -> Style:
        """How a session that begins now names things, by the committed configuration."""
        ...

    @property
    def chunked(self) -> bool:
        """Whether a session that begins now is offered `base:1.1`."""
        ...

    def enter(self, user: str, origin: str, tty: str, hangup: Callable[[], None]) -> int:
        """Note a login; its session ID. `hangup` ends the transport when it is killed."""
        ...

    def leave(self, session: int) -> None:
        """Forget a login: its locks are free and its private candidate is gone."""
        ...

    def watch_confirmation(self) -> None:
        """A confirmed commit was made, confirmed or taken back: time its rollback afresh."""
        ...

    def kill(self, session: int) -> bool:
        """End another session; False if there is none of that ID."""
        ...

    def log(self, message: str) -> None:
        """Write a line into the chassis's log."""
        ...

    def log_failure(self, what: str) -> None:
        """Write the exception being handled, with its traceback, into the log."""
        ...


@dataclass(slots=True)
class Exchange:
    """One session, as the operations see it."""

    host: Host
    user: str
    session: int
    style: Style
    system: str = ""
    """The logical system that operational requests are meant for."""
    ending: bool = field(default=False)
    """Set by an operation after whose reply the session ends."""


if TYPE_CHECKING:
    Operation = Callable[[Exchange, _Element], str]
    """Does what an RPC's element asks; the reply's body. Raises Refused or `show`'s RpcError."""
