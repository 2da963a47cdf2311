"""One router, one session: all that the rest of the tool may ask of a router."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime
    from types import TracebackType

    from lxml.etree import _Element

    from multihome.state.request import Request

_LEASE = re.compile(r"rollback in (\d+) ?min")


@dataclass(frozen=True, slots=True)
class RouterWarning:
    """A warning a router gave beside an ok: edit path, element and its words."""

    path: str
    element: str
    message: str

    def __str__(self) -> str:
        where = " ".join(word for word in (self.path, self.element) if word)
        return f"{where}: {self.message}" if where else self.message


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
    note: str = ""
    """Junos's own remark (`comment`): `commit confirmed, rollback in 5mins`."""

    @property
    def lease(self) -> timedelta | None:
        """How long a confirmed commit lasts unless it is confirmed; None for any other commit."""
        found = _LEASE.search(self.note)
        return timedelta(minutes=int(found[1])) if found else None

    @property
    def deadline(self) -> datetime | None:
        """When the router rolls back, by its own clock; None if nothing is pending."""
        return self.at + self.lease if self.pending and self.lease else None


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a router may take."""

    open: float = 30.0
    """From the first packet to the router's hello."""
    rpc: float = 60.0
    commit: float = 300.0
    """Load, check and commit: Junos may take minutes, and continues if the client leaves."""


class ReadSession(Protocol):
    """What a look at a router needs. Every method raises a DeviceError of `multihome.errors`."""

    @property
    def router(self) -> str:
        """The inventory name."""
        ...

    def call(self, request: Request) -> _Element:
        """Send one operational RPC; the reply's payload without namespaces."""
        ...

    def history(self) -> tuple[CommitRecord, ...]:
        """The commit history, newest first."""
        ...

    def close(self) -> None:
        """End the session; never raises."""
        ...


class CandidateSession(ReadSession, Protocol):
    """Whatever may be tried without changing the router: no method here commits anything.

    Who is given no more than this provably cannot.
    """

    @property
    def identity(self) -> str:
        """The router's number of this session, as a refused lock names its holder."""
        ...

    @property
    def alive(self) -> bool:
        """Whether the session can still be used; a lost one never comes back by itself."""
        ...

    def stream(self, request: Request) -> AbstractContextManager[BinaryIO]:
        """Send one operational RPC and read its reply as it comes, for what fills no memory.

        The bytes are the whole `rpc-reply`, namespaces and all; nothing else may be asked
        before it is read to its end. A reply that is left unread ends the session.
        """
        ...

    def lock(self) -> None:
        """Take the exclusive lock; LockDenied says who holds it."""
        ...

    def unlock(self) -> None:
        """Release the lock, discarding the candidate."""
        ...

    def open_private(self) -> None:
        """Edit a private copy of the configuration, which takes no lock; LockDenied if refused."""
        ...

    def close_private(self) -> None:
        """Throw the private copy away."""
        ...

    def load(self, statements: str) -> tuple[RouterWarning, ...]:
        """Load `set`/`delete`/... lines into the candidate.

        Deleting what is not there is no warning (it is what a first deployment does).
        Raises ConfigurationRefused with the router's words.
        """
        ...

    def rollback(self, number: int = 0) -> None:
        """Load an older configuration into the candidate."""
        ...

    def diff(self, rollback: int = 0) -> str:
        """`show | compare`; empty if nothing differs."""
        ...

    def commit_check(self) -> tuple[RouterWarning, ...]:
        """Validate the candidate. Beware: it confirms a pending confirmed commit."""
        ...

    def configuration(self, *, style: str = "set", candidate: bool = False) -> str:
        """The committed configuration, or the candidate, as `set` or `text`."""
        ...


class Session(CandidateSession, Protocol):
    """A NETCONF session. Every method raises a DeviceError of `multihome.errors`."""

    def evict(self, identity: str) -> None:
        """End another session, by its number: our own that the router has not missed yet."""
        ...

    def discard(self) -> None:
        """Make the candidate equal to what is committed."""
        ...

    def commit_confirmed(self, *, seconds: int, comment: str) -> tuple[RouterWarning, ...]:
        """Commit; the router rolls back by itself unless confirmed.

        Rounded up to minutes, never 0: that would be a commit for good. A second one before
        the deadline delays the rollback (Junos XML protocol guide, "Commit the Candidate
        Configuration Only After Confirmation"). Raises ConfigurationRefused if nothing was
        committed, CommitUnknown if that is not known yet: then read `history` in a new session.
        """
        ...

    def commit(self, *, comment: str) -> tuple[RouterWarning, ...]:
        """Commit for good; also confirms a pending confirmed commit.

        Raises ConfigurationRefused or CommitUnknown, as `commit_confirmed` does.
        """
        ...

    def cut(self) -> None:
        """End the connection at once, from any thread: a waiting caller gets an error."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
