"""What happens to the fleet, as it happens: for consoles and logs to draw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.errors import MultihomeError


class Moment(StrEnum):
    """Where in a step a router is."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"
    NOTE = "note"
    """Neither start nor end of a step: a message, in `text`."""


@dataclass(frozen=True, slots=True)
class Event:
    """One router starts or ends one step, such as `lock` or `collect`; no router means all."""

    step: str
    router: str
    moment: Moment
    seconds: float = 0.0
    error: MultihomeError | None = None
    text: str = ""


Listener: TypeAlias = "Callable[[Event], None]"
"""Called from the thread that works on the router; must be quick and must not raise."""
