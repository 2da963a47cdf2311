"""The verb that begins with a network that exists: adopt. Hidden while it cannot ask routers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.lines import print_line
from multihome.cli.settings import settings_of
from multihome.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from multihome.runbook.adopt import Adopted

From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="DIR",
        help="A configuration per router, `ROUTER.set` or `ROUTER.conf`.",
        envvar="MULTIHOME_CONFIGURATIONS",
    ),
]
Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="`QUESTION: READING` lines, for what can be read in two ways.",
        envvar="MULTIHOME_ANSWERS",
    ),
]


def register(app: typer.Typer) -> None:
    """Mount this verb."""
    app.command(hidden=True)(adopt)


def adopt(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="PROJECT", help="Where to; made if need be.")],
    *,
    configurations: From = None,
    answers: Answers = None,
) -> int:
    """Write a project from the configurations of a network that exists.

    The routers' keys go to the file that --secrets names, else to PROJECT-secrets.yaml beside
    the project. No router is asked.
    """
    from multihome.runbook.adopt import adopt as adopt_now

    settings = settings_of(ctx)
    if configurations is None:
        raise UsageError("name the folder of configurations with --from")
    root = folder.resolve()
    secrets = settings.secrets or root.with_name(f"{root.name}-secrets.yaml")
    found = adopt_now(configurations, root, secrets, answers)
    out = settings.screen.out
    print_line(out, f"{root} holds the project; {secrets} its secrets")
    _print(out, found)
    code = ExitCode.PROVEN if found.equal else ExitCode.CHANGES_PENDING
    equal = sum(proof.equal for proof in found.proofs)
    total = len(found.proofs)
    print_line(out, f"{equal} of {total} routers equal; exit {int(code)}: {code.meaning}")
    return code


def _print(out: Console, found: Adopted) -> None:
    """Each difference, then what is left alone."""
    for proof in found.proofs:
        for line in proof.missing:
            print_line(out, f"{proof.router} does not have: {line}")
    for remark in found.draft.remarks:
        print_line(out, remark)
    for name in found.outside:
        print_line(out, f"{name} has no part in what was read: left alone")
    for proof in found.proofs:
        for left in proof.left_alone:
            print_line(out, f"{left.file}:{left.line}: left alone: {left.statement}")
