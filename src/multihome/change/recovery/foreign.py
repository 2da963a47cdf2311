"""What is left of a run's change where another user has committed since."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.errors import DeviceError

if TYPE_CHECKING:
    from multihome.change.router_status import Position
    from multihome.device.session import CandidateSession


def kept(session: CandidateSession, found: Position) -> bool | None:
    """Whether every statement that the run added is there, and none that it took away.

    Read in a private copy of the configuration. None if the former configurations are not to
    be had.
    """
    if found.forward is None or found.origin is None:
        return None
    try:
        session.open_private()
        now, after, before = (
            _statements(session, number) for number in (0, found.forward, found.origin)
        )
    except DeviceError:
        return None
    finally:
        with suppress(DeviceError):
            session.close_private()
    return after - before <= now and not (before - after) & now


def _statements(session: CandidateSession, number: int) -> frozenset[str]:
    session.rollback(number)
    return frozenset(session.configuration(style="set", candidate=True).splitlines())
