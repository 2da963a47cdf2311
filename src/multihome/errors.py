"""Every failure this tool can name.

    MultihomeError                      internal error, exit 1
    ├── UsageError                      the command, a file or a name is wrong, exit 2
    │   ├── InvalidFile                 file, line and key of each problem, all at once
    │   └── UnknownName                 an unknown router, site, check, state or drill
    ├── DeviceError                     what a router did or did not say, exit 3
    │   ├── Unreachable                 no TCP, no answer, session lost
    │   ├── AuthenticationFailed        credentials refused
    │   ├── HostKeyMismatch             unknown or changed host key
    │   ├── WrongRouter                 another router answers at this one's address, exit 9
    │   ├── Unidentified                a router does not say which one it is
    │   ├── RpcFailed                   the router answered with rpc-error
    │   │   ├── LockDenied              another session holds the configuration database
    │   │   └── ConfigurationRefused    load, commit check or commit refused
    │   ├── RpcTimeout                  no answer in time; the operation may go on at the router
    │   ├── BadReply                    the reply is not what the RPC promises
    │   └── CommitUnknown               the session died in a commit: applied or not is unknown
    ├── NothingTested                   nothing matched, so nothing is proven, exit 5
    ├── Refused                         a precondition does not hold, nothing was changed, exit 9
    └── NeedsHuman                      confirm pending, restore failed, outcome unknown, exit 8

Messages say what, where and what to do next; they never carry a secret. A check that fails and
a change that is rolled back are no exceptions: they are what a run found, and its exit code says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ExitCode(IntEnum):
    """How a run ends; the number is the process's exit status."""

    PROVEN = 0
    INTERNAL = 1
    USAGE = 2
    UNKNOWN = 3
    FAILED = 4
    NOTHING_TESTED = 5
    CHANGES_PENDING = 6
    ROLLED_BACK = 7
    NEEDS_HUMAN = 8
    REFUSED = 9
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """The words printed beside the number."""
        return _MEANINGS[self]

    @classmethod
    def worst(cls, codes: Iterable[ExitCode]) -> ExitCode:
        """The code of a run with several outcomes: 8 before 7 before 9 before 3 before 4."""
        return max(codes, key=_PRECEDENCE.index, default=cls.PROVEN)


_MEANINGS = {
    ExitCode.PROVEN: "everything proven",
    ExitCode.INTERNAL: "internal error",
    ExitCode.USAGE: "invalid command, file or name",
    ExitCode.UNKNOWN: "unknown: not everything could be found out",
    ExitCode.FAILED: "a check failed",
    ExitCode.NOTHING_TESTED: "nothing was tested",
    ExitCode.CHANGES_PENDING: "changes pending",
    ExitCode.ROLLED_BACK: "change rolled back, network as before",
    ExitCode.NEEDS_HUMAN: "a human is needed",
    ExitCode.REFUSED: "refused: a precondition does not hold, nothing was changed",
    ExitCode.INTERRUPTED: "interrupted, after a safe undo",
}

MANY = 30
"""Names that are listed at most."""

_PRECEDENCE = (
    ExitCode.PROVEN,
    ExitCode.CHANGES_PENDING,
    ExitCode.NOTHING_TESTED,
    ExitCode.FAILED,
    ExitCode.UNKNOWN,
    ExitCode.USAGE,
    ExitCode.REFUSED,
    ExitCode.ROLLED_BACK,
    ExitCode.INTERRUPTED,
    ExitCode.INTERNAL,
    ExitCode.NEEDS_HUMAN,
)


class MultihomeError(Exception):
    """The root: catch this to catch everything this tool raises on purpose."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL


class UsageError(MultihomeError):
    """What was asked cannot be done as asked."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file; `line` counts from 1, `key` is the dotted path."""

    file: Path
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class InvalidFile(UsageError):
    """A file does not say what it must; carries every problem found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownName(UsageError):
    """An unknown name; lists the known ones, and which one may be meant."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(sorted(map(str, known)))
        listed = ", ".join(self.known[:MANY]) or "none"
        if len(self.known) > MANY:
            listed += f" and {len(self.known) - MANY} more"
        near = get_close_matches(name, self.known, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        super().__init__(f"unknown {kind} {name!r}; known: {listed}{meant}")


class DeviceError(MultihomeError):
    """One router did not do or say what was needed; `router` is its inventory name."""

    exit_code = ExitCode.UNKNOWN

    def __init__(self, router: str, message: str) -> None:
        self.router, self.reason = router, message
        super().__init__(f"{router}: {message}")


class Unreachable(DeviceError):
    """No TCP connection, no NETCONF session, or the session was lost."""


class AuthenticationFailed(DeviceError):
    """The router refused the credentials."""


class HostKeyMismatch(DeviceError):
    """The host key is not known, or not the one that is known."""


class WrongRouter(DeviceError):
    """Another router than the one that was meant answers; nothing was asked of it or changed."""

    exit_code = ExitCode.REFUSED


class Unidentified(DeviceError):
    """The router does not say its host name, so it may be another one; nothing was asked of it."""


class RpcFailed(DeviceError):
    """The router answered an RPC with an error; its own words are in the message."""


class LockDenied(RpcFailed):
    """Another session holds the configuration database, or left it modified.

    `holder` is the session that holds it, as the router numbers them; empty if it did not say.
    """

    def __init__(self, router: str, message: str, holder: str = "") -> None:
        self.holder = holder
        super().__init__(router, message)


class ConfigurationRefused(RpcFailed):
    """The router refused to load, check or commit the configuration."""


class RpcTimeout(DeviceError):
    """No answer in time; the operation may still go on at the router."""


class BadReply(DeviceError):
    """The reply is not what the RPC promises: names RPC and XML path."""


class CommitUnknown(DeviceError):
    """The session died in a commit and the router could not be asked since."""

    exit_code = ExitCode.NEEDS_HUMAN


class NothingTested(MultihomeError):
    """No check matched: nothing is proven."""

    exit_code = ExitCode.NOTHING_TESTED


class Refused(MultihomeError):
    """A precondition does not hold, so nothing was changed on any router."""

    exit_code = ExitCode.REFUSED


class NeedsHuman(MultihomeError):
    """A router is in a state that this tool can neither leave alone nor fix by itself."""

    exit_code = ExitCode.NEEDS_HUMAN
