"""AbortReason a transaction goes no further."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from multihome.change.preflight.holder import told
from multihome.errors import ConfigurationRefused, LockDenied
from multihome.values.grouping import lines, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.errors import MultihomeError


class AbortReason(StrEnum):
    """The kinds of ends, which decide the exit code together with what is left behind."""

    REFUSED = "refused"
    """A router does not take the configuration."""
    FAILED = "failed"
    """A router could not be asked, or did not do what was requested."""
    UNPROVEN = "not proven"
    """The checks did not hold in time."""
    PRECONDITION = "a precondition does not hold"
    """Another user holds the lock, or a commit waits to be confirmed: nothing is changed."""
    INTERRUPTED = "interrupted"
    BROKEN = "not as before"
    """Rolled back, but the checks say that the network differs from before."""


class Abort(Exception):
    """The change ends here; whatever was done is to be undone."""

    def __init__(self, why: AbortReason, text: str) -> None:
        self.why, self.text = why, text
        super().__init__(text)


def abort_from(errors: Mapping[str, MultihomeError]) -> Abort:
    """Of the errors of one step: all of them are named, the worse kind decides."""
    text = "; ".join(
        lines(message(router, told(error)) for router, error in sorted(errors.items()))
    )
    if all(isinstance(error, ConfigurationRefused) for error in errors.values()):
        return Abort(AbortReason.REFUSED, text)
    locked = any(isinstance(error, LockDenied) for error in errors.values())
    return Abort(AbortReason.PRECONDITION if locked else AbortReason.FAILED, text)
