"""What a router says of a commit that waits: until when, and what time it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.change.commit_comment import signed
from multihome.change.router_operations import clock

if TYPE_CHECKING:
    from datetime import datetime

    from multihome.device.session import CandidateSession, CommitRecord


@dataclass(frozen=True, slots=True)
class PendingCommit:
    """A router's commit history, and the time by its clock when it was read."""

    history: tuple[CommitRecord, ...]
    now: datetime | None

    def waits(self, run: str) -> bool:
        """Whether the newest commit is of this run and waits to be confirmed."""
        top = self.history[0] if self.history else None
        return top is not None and top.pending and signed(top, run) is not None

    @property
    def deadline(self) -> datetime | None:
        """When the newest commit is rolled back; None if it is not, or if unknown."""
        return self.history[0].deadline if self.history else None

    @property
    def left(self) -> float | None:
        """Seconds until then by the router's own clock, which need not run as ours does.

        If the router does not report its time, the result is the whole lease.
        """
        if self.deadline is None:
            return None
        since = self.now or self.history[0].at
        return (self.deadline - since).total_seconds()

    @property
    def moment(self) -> str:
        """The deadline for people."""
        return f"{self.deadline:%H:%M:%S %Z}" if self.deadline else "an unknown time"


def read(session: CandidateSession) -> PendingCommit:
    """Ask a router; raises DeviceError."""
    return PendingCommit(session.history(), clock(session))
