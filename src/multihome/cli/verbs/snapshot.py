"""`snapshot` and `compare`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.lines import print_line
from multihome.cli.options import Limit
from multihome.cli.reports import Reports, finish, reporting
from multihome.cli.settings import settings_of
from multihome.errors import ExitCode
from multihome.values.grouping import Message, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.state.snapshot.archive import Snapshot

Brief = Annotated[
    bool,
    typer.Option(
        "--brief",
        help="Routes without communities: for full tables.",
        envvar="MULTIHOME_BRIEF",
    ),
]
Allow = Annotated[
    Path | None,
    typer.Option(
        "--allow",
        metavar="FILE",
        help="The changes that are meant to be.",
        envvar="MULTIHOME_ALLOW",
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.command()(snapshot)
    app.command()(compare)


def snapshot(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Such as pre; or a path with a slash.")
    ],
    *,
    limit: Limit = None,
    brief: Brief = False,
) -> int:
    """Keep what every router says now.

    Routes, sessions, neighbours, interfaces, gateways, labels.
    """
    from multihome.cli.context import open_workspace
    from multihome.cli.progress import progress
    from multihome.runbook.snapshots import take

    settings = settings_of(ctx)
    workspace = open_workspace(settings, limit or ())
    with progress(settings.screen.err, quiet=settings.screen.quiet) as listeners:
        heard = [*settings.listeners(), *listeners]
        found, failed = take(workspace, name, brief=brief, listeners=heard)
    rows = sum(count for kinds in found.routers.values() for count in kinds.values())
    for line in lines(_unseen(found)):
        print_line(settings.screen.err, f"UNKNOWN {line}", style="red")
    codes = [error.exit_code for error in failed.values()]
    code = ExitCode.worst([*codes, *([ExitCode.UNKNOWN] if found.missing else [])])
    told = f"{found.path}: {rows} rows of {len(found.routers)} routers"
    print_line(settings.screen.out, f"{told}; exit {int(code)}: {code.meaning}")
    return code


def _unseen(found: Snapshot) -> Iterator[Message]:
    """What a snapshot does not have, and why."""
    for router, kinds in sorted(found.missing.items()):
        reasons = {why: [kind for kind in kinds if kinds[kind] == why] for why in kinds.values()}
        for why, missing in reasons.items():
            what = "" if router not in found.routers else f"{', '.join(missing)}: "
            yield Message(router, f"{what}{why}")


@reporting
def compare(
    ctx: typer.Context,
    before: Annotated[
        str, typer.Argument(metavar="PRE", help="A snapshot.", autocompletion=completion.snapshots)
    ],
    after: Annotated[
        str,
        typer.Argument(metavar="POST", help="A later one.", autocompletion=completion.snapshots),
    ],
    *,
    allow: Allow = None,
    reports: Reports,
) -> int:
    """Report every difference between two snapshots.

    An undeclared difference is a failure.

    For example: multihome compare pre post --allow tonight.yaml
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.snapshots import compare as compare_now

    settings = settings_of(ctx)
    run = compare_now(open_workspace(settings, ask=False), before, after, allow)
    return finish(run, settings, reports)
