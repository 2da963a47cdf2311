"""`multihome show`: what routers say, as tables or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.lines import print_table
from multihome.cli.options import Limit
from multihome.cli.settings import Settings, settings_of
from multihome.errors import ExitCode
from multihome.report.model import verdict_word

if TYPE_CHECKING:
    from rich.table import Table

    from multihome.runbook.looks import Look

show_app = typer.Typer(
    name="show", help="What routers say.", no_args_is_help=True, rich_markup_mode=None
)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, on stdout.")]
Sender = Annotated[
    str,
    typer.Argument(
        metavar="FROM",
        help="The router that sends, from its loopback.",
        autocompletion=completion.routers,
    ),
]
Target = Annotated[
    str,
    typer.Argument(
        metavar="TO",
        help="The router whose loopback is the target.",
        autocompletion=completion.routers,
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.add_typer(show_app)


@show_app.command()
def route(
    ctx: typer.Context,
    prefix: Annotated[str | None, typer.Argument(metavar="PREFIX", help="Or an address.")] = None,
    *,
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Such as inet.0 or ipvpn.inet.0.", envvar="MULTIHOME_TABLE"
        ),
    ] = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> int:
    """Routes: every path, the active one marked with *.

    For example: multihome show route 10.0.0.3/32 -l luna
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.looks import routes
    from multihome.runbook.runs import fleet_of

    settings = settings_of(ctx)
    with fleet_of(open_workspace(settings, limit or ())) as fleet:
        found = routes(fleet, fleet.routers, table, prefix)
    return _print(found, settings, as_json=as_json)


@show_app.command()
def bgp(ctx: typer.Context, *, limit: Limit = None, as_json: AsJson = False) -> int:
    """BGP neighbours: state, flaps, prefixes active/received/accepted."""
    from multihome.cli.context import open_workspace
    from multihome.runbook.looks import neighbors
    from multihome.runbook.runs import fleet_of

    settings = settings_of(ctx)
    with fleet_of(open_workspace(settings, limit or ())) as fleet:
        found = neighbors(fleet, fleet.routers)
    return _print(found, settings, as_json=as_json)


@show_app.command()
def vrrp(ctx: typer.Context, *, limit: Limit = None, as_json: AsJson = False) -> int:
    """VRRP groups: who is master, with which priority."""
    from multihome.cli.context import open_workspace
    from multihome.runbook.looks import gateways
    from multihome.runbook.runs import fleet_of

    settings = settings_of(ctx)
    with fleet_of(open_workspace(settings, limit or ())) as fleet:
        found = gateways(fleet, fleet.routers)
    return _print(found, settings, as_json=as_json)


@show_app.command()
def path(
    ctx: typer.Context,
    source: Sender,
    target: Target,
    *,
    as_json: AsJson = False,
) -> int:
    """The way of packets between two routers, hop by hop.

    For example: multihome show path saturn genius
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.path import trace
    from multihome.runbook.runs import fleet_of

    settings = settings_of(ctx)
    workspace = open_workspace(settings)
    with fleet_of(workspace) as fleet:
        found = trace(workspace, fleet, source, target)
    if as_json:
        record = {"source": source, "target": target, "hops": found.hops, "routers": found.routers}
        settings.screen.data(json.dumps(record, indent=2) + "\n")
        return ExitCode.PROVEN
    for number, hop in enumerate(found.hops, start=1):
        settings.screen.out.print(f"{number:>3}  {hop}", highlight=False)
    settings.screen.out.print(" > ".join(found.routers), highlight=False)
    return ExitCode.PROVEN


def _print(look: Look, settings: Settings, *, as_json: bool) -> int:
    """Print rows; a router that could not be asked is told, and makes the look incomplete."""
    if as_json:
        document = {
            "rows": look.records,
            "unknown": {error.router: error.reason for error in look.silent},
        }
        settings.screen.data(json.dumps(document, indent=2) + "\n")
    else:
        print_table(settings.screen.out, _table(look))
    for error in look.silent:
        word = verdict_word(error.exit_code)
        settings.screen.err.print(f"{word} {error}", style="red", markup=False, highlight=False)
    return ExitCode.worst(error.exit_code for error in look.silent)


def _table(look: Look) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in look.columns:
        table.add_column(column, overflow="fold")
    for row in look.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
