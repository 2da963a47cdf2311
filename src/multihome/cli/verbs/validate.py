"""The verb that judges a project's files: validate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.gate import emit
from multihome.cli.lines import print_as_is, print_line
from multihome.cli.options import Leg, Limit, Site, State
from multihome.cli.settings import settings_of
from multihome.errors import ExitCode
from multihome.values.grouping import problem_lines
from multihome.values.printable import printable

if TYPE_CHECKING:
    from multihome.cli.settings import Settings
    from multihome.errors import Problem
    from multihome.runbook.validation import Validation

AsJson = Annotated[
    Path | None,
    typer.Option(
        "--json",
        metavar="FILE",
        help="Errors and warnings as JSON ('-': stdout).",
        envvar="MULTIHOME_JSON",
    ),
]
STDOUT = Path("-")


def register(app: typer.Typer) -> None:
    """Mount this verb."""
    app.command()(validate)


def validate(
    ctx: typer.Context,
    *,
    state: State = "steady",
    site: Site = None,
    leg: Leg = None,
    limit: Limit = None,
    json_file: AsJson = None,
) -> int:
    """Check every file of the project, offline.

    All errors are reported at once: inventory, intent, templates and checks, and what
    they say of each other. Every other verb does the same before it asks a router.

    For example: multihome validate --json -
    """
    from multihome.inventory.project import find_project
    from multihome.runbook.requests import half_asked_offline
    from multihome.runbook.validation import validate as validate_now
    from multihome.runbook.verify import Wanted

    settings = settings_of(ctx)
    project = find_project(settings.project)
    found = validate_now(project)
    halves: tuple[str, ...] = ()
    if not found.errors:
        halves = half_asked_offline(project, found, limit or (), Wanted(state, site, leg))
    code = ExitCode.USAGE if found.errors else ExitCode.PROVEN
    if json_file is not None:
        _write(json_file, _document(found, halves, code))
    if json_file != STDOUT:
        _print(settings, found, halves)
    counts = f"{_count(found.errors, 'error')}, {_count((*found.warnings, *halves), 'warning')}"
    end = settings.screen.err if json_file == STDOUT else settings.screen.out
    print_as_is(end, f"{counts} in {project.root}; exit {int(code)}: {code.meaning}")
    return code


def _print(settings: Settings, found: Validation, halves: tuple[str, ...]) -> None:
    out = settings.screen.out
    for problem in problem_lines(found.errors):
        print_line(out, f"error: {problem}", style="red")
    for problem in problem_lines(found.warnings):
        print_line(out, f"warning: {problem}", style="yellow")
    for line in halves:
        print_line(out, line, style="yellow")


def _count(found: tuple[object, ...], word: str) -> str:
    return f"{len(found)} {word}{'' if len(found) == 1 else 's'}"


def _document(found: Validation, halves: tuple[str, ...], code: ExitCode) -> str:
    rows = [_row("error", each) for each in found.errors]
    rows += [_row("warning", each) for each in found.warnings]
    rows += [{"level": "warning", "message": line.removeprefix("warning: ")} for line in halves]
    return json.dumps({"problems": rows, "exit_code": int(code), "meaning": code.meaning}, indent=2)


def _row(level: str, problem: Problem) -> dict[str, object]:
    return {
        "level": level,
        "file": str(problem.file),
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
    }


def _write(file: Path, text: str) -> None:
    from multihome.errors import UsageError

    if file == STDOUT:
        emit(f"{text}\n")
        return
    try:
        file.write_text(printable(text) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from None
