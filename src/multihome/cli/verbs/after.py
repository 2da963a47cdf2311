"""Verbs for after a change that did not end as it should: status, confirm, rollback."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion, duration
from multihome.cli.lines import print_line, print_table
from multihome.cli.options import Yes
from multihome.cli.settings import Settings, settings_of
from multihome.cli.verbs.change import Confirm as Lease
from multihome.cli.verbs.change import Hold, Wait, show_diff, show_summary
from multihome.errors import ExitCode
from multihome.values.grouping import Message, lines, message, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.console import Console

    from multihome.change.preflight.plan import Planned
    from multihome.change.recovery.actions import Direction
    from multihome.change.recovery.recalled import Whereabouts
    from multihome.change.recovery.run_list import Account
    from multihome.fleet.outcome import Outcome
    from multihome.inventory.network import NetworkKind
    from multihome.runbook.recovery import Terms

RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="The run's id, as apply printed it.", autocompletion=completion.runs
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="ROUTER",
        help="Only this router of the run, on purpose; several: repeat it, or A,B.",
        envvar="MULTIHOME_ONLY",
    ),
]
NAMED = 3
"""Of those who committed since, the latest."""
COLUMNS = ("run", "began", "verb", "routers", "network", "how it ended")
BESIDE = 50
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
    """Show the state in which a run left each router; change nothing.

    Without RUN: which runs are not finished.
    """
    from multihome.cli.context import open_workspace
    from multihome.inventory.network import NetworkKind as Kind
    from multihome.inventory.network import words
    from multihome.runbook.recovery import folder_of, ledger, whereabouts

    settings = settings_of(ctx)
    if run is None:
        return _list(ledger(), settings, Kind.TWIN if settings.lab else Kind.LIVE)
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
    print_line(out, f"network: {words(found.account.network)}")
    _show(found.routers.items(), out)
    return _end(out, found.code, found.text)


def confirm(
    ctx: typer.Context,
    run: RunName,
    *,
    only: Only = None,
    lease: Lease = "5m",
    wait: Wait = "2m",
    hold: Hold = "0s",
    yes: Yes = False,
) -> int:
    """Make a run's change permanent on all its routers.

    Once the checks hold. Shows each router's diff and asks. All routers or none: refused where one cannot be
    confirmed, unless --only names the others.
    """
    from multihome.change.recovery.actions import Direction

    terms = _terms(settings_of(ctx), Direction.CONFIRM, only, (lease, wait, hold), yes=yes)
    return _finish(settings_of(ctx), run, Direction.CONFIRM, terms)


def rollback(
    ctx: typer.Context,
    run: RunName,
    *,
    only: Only = None,
    lease: Lease = "5m",
    wait: Wait = "2m",
    hold: Hold = "0s",
    yes: Yes = False,
) -> int:
    """Undo a run on all of its routers.

    Leg by leg, as carefully as apply. Shows each router's diff and asks. All routers or none: refused where one cannot be brought
    back, such as where another user has committed since, unless --only names the others.
    """
    from multihome.change.recovery.actions import Direction

    terms = _terms(settings_of(ctx), Direction.ROLLBACK, only, (lease, wait, hold), yes=yes)
    return _finish(settings_of(ctx), run, Direction.ROLLBACK, terms)


def _terms(
    settings: Settings,
    direction: Direction,
    only: list[str] | None,
    times: tuple[str, str, str | None],
    *,
    yes: bool,
) -> Terms:
    from multihome.change.verification import Patience
    from multihome.runbook.recovery import Terms

    lease, wait, hold = times
    question = {"rollback": "Roll this back on", "confirm": "Confirm this on"}[direction.value]
    return Terms(
        only=tuple(name for each in only or () for name in each.split(",") if name),
        patience=Patience(
            limit=duration.seconds("--wait", wait), hold=duration.seconds("--hold", hold or "0s")
        ),
        lease=duration.lease(lease),
        agree=_asker(settings, question, yes=yes or settings.lab),
    )


def _asker(
    settings: Settings, question: str, *, yes: bool
) -> Callable[[Mapping[str, Planned]], bool]:
    """Show what would change, and ask unless `--yes` answered."""
    from multihome.change.agreement.step_plan import StepPlan
    from multihome.cli.prompt import agreed

    def agree(planned: Mapping[str, Planned]) -> bool:
        if not settings.screen.quiet:
            show_summary(tuple(planned.values()), StepPlan(), None, settings)
        for each in planned.values():
            show_diff(each, settings)
        count = f"{len(planned)} router{'s' if len(planned) > 1 else ''}"
        return agreed(settings, f"{question} {count}?", yes=yes)

    return agree


def _finish(settings: Settings, run: str, direction: Direction, terms: Terms) -> int:
    from multihome.cli.context import open_workspace
    from multihome.cli.progress_events import narrated
    from multihome.runbook.recovery import finish, folder_of

    workspace = open_workspace(settings, whole=False)
    with narrated(settings) as listeners:
        folder = folder_of(workspace, run, listeners)
        verdict = finish(workspace, folder, direction, terms, listeners)
    for line in verdict.next:
        print_line(settings.screen.out, line)
    return _end(settings.screen.out, verdict.code, verdict.text)


def _list(found: tuple[Account, ...], settings: Settings, here: NetworkKind) -> int:
    """Those that are not finished, and the latest of the others.

    What a twin or a rehearsal left unfinished is shown, and is nothing to finish here.
    """
    from rich.table import Table
    from rich.text import Text

    from multihome.runbook.network import elsewhere

    out = settings.screen.out
    still = [each for each in found if each.unfinished and not elsewhere(each.network, here)]
    shown = [*still, *[each for each in found if each not in still][:LISTED]]
    if shown:
        table = Table(*COLUMNS, box=None, pad_edge=False)
        for each in shown:
            began = f"{each.began.astimezone():%m-%d %H:%M}"
            room = max(MIN_TEXT, out.width - BESIDE)
            ended = Text(shorten(_ended(each), room), "red" if each in still else "")
            where = each.network.kind if each.network is not None else "not recorded"
            table.add_row(each.run, began, each.verb, str(len(each.routers)), where, ended)
        print_table(out, table)
    if not still:
        text = f"no run on the {here} network is unfinished, of {len(found)}"
        return _end(out, ExitCode.PROVEN, text)
    names = ", ".join(each.run for each in still)
    return _end(out, ExitCode.NEEDS_HUMAN, f"not finished: {names}; see multihome status RUN")


def _ended(each: Account) -> str:
    if each.running:
        return f"still running (pid {each.pid})"
    if each.code is None:
        return "DID NOT END: killed?"
    return f"{int(each.code)}: {each.text}"


def _show(found: Iterable[tuple[str, Outcome[Whereabouts]]], out: Console) -> None:
    """A line per router; what does not fit in it is said below."""
    from rich.table import Table

    table = Table("router", "state", "rolls back in", "last step", box=None, pad_edge=False)
    remarks = []
    for router, outcome in found:
        if outcome.error is not None:
            table.add_row(router, "unknown")
            remarks.append(message(router, str(outcome.error)))
            continue
        where = outcome.get()
        left = (
            ""
            if where.left is None
            else f"{where.left.seconds // 60}:{where.left.seconds % 60:02} min"
        )
        table.add_row(router, where.standing.value, left, where.step)
        if where.position.foreign:
            text = f"another user committed: {_some(where.position.foreign)}"
            remarks.append(Message(router, text))
    print_table(out, table)
    for remark in lines(remarks):
        print_line(out, remark, style="red")


def _some(names: tuple[str, ...]) -> str:
    return some(names, NAMED)


def _end(out: Console, code: ExitCode, text: str) -> int:
    """The verdict, last."""
    print_line(out, text)
    print_line(out, f"exit {int(code)}: {code.meaning}")
    return int(code)
