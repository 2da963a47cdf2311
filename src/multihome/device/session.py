"""One router, one session: all that the rest of the tool may ask of a router."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from lxml.etree import _Element

    from multihome.state.request import Request


@dataclass(frozen=True, slots=True)
class RouterWarning:
    """A warning a router gave beside an ok: edit path, element and its words."""

    path: str
    element: str
    message: str


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """One entry of the router's commit history, newest is number 0."""

    number: int
    user: str
    client: str
    at: datetime
    comment: str
    """The operator's message (`log`)."""
    pending: bool
    """A confirmed commit that is still to be confirmed."""


class Session(Protocol):
    """A NETCONF session. Every method raises a DeviceError of `multihome.errors`."""

    @property
    def router(self) -> str:
        """The inventory name."""
        ...

    def call(self, request: Request) -> _Element:
        """Send one operational RPC; the reply's payload without namespaces."""
        ...

    def lock(self) -> None:
        """Take the exclusive lock; LockDenied says who holds it."""
        ...

    def unlock(self) -> None:
        """Release the lock, discarding the candidate."""
        ...

    def discard(self) -> None:
        """Make the candidate equal to what is committed."""
        ...

    def load(self, statements: str) -> tuple[RouterWarning, ...]:
        """Load `set`/`delete`/... lines into the candidate; ConfigurationRefused with the router's words."""
        ...

    def diff(self, rollback: int = 0) -> str:
        """`show | compare`; empty if nothing differs."""
        ...

    def commit_check(self) -> tuple[RouterWarning, ...]:
        """Validate the candidate. Beware: it confirms a pending confirmed commit."""
        ...

    def commit_confirmed(self, *, seconds: int, comment: str) -> tuple[RouterWarning, ...]:
        """Commit; the router rolls back by itself unless confirmed. Rounded up to minutes, never 0."""
        ...

    def commit(self, *, comment: str) -> tuple[RouterWarning, ...]:
        """Commit for good; also confirms a pending confirmed commit."""
        ...

    def rollback(self, number: int = 0) -> None:
        """Load an older configuration into the candidate."""
        ...

    def configuration(self, *, style: str = "set") -> str:
        """The committed configuration as `set` or `text`."""
        ...

    def history(self) -> tuple[CommitRecord, ...]:
        """The commit history, newest first."""
        ...

    def close(self) -> None:
        """End the session; never raises."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
