"""BFD with the next hops of static routes: which of them are alive.

Source: Junos OS, "Understanding BFD for Static Routes for Faster Network Failure Detection":
a next hop counts once its session is up, and no longer when the session has gone down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.igp import Bfd
    from multihome.twin.junos.model.instances import StaticBfd
    from multihome.twin.routing.bfd.process import BfdClient, BfdProcess


class _Session(NamedTuple):
    """What distinguishes sessions of one router, and how fast they are."""

    instance: str
    neighbor: Address
    source: Address | None
    interface: str
    timing: Bfd


class Liveness:
    """Sessions as long as a static route asks for them; `changed` is called with the instance."""

    def __init__(self, process: BfdProcess, changed: Callable[[str], None]) -> None:
        self._process, self._changed = process, changed
        self._clients: dict[_Session, BfdClient] = {}
        self._asked: set[_Session] = set()

    def begin(self) -> None:
        """The routes of an instance are about to ask."""
        self._asked.clear()

    def alive(self, instance: str, hop: Address, interface: str, bfd: StaticBfd) -> bool:
        """Whether the session with a next hop is up; opened if there is none yet."""
        single = bfd.neighbor in (None, hop) and bfd.local_address is None
        session = _Session(
            instance,
            bfd.neighbor or hop,
            bfd.local_address,
            interface if single else "",
            bfd.timing,
        )
        self._asked.add(session)
        client = self._clients.get(session)
        if client is None:
            client = self._clients[session] = self._open(session)
        return client.up

    def end(self, instance: str) -> None:
        """No route of the instance asks about any other session."""
        for session in [one for one in self._clients if one.instance == instance]:
            if session not in self._asked:
                self._clients.pop(session).close()

    def _open(self, session: _Session) -> BfdClient:
        return self._process.open(
            "Static",
            session.neighbor,
            session.timing,
            _nothing_more,
            changed=lambda: self._changed(session.instance),
            interface=session.interface,
            source=session.source,
            instance=session.instance,
        )


def _nothing_more() -> None:
    """A session that fails has changed, and that is all there is to know."""
