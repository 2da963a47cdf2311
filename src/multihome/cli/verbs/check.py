"""Verbs that look and judge: verify, expect, checks, schema, report."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from multihome.cli import completion, duration
from multihome.cli.lines import print_line
from multihome.cli.options import Leg, Limit, Site, State, Tags, Wait
from multihome.cli.reports import Reports, finish, reporting
from multihome.cli.settings import settings_of
from multihome.errors import ExitCode
from multihome.values.grouping import lines, message

checks_app = typer.Typer(
    name="checks", help="The checks there are.", no_args_is_help=True, rich_markup_mode=None
)
CheckNames = Annotated[
    list[str] | None,
    typer.Option(
        "--check",
        metavar="NAME",
        help="Only this check of the catalogue; may be given more than once.",
        envvar="MULTIHOME_CHECK",
        autocompletion=completion.names,
    ),
]
FromRun = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="RUN",
        help="Judge the replies of that run again, offline.",
        envvar="MULTIHOME_FROM",
        autocompletion=completion.runs,
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.command()(verify)
    app.command()(expect)
    app.command()(report)
    app.command()(schema)
    app.add_typer(checks_app)


@reporting
def verify(
    ctx: typer.Context,
    *,
    state: State = "steady",
    site: Site = None,
    leg: Leg = None,
    limit: Limit = None,
    tags: Tags = None,
    check: CheckNames = None,
    wait: Wait = None,
    from_run: FromRun = None,
    reports: Reports,
) -> int:
    """Assert what every router must say in a network state.

    What routers say and do is compared; their configuration is compared by `multihome plan`.

    For example: multihome verify --state primary-session-down --html night.html
    """
    from multihome.cli.context import open_workspace
    from multihome.cli.progress import progress
    from multihome.runbook import runs
    from multihome.runbook.verify import Wanted

    settings = settings_of(ctx)
    patience = None if wait is None else duration.seconds("--wait", wait)
    wanted = Wanted(state, site, leg, frozenset(tags or ()), frozenset(check or ()), patience)
    workspace = open_workspace(settings, limit or (), ask=from_run is None)
    if from_run is not None:
        return finish(runs.judge_again(workspace, from_run, wanted), settings, reports)
    with progress(settings.screen.err, quiet=settings.screen.quiet) as listeners:
        run = runs.verify(workspace, wanted, [*settings.listeners(), *listeners])
    return finish(run, settings, reports)


def expect(
    ctx: typer.Context,
    *,
    state: State = "steady",
    site: Site = None,
    leg: Leg = None,
    limit: Limit = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print what the intent implies that every router must say."""
    from multihome.cli.context import open_workspace
    from multihome.runbook.verify import Wanted, derived

    settings = settings_of(ctx)
    workspace = open_workspace(settings, limit or (), ask=False)
    found = derived(workspace, Wanted(state, site, leg))
    if as_json:
        documents = [
            each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in found
        ]
        settings.screen.data(json.dumps(documents, indent=2) + "\n")
        return
    from multihome.cli.expected import print_expected

    print_expected(settings.screen, found)


@reporting
def report(
    ctx: typer.Context,
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="The run: its folder, or the end of its name.",
            autocompletion=completion.runs,
        ),
    ],
    *,
    reports: Reports,
) -> int:
    """Show a run again, in any form."""
    from multihome.runbook.evidence import find_run, read_result

    found = read_result(find_run(run))
    return finish(found, settings_of(ctx), reports)


def schema(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="checks, intent, inventory or result.",
            autocompletion=completion.schemas,
        ),
    ],
) -> None:
    """Print the JSON Schema of a file.

    For editors that complete and underline.
    """
    from multihome.runbook.schemas import schema_of

    settings_of(ctx).screen.data(json.dumps(schema_of(what), indent=2) + "\n")


@checks_app.command("list")
def list_checks(ctx: typer.Context) -> None:
    """Every kind of check, with what it asserts."""
    from multihome.check.kinds.known import REGISTRY

    out = settings_of(ctx).screen.out
    width = max(len(each.name) for each in REGISTRY)
    for each in REGISTRY:
        print_line(out, f"{each.name:<{width}}  {each.summary}", indent=width + 2)


@checks_app.command()
def states(ctx: typer.Context) -> None:
    """The network states that can be asserted.

    And what has failed in each.
    """
    from multihome.intent.expect import STATES

    out = settings_of(ctx).screen.out
    width = max(map(len, STATES))
    for name, meaning in STATES.items():
        print_line(out, f"{name:<{width}}  {meaning}", indent=width + 2)


@checks_app.command()
def explain(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="As `checks list` prints it.", autocompletion=completion.kinds
        ),
    ],
) -> None:
    """One check: what it asserts, the RPC it uses, an example."""
    from multihome.check.guide import guide
    from multihome.cli.explained import print_guide

    print_guide(settings_of(ctx).screen.out, guide(name))


@checks_app.command()
def learn(ctx: typer.Context, *, limit: Limit = None) -> int:
    """Write a catalogue of the live state to stdout.

    For a first baseline.
    """
    from multihome.cli.context import open_workspace
    from multihome.cli.progress import progress
    from multihome.runbook.runs import learn as learn_now

    settings = settings_of(ctx)
    workspace = open_workspace(settings, limit or ())
    with progress(settings.screen.err, quiet=settings.screen.quiet) as listeners:
        learnt = learn_now(workspace, [*settings.listeners(), *listeners])
    settings.screen.data(learnt.catalogue)
    for line in lines(message(each.router, str(each)) for each in learnt.unasked):
        print_line(settings.screen.err, f"UNKNOWN {line}", style="red")
    return ExitCode.worst(error.exit_code for error in learnt.unasked)
