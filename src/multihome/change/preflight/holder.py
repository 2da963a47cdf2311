"""Who holds a configuration database, read from the words of the router that refuses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import LockDenied

if TYPE_CHECKING:
    from multihome.errors import MultihomeError

_LOCKED = re.compile(
    r"locked by:\s*(?P<user>\S+)\s+terminal(?:\s+(?P<terminal>[^\s(]+))?\s*\(pid (?P<pid>\d+)\)"
    r"\s+on since (?P<since>.+?)(?:,\s*idle (?P<idle>[\w:]+))?(?:\s+(?:exclusive|private))?"
    r"(?:\s*\[edit.*)?$"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """The user or session that holds the exclusive lock."""

    user: str
    terminal: str
    """Empty for a program."""
    pid: str
    since: str
    """By the router's clock."""
    idle: str = ""

    def __str__(self) -> str:
        """`locked by ops at terminal p0 (pid 9100) since 2026-01-01 00:00:00 UTC, idle 00:00:33`."""
        where = f" at terminal {self.terminal}" if self.terminal else ""
        idle = f", idle {self.idle}" if self.idle else ""
        return f"locked by {self.user}{where} (pid {self.pid}) since {self.since}{idle}"


def holder(words: str) -> Holder | None:
    """The holder of a lock; None if the reply has an unknown wording."""
    found = _LOCKED.search(" ".join(words.split()))
    if found is None:
        return None
    return Holder(
        found["user"], found["terminal"] or "", found["pid"], found["since"], found["idle"] or ""
    )


def told(error: MultihomeError) -> str:
    """An error for people: of a lock, in short who holds it and since when."""
    if isinstance(error, LockDenied) and (who := holder(error.reason)) is not None:
        return f"{error.router}: {who}"
    return str(error)
