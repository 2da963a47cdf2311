"""The steps of a transaction as a table: what each does to a router, and what its failure means.

    UNTOUCHED -lock-> LOCKED -load-> LOADED -check-> CHECKED
    CHECKED -commit-> (COMMITTING) -> PENDING -renew-> (RENEWING) -> PENDING
    PENDING -confirm-> (CONFIRMING) -> CONFIRMED
    CHECKED -commit at once-> (COMMITTING) -> CONFIRMED, where a timer would lead there anyway
    anything from COMMITTING on -restore-> (RESTORING) -> RESTORED

A router is in the phase in brackets while a step is under way, and stays there if the answer
is lost: then only the router itself knows (see `router_status`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """How far a router has come, as the journal says it."""

    UNTOUCHED = "untouched"
    LOCKED = "locked"
    LOADED = "loaded"
    CHECKED = "checked"
    UNCHANGED = "no changes"
    COMMITTING = "committing"
    PENDING = "pending confirm"
    RENEWING = "renewing"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    RESTORING = "rolling back"
    RESTORED = "rolled back"

    @property
    def live(self) -> bool:
        """Whether the network may run the new configuration because of us."""
        return self in _LIVE

    @property
    def moved(self) -> bool:
        """Whether the router has been committed to because of us, whatever is left of it."""
        return self.live or self is Phase.RESTORED


_LIVE = frozenset(
    {
        Phase.COMMITTING,
        Phase.PENDING,
        Phase.RENEWING,
        Phase.CONFIRMING,
        Phase.CONFIRMED,
        Phase.RESTORING,
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step on one router: allowed in `start`, under way `during`, then `done`.

    None is no change. A router that refuses is where it was before, since it did nothing.
    """

    name: str
    start: frozenset[Phase]
    during: Phase | None
    done: Phase | None


def _step(name: str, start: set[Phase], during: Phase | None, done: Phase | None) -> Step:
    return Step(name, frozenset(start), during, done)


LOCK = _step("lock", {Phase.UNTOUCHED}, None, Phase.LOCKED)
LOOK = _step("look", {Phase.LOCKED}, None, None)
LOAD = _step("load", {Phase.LOCKED}, None, Phase.LOADED)
COMPARE = _step("compare", {Phase.LOADED}, None, None)
CHECK = _step("check", {Phase.LOADED}, None, Phase.CHECKED)
COMMIT = _step("commit", {Phase.CHECKED}, Phase.COMMITTING, Phase.PENDING)
COMMIT_AT_ONCE = _step(
    "commit", {Phase.CHECKED, Phase.COMMITTING}, Phase.COMMITTING, Phase.CONFIRMED
)
READ_BACK = _step("read back", {Phase.PENDING}, None, None)
WATCH = _step("watch", {Phase.PENDING}, None, None)
RENEW = _step("renew", {Phase.PENDING}, Phase.RENEWING, Phase.PENDING)
REGAIN = _step("regain", {Phase.COMMITTING, Phase.PENDING, Phase.RENEWING}, None, None)
TAKE_OVER = _step("take over", {Phase.PENDING}, None, None)
CONFIRM = _step("confirm", {Phase.PENDING}, Phase.CONFIRMING, Phase.CONFIRMED)
SETTLE = _step("settle", {Phase.CONFIRMING, Phase.PENDING}, None, None)
LOOK_BACK = _step("look back", {Phase.CONFIRMED}, None, None)
RESTORE = _step("restore", set(_LIVE), Phase.RESTORING, Phase.RESTORED)
RELEASE = _step("release", set(Phase), None, None)

STEPS = (
    LOCK, LOOK, LOAD, COMPARE, CHECK, COMMIT, COMMIT_AT_ONCE, READ_BACK, WATCH, RENEW, REGAIN,
    TAKE_OVER, CONFIRM, SETTLE, LOOK_BACK, RESTORE, RELEASE,
)  # fmt: skip
"""Every step, in the order in which a transaction may come to it."""
