"""What would change: a diff and a commit check on private copies, and nothing left behind.

A private copy takes no lock, blocks no other user and ends with its session, also if
the session dies. It cannot be committed as confirmed, so nothing is ever committed from it: what
is done here is done with a session that has no commit at all (`CandidateSession`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from multihome.change.commit_comment import waits
from multihome.errors import DeviceError
from multihome.render.ownership.folding import fold
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from multihome.device.session import CandidateSession, CommitRecord
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.render.ownership.changes import StatementChanges


@dataclass(frozen=True, slots=True)
class Planned:
    """What one router would do with its configuration."""

    router: str
    diff: str
    """As `show | compare` prints it, without secrets and the record's entries; empty if nothing
    would change."""
    warnings: tuple[str, ...] = ()
    checked: bool = False
    """The router's commit check accepted it."""
    remark: str = ""
    """Why it was not checked."""
    waiting: str = ""
    """Whose commit waits there to be confirmed: what is committed need not stay."""
    changes: StatementChanges | None = None
    """What the script does, statement by statement; where that is known."""


def plan(
    fleet: Fleet,
    scripts: Mapping[str, str],
    *,
    check: bool = True,
    secrets: Iterable[str] = (),
    changes: Mapping[str, StatementChanges] | None = None,
) -> dict[str, Outcome[Planned]]:
    """Ask each router what its load script would change.

    An outcome's error is ConfigurationRefused with the router's words, LockDenied if another
    user edits exclusively, or why the router could not be asked.
    """
    terms = _Terms(scripts, check, tuple(secrets), changes or {})
    work = partial(_plan, terms=terms)
    return fleet.run(work, scripts, step="plan")


@dataclass(frozen=True, slots=True)
class _Terms:
    scripts: Mapping[str, str]
    check: bool
    secrets: tuple[str, ...]
    changes: Mapping[str, StatementChanges]


def _plan(session: CandidateSession, *, terms: _Terms) -> Planned:
    script = terms.scripts[session.router]
    session.open_private()
    try:
        before = session.history()
        warnings = [*session.load(script)] if script.strip() else []
        diff = session.diff()
        waiting = _waiting(before, session.history())
        remark = (
            f"not checked, since a commit check confirms whatever waits: {waiting}"
            if waiting
            else ""
        )
        checked = terms.check and bool(diff) and not remark
        if checked:
            warnings += session.commit_check()
    finally:
        _leave(session)
    return Planned(
        session.router,
        fold(redact(diff, terms.secrets)),
        tuple(map(str, warnings)),
        checked,
        remark if terms.check and diff else "",
        waiting,
        terms.changes.get(session.router),
    )


def _waiting(before: Sequence[CommitRecord], after: Sequence[CommitRecord]) -> str:
    """Why what was seen in between need not stay, nor be checked.

    A commit check by any user confirms a pending confirmed commit. If the router committed or
    rolled back meanwhile, it is unknown which of the two configurations was compared.
    """
    for newest in (*after[:1], *before[:1]):
        if newest.pending:
            return waits(newest)
    if before != after:
        return f"another user commits there just now, the newest is of {after[0].user}"
    return ""


def _leave(session: CandidateSession) -> None:
    """The private copy goes in any case: with the session, if not before it."""
    with suppress(DeviceError):
        session.close_private()
        return
    session.close()
