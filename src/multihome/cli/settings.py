"""What every verb is told: which network, which project, how loud."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from multihome.cli.screen import Screen


@dataclass(frozen=True, slots=True)
class Settings:
    """The shared options of one command line."""

    lab: bool
    project: Path | None
    verbose: bool
    log_file: Path | None
    screen: Screen
