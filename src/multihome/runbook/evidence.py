"""Where runs are kept, and what each keeps: everything that was seen, to be judged again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.change.folder import RunFolder
from multihome.errors import UsageError
from multihome.report.store import from_json, to_json

if TYPE_CHECKING:
    from multihome.report.model import Run

RUNS = "MULTIHOME_RUNS"
RESULT = "result.json"
REPLIES = "replies"


def runs_folder() -> Path:
    """`$MULTIHOME_RUNS`, or `runs` where the operator stands."""
    return Path(os.environ.get(RUNS) or "runs")


def find_run(name: str) -> RunFolder:
    """A run by its id, its folder's name or its path; raises UnknownName."""
    path = Path(name)
    if path.is_dir():
        return RunFolder.find(path.resolve().parent, path.resolve().name)
    return RunFolder.find(runs_folder(), name)


def keep_result(folder: RunFolder, run: Run) -> None:
    """Write the result beside the evidence."""
    folder.write(RESULT, to_json(run))


def read_result(folder: RunFolder) -> Run:
    """A run as it ended; raises InvalidFile or UsageError."""
    file = folder.path / RESULT
    if not file.is_file():
        raise UsageError(f"{folder.path} holds no {RESULT}: the run did not come to a result")
    return from_json(file.read_text(encoding="utf-8"), file)
