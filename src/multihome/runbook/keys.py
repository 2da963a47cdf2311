"""Host keys: what routers offer, what is known of them, and trusting them from now on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.device.known_hosts import HostKey, KnownHosts, Trust, record
from multihome.device.serials import forget, serials_file
from multihome.device.transport import offered_key
from multihome.errors import DeviceError, HostKeyMismatch, UsageError
from multihome.inventory.credentials import default_known_hosts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.device.known_hosts import Entry
    from multihome.inventory.target import Target

LIMIT = 15.0
"""Seconds for the router to show its key."""
AT_ONCE = 16
"""Routers that are asked at the same time."""
SYSTEM_WIDE = Path("/etc/ssh/ssh_known_hosts")
"""OpenSSH's `GlobalKnownHostsFile`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one file says of a router's address."""

    file: Path
    trust: Trust
    """Of the key that is offered now."""
    entries: tuple[Entry, ...]

    @property
    def lines(self) -> str:
        """Where the keys are that it knows: `FILE:LINE`, with the key where it is another one."""
        return "; ".join(
            f"{self.file}:{each.line}"
            + ("" if self.trust is Trust.TRUSTED else f" {each.key.kind} {each.key.fingerprint}")
            for each in self.entries
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """The key that answers at one router's address, and what is known of that address."""

    target: Target
    key: HostKey
    own: Known
    """By the file into which it would be recorded."""
    others: tuple[Known, ...]
    """By other files of this machine that know the address."""

    @property
    def is_new(self) -> bool:
        """Whether the file knows no key yet, so that this one can be recorded."""
        return self.own.trust is Trust.UNKNOWN

    @property
    def refusal(self) -> HostKeyMismatch | None:
        """Why the key must not be recorded."""
        if self.own.trust is Trust.CHANGED:
            text = f"another key is known: {self.own.lines}; compare, then delete that line first"
        elif self.own.trust is Trust.REVOKED:
            text = f"this key is revoked: {self.own.lines}; it is never trusted"
        else:
            return None
        return HostKeyMismatch(self.target.name, text)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is known already, and what the key can be compared with."""
        if self.own.trust is Trust.TRUSTED:
            return (f"known already: {self.own.lines}",)
        said = [_compared(each) for each in self.others]
        said.append("compare it with `show system ssh host-keys` on its console")
        if self.is_new:
            said.insert(0, f"no key is known in {self.own.file}")
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Offers:
    """Of the routers that were asked: those that offered a key, and those that did not."""

    offers: tuple[Offer, ...]
    silent: tuple[DeviceError, ...]


def offers(targets: Iterable[Target]) -> Offers:
    """Ask routers for their host keys, several at a time; nothing is recorded.

    Raises:
        UsageError: a router has no file of known hosts, or the file cannot be read.
    """
    chosen = tuple(targets)
    files: dict[Path, KnownHosts] = {}
    for path in (*map(_file, chosen), default_known_hosts(), SYSTEM_WIDE):
        if path not in files:
            files[path] = _read(path)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = tuple(pool.map(_offered, chosen))
    found = [
        _judged(target, answer, files)
        for target, answer in zip(chosen, answers, strict=True)
        if isinstance(answer, HostKey)
    ]
    silent = tuple(answer for answer in answers if isinstance(answer, DeviceError))
    return Offers(tuple(found), silent)


def remember(target: Target, key: HostKey) -> Path:
    """Record the key, and forget what chassis answered there before; the file it went into.

    Raises:
        HostKeyMismatch: another key is known; that line must go by hand first.
        UsageError: the file cannot be written.
    """
    path = _file(target)
    trust = _read(path).judge(target.host, target.port, key)
    if trust in (Trust.CHANGED, Trust.REVOKED):
        text = f"another key is known, or this one is revoked, in {path}: take that line out first"
        raise HostKeyMismatch(target.name, text)
    try:
        forget(serials_file(path), target.host, target.port)
        if trust is Trust.UNKNOWN:
            record(path, target.host, target.port, key)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return path


def _offered(target: Target) -> HostKey | DeviceError:
    try:
        return offered_key(target, timeout=LIMIT)
    except DeviceError as error:
        return error


def _judged(target: Target, key: HostKey, files: dict[Path, KnownHosts]) -> Offer:
    own = _file(target)
    known = {
        path: Known(
            path,
            hosts.judge(target.host, target.port, key),
            hosts.about(target.host, target.port),
        )
        for path, hosts in files.items()
    }
    others = tuple(each for path, each in known.items() if path != own and each.entries)
    return Offer(target, key, known[own], others)


def _compared(known: Known) -> str:
    if known.trust is Trust.TRUSTED:
        return f"the same key is in {known.lines}"
    return f"{'revoked' if known.trust is Trust.REVOKED else 'NOT the key'} in {known.lines}"


def _file(target: Target) -> Path:
    if target.known_hosts is None:
        raise UsageError(f"{target.name}: no known_hosts file to record its key in")
    return target.known_hosts


def _read(path: Path) -> KnownHosts:
    try:
        return KnownHosts.read(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
