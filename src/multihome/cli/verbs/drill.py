"""`multihome drill`: inject a fault, watch the network, remove the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion, duration
from multihome.cli.lines import print_as_is
from multihome.cli.options import Yes
from multihome.cli.prompt import agreed
from multihome.cli.reports import Reports, finish, reporting
from multihome.cli.settings import settings_of
from multihome.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from multihome.drill.definition import Drill

drill_app = typer.Typer(
    name="drill",
    help="Inject a fault, verify the backup, remove the fault.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Confirm = Annotated[
    str,
    typer.Option(
        "--confirm",
        metavar="TIME",
        help="The router removes the fault by itself after this time.",
        envvar="MULTIHOME_CONFIRM",
    ),
]
Wait = Annotated[
    str,
    typer.Option(
        "--wait",
        metavar="TIME",
        help="Convergence timeout.",
        envvar="MULTIHOME_WAIT",
    ),
]
DrillName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="As `drill list` prints it.", autocompletion=completion.drills
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.add_typer(drill_app)


@drill_app.command("list")
def list_drills(ctx: typer.Context) -> None:
    """The drills that the intent implies, and what each does."""
    from multihome.cli.context import open_workspace
    from multihome.runbook.drills import definitions

    settings = settings_of(ctx)
    found = definitions(open_workspace(settings, ask=False))
    for drill in found.values():
        settings.screen.out.print(f"{drill.name:<16} {drill.summary}", highlight=False)
        _show(drill, settings.screen.out, indent=17)


@drill_app.command()
@reporting
def run(
    ctx: typer.Context,
    name: DrillName,
    *,
    confirm: Confirm = "5m",
    wait: Wait = "60s",
    yes: Yes = False,
    reports: Reports,
) -> int:
    """Run one drill: inject its fault, then remove it.

    Verify the network, inject the fault, verify that the backup carries the traffic, remove
    the fault, verify again.

    For example: multihome drill run juno-luna --html drill.html
    """
    from multihome.change.verification import Patience
    from multihome.cli.context import open_workspace
    from multihome.cli.progress_events import narrated
    from multihome.drill.exercise import Terms
    from multihome.runbook.drill import practise
    from multihome.runbook.drills import definition

    settings = settings_of(ctx)
    workspace = open_workspace(settings)
    drill = definition(workspace, name)
    if drill.router not in workspace.targets:
        raise UsageError(f"drill {name} breaks {drill.router}, which is out of reach here")
    _show(drill, settings.screen.err)
    if not agreed(settings, "Inject this fault now?", yes=yes or settings.lab):
        return ExitCode.CHANGES_PENDING
    terms = Terms(
        lease=duration.lease(confirm),
        patience=Patience(limit=duration.seconds("--wait", wait), interval=0.5),
        secrets=workspace.secret_values(),
    )
    with narrated(settings) as listeners:
        done = practise(workspace, drill, terms, listeners)
    return finish(done, settings, reports)


def _show(drill: Drill, console: Console, indent: int = 0) -> None:
    """Print the statements that inject the fault."""
    for line in drill.statements:
        print_as_is(console, f"{'':<{indent}}{drill.router}: {line}")
