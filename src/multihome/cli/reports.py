"""`--json`, `--junit`, `--md`, `--html`, `--csv`, `--template`: one run, in many forms."""

from __future__ import annotations

import errno
import inspect
import os
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.gate import emit
from multihome.cli.screen import complain
from multihome.errors import UsageError
from multihome.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="CSV, a line a finding.", envvar="MULTIHOME_CSV"),
]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="FILE.j2",
        help="A Jinja2 template of your own; --output says where its text goes.",
        envvar="MULTIHOME_TEMPLATE",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="What --template makes.",
        envvar="MULTIHOME_TEMPLATE_OUTPUT",
    ),
]
OPTIONS: Mapping[str, object] = {
    "json": Json,
    "junit": Junit,
    "md": Markdown,
    "html": Html,
    "csv": Csv,
    "template": Template,
    "output": Output,
}
"""By field of `Reports`: the options of every verb that makes a run."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Where a run is to be written, beside the screen."""

    json: Path | None = None
    junit: Path | None = None
    md: Path | None = None
    html: Path | None = None
    csv: Path | None = None
    template: Path | None = None
    """Read, not written: what `output` is made from."""
    output: Path | None = None

    @property
    def _files(self) -> tuple[Path, ...]:
        files = (self.json, self.junit, self.md, self.html, self.csv, self.output)
        return tuple(file for file in files if file is not None)

    @property
    def on_stdout(self) -> bool:
        """Whether stdout belongs to a report, so that nothing else may be written there."""
        return STDOUT in self._files

    def __post_init__(self) -> None:
        """Raise UsageError for what cannot be made or read, before any router is touched."""
        if (self.template is None) is not (self.output is None):
            raise UsageError("--template FILE.j2 and --output FILE need each other")
        for file in self._files:
            if file != STDOUT and (reason := _hindrance(file)):
                raise UsageError(f"cannot write {file}: {reason}")
        if self.template is not None:
            from multihome.report.custom import custom_form

            custom_form(self.template)

    def write(self, run: Run) -> UsageError | None:
        """Write every form that was asked for; a file that cannot be written stops no other."""
        failed: list[str] = []
        for file, form in self._wanted():
            try:
                text = printable(form(run))
                if file == STDOUT:
                    emit(text)
                else:
                    file.write_bytes(text.encode())
            except UsageError as error:
                failed.append(str(error))
            except OSError as error:
                failed.append(f"cannot write {file}: {error.strerror}")
        return UsageError("\n".join(failed)) if failed else None

    def _wanted(self) -> list[tuple[Path, Callable[[Run], str]]]:
        from multihome.report.custom import custom_form
        from multihome.report.html import to_html
        from multihome.report.junit import to_junit
        from multihome.report.markdown import to_markdown
        from multihome.report.spreadsheet import to_csv
        from multihome.report.store import to_json

        forms: list[tuple[Path | None, Callable[[Run], str]]] = [
            (self.json, to_json),
            (self.junit, to_junit),
            (self.md, to_markdown),
            (self.html, to_html),
            (self.csv, to_csv),
        ]
        if self.template is not None:
            forms.append((self.output, custom_form(self.template)))
        return [(file, form) for file, form in forms if file is not None]


def reporting(verb: Callable[..., int]) -> Callable[..., int]:
    """Give a verb the options of `Reports` in place of its parameter `reports`.

    The reports are checked before the verb begins: UsageError for what cannot be written.
    """
    signature = inspect.signature(verb, eval_str=True)

    @wraps(verb)
    def with_options(*arguments: object, **named: object) -> int:
        chosen = {field: named.pop(f"{field}_file", None) for field in OPTIONS}
        return verb(*arguments, reports=Reports(**chosen), **named)  # type: ignore[arg-type]  # typer reads each as a path

    added = [
        inspect.Parameter(
            f"{field}_file", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option
        )
        for field, option in OPTIONS.items()
    ]
    kept = [each for name, each in signature.parameters.items() if name != "reports"]
    with_options.__signature__ = signature.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
    with_options.__annotations__ = {
        **{each.name: each.annotation for each in kept},
        "return": int,
        **{each.name: each.annotation for each in added},
    }
    return with_options


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
    """The exit code, after the verdict; a report that was not written is no success."""
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
