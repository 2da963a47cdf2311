"""`--json`, `--junit`, `--md`, `--html`: one run, in as many forms as are asked for."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.gate import emit
from multihome.cli.screen import complain
from multihome.errors import UsageError
from multihome.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.cli.settings import Settings
    from multihome.report.model import Run

Json = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="JSON ('-': stdout).", envvar="MULTIHOME_JSON"),
]
Junit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="JUnit XML.", envvar="MULTIHOME_JUNIT"),
]
Markdown = Annotated[
    Path | None,
    typer.Option("--md", metavar="FILE", help="Markdown, for a ticket.", envvar="MULTIHOME_MD"),
]
Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="One HTML page.", envvar="MULTIHOME_HTML"),
]
STDOUT = Path("-")


@dataclass(frozen=True, slots=True)
class Reports:
    """Where a run is to be written, beside the screen."""

    json: Path | None = None
    junit: Path | None = None
    md: Path | None = None
    html: Path | None = None

    @property
    def on_stdout(self) -> bool:
        """Whether stdout belongs to a report, so that nothing else may be written there."""
        return STDOUT in (self.json, self.junit, self.md, self.html)

    def __post_init__(self) -> None:
        """Raise UsageError for a file that cannot be made, before any router is touched."""
        for file in (self.json, self.junit, self.md, self.html):
            if file is not None and file != STDOUT and (reason := _hindrance(file)):
                raise UsageError(f"cannot write {file}: {reason}")

    def write(self, run: Run) -> UsageError | None:
        """Write every form that was asked for; a file that cannot be written stops no other."""
        failed: list[str] = []
        for file, form in self._wanted():
            text = printable(form(run))
            if file == STDOUT:
                emit(text)
                continue
            try:
                file.write_bytes(text.encode())
            except OSError as error:
                failed.append(f"cannot write {file}: {error.strerror}")
        return UsageError("\n".join(failed)) if failed else None

    def _wanted(self) -> list[tuple[Path, Callable[[Run], str]]]:
        from multihome.report.html import to_html
        from multihome.report.junit import to_junit
        from multihome.report.markdown import to_markdown
        from multihome.report.store import to_json

        forms = (
            (self.json, to_json),
            (self.junit, to_junit),
            (self.md, to_markdown),
            (self.html, to_html),
        )
        return [(file, form) for file, form in forms if file is not None]


def finish(run: Run, settings: Settings, reports: Reports) -> int:
    """Show the run, write its reports, and return how it ended; the verdict is the last line."""
    from multihome.report.console import print_run, verdict

    failure = reports.write(run)
    console = settings.screen.err if reports.on_stdout else settings.screen.out
    if settings.screen.quiet:
        console.print(verdict(run), highlight=False, soft_wrap=True)
    else:
        print_run(run, console, verbose=settings.verbose)
    return ended(run, failure)


def ended(run: Run, failure: UsageError | None) -> int:
    """The exit code, after the verdict; a report that is missing is told of, and no success."""
    return complain(failure, run.exit_code) if failure else int(run.exit_code)


def _hindrance(file: Path) -> str:
    """Why a file cannot be made there, as far as can be known without making it."""
    if file.is_dir():
        return os.strerror(errno.EISDIR)
    if not file.parent.is_dir():
        return os.strerror(errno.ENOENT)
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        return os.strerror(errno.EACCES)
    return ""
