"""What the operator sees: results on stdout, everything else on stderr, the verdict last."""

from __future__ import annotations

import os
import tempfile
import traceback
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.cli.gate import emit
from multihome.cli.lines import print_as_is, print_line
from multihome.errors import ExitCode, InvalidFile, MultihomeError
from multihome.values.grouping import problem_lines
from multihome.values.printable import printable
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from rich.console import Console

NARROW = 80
"""Columns where no terminal gives a width: in a pipe, in CI, over a serial console."""


class Screen:
    """The two streams of one run, made when first used so that `--help` stays quick."""

    def __init__(self, *, quiet: bool = False, aside: bool = False) -> None:
        """With `aside`, results go to stderr too: stdout carries a report."""
        self.quiet, self._aside = quiet, aside

    @cached_property
    def out(self) -> Console:
        """Results."""
        return _console(stderr=self._aside)

    @cached_property
    def err(self) -> Console:
        """Progress, warnings and errors."""
        return _console(stderr=True)

    def say(self, text: str = "") -> None:
        """One line of the story, unless the operator asked for the verdict only."""
        if not self.quiet:
            print_line(self.out, text)

    def show(self, text: str) -> None:
        """Lines that may be copied, printed unchanged; omitted with --quiet."""
        if not self.quiet:
            for line in text.splitlines():
                print_as_is(self.out, line)

    def data(self, text: str) -> None:
        """What another program reads: a document, names, statements; on stdout, as it is."""
        emit(text)

    def step(self, title: str) -> None:
        """The heading of a step."""
        if not self.quiet:
            self.out.print(f"\n{title}", style="bold", markup=False, highlight=False)


def _console(*, stderr: bool) -> Console:
    from multihome.cli.console import Screenwriter

    console = Screenwriter(stderr=stderr, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = NARROW
    return console


def complain(error: MultihomeError, code: int = ExitCode.PROVEN) -> int:
    """Say what, where and what to do; the exit code and its meaning on the last line.

    `code` is that of a run that has come to its end all the same: the worse of both counts.
    """
    console = _console(stderr=True)
    lines = problem_lines(error.problems) if isinstance(error, InvalidFile) else [str(error)]
    for line in redact("\n".join(lines)).split("\n") or [type(error).__name__]:
        console.print(f"error: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    return farewell(ExitCode.worst((ExitCode(code), error.exit_code)))


def complain_internal(error: BaseException) -> int:
    """A defect of this tool: one line on the screen, the traceback in a file for the report."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="multihome-crash-", suffix=".log", delete=False
    ) as log:
        log.write(printable(redact("".join(traceback.format_exception(error)))))
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
