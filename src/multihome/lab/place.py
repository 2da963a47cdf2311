"""Where a lab keeps what must outlive the command that started it."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from multihome.errors import UsageError

_SOCKET_LIMIT = 100
"""Bytes of the longest path that a unix socket may have everywhere."""


def default_state_dir() -> Path:
    """`$MULTIHOME_LAB_DIR`, or a folder below the user's XDG state directory."""
    named = os.environ.get("MULTIHOME_LAB_DIR")
    if named:
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "multihome" / "lab"


@dataclass(frozen=True, slots=True)
class LabRouter:
    """How to reach one virtual router; `host_key` is its public key as in `known_hosts`."""

    name: str
    host: str
    port: int
    username: str
    password: str
    host_key: str
    fingerprint: str
    host_name: str = ""
    """What it calls itself as the lab starts."""
    unknown: int = 0
    """Statements that the grammar does not know: kept, without effect."""
    unmodelled: int = 0
    """Statements that are known, and that the virtual router does not act on."""

    def __repr__(self) -> str:
        return f"LabRouter({self.name!r}, {self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Record:
    """What a running lab has written about itself."""

    pid: int
    boot: str
    """A token that only this run of the lab answers to."""
    started: str
    """ISO 8601, UTC."""
    socket: str
    routers: tuple[LabRouter, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one lab."""

    folder: Path

    @property
    def record_file(self) -> Path:
        """Who runs and where it listens; readable by its owner alone, it holds the password."""
        return self.folder / "lab.json"

    @property
    def known_hosts(self) -> Path:
        """The host keys of all routers, in OpenSSH's format."""
        return self.folder / "known_hosts"

    @property
    def serials(self) -> Path:
        """Where clients keep the serial numbers that they have seen, beside the host keys."""
        return self.folder / "known_hosts.serials"

    @property
    def private_key(self) -> Path:
        """A key that every router accepts for the lab's user."""
        return self.folder / "id_ed25519"

    @property
    def log_file(self) -> Path:
        """The log of the network."""
        return self.folder / "lab.log"

    @property
    def output_file(self) -> Path:
        """What the process itself printed; empty unless something went wrong."""
        return self.folder / "service.log"

    @property
    def lock_file(self) -> Path:
        """Held while a lab starts or stops."""
        return self.folder / "lock"

    def socket_file(self) -> Path:
        """Where the control socket goes: beside the rest unless that path is too long."""
        beside = self.folder / "control.sock"
        if len(os.fsencode(beside)) <= _SOCKET_LIMIT:
            return beside
        return Path(tempfile.mkdtemp(prefix="multihome-")) / "control.sock"

    def make(self) -> None:
        """Make the folder, for its owner alone; raises UsageError if that cannot be."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            text = f"cannot make {self.folder}: {error.strerror}; MULTIHOME_LAB_DIR names another"
            raise UsageError(text) from None

    def read(self) -> Record | None:
        """The record, or None if it is missing or not legible."""
        try:
            data: dict[str, Any] = json.loads(self.record_file.read_text(encoding="utf-8"))
            routers = tuple(LabRouter(**router) for router in data.pop("routers"))
            return Record(**data, routers=routers)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, record: Record) -> None:
        """Write the record whole or not at all, and the host keys beside it."""
        lines = (f"[{r.host}]:{r.port} {r.host_key}\n" for r in record.routers)
        write_private(self.known_hosts, "".join(lines))
        self.serials.unlink(missing_ok=True)
        write_private(self.record_file, json.dumps(asdict(record), indent=2))

    def clear(self) -> None:
        """Take away what says that a lab is running; its logs stay."""
        record = self.read()
        if record is not None:
            socket = Path(record.socket)
            socket.unlink(missing_ok=True)
            if socket.parent != self.folder and socket.parent.name.startswith("multihome-"):
                socket.parent.rmdir()
        for file in (self.record_file, self.known_hosts, self.serials, self.private_key):
            file.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step."""
    scratch = path.with_name(f"{path.name}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    scratch.replace(path)
