"""`multihome show`: what routers say, as tables, as JSON, or as they print it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from multihome.cli import completion
from multihome.cli.lines import print_as_is
from multihome.cli.options import Limit, chosen_routers
from multihome.cli.settings import settings_of
from multihome.cli.tables import AsJson, ListingGroup, Routers, print_silent
from multihome.errors import ExitCode, UsageError

show_app = typer.Typer(
    name="show",
    help="What routers say.",
    no_args_is_help=True,
    rich_markup_mode=None,
    cls=ListingGroup,
)
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
CommandLine = Annotated[
    str, typer.Argument(metavar="'COMMAND'", help="A command of the Junos CLI, in quotes.")
]
AsXml = Annotated[bool, typer.Option("--xml", help="As XML, on stdout.", envvar="MULTIHOME_XML")]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.add_typer(show_app)


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


@show_app.command()
def raw(
    ctx: typer.Context,
    line: CommandLine,
    routers: Routers = None,
    *,
    limit: Limit = None,
    as_json: AsJson = False,
    as_xml: AsXml = False,
) -> int:
    """The answer to a Junos command that only looks.

    Secrets are masked.

    For example: multihome show raw 'show bgp summary | match Estab' luna orcus
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.commands import guard_logical_systems, printed
    from multihome.runbook.runs import fleet_of
    from multihome.state.command import Form, command

    if as_json and as_xml:
        raise UsageError("--json or --xml, not both")
    form = Form.JSON if as_json else Form.XML if as_xml else Form.TEXT
    command(line, form)
    settings = settings_of(ctx)
    workspace = open_workspace(settings, chosen_routers(ctx, routers, limit))
    guard_logical_systems(workspace, line)
    with fleet_of(workspace) as fleet:
        found = printed(fleet, line, form)
    if as_json:
        unknown = {error.router: error.reason for error in found.silent}
        answers = {router: _document(text) for router, text in found.texts.items()}
        document = {"command": line, "answers": answers, "unknown": unknown}
        settings.screen.data(json.dumps(document, indent=2) + "\n")
    else:
        for router, text in found.texts.items():
            if len(workspace.targets) > 1:
                print_as_is(settings.screen.out, f"{router}:", style="bold")
            settings.screen.data(text if text.endswith("\n") else f"{text}\n")
    return print_silent(found.silent, settings)


def _document(text: str) -> object:
    """The router's JSON as what it is; a text where it printed no JSON, as behind a filter."""
    try:
        return json.loads(text)
    except ValueError:
        return text
