"""BFD with the next hops of static routes: which of them are alive.

Source: Junos OS, "Understanding BFD for Static Routes for Faster Network Failure Detection":
a next hop counts once its session is up, and no longer when the session has gone down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model import Bfd, StaticBfd
    from multihome.twin.routing.bfd.process import BfdClient, BfdProcess


class _Session(NamedTuple):
    """What tells sessions of one router apart, and how fast they are."""

    instance: str
    neighbor: Address
    source: Address | None
    interface: str
    timing: Bfd


@dataclass(slots=True, eq=False)
class _State:
    alive: bool = False
    client: BfdClient | None = None


class Liveness:
    """Sessions as long as a static route asks for them; `changed` is told of an instance."""

    def __init__(self, process: BfdProcess, changed: Callable[[str], None]) -> None:
        self._process, self._changed = process, changed
        self._states: dict[_Session, _State] = {}
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
        state = self._states.get(session)
        if state is None:
            state = self._states[session] = _State()
            self._open(session, state)
        return state.alive

    def end(self, instance: str) -> None:
        """Nobody of the instance asks about any other session."""
        for session in [one for one in self._states if one.instance == instance]:
            if session not in self._asked:
                state = self._states.pop(session)
                if state.client is not None:
                    state.client.close()

    def _open(self, session: _Session, state: _State) -> None:
        def now(*, alive: bool) -> None:
            state.alive = alive
            self._changed(session.instance)

        state.client = self._process.open(
            "Static",
            session.neighbor,
            session.timing,
            lambda: now(alive=False),
            rose=lambda: now(alive=True),
            interface=session.interface,
            source=session.source,
            instance=session.instance,
        )
        state.alive = state.client.up
