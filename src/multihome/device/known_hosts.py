"""Host keys that are trusted: OpenSSH's known_hosts format (sshd(8)), read once for all routers.

A host is known as `[host]:port`; under its bare name only on the ports of ssh and NETCONF,
where the same daemon answers with the same key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DEVICE_PORTS = (22, 830)
_RSA = ("rsa-sha2-512", "rsa-sha2-256")
"""How an `ssh-rsa` key signs today (RFC 8332)."""
_ALGORITHMS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    *_RSA,
)


class Trust(Enum):
    """What known_hosts says of a key."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class HostKey:
    """A public key as a server shows it; `blob` is in SSH's own encoding (RFC 4253, 6.6)."""

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As OpenSSH prints it: `SHA256:` and unpadded base64."""
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode()
        return "SHA256:" + digest.rstrip("=")

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a known_hosts file; `line` counts from 1."""

    patterns: tuple[str, ...]
    key: HostKey
    line: int
    revoked: bool = False

    def covers(self, name: str) -> bool:
        """Whether the line speaks of this host, by name, hash or wildcard."""
        if any(fnmatchcase(name, p[1:]) for p in self.patterns if p.startswith("!")):
            return False
        return any(_matches(pattern, name) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """All entries of a file, indexed by plain name: a lookup does not read the file again."""

    entries: tuple[Entry, ...] = ()
    path: Path | None = None
    _plain: dict[str, list[Entry]] = field(default_factory=dict, repr=False, compare=False)
    _special: list[Entry] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        for entry in self.entries:
            if any(set(pattern) & set("|*?!") for pattern in entry.patterns):
                self._special.append(entry)
            else:
                for name in entry.patterns:
                    self._plain.setdefault(name, []).append(entry)

    @classmethod
    def read(cls, path: Path) -> KnownHosts:
        """The file's entries; none if there is no such file. Raises OSError if it is unreadable."""
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            text = ""
        return cls(tuple(_entries(text.splitlines())), path)

    def about(self, host: str, port: int) -> tuple[Entry, ...]:
        """Every entry that speaks of this host on this port."""
        names = [f"[{host.lower()}]:{port}"]
        if port in _DEVICE_PORTS:
            names.append(host.lower())
        found = [entry for name in names for entry in self._plain.get(name, ())]
        found += [entry for entry in self._special if any(entry.covers(name) for name in names)]
        return tuple(found)

    def judge(self, host: str, port: int, key: HostKey) -> Trust:
        """Whether the key is the one we know."""
        about = self.about(host, port)
        same = [entry for entry in about if entry.key.blob == key.blob]
        if any(entry.revoked for entry in same):
            return Trust.REVOKED
        if same:
            return Trust.TRUSTED
        return Trust.CHANGED if any(not entry.revoked for entry in about) else Trust.UNKNOWN

    def algorithms(self, host: str, port: int) -> tuple[str, ...]:
        """Host key algorithms to ask for: the known ones first, so that a known key is shown."""
        kinds = {entry.key.kind for entry in self.about(host, port)}
        known = [
            name for name in _ALGORITHMS if name in kinds or (name in _RSA and "ssh-rsa" in kinds)
        ]
        return (*known, *(name for name in _ALGORITHMS if name not in known))


def record(path: Path, host: str, port: int, key: HostKey) -> None:
    """Trust a key from now on: one line more. Raises OSError if the file cannot be written."""
    name = host.lower() if port == 22 else f"[{host.lower()}]:{port}"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    existing = path.read_bytes() if path.exists() else b""
    lead = "" if not existing or existing.endswith(b"\n") else "\n"
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"{lead}{name} {key.kind} {base64.b64encode(key.blob).decode()}\n")


def _entries(lines: Iterable[str]) -> Iterable[Entry]:
    for number, line in enumerate(lines, start=1):
        words = line.split()
        revoked = words[:1] == ["@revoked"]
        if revoked:
            words = words[1:]
        if len(words) < 3 or words[0].startswith(("#", "@")):
            continue  # comments, certificate authorities (no certificates here) and damaged lines
        try:
            blob = base64.b64decode(words[2], validate=True)
        except binascii.Error:
            continue
        patterns = tuple(
            pattern.lower() if pattern[0] != "|" else pattern
            for pattern in words[0].split(",")
            if pattern
        )
        yield Entry(patterns, HostKey(words[1], blob), number, revoked)


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith("|1|"):
        return _hash_matches(pattern, name)
    if pattern.startswith("["):  # brackets are part of `[host]:port`, not a set of characters
        return pattern == name or ("*" in pattern and fnmatchcase(name[1:], pattern[1:]))
    return fnmatchcase(name, pattern)


def _hash_matches(pattern: str, name: str) -> bool:
    """`|1|salt|hash`: HMAC-SHA1 of the name, as `HashKnownHosts yes` writes it."""
    try:
        salt, digest = (base64.b64decode(part) for part in pattern[3:].split("|"))
    except ValueError:
        return False
    return hmac.compare_digest(hmac.new(salt, name.encode(), hashlib.sha1).digest(), digest)
