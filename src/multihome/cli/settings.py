"""The settings of every verb: network, project, verbosity."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from multihome.cli.log import LogFile
from multihome.cli.screen import Screen

if TYPE_CHECKING:
    from multihome.fleet.event import Listener


@dataclass(frozen=True, slots=True)
class Login:
    """What the command line says of logging in; the rest follows from the environment."""

    username: str | None = None
    key: Path | None = None
    known_hosts: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The shared options of one command line."""

    lab: bool
    project: Path | None
    secrets: Path | None
    login: Login
    verbose: bool
    log_file: Path | None
    screen: Screen
    max_reply: str | None = None

    def listeners(self) -> list[Listener]:
        """Listeners to what the fleet does, besides the screen."""
        return [LogFile(self.log_file)] if self.log_file is not None else []


def settings_of(ctx: typer.Context) -> Settings:
    """The settings that the callback of the command line left."""
    settings = ctx.obj
    if not isinstance(settings, Settings):
        raise TypeError("the callback runs before every verb")
    return settings
