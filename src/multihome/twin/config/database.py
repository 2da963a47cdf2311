"""One router's configuration database: candidate, commits, locks, rollbacks.

Pure: the caller passes the time.  Sessions are numbers; whatever a session may not
do comes back as a `Problem` in Junos's words, never as an exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from multihome.twin.config import checks
from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.history import (
    KEPT,
    Commit,
    CommitOutcome,
    CommitRequest,
    Pending,
    Scheduled,
    deadline_of,
    note_of,
)
from multihome.twin.config.inherit import effective
from multihome.twin.config.load import LoadOutcome, edit, load
from multihome.twin.config.locks import (
    ALREADY_OPEN,
    MODIFIED,
    NOT_OPEN,
    SHARED_MODIFIED,
    Holder,
    Sessions,
)
from multihome.twin.config.problem import Problem, warning
from multihome.twin.config.tree import Node, same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from lxml import etree

    from multihome.twin.config.formats.xml_reader import Operation
    from multihome.twin.config.load import Action, Format
    from multihome.twin.config.locks import Mode

Source = Literal["candidate", "committed"]

DISCARDED_ON_EXIT = warning("uncommitted changes will be discarded on exit")


class Database:
    """The configuration of one router and everybody who edits it.

    Args:
        validate: the daemons' commit checks, given the effective tree.
        activate: called with the effective tree whenever another one is committed.
    """

    def __init__(
        self, validate: Callable[[Node], Sequence[Problem]], activate: Callable[[Node], None]
    ) -> None:
        self._validate, self._activate = validate, activate
        self._history: list[Commit] = []
        self._empty = Node()
        self._shared = self._meant = self._empty
        self._sessions = Sessions()
        self._changed: datetime | None = None
        self.pending: Pending | None = None
        self.rescue: Commit | None = None
        self.scheduled: Scheduled | None = None

    # --- reading ----------------------------------------------------------------------

    @property
    def committed(self) -> Node:
        """The active configuration as it was written: groups and inactive parts included."""
        return self._history[0].root if self._history else self._empty

    @property
    def meant(self) -> Node:
        """The active configuration as the daemons see it: groups and inactive parts worked out."""
        return self._meant

    @property
    def history(self) -> tuple[Commit, ...]:
        """The commits, the active one first; the place in here is the rollback number."""
        return tuple(self._history)

    @property
    def changed(self) -> datetime | None:
        """When the candidate or the active configuration last changed."""
        return self._changed

    def candidate(self, session: int | None = None) -> Node:
        """What a session edits: its private copy, or the shared candidate."""
        holder = self._sessions.get(session)
        return self._shared if holder is None or holder.root is None else holder.root

    def configuration(self, session: int | None = None, source: Source = "candidate") -> Node:
        """The tree of one of the two databases."""
        return self.committed if source == "committed" else self.candidate(session)

    @property
    def modified(self) -> bool:
        """Whether the shared candidate holds changes that are not committed."""
        return self._shared is not self.committed and bool(diff_text(self.committed, self._shared))

    @property
    def holder(self) -> Holder | None:
        """The session that holds the database alone."""
        return self._sessions.exclusive()

    def holders(self) -> tuple[Holder, ...]:
        """Every session that is known, in the order of their opening."""
        return self._sessions.everybody()

    # --- sessions and locks -----------------------------------------------------------

    def open(
        self, session: int, user: str, now: datetime, *, tty: str = "", client: str = "netconf"
    ) -> None:
        """Make a session known; `tty` is empty for NETCONF."""
        self._sessions.add(Holder(session, user, tty, client, now, now))

    def touch(self, session: int, now: datetime) -> None:
        """Note that a session did something, for the idle time that other sessions see."""
        self._sessions.known(session, now)

    def end(self, session: int) -> None:
        """Forget a session: its lock is free, its private or locked changes are gone."""
        self._release(session)
        self._sessions.remove(session)

    def lock(self, session: int, now: datetime) -> Problem | None:
        """Take the candidate alone (RFC 6241 section 7.5); the reason if it is refused."""
        holder = self._sessions.known(session, now)
        if holder.mode != "shared":
            return ALREADY_OPEN
        if (refused := self._sessions.denied(session, now)) is not None:
            return refused
        if self.modified:
            return MODIFIED
        holder.mode = "exclusive"
        return None

    def unlock(self, session: int) -> Problem | None:
        """Give the lock back; changes that are not committed are gone, as on a router."""
        holder = self._sessions.get(session)
        if holder is None or holder.mode != "exclusive":
            return NOT_OPEN
        self._release(session)
        return None

    def open_configuration(self, session: int, mode: Mode, now: datetime) -> tuple[Problem, ...]:
        """`open-configuration`: errors, or the warning that Junos gives; empty for `shared`."""
        holder = self._sessions.known(session, now)
        if holder.mode != "shared":
            return (ALREADY_OPEN,)
        refusal = self._sessions.barred if mode == "shared" else self._sessions.denied
        if (refused := refusal(session, now)) is not None:
            return (refused,)
        if mode != "shared" and self.modified:
            return (MODIFIED if mode == "exclusive" else SHARED_MODIFIED,)
        holder.mode, holder.opened = mode, True
        if mode == "private":
            holder.root = holder.base = self.committed
        return () if mode == "shared" else (DISCARDED_ON_EXIT,)

    def open_private(self, session: int, now: datetime) -> tuple[Problem, ...]:
        """Give the session a copy of its own."""
        return self.open_configuration(session, "private", now)

    def close_configuration(self, session: int) -> Problem | None:
        """`close-configuration`: what is not committed is gone, unless it was shared."""
        holder = self._sessions.get(session)
        if holder is None or not holder.opened:
            return NOT_OPEN
        self._release(session)
        return None

    def _release(self, session: int) -> None:
        holder = self._sessions.get(session)
        if holder is None:
            return
        if holder.mode == "exclusive":
            self._shared = self.committed
        holder.mode, holder.root, holder.base, holder.opened = "shared", None, None, False

    # --- editing ----------------------------------------------------------------------

    def load(
        self,
        session: int,
        data: str | etree._Element,
        now: datetime,
        *,
        format: Format = "text",
        action: Action = "merge",
    ) -> LoadOutcome:
        """`load-configuration`: what was understood is in the candidate, errors or not."""
        if (refused := self._sessions.barred(session, now)) is not None:
            return LoadOutcome(self.candidate(session), (refused,))
        outcome = load(self.candidate(session), data, format=format, action=action)
        self._edited(session, outcome.root, now)
        return outcome

    def edit(
        self,
        session: int,
        config: etree._Element,
        now: datetime,
        *,
        default: Operation = "merge",
        error_option: str = "stop-on-error",
        test_only: bool = False,
    ) -> LoadOutcome:
        """`edit-config`: all or nothing, unless `continue-on-error` is asked for."""
        if (refused := self._sessions.barred(session, now)) is not None:
            return LoadOutcome(self.candidate(session), (refused,))
        outcome = edit(
            self.candidate(session),
            config,
            default=default,
            rollback_on_error=error_option != "continue-on-error",
        )
        if not test_only:
            self._edited(session, outcome.root, now)
        return outcome

    def discard(self, session: int, now: datetime) -> Problem | None:
        """`discard-changes`, or `rollback 0`."""
        return self.rollback(session, 0, now)

    def rollback(self, session: int, number: int, now: datetime) -> Problem | None:
        """Load a former configuration into the candidate; the reason if it is refused."""
        if not 0 <= number < KEPT:
            return Problem(f"Value {number} is not within range (0..{KEPT - 1})")
        if number >= max(len(self._history), 1):
            return Problem(f"rollback {number}: No such file or directory")
        root = self._history[number].root if self._history else self._empty
        return self._restore(session, root, now)

    def load_rescue(self, session: int, now: datetime) -> Problem | None:
        """Load the rescue configuration into the candidate; the reason if it is refused."""
        if self.rescue is None:
            return Problem("rescue configuration does not exist")
        return self._restore(session, self.rescue.root, now)

    def save_rescue(self, user: str, client: str, now: datetime) -> None:
        """Keep the active configuration as the rescue configuration."""
        self.rescue = Commit(self.committed, now, user, client)

    def delete_rescue(self) -> None:
        """Forget the rescue configuration."""
        self.rescue = None

    def _restore(self, session: int, root: Node, now: datetime) -> Problem | None:
        changes = not same(root, self.candidate(session))
        refusal = self._sessions.barred if changes else self._sessions.denied
        if (refused := refusal(session, now)) is not None:
            return refused
        self._edited(session, root, now)
        return None

    def _edited(self, session: int, root: Node, now: datetime) -> None:
        holder = self._sessions.get(session)
        if holder is not None and holder.root is not None:
            holder.root = root
        else:
            self._shared = root
        self.touch(session, now)
        self._changed = now

    def diff(self, session: int | None, rollback: int = 0, source: Source = "candidate") -> str:
        """`show | compare rollback N` of one of the two databases; empty if nothing differs.

        Raises:
            IndexError: there is no such former configuration.
        """
        return diff_text(self.former(rollback), self.configuration(session, source))

    def compare(self, older: int, newer: int) -> str:
        """What differs between two former configurations, the first one as the base.

        Raises:
            IndexError: there is no such former configuration.
        """
        return diff_text(self.former(older), self.former(newer))

    def former(self, number: int) -> Node:
        """A former configuration by its rollback number; raises IndexError if there is none."""
        return self._history[number].root if self._history or number else self._empty

    # --- committing -------------------------------------------------------------------

    def check(self, session: int, now: datetime) -> CommitOutcome:
        """`commit check`, `validate`; confirms a confirmed commit that is pending."""
        return self.commit(session, CommitRequest(check_only=True), now)

    def commit(self, session: int, request: CommitRequest, now: datetime) -> CommitOutcome:
        """Check the candidate and, unless only that was asked, make it the active one.

        A private copy without changes makes no commit.
        """
        if (refused := self._sessions.denied(session, now)) is not None:
            return CommitOutcome((refused,))
        holder = self._sessions.known(session, now)
        root, conflicts = self._to_commit(holder)
        private = holder.root is not None and not conflicts
        meant = effective(root)
        problems = conflicts or self._problems(root, meant)
        if any(each.severity == "error" for each in problems):
            return CommitOutcome(problems, checked=request.check_only, private=private)
        confirmed = self.pending is not None and request.confirmed_seconds is None
        if request.check_only or (private and same(root, self.committed)):
            self.pending = None if confirmed else self.pending
            checked = request.check_only
            return CommitOutcome(problems, checked=checked, confirmed=confirmed, private=private)
        entry = Commit(root, now, holder.user, holder.client, request.comment, note_of(request))
        self._arm(request, holder, now)
        self._take(entry, meant, holder)
        return CommitOutcome(
            problems, commit=entry, confirmed=confirmed, pending=self.pending, private=private
        )

    def confirm(self) -> bool:
        """Let a pending confirmed commit stand; False if none is pending."""
        pending, self.pending = self.pending, None
        return pending is not None

    def cancel(self, now: datetime) -> Commit | None:
        """Roll a pending confirmed commit back at once (RFC 6241's `cancel-commit`)."""
        return self._revert(now)

    def expire(self, now: datetime) -> Commit | None:
        """Roll back if a confirmed commit's time is up; the entry that the rollback made."""
        if self.pending is None or now < self.pending.deadline:
            return None
        return self._revert(now)

    def boot(self, root: Node, now: datetime) -> None:
        """Start from a configuration as it is, unchecked."""
        self._shared = self.committed
        self._take(Commit(root, now, "root", "other"), effective(root), None)

    def _to_commit(self, holder: Holder) -> tuple[Node, tuple[Problem, ...]]:
        """The tree to commit: a private copy is put on top of what others have committed."""
        if holder.root is None or holder.base is None:
            return self._shared, ()
        if holder.base is self.committed:
            return holder.root, ()
        changes = diff_text(holder.base, holder.root)
        merged = load(self.committed, changes, action="patch", strict=False)
        return merged.root, merged.errors

    def _problems(self, root: Node, meant: Node) -> tuple[Problem, ...]:
        missing = checks.missing_statements(meant, self._meant)
        if missing:
            return (*missing, checks.MISSING_MANDATORY)
        found = (*checks.undefined_groups(root), *self._validate(meant))
        if any(each.severity == "error" for each in found):
            return (*found, checks.CHECK_OUT)
        return found

    def _arm(self, request: CommitRequest, holder: Holder, now: datetime) -> None:
        if request.confirmed_seconds is None:
            self.pending = None
            return
        # A further confirmed commit puts the deadline off; what comes back stays what was
        # there before the first one (RFC 6241 section 8.4.1).
        revert_to = self.pending.revert_to if self.pending is not None else self.committed
        deadline = deadline_of(request, now)
        self.pending = Pending(deadline, revert_to, request.confirmed_seconds, holder.user)

    def _take(self, entry: Commit, meant: Node, holder: Holder | None) -> None:
        """Make a tree the active one; candidates that hold no changes follow it."""
        before = self.committed
        private = holder is not None and holder.root is not None
        follows = (holder is not None and not private) or not self.modified
        self._history.insert(0, entry)
        del self._history[KEPT:]
        if holder is not None and private:
            holder.root = holder.base = entry.root
        if follows:
            self._shared = entry.root
        else:
            changes = diff_text(before, self._shared)
            self._shared = load(entry.root, changes, action="patch", strict=False).root
        self._changed, self._meant = entry.when, meant
        if entry.root is not before or len(self._history) == 1:
            self._activate(meant)

    def _revert(self, now: datetime) -> Commit | None:
        pending, self.pending = self.pending, None
        if pending is None:
            return None
        entry = Commit(pending.revert_to, now, "root", "other")
        self._take(entry, effective(entry.root), None)
        return entry
