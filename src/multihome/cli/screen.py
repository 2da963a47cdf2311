"""What the operator sees: results on stdout, everything else on stderr, the verdict last."""

from __future__ import annotations

import os
import tempfile
import traceback
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.errors import ExitCode, MultihomeError

if TYPE_CHECKING:
    from rich.console import Console

NARROW = 80
"""Columns where nobody says otherwise: in a pipe, in CI, over a serial console."""


class Screen:
    """The two streams of one run, made when first used so that `--help` stays quick."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet

    @cached_property
    def out(self) -> Console:
        """Results."""
        return _console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """Progress, warnings and errors."""
        return _console(stderr=True)

    def say(self, text: str = "") -> None:
        """One line of the story, unless the operator asked for the verdict only."""
        if not self.quiet:
            self.out.print(text, highlight=False)

    def step(self, title: str) -> None:
        """The heading of a step."""
        if not self.quiet:
            self.out.print(f"\n[bold]{title}[/bold]", highlight=False)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415 - 50 ms that `--help` need not pay

    console = Console(stderr=stderr, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = NARROW
    return console


def complain(error: MultihomeError) -> int:
    """Say what, where and what to do; the exit code and its meaning on the last line."""
    console = _console(stderr=True)
    for line in str(error).splitlines() or [type(error).__name__]:
        console.print(f"error: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    return farewell(error.exit_code)


def complain_internal(error: BaseException) -> int:
    """A defect of this tool: one line on the screen, the traceback in a file for the report."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="multihome-crash-", suffix=".log", delete=False
    ) as log:
        traceback.print_exception(error, file=log)
    _console(stderr=True).print(
        f"error: multihome itself failed: {type(error).__name__}; "
        f"please report it with {Path(log.name)}",
        style="red",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return farewell(ExitCode.INTERNAL)


def farewell(code: ExitCode) -> int:
    """The last line of a run that did not reach a verdict of its own."""
    _console(stderr=True).print(f"exit {int(code)}: {code.meaning}", highlight=False)
    return int(code)
