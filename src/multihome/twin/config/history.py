"""Commits: what was asked, what came of it, and what a router remembers of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from multihome.twin.config.problem import Problem
    from multihome.twin.config.tree import Node

KEPT = 50
"""How many configurations a router keeps: rollback 0 to 49."""
DEFAULT_CONFIRM = 600
"""Seconds after which `commit confirmed` rolls back if nothing else is said."""


@dataclass(frozen=True, slots=True)
class CommitRequest:
    """One commit, as a client asks for it.

    Attributes:
        comment: the operator's words, kept as the commit's log message.
        confirmed_seconds: roll back after so many seconds unless confirmed; None: for good.
        check_only: validate and change nothing, except that a commit check, as on a router,
            confirms a confirmed commit that is pending.
    """

    comment: str = ""
    confirmed_seconds: int | None = None
    check_only: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the history, as `show system commit` has it."""

    root: Node
    when: datetime
    user: str
    client: str
    log: str = ""
    """The operator's comment."""
    comment: str = ""
    """Junos's own note, `commit confirmed, rollback in 5mins`."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A confirmed commit that waits: unless confirmed by then, `revert_to` comes back."""

    deadline: datetime
    revert_to: Node
    seconds: int
    user: str

    @property
    def minutes(self) -> int:
        """The time given, in whole minutes, as Junos prints it."""
        return self.seconds // 60


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A commit that waits for its hour."""

    when: datetime
    user: str
    log: str
    cancel: Callable[[], None]


@dataclass(frozen=True, slots=True)
class CommitOutcome:
    """What came of a commit or a check.

    Attributes:
        problems: errors, causes first, then Junos's summing up; warnings.
        checked: only checked, as asked.
        commit: the entry made, if it was committed.
        confirmed: a pending confirmed commit was confirmed by this.
        pending: the confirmed commit that waits from now on.
        private: it was a private copy that was to be put on top of what is committed.
    """

    problems: tuple[Problem, ...] = ()
    checked: bool = False
    commit: Commit | None = None
    confirmed: bool = False
    pending: Pending | None = None
    private: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was accepted."""
        return not any(each.severity == "error" for each in self.problems)


def note_of(request: CommitRequest) -> str:
    """What Junos writes beside a confirmed commit for ever after."""
    if request.confirmed_seconds is None:
        return ""
    return f"commit confirmed, rollback in {request.confirmed_seconds // 60}mins"


def deadline_of(request: CommitRequest, now: datetime) -> datetime:
    """When a confirmed commit rolls back."""
    return now + timedelta(seconds=request.confirmed_seconds or 0)
