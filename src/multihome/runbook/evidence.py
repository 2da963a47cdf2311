"""The folder of a run: everything that was seen, kept so that it can be judged again."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.errors import UnknownName, UsageError
from multihome.report.store import from_json, to_json

if TYPE_CHECKING:
    from multihome.report.model import Run

RUNS = "MULTIHOME_RUNS"
RESULT = "result.json"


def runs_folder() -> Path:
    """`$MULTIHOME_RUNS`, or `runs` where the operator stands."""
    return Path(os.environ.get(RUNS) or "runs")


def new_run(verb: str, *, root: Path | None = None) -> Path:
    """Make the folder of a new run, `<time>-<verb>-<id>`, readable by its owner alone.

    Raises:
        UsageError: it cannot be made.
    """
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = (root or runs_folder()) / f"{moment}-{verb}-{secrets.token_hex(3)}"
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise UsageError(
            f"cannot write the run to {folder}: {error.strerror}; {RUNS} names another place"
        ) from error
    return folder


def find_run(name: str, *, root: Path | None = None) -> Path:
    """A run by its folder, its name or the end of it; raises UnknownName."""
    if Path(name).is_dir():
        return Path(name)
    base = root or runs_folder()
    runs = sorted(path for path in base.iterdir() if path.is_dir()) if base.is_dir() else []
    matching = [path for path in runs if path.name == name or path.name.endswith(f"-{name}")]
    if len(matching) != 1:
        raise UnknownName("run", name, (path.name for path in runs))
    return matching[0]


def keep_result(folder: Path, run: Run) -> None:
    """Write the result beside the evidence."""
    (folder / RESULT).write_text(to_json(run), encoding="utf-8")


def read_result(folder: Path) -> Run:
    """A run as it ended; raises InvalidFile or UsageError."""
    file = folder / RESULT
    if not file.is_file():
        raise UsageError(f"{folder} holds no {RESULT}: the run did not come to a result")
    return from_json(file.read_text(encoding="utf-8"), file)
