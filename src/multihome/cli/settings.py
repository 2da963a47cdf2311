"""What every verb is told: which network, which project, how loud."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer

from multihome.cli.screen import Screen


@dataclass(frozen=True, slots=True)
class Settings:
    """The shared options of one command line."""

    lab: bool
    project: Path | None
    verbose: bool
    log_file: Path | None
    screen: Screen


def settings_of(ctx: typer.Context) -> Settings:
    """The settings that the callback of the command line left."""
    settings = ctx.obj
    if not isinstance(settings, Settings):
        raise TypeError("the callback runs before every verb")
    return settings
