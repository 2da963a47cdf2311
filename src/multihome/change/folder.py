"""The folder of one run: `runs/<time>-<verb>-<id>/`, without secrets, its owner's alone."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from multihome.change.commit_comment import new_run_id
from multihome.change.journal import Journal, read_journal
from multihome.errors import UnknownName, UsageError
from multihome.inventory.network import network_from
from multihome.values.printable import printable, printable_json
from multihome.values.private import private
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from multihome.change.journal import Digest, Entry
    from multihome.inventory.network import Network

JOURNAL = "journal.jsonl"
NETWORK = "network.json"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run leaves what it did."""

    path: Path
    run: str
    verb: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values to mask in whatever is written, besides those known by their form."""

    @classmethod
    def create(
        cls,
        runs: Path,
        verb: str,
        secrets: Iterable[str] = (),
        *,
        run: str = "",
        network: Network | None = None,
    ) -> RunFolder:
        """Make the folder of a new run, or of one that has none here; its owner's only.

        Raises:
            UsageError: the place cannot be written to.
        """
        run = run or new_run_id()
        now = datetime.now().astimezone()
        path = runs / f"{now:%Y%m%dT%H%M%S}-{verb}-{run}"
        try:
            runs.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700)
        except OSError as error:
            raise UsageError(f"cannot make {path}: {error.strerror or error}") from None
        made = cls(path, run, verb, tuple(secrets))
        if network is not None:
            with suppress(OSError):  # a full disk: the run goes on, its network is not recorded
                made.write_json(NETWORK, json.dumps(network.document()))
        return made

    @classmethod
    def find(cls, runs: Path, run: str) -> RunFolder:
        """The folder of an earlier run, by its id or the folder's name.

        Raises:
            UnknownName: there is no such run.
        """
        known = []
        for path in sorted(runs.glob("*-*-*")):
            name = path.name.rsplit("-", 1)[1]
            verb = path.name.split("-", 1)[1].removesuffix(f"-{name}")
            if run in (name, path.name):
                return cls(path, name, verb)
            known.append(name)
        raise UnknownName("run", run, known)

    @property
    def journal(self) -> Journal:
        """What was done, line by line."""
        return Journal(self.path / JOURNAL, self.secrets)

    @property
    def network(self) -> Network | None:
        """The network that the run was made on; None if that is not recorded."""
        try:
            found = json.loads((self.path / NETWORK).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return network_from(found) if isinstance(found, dict) else None

    def entries(self) -> tuple[Entry, ...]:
        """What the journal says; nothing if the run ended before it did anything."""
        path = self.path / JOURNAL
        return read_journal(path) if path.exists() else ()

    def write_json(self, name: str, text: str) -> Path:
        """Keep a JSON document: its texts are redacted one by one, so that it stays one."""
        clean = _redacted(json.loads(text), self.secrets)
        text = json.dumps(clean, indent=2, ensure_ascii=False)
        return self._write(name, printable_json(text) + "\n")

    def write(self, name: str, text: str) -> Path:
        """Keep a text in the folder, redacted, complete or not at all; `name` may have folders."""
        return self._write(name, printable(redact(text, self.secrets)))

    def write_digests(self, name: str, digests: Mapping[str, Digest]) -> Path:
        """Keep digests of files by name; nothing in them is a secret to take out."""
        return self._write(name, json.dumps(digests, indent=2, sort_keys=True) + "\n")

    def _write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(path.name + ".new")
        try:
            with open(scratch, "w", encoding="utf-8", opener=private) as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            scratch.replace(path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
        return path


def _redacted(value: object, secrets: tuple[str, ...]) -> object:
    if isinstance(value, str):
        return redact(value, secrets)
    if isinstance(value, dict):
        return {name: _redacted(inner, secrets) for name, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(inner, secrets) for inner in value]
    return value
