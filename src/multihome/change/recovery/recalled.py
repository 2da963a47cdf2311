"""A run as its journal remembers it, and the state of each of its routers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.change.commit_comment import CommitComment
from multihome.change.router_status import Fingerprints, Position, RouterStatus
from multihome.errors import UsageError

if TYPE_CHECKING:
    from datetime import timedelta

    from multihome.change.folder import RunFolder
    from multihome.change.journal import Entry


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the journal knows of one router."""

    router: str
    known: Fingerprints = field(default_factory=Fingerprints)
    sessions: tuple[str, ...] = ()
    step: str = ""
    """The last step that was begun on it."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A run as recorded in its journal."""

    mark: CommitComment
    verb: str
    routers: dict[str, Remembered] = field(default_factory=dict)
    found: bool = False
    """In the routers' histories, without its journal: there may be more of them."""
    batches: tuple[tuple[str, ...], ...] = ()
    """In which order they were changed; empty if that is not known."""
    lease: int = 0
    """Seconds that its confirmed commits were given; 0 if that is not known."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """One line of `multihome status`."""

    router: str
    position: Position
    step: str
    left: timedelta | None = None
    """Until a pending commit is rolled back; None if nothing is pending."""
    known: Fingerprints = field(default_factory=Fingerprints)
    kept: bool | None = None
    """Of FOREIGN: whether all that the run changed is still there; None if that is not known."""

    @property
    def standing(self) -> RouterStatus:
        """The word for it."""
        return self.position.standing


def recall(folder: RunFolder) -> Recalled:
    """Read a run's journal.

    Raises:
        UsageError: the run ended before it had anything to do with a router.
        InvalidFile: the journal is damaged.
    """
    entries = folder.entries()
    start = next((entry for entry in reversed(entries) if entry.step == "run"), None)
    if start is None:
        raise UsageError(f"run {folder.run} touched no router: its journal is empty")
    mark = CommitComment(
        folder.run, str(start.detail.get("ticket", "")), str(start.detail.get("intent", ""))
    )
    named = start.detail.get("routers")
    names = [str(name) for name in named] if isinstance(named, list) else []
    routers = {name: _remember(name, [e for e in entries if e.router == name]) for name in names}
    return Recalled(
        mark,
        folder.verb,
        routers,
        found=bool(start.detail.get("found")),
        batches=_batches(start),
        lease=_whole(start.detail.get("lease")),
    )


def _batches(start: Entry) -> tuple[tuple[str, ...], ...]:
    recorded = start.detail.get("batches")
    batches = recorded if isinstance(recorded, list) else []
    return tuple(tuple(map(str, batch)) for batch in batches if isinstance(batch, list))


def _whole(recorded: object) -> int:
    return recorded if isinstance(recorded, int) else 0


def _remember(router: str, entries: list[Entry]) -> Remembered:
    details = [entry.detail for entry in entries]
    sessions = [str(detail["session"]) for detail in details if "session" in detail]
    begun = [entry.step for entry in entries if entry.moment == "begin"]
    return Remembered(
        router,
        Fingerprints(
            before=next((str(d["before"]) for d in details if "before" in d), ""),
            after=next((str(d["after"]) for d in details if d.get("after")), ""),
        ),
        tuple(dict.fromkeys(sessions)),
        begun[-1] if begun else "",
    )
