"""Verbs for after a change that did not end as it should: status, confirm, rollback."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.lines import print_line, print_table
from multihome.cli.settings import Settings, settings_of
from multihome.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from multihome.change.aftermath.ledger import Account
    from multihome.change.aftermath.mend import Direction
    from multihome.change.aftermath.status import Whereabouts
    from multihome.fleet.outcome import Outcome

RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="The run's id, as apply printed it.", autocompletion=completion.runs
    ),
]
NAMED = 3
"""Of those who committed since, the latest."""
BESIDE = 37
"""Columns that a run's other words take in the list."""
MIN_TEXT = 20
LISTED = 10
"""Finished runs that are shown, the latest ones."""


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    for verb in (status, confirm, rollback):
        app.command()(verb)


def status(
    ctx: typer.Context,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="Its id; without it, the runs there are.",
            autocompletion=completion.runs,
        ),
    ] = None,
) -> int:
    """Say where a run left each router; change nothing.

    Without RUN: which runs are not finished.
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.aftermath import folder_of, ledger, whereabouts

    settings = settings_of(ctx)
    if run is None:
        return _list(ledger(), settings)
    workspace, listeners = open_workspace(settings, whole=False), settings.listeners()
    with TemporaryDirectory() as scratch:
        folder = folder_of(workspace, run, listeners, beside=Path(scratch))
        found = whereabouts(workspace, folder, listeners)
    out = settings.screen.out
    ticket = f", ticket {found.account.ticket}" if found.account.ticket else ""
    out.print(
        f"run {found.account.run}: {found.account.verb}, "
        f"began {found.account.began.astimezone():%Y-%m-%d %H:%M:%S %Z}{ticket}",
        highlight=False,
        markup=False,
    )
    _show(found.routers.items(), out)
    return _end(out, found.code, found.text)


def confirm(ctx: typer.Context, run: RunName) -> int:
    """Make a run's change permanent on all its routers, and verify."""
    from multihome.change.aftermath.mend import Direction

    return _mend(settings_of(ctx), run, Direction.CONFIRM)


def rollback(ctx: typer.Context, run: RunName) -> int:
    """Undo a run on all of its routers.

    Refused where somebody else has committed since.
    """
    from multihome.change.aftermath.mend import Direction

    return _mend(settings_of(ctx), run, Direction.ROLLBACK)


def _mend(settings: Settings, run: str, direction: Direction) -> int:
    from multihome.cli.context import open_workspace
    from multihome.cli.narration import narrated
    from multihome.runbook.aftermath import finish, folder_of

    workspace = open_workspace(settings, whole=False)
    with narrated(settings) as listeners:
        folder = folder_of(workspace, run, listeners)
        verdict = finish(workspace, folder, direction, listeners)
    for line in verdict.next:
        print_line(settings.screen.out, line)
    return _end(settings.screen.out, verdict.code, verdict.text)


def _list(found: tuple[Account, ...], settings: Settings) -> int:
    """Those that are not finished, and the latest of the others."""
    from rich.table import Table
    from rich.text import Text

    out = settings.screen.out
    still = [each for each in found if each.unfinished]
    shown = [*still, *[each for each in found if not each.unfinished][:LISTED]]
    if shown:
        table = Table("run", "began", "verb", "routers", "how it ended", box=None, pad_edge=False)
        for each in shown:
            began = f"{each.began.astimezone():%m-%d %H:%M}"
            room = max(MIN_TEXT, out.width - BESIDE)
            ended = Text(shorten(_ended(each), room), "red" if each.unfinished else "")
            table.add_row(each.run, began, each.verb, str(len(each.routers)), ended)
        print_table(out, table)
    if not still:
        return _end(out, ExitCode.PROVEN, f"no run is unfinished, of {len(found)}")
    names = ", ".join(each.run for each in still)
    return _end(out, ExitCode.NEEDS_HUMAN, f"not finished: {names}; multihome status RUN tells")


def _ended(each: Account) -> str:
    if each.running:
        return f"still running (pid {each.pid})"
    if each.code is None:
        return "DID NOT END: killed?"
    return f"{int(each.code)}: {each.text}"


def _show(found: Iterable[tuple[str, Outcome[Whereabouts]]], out: Console) -> None:
    """A line per router; what does not fit in it is told below."""
    from rich.table import Table

    table = Table("router", "standing", "rolls back in", "last step", box=None, pad_edge=False)
    remarks = []
    for router, outcome in found:
        if outcome.error is not None:
            table.add_row(router, "unknown")
            remarks.append(f"{router}: {outcome.error.args[0].removeprefix(f'{router}: ')}")
            continue
        where = outcome.get()
        left = (
            ""
            if where.left is None
            else f"{where.left.seconds // 60}:{where.left.seconds % 60:02} min"
        )
        table.add_row(router, where.standing.value, left, where.step)
        if where.position.foreign:
            remarks.append(f"{router}: SOMEBODY ELSE committed: {_some(where.position.foreign)}")
    print_table(out, table)
    for remark in remarks:
        print_line(out, remark, style="red")


def _some(names: tuple[str, ...]) -> str:
    more = f", and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _end(out: Console, code: ExitCode, text: str) -> int:
    """The verdict, last."""
    print_line(out, text)
    print_line(out, f"exit {int(code)}: {code.meaning}")
    return int(code)
