"""A protocol's BFD sessions with its neighbours, one per neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address
    from multihome.twin.junos.model.igp import Bfd
    from multihome.twin.routing.bfd.process import BfdClient, BfdProcess
    from multihome.twin.routing.host import End


class BfdUse:
    """Opened when a neighbour comes up, closed when it goes, notified when a session fails."""

    def __init__(self, process: BfdProcess, client: str, failed: Callable[[End], None]) -> None:
        self._process, self._client, self._failed = process, client, failed
        self._sessions: dict[End, tuple[tuple[Bfd | None, Address | None], BfdClient]] = {}

    def follow(self, end: End, interface: str, address: Address | None, timing: Bfd | None) -> None:
        """Have the session that is configured for a neighbour that is up, or none."""
        held = self._sessions.get(end)
        if held is not None and held[0] == (timing, address):
            return
        self.drop(end)
        if timing is not None and address is not None:
            session = self._process.open(
                self._client, address, timing, lambda: self._failed(end), interface=interface
            )
            self._sessions[end] = ((timing, address), session)

    def drop(self, end: End) -> None:
        """The neighbour is gone."""
        held = self._sessions.pop(end, None)
        if held is not None:
            held[1].close()
